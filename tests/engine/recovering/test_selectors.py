"""Which selectors are tried, and what their signatures say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics import ScanOptions, scan
from forensics.casestore import CaseFolder, Queries
from forensics.engine.recovering.selectors import selectors, tally
from tests.signed_mails import DAY, START, mail, record_of, write_mails

pytestmark = pytest.mark.usefixtures("in_process", "unjudged")


@pytest.fixture
def queries(tmp_path: Path) -> Iterator[Queries]:
    """Mails of three selectors, one of which a single mail is signed with."""
    mails = tmp_path / "mails"
    write_mails(mails, "a", "a.example/one", range(4), changed="body")
    write_mails(mails, "a", "a.example/one", range(50, 151, 100))
    write_mails(mails, "b", "b.example/two", range(8))
    write_mails(mails, "c", "c.example/three", range(1))
    scan([mails], tmp_path / "case", ScanOptions(jobs=1))
    with Queries(CaseFolder.open(tmp_path / "case")) as opened:
        yield opened


def test_who_would_decide_most_mails_is_first_and_one_mail_gives_no_key(queries: Queries) -> None:
    found = [(one.name, one.size, one.mails) for one in selectors(queries, "", "")]
    assert found == [("b.example/two", 128, 8), ("a.example/one", 128, 6)]
    assert [one.name for one in selectors(queries, "A.example", "")] == ["a.example/one"]
    assert [one.name for one in selectors(queries, "", "TWO")] == ["b.example/two"]


def test_what_a_key_opens_and_what_is_left(queries: Queries) -> None:
    _, selector = selectors(queries, "", "")
    known = tally(queries, selector, [record_of("b"), record_of("a")])
    other, own = known.supports
    assert (other.opened, own.opened, own.holds, own.senders) == (0, 6, 6, {f"p{n}@a.example" for n in range(4)})
    assert (own.first, own.last) == (START, START + 150 * DAY)
    assert (known.tested, known.undecided, list(known.candidates.pairs())) == (6, 0, [])


def test_the_fewer_names_cc_has_the_earlier_a_mail_is_tried(tmp_path: Path) -> None:
    mails = tmp_path / "mails"
    mails.mkdir()
    for number, copies in enumerate((9, 1, 4, 2, 9, 4)):
        data = mail(number, "a@a.example", "b@b.example", key="a", name="a.example/one", copies=copies)
        (mails / f"{number}.eml").write_bytes(data)
    scan([mails], tmp_path / "case", ScanOptions(jobs=1))
    with Queries(CaseFolder.open(tmp_path / "case")) as opened:
        (selector,) = selectors(opened, "", "")
        pairs = list(tally(opened, selector, []).candidates.pairs())
        order = "SELECT hex(signature), time FROM signatures ORDER BY time"
        days = {text: (int(at) - START) // DAY for text, at in opened.pairs(order)}
    assert [{days[one.signature.hex().upper()] for one in pair} for pair in pairs] == [{1, 3}, {2, 5}, {0, 4}]


def test_mails_whose_body_is_as_it_was_are_tried_first(queries: Queries) -> None:
    _, selector = selectors(queries, "", "")
    left = tally(queries, selector, [])
    first, *others = left.candidates.pairs()
    assert (left.undecided, len(others)) == (6, 2)
    intact = (
        "SELECT hex(signature), 1 FROM signatures WHERE body_hash = body_hash_stated AND selector = 'one' ORDER BY time"
    )
    assert [one.signature.hex().upper() for one in first] == [text for text, _ in queries.pairs(intact)]
