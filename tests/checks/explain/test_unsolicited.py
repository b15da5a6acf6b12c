"""What the archive must show before spam is excluded, and what spam itself can bring about."""

from collections.abc import Callable, Iterator

import duckdb
import pytest

from forensics.checks.explain.unsolicited import QUERY, Row, explain
from forensics.examples.cases import context, observation
from forensics.knowledge.wording import Wording

DAY = 864_000_000_000
TABLES = """
CREATE SCHEMA flat;
CREATE TABLE flat.items (item INTEGER, sha256 VARCHAR);
CREATE TABLE flat.mails (item INTEGER, message_id VARCHAR, sender VARCHAR, list_id VARCHAR, arrived BIGINT,
    first_hop VARCHAR);
CREATE TABLE flat.links (item INTEGER, id VARCHAR);
CREATE TABLE flat.parties (item INTEGER, field VARCHAR, address VARCHAR);
CREATE TABLE flat.organizations ("name" VARCHAR, organization VARCHAR);
INSERT INTO flat.organizations VALUES ('mx1.example.org', 'example.org'), ('mx2.example.org', 'example.org'),
    ('bot.example.net', 'example.net');
CREATE TABLE observations (sha256 VARCHAR, rule VARCHAR);
CREATE TABLE occurrences (sha256 VARCHAR, message_sha256 VARCHAR);
"""
ANNA, BEN, CARL = "anna@example.org", "ben@example.org", "carl@example.net"


class Archive:
    """A few mails in tables."""

    def __init__(self) -> None:
        self.database = duckdb.connect()
        self.database.execute(TABLES)
        self.items: list[str] = []

    def mail(
        self,
        name: str,
        sender: str,
        *readers: str,
        answers: str = "",
        identifier: str = "",
        hop: str = "mx1.example.org",
        day: int = 0,
        list_id: str = "",
    ) -> None:
        number = self._number(name)
        values = [number, identifier or f"id-{name}", sender.lower(), list_id, day * DAY, hop]
        self.database.execute("INSERT INTO flat.mails VALUES (?, ?, ?, ?, ?, ?)", values)
        for reader in readers:
            self.database.execute("INSERT INTO flat.parties VALUES (?, 'to', ?)", [number, reader])
        if answers:
            self.database.execute("INSERT INTO flat.links VALUES (?, ?)", [number, answers])

    def _number(self, name: str) -> int:
        if name not in self.items:
            self.items.append(name)
            self.database.execute("INSERT INTO flat.items VALUES (?, ?)", [len(self.items), name])
        return self.items.index(name) + 1

    def excluded(self, item: str, *, carrier: str = "", rule: str = "mail.id_form") -> str:
        """Return the note that excludes spam for an observed item; empty if the cause stays open."""
        self.database.execute("INSERT INTO observations VALUES (?, ?)", [item, rule])
        self._number(item)
        if carrier:
            self.database.execute("INSERT INTO occurrences VALUES (?, ?)", [item, carrier])
        cursor = self.database.execute(QUERY)
        names = [column[0] for column in cursor.description]
        rows = [Row(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
        return "".join(
            [Wording("en").said(state.note) for _, state in explain(rows, (observation(sha256=item),), context())]
        )


@pytest.fixture
def archive() -> Iterator[Archive]:
    made = Archive()
    yield made
    made.database.close()


def test_an_answer_to_another_and_an_answered_mail_are_no_spam(archive: Archive) -> None:
    archive.mail("1", ANNA, BEN)
    archive.mail("2", BEN, ANNA, answers="id-1")
    assert archive.excluded("2").startswith("It answers other people's mail")
    assert archive.excluded("1").startswith("Others answered it")


def test_an_answer_to_oneself_shows_nothing(archive: Archive) -> None:
    archive.mail("1", CARL, BEN)
    archive.mail("2", CARL, BEN, answers="id-1")
    assert archive.excluded("1") == archive.excluded("2") == ""


def test_an_answer_to_a_shared_identifier_may_be_the_other_mails(archive: Archive) -> None:
    archive.mail("1", CARL, BEN, identifier="one")
    archive.mail("2", CARL, BEN, identifier="one")
    archive.mail("3", BEN, "list@example.org", answers="one")
    assert archive.excluded("1") == ""


def _exchange(archive: Archive) -> None:
    archive.mail("1", BEN, ANNA)
    archive.mail("2", ANNA, BEN, hop="mx2.example.org")


@pytest.mark.parametrize(
    ("add", "excluded"),
    [
        (lambda archive: archive.mail("3", "Anna@Example.org", BEN), True),
        (lambda archive: archive.mail("3", ANNA, BEN, hop="bot.example.net"), False),
        (lambda archive: archive.mail("3", ANNA, ANNA), False),
        (lambda archive: archive.mail("3", CARL, BEN), False),
        (lambda archive: archive.mail("3", "", BEN), False),
    ],
    ids=["correspondent", "borrowed address by another way", "the owner's own address", "stranger", "no sender"],
)
def test_an_address_excludes_only_by_its_usual_way_in(
    archive: Archive, add: Callable[[Archive], None], excluded: bool
) -> None:
    _exchange(archive)
    add(archive)
    assert archive.excluded("3").startswith("The sender's address belongs to a correspondent") is excluded


@pytest.mark.parametrize(("days", "others", "excluded"), [(40, 30, True), (2, 30, False), (40, 3, False)])
def test_a_list_vouches_for_long_members_only(archive: Archive, days: int, others: int, excluded: bool) -> None:
    for number in range(4):
        archive.mail(f"c{number}", CARL, day=number * days // 3, list_id="board.example")
    for number in range(others):
        archive.mail(f"o{number}", f"{number}@example.org", list_id="board.example")
    assert ("wrote to the list" in archive.excluded("c0")) is excluded


def test_an_attachment_is_judged_by_the_mail_that_carries_it(archive: Archive) -> None:
    archive.mail("1", ANNA, BEN)
    archive.mail("2", BEN, ANNA, answers="id-1")
    archive.mail("3", CARL, ANNA)
    assert archive.excluded("file", carrier="2").startswith("It answers other people's mail")
    assert archive.excluded("file", carrier="3") == "", "a stranger sent it too"
