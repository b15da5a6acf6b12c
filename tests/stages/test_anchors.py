"""Recovered keys that nothing binds to their domain: an own key under somebody's domain, and keys that people use."""

from pathlib import Path

import pytest

from forensics import ScanOptions, scan
from forensics.casestore import CaseFolder, Queries, write_unit
from forensics.engine.staging.run_stages import run_stages
from forensics.model.codec import encode
from forensics.model.keys import Key, Obtained
from forensics.model.rows.keys import row_of
from forensics.model.rows.verdicts import VerdictRow
from forensics.stages import STAGES
from forensics.stages.stage import Settings, load
from tests.signed_mails import mail, record_of

pytestmark = pytest.mark.usefixtures("in_process", "unjudged")
NAME = "a.example/x"
PEOPLE = ("ann@a.example", "ben@a.example", "cat@a.example")
OUTSIDE = "dan@b.example"


class Archive:
    """Mails of one folder, read into a case."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.mails = folder / "mails"
        self.mails.mkdir()
        self._count = 0

    def add(self, day: int, sender: str, to: str = OUTSIDE, key: str = "", name: str = NAME) -> None:
        self._count += 1
        (self.mails / f"{self._count}.eml").write_bytes(mail(day, sender, to, key=key, name=name))

    def colleagues(self, key: str = "", to: str = OUTSIDE) -> None:
        """Three people write once in fifty days, twice from a hundred on."""
        for number, sender in enumerate(PEOPLE):
            for day in (0, 50, 100):
                self.add(day + number, sender, to, key)

    def loose(self, *given: tuple[str, str]) -> set[str]:
        """Return the private keys whose signatures authenticate nothing, of those recovered for some selectors."""
        scan([self.mails], self._folder / "case", ScanOptions(jobs=1, as_of="2026-01-01T00:00:00Z"))
        folder = CaseFolder.open(self._folder / "case")
        rows = {row_of(recovered(key, name)): key for key, name in given}
        with folder.lock():
            made = folder.tmp / "keys"
            made.write_bytes(b"".join([encode(row) + b"\n" for row in rows]))
            folder.custody.append("keys", {}, write_unit(folder, "keys-recovered", {"keys": made}))
            with Queries(folder, without=STAGES) as queries:
                run_stages(folder, queries, Settings(), [load("verdicts")])
                verdicts = list(queries.rows("SELECT * FROM verdicts ORDER BY ALL", {}, VerdictRow))
        assert {verdict.header for verdict in verdicts} <= {"holds", "other_key"}
        limited = {verdict.key for verdict in verdicts if verdict.limits == ["unanchored"]}
        assert {verdict.key for verdict in verdicts if not verdict.limits} == {row.key for row in rows} - limited
        return {key for row, key in rows.items() if row.key in limited}


def recovered(key: str, name: str) -> Key:
    domain, selector = name.split("/")
    record = record_of(key)
    return Key(domain=domain, selector=selector, record=record, origin="gcd", obtained=Obtained.RECOVERED)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def test_a_key_that_colleagues_use_whom_others_write_to(archive: Archive) -> None:
    archive.colleagues("a")
    for sender in PEOPLE:
        archive.add(10, OUTSIDE, sender)
    assert archive.loose(("a", NAME)) == set()


def test_a_key_of_invented_colleagues(archive: Archive) -> None:
    """Nobody of another organization ever wrote to them; they write to each other."""
    archive.colleagues("a")
    for sender in PEOPLE:
        archive.add(20, PEOPLE[0], sender, "a")
    assert archive.loose(("a", NAME)) == {"a"}


def test_an_own_key_on_mails_of_people_who_wrote_others(archive: Archive) -> None:
    archive.colleagues("a")
    for number in range(5):
        archive.colleagues()
        archive.add(10 + number, OUTSIDE, PEOPLE[number % 3])
    assert archive.loose(("a", NAME)) == {"a"}


def test_two_invented_mails(archive: Archive) -> None:
    for number, sender in enumerate(PEOPLE[:2]):
        archive.add(100 * number, sender, key="a")
        archive.add(10, OUTSIDE, sender)
    assert archive.loose(("a", NAME)) == {"a"}


def test_a_selector_whose_days_are_known(archive: Archive) -> None:
    known, other = "gmail.com/20161025", "gmail.com/20251104"
    for day in (0, 1):
        archive.add(day, "ann@gmail.com", key="a", name=known)
        archive.add(day, "ben@gmail.com", key="b", name=other)
    assert archive.loose(("a", known), ("b", other)) == {"b"}, "the other one was years later"


def test_an_own_key_beside_the_true_one(archive: Archive) -> None:
    known = "gmail.com/20161025"
    for day in range(6):
        archive.add(day, "ann@gmail.com", key="a" if day % 3 else "b", name=known)
    assert archive.loose(("a", known), ("b", known)) == {"b"}


def test_mails_of_which_something_was_observed_bind_no_key(archive: Archive) -> None:
    """Their trace fields go back in time."""
    archive.colleagues("a")
    for sender in PEOPLE:
        archive.add(10, OUTSIDE, sender)
    for file in archive.mails.iterdir():
        line, rest = file.read_bytes().split(b"\r\n", 1)
        below = b"Received: from b.example by a.example; Wed, 1 Jan 2025 10:00:00 +0000"
        file.write_bytes(b"\r\n".join((line, below, rest)))
    assert archive.loose(("a", NAME)) == {"a"}
