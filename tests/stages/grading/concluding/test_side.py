import pytest

from forensics.examples.located import located_row
from forensics.model.rows.quotes import DifferenceRow
from forensics.model.rules import Role
from forensics.stages.grading.concluding.facts import QuoteRow, SignedRow, StampRow, TimesRow
from forensics.stages.grading.concluding.side import side

SUSPECT, EITHER, WITNESS = Role.SUSPECT, Role.EITHER, Role.WITNESS
NOTHING = ["Nothing here tells which of the two was changed, if either was."]


@pytest.fixture
def pair(make_told, make_entry):
    """An entry about two copies."""
    return make_entry(make_told("case.copy_differs", a=EITHER, b=EITHER), partners="b")


def test_nothing_tells(pair, make_mail, make_facts, say) -> None:
    said, likelier = side(pair, make_facts(make_mail("a"), make_mail("b")))
    assert (say(said), likelier) == (NOTHING, "")


@pytest.mark.parametrize(("fits", "likelier", "who"), [("a", "b", "the other one"), ("b", "a", "this one")])
def test_a_signature_that_fits_one(pair, make_mail, make_facts, say, fits, likelier, who) -> None:
    rows = [SignedRow(name, "one.example", None, name == fits) for name in "ab"]
    said, found = side(pair, make_facts(make_mail("a"), make_mail("b"), signed=rows))
    assert say(said) == [
        f"Likelier changed is {who}: no signature in it fits its text or header, one in the other fits."
    ]
    assert found == likelier


def test_further_copies(pair, make_mail, make_facts, say) -> None:
    said, found = side(pair, make_facts(make_mail("a"), make_mail("b", twins=2)))
    assert "2 further mails under its Message-ID have the other's letters, none has its own." in say(said)[0]
    assert found == "a"


def test_what_speaks_for_both_decides_nothing(pair, make_mail, make_facts, say) -> None:
    rows = [SignedRow("a", "one.example", None, False), SignedRow("b", "one.example", None, True)]
    said, found = side(pair, make_facts(make_mail("a", twins=1), make_mail("b"), signed=rows))
    assert say(said)[0].startswith("What tells which of the two was changed does not agree: for this one no signature")
    assert found == ""


def _quoted(**counts: int) -> QuoteRow:
    line = located_row("a line", "part:1")
    edit = DifferenceRow(
        kind="word", quoted="will", original="will not", words=8, matched=3, depth=1, line=line, original_line=line,
        **counts,
    )  # fmt: skip
    return QuoteRow("b", "a", "bo@two.test", edit)


@pytest.mark.parametrize(
    ("counts", "likelier"),
    [
        ({"repliers_as_original": 1}, "b"),
        ({"repliers_as_quoted": 1}, "a"),
        ({"answers_as_original": 1}, "b"),
        ({"repliers_as_quoted": 1, "repliers_as_original": 1}, ""),
        ({}, ""),
    ],
)
def test_whose_wording_others_have(make_told, make_entry, make_mail, make_facts, say, counts, likelier) -> None:
    entry = make_entry(make_told("case.quote_differs", a=EITHER, b=EITHER), partners="b")
    said, found = side(entry, make_facts(make_mail("a"), make_mail("b"), quotes={("a", "b"): [_quoted(**counts)]}))
    assert found == likelier
    both = "Nothing here tells which of the two was changed: others have either wording."
    if not likelier:
        assert say(said) == ([both] if counts else NOTHING)


def test_clocks_tell_donor_and_copy(make_told, make_entry, make_mail, make_facts, stamp, say) -> None:
    entry = make_entry(make_told("case.token_reuse", a=EITHER, b=EITHER), partners="b")
    times = [stamp("2017-03-14T09:00:02+00:00", "mx.one.example"), stamp("2017-03-14T09:00:03+00:00", "mx.two.test")]
    mails = make_mail("a"), make_mail("b", date="2017-03-14T09:00:00+00:00")
    rows = [StampRow(time.instant, time.clock, time.owner, time.path, time.start) for time in times]
    both = {name: [TimesRow(name, rows)] for name in "ab"}
    facts = make_facts(*mails)
    said, found = side(entry, type(facts)(mails=facts.mails, times=both))
    assert found == "a" and "clocks" in say(said)[0]


def test_an_entry_about_one_mail_or_three_has_no_side(make_told, make_entry, make_mail, make_facts) -> None:
    one = make_entry(make_told("mail.date_weekday", a=SUSPECT))
    three = make_entry(make_told("case.token_reuse", a=EITHER, b=EITHER, c=EITHER), partners="bc")
    for entry in (one, three):
        assert side(entry, make_facts(make_mail("a"), make_mail("b"))) == ((), "")
