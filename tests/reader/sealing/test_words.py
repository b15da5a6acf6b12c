"""Listed addresses and domains are found in any text, and none that is only like them."""

import pytest

from forensics.model.restricting import Entry, EntryKind
from forensics.reader.sealing.words import HIDDEN, Words

WORDS = Words(
    [
        Entry(kind=EntryKind.ADDRESS, value="jane@home.example"),
        Entry(kind=EntryKind.DOMAIN, value="firm.example"),
        Entry(kind=EntryKind.FOLDER, value="legal"),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to Jane@Home.Example, and", f"to {HIDDEN}, and"),
        ("<id.1@mx.FIRM.example.>", f"<{HIDDEN}>"),
        ("by firm.example;", f"by {HIDDEN};"),
        ("bounce=firm.example@list.test", f"bounce={HIDDEN}"),
        ("%3Cjane@home.example%3E and", None),
        ("notfirm.example firm.example.test john@home.example home.example", "same"),
        ("no point", "same"),
        ("", "same"),
    ],
)
def test_hidden(text: str, expected: str | None) -> None:
    found = WORDS.hidden(text)
    if expected is None:
        assert "jane" not in found
    else:
        assert found == (text if expected == "same" else expected)


def test_bytes() -> None:
    assert WORDS.says(b"\xff\x00 jane@home.example")
    assert not WORDS.says(b"\xff\x00 june@home.example")


def test_long_texts_take_no_time() -> None:
    assert WORDS.hidden("a." * 200_000 + "@" * 200_000)


@pytest.mark.parametrize(
    ("listed", "text", "shown"),
    [
        ("o'brien@x.example", "<O'Brien@x.example>", "<[restricted]>"),
        ("o'brien@x.example", "o'brien@x.example.org", "o'brien@x.example.org"),
        ("a&b@x.example", "to a&b@x.example.", "to [restricted]."),
        ("bounce+a=l.com@x.example", "bounce+a=l.com@x.example", "[restricted]"),
        ("alice@x.example", "mailto:alice%40x.example", "mailto:[restricted]"),
    ],
)
def test_a_local_part_may_hold_any_sign(listed: str, text: str, shown: str) -> None:
    words = Words([Entry(kind=EntryKind.ADDRESS, value=listed)])
    assert words.hidden(text) == shown
    assert len(words.masked(text)) == len(text) and ("*" in words.masked(text)) == (shown != text)
