import base64
import quopri

import pytest

from forensics.model.mail import MimePart
from forensics.model.mail_texts import Twins
from forensics.parsers.mail import twins
from forensics.parsers.mail.bodies import Bodies
from forensics.replay import decoders

TEXT = "Dear all, the sum of 4000 crowns was paid on Friday; please see http://example.org/x and tell Jana."
HTML = (
    "<html><head><title>x</title><style>p {a: b}</style></head><body><p>Dear all, the sum of <b>4</b>000 crowns was "
    "paid on&nbsp;Friday; please see <a href='http://example.org/x'></a> and tell Jana.</p></body></html>"
)


def _part(data: bytearray, media_type: str, raw: bytes, encoding: str = "", charset: str = "utf-8") -> MimePart:
    start = len(data)
    data += raw
    decoder = {"": "copy/1", "base64": "base64/2", "quoted-printable": "quoted-printable/2"}[encoding]
    return MimePart(
        number=str(start),
        start=start,
        body_start=start,
        end=len(data),
        headers=(),
        media_type=media_type,
        encoding=encoding,
        charset=charset,
        decoder=decoder,
    )


def _compared(text: bytes, html: bytes, encoding: str = "", charset: str = "utf-8") -> tuple[Twins, bytes]:
    data = bytearray(b"Subject: x\r\n\r\n")
    parts = (
        _part(data, "text/plain", text, encoding, charset),
        _part(data, "text/html", html, encoding, charset),
    )
    root = MimePart(
        number="", start=0, body_start=14, end=len(data), headers=(), media_type="multipart/alternative", parts=parts
    )
    (found,) = twins.read_twins(Bodies(root, bytes(data)))
    return found, bytes(data)


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(text.encode())
    return quopri.encodestring(text.encode()) if encoding else text.encode()


@pytest.mark.parametrize("encoding", ["", "base64", "quoted-printable"])
def test_the_same_words_are_the_same_whatever_carries_them(encoding: str) -> None:
    found, _ = _compared(_encoded(TEXT, encoding), _encoded(HTML, encoding), encoding)
    assert (found.text_words, found.html_words, found.equal) == (16, 16, 16)
    assert found.changes == () and not found.only_text + found.only_html


@pytest.mark.parametrize("encoding", ["", "base64", "quoted-printable"])
def test_one_changed_word_is_found_and_placed(encoding: str) -> None:
    found, data = _compared(_encoded(TEXT, encoding), _encoded(HTML.replace("Friday", "Monday"), encoding), encoding)
    (change,) = found.changes
    assert (change.text.value, change.html.value) == ("Friday", "Monday")
    for word, fact in (("Friday", change.text), ("Monday", change.html)):
        raw = fact.raw
        assert data[slice(*fact.locator.ranges[0])] == raw
        if not encoding:
            assert raw == word.encode()
        elif encoding == "quoted-printable":
            assert decoders.DECODERS["quoted-printable/2"].whole(raw).strip() == word.encode()


def test_quotes_typographic_signs_and_fonts_of_signs_are_no_change() -> None:
    text = "> I don't know what you mean by that at all J and so on\n> for ever"
    html = "<blockquote>I don’t know what you mean by that at all <span>☺</span> and so on<br>for ever</blockquote>"
    found, _ = _compared(text.encode(), html.encode())
    assert found.changes == ()


def test_a_passage_that_only_one_part_has() -> None:
    more = HTML.replace("crowns", "crowns and nobody else will ever hear about this sum crowns")
    found, _ = _compared(TEXT.encode(), more.encode())
    assert (found.only_text, found.only_html, found.changes) == (0, 1, ())


@pytest.mark.parametrize(
    ("text", "html", "charset"),
    [(b"", b"", ""), (b"\xff\xfe\x00", b"<p>\xff<p", "no-such"), (b"a b c", b"<!--", "utf-7"), (b"a", b"<" * 5000, "")],
)
def test_broken_parts_are_compared_all_the_same(text: bytes, html: bytes, charset: str) -> None:
    found, _ = _compared(text, html, charset=charset)
    assert found.equal <= min(found.text_words, found.html_words)


def test_words_far_behind_are_compared() -> None:
    text = " ".join(f"word{place}" for place in range(40_000))
    found, _ = _compared(text.encode(), f"<p>{text.replace('word39000', 'other')}".encode())
    assert (found.text_words, found.equal, found.whole) == (40_000, 39_999, True)
    assert [(change.text.value, change.html.value) for change in found.changes] == [("word39000", "other")]


def test_texts_that_part_for_good_are_compared_to_there() -> None:
    same = " ".join(f"word{place}" for place in range(500))
    apart = [" ".join(f"{side}{place}" for place in range(30_000)) for side in ("left", "right")]
    found, _ = _compared(f"{same} {apart[0]}".encode(), f"<p>{same} {apart[1]}".encode())
    assert (found.equal, found.whole, found.differs) == (500, False, False)


EDITS = [
    ("was paid on Friday", "was not paid on Friday", "", "not"),
    ("was paid on Friday", "was never ever paid on Friday", "", "never ever"),
    ("paid on Friday", "paid in cash to Eve on Friday", "", "in cash to Eve"),
    ("the sum of 4000 crowns", "the sum of 4000 old crowns", "", "old"),
    ("the sum of 4000 crowns", "all of the 90 francs", "the sum of 4000 crowns", "all of the 90 francs"),
    ("sum of 4000", "sum of 40000", "4000", "40000"),
    ("sum of 4000", "sum of 4.5", "4000", "4.5"),
    ("tell Jana", "tell Eve and Adam", "Jana", "Eve and Adam"),
    ("Dear all", "Dear friends of mine", "all", "friends of mine"),
    ("Dear all, the", "The", "Dear all", ""),
    ("Jana.", "Jana on Sunday.", "", "on Sunday"),
]


@pytest.mark.parametrize(("before", "after", "text", "html"), EDITS)
@pytest.mark.parametrize("turned", [False, True])
def test_an_edit_of_one_part_is_found(before: str, after: str, text: str, html: str, *, turned: bool) -> None:
    said = "Dear all, the sum of 4000 crowns was paid on Friday; please look and see and tell Jana."
    parts = (said, said.replace(before, after))
    one, other = reversed(parts) if turned else parts
    found, _ = _compared(one.encode(), f"<p>{other}</p>".encode())
    places = [(change.text.value, change.html.value) for change in (*found.changes, *found.added)]
    assert len(places) == 1 and found.differs
    words = set(" ".join(places[0]).split())
    assert words and words <= set(f"{before} {after}".replace(",", "").replace(".", "").split()) | {"4.5"}
    if not turned and text and html:
        assert places == [(text, html)]
    assert bool(found.changes) == bool(text and html)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "see these: 1. firmware update 2. memory info now",
            "see these: <ol><li>firmware update<li>memory info</ol> now",
        ),
        ("Hello all,please look", "Hello all, please look"),
        ("call me 206.819.2824 <(206)%20819-2824> soon", "call me 206.819.2824 soon"),
        ("so said\n________________________________\nthe chief", "so said<hr>the chief"),
        ("write to <mailto:a@b.example> or athttps://c.example/d now", "write to or at now"),
        ("thanks \u00df and bye", "thanks and bye"),
    ],
)
def test_what_programs_write_is_no_edit(text: str, html: str) -> None:
    around = "one two three four five six seven eight nine ten"
    found, _ = _compared(f"{around}\n{text}\n{around}".encode(), f"<p>{around}<br>{html}<br>{around}</p>".encode())
    assert not found.differs


def test_all_changes_are_counted_and_the_first_are_kept() -> None:
    same = "one two three four"
    text = " ".join(f"{same} left{place}" for place in range(60)) + f" {same}"
    found, _ = _compared(text.encode(), text.replace("left", "right").encode())
    assert found.change_count == 60 and len(found.changes) == twins.MAX_CHANGES
