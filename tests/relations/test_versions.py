"""In which words two texts differ."""

import pytest

from forensics.relations import versions
from forensics.relations.quotes.shown import Shown
from forensics.relations.versions import Change, agreement, changes

TEXT = """Dear Ben,

we agreed on seven crowns for the work at the harbour, to be paid
before the end of the month. The invoice is not due until then.

Anna
"""


def found(before: str, after: str) -> list[tuple[str, str, str]] | None:
    seen = changes(Shown(before), Shown(after))
    return None if seen is None else [(change.kind, change.words, change.other_words) for change in seen]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("agreed", "insisted", ("word", "agreed", "insisted")),
        ("the work", "the 3 works", ("two_words", "work", "3 works")),
        ("is not due", "is due", ("negation", "not", "")),
        ("the harbour", "the old river harbour", ("inserted", "", "old river")),
        ("for the work ", "", ("deleted", "for the work", "")),
        ("invoice", "invocie", ("typo", "invoice", "invocie")),
        ("seven crowns", "what you and I and Eve know", ("passage", "seven crowns", "what you and I and Eve know")),
        ("Dear Ben,", "Dear Eve,", ("word", "Ben,", "Eve,")),
    ],
)
def test_one_change(old: str, new: str, expected: tuple[str, str, str]) -> None:
    assert found(TEXT, TEXT.replace(old, new)) == [expected]


@pytest.mark.parametrize(
    "other",
    [
        TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.replace(" for", "\nfor").replace("paid\n", "paid "),
        "".join(f"> {line}\n" for line in TEXT.splitlines()),
        TEXT.replace("harbour,", "harbour -"),
        TEXT.replace("invoice", "in-\nvoice"),
    ],
)
def test_wrap_marks_and_signs_are_no_change(other: str) -> None:
    assert found(TEXT, other) == found(other, TEXT) == []


def test_what_stands_before_and_after_is_told_apart() -> None:
    footer, banner = "________\nTalk mailing list\n", "CAUTION: this came from outside\n"
    assert found(TEXT, TEXT + footer) == [("end", "", "________ Talk mailing list".removeprefix("________ "))]
    assert found(banner + TEXT, TEXT) == [("start", "CAUTION: this came from outside", "")]
    both = found(TEXT, banner + TEXT.replace("seven", "nine") + footer)
    assert both is not None and [kind for kind, _, _ in both] == ["start", "word", "end"]


def test_the_lines_of_a_change_are_named() -> None:
    other = TEXT.replace("seven", "nine").replace("is not due", "is due")
    one, two = changes(Shown(TEXT), Shown(other)) or []
    assert isinstance(one, Change)
    assert TEXT[slice(*one.span)] == "we agreed on seven crowns for the work at the harbour, to be paid"
    assert other[slice(*one.other_span)] == "we agreed on nine crowns for the work at the harbour, to be paid"
    assert TEXT[slice(*two.span)] == "before the end of the month. The invoice is not due until then."
    assert other[slice(*two.other_span)] == "before the end of the month. The invoice is due until then."


def test_a_line_that_only_one_text_has() -> None:
    added = "Please pay it into the other account this time, as we said."
    (change,) = changes(Shown(TEXT), Shown(TEXT.replace("\nAnna", f"{added}\n\nAnna"))) or []
    assert (change.kind, change.words, change.other_words) == ("passage", "", added)
    assert TEXT[slice(*change.span)] == "before the end of the month. The invoice is not due until then."


@pytest.mark.parametrize("other", ["", "Nobody ever said a thing.", "..."])
def test_texts_that_share_nothing(other: str) -> None:
    assert found(TEXT, other) == found(other, TEXT) == [("all", "", "")]


def test_too_much_to_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MOST_COMPARED", 3)
    assert found(TEXT, TEXT.replace("seven crowns for the", "nine coins from a")) is None
    assert found(TEXT, TEXT.replace("seven crowns for", "nine coins from")) is not None


def test_agreement_is_of_the_shorter_text() -> None:
    one = Shown("the bank returned the sum")
    assert agreement(one, Shown("Hello.\nThe bank\nreturned the sum\n-- \nlist")) == 1
    assert agreement(one, Shown("the bank returned the fee")) == pytest.approx(18 / 21)
    assert agreement(one, Shown("")) == agreement(Shown(""), one) == 0
