"""A mail comes from somebody else than the reply to it says, which quotes the mail's Date to the second or minute."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, cite_row
from forensics.checks._quoted import same_sender, says_sender
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="case.quoted_sender",
    version=2,
    title="From somebody else than its replies say",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.REFERENCES | MessageHas.QUOTED_TIME,
    bins=(Bin("one"), Bin("two")),
    group="identity",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.STRONG,
    benign=("from_rewritten", "on_behalf", "same_name"),
    # Either From here or the text of whoever quotes it: both must be as signed.
    accuses=("from", "body"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5322 3.6.2", "kb:X-05", "kb:O-21", "kb:O-40"),
)

_SAID = says(
    "rule.case.quoted_sender",
    one="The mail is from {sender}. The reply to it, which has its Date exactly, quotes it as written by {quoted}.",
    many=(
        "The mail is from {sender}. The replies of {n} people to it, which have its Date exactly, quote it as written "
        "by somebody else; the first, by {quoted}."
    ),
)

ROWS_NEEDED = {"messages": 2, "quoted_mails": 1}

# Only clients that copy Date with its zone: their line is about this mail and no other of its thread. A list that puts
# itself into From is no sender.
QUERY = """
WITH single AS (
    SELECT min(item) AS parent, message_id AS id, any_value(instant) AS sent
    FROM flat.mails WHERE message_id <> '' AND instant IS NOT NULL GROUP BY message_id HAVING count(*) = 1),
exact AS (
    SELECT item, "index" AS place, q.date.instant AS instant, written, q.date AS "time", "name", address
    FROM quoted_mails q JOIN flat.items USING (sha256)
    WHERE style IN ('mutt', 'rfc', 'evolution') AND depth = 0 AND q.date.instant IS NOT NULL),
quoted AS MATERIALIZED (
    SELECT DISTINCT e.item, e.place, s.parent FROM exact e JOIN flat.links l USING (item) JOIN single s USING (id)
    WHERE l.reply AND e.item <> s.parent AND e.instant BETWEEN s.sent - 600000000 AND s.sent + 20000000)
SELECT i.sha256, r.sender, i.location, e.written, e."time", e."name", e.address, pi.sha256 AS parent_sha256,
       pi.location AS parent_location, p.sender AS parent_sender, coalesce(f."name", '') AS parent_name,
       f.written AS parent_written
FROM quoted JOIN exact e USING (item, place) JOIN flat.items i USING (item) JOIN flat.mails r USING (item)
JOIN flat.items pi ON pi.item = parent JOIN flat.mails p ON p.item = parent
JOIN flat.parties f ON f.item = parent AND f.field = 'from' AND f.address = p.sender
WHERE f.written IS NOT NULL AND replace(p.sender, '@', '.') <> lower(coalesce(p.list_id, ''))
  AND NOT (e.address <> '' AND lower(e.address) = p.sender)
  AND NOT (e.address = '' AND lower(e."name") = lower(f."name"))
ORDER BY pi.sha256, r.date.instant, i.sha256, e.place, f.place
"""
MOST = 20
"""Replies named for one mail."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that has the Date of the mail which it answers, and its sender not just as From has it."""

    sha256: str
    sender: str
    location: Location
    written: LocatedRow
    """The line above the quote."""
    time: TimeRow
    name: str
    address: str
    parent_sha256: str
    parent_location: Location
    parent_sender: str
    parent_name: str
    parent_written: LocatedRow


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Take the replies to one mail together; several people who agree put that mail in doubt, one puts either."""
    for _, found in groupby(rows, key=lambda row: row.parent_sha256):
        others = [
            row
            for row in found
            if says_sender(row.name, row.address)
            and says_sender(row.parent_name, row.parent_sender)
            and not same_sender(row.name, row.address, row.parent_name, row.parent_sender)
        ]
        if others:
            yield _observation(list({row.sender: row for row in reversed(others)}.values())[::-1])


def _observation(replies: list[Row]) -> Observation:
    first, several = replies[0], len(replies) > 1
    mail, reply = (Role.SUSPECT, Role.WITNESS) if several else (Role.EITHER, Role.EITHER)
    cited = [cite_located("quoted as", row.written, reply, row.sha256, row.location) for row in replies[:MOST]]
    return Observation(
        sentence=_SAID(
            len(replies),
            sender=f"{first.parent_name} <{first.parent_sender}>".strip()[:200],
            quoted=(f"{first.name} <{first.address}>" if first.address else first.name).strip()[:200],
        ),
        bin="two" if several else "one",
        evidence=(
            cite_located("From", first.parent_written, mail, first.parent_sha256, first.parent_location),
            *cited,
            cite_row("quoted time", first.time, reply, first.sha256, first.location),
        ),
        suspect="header:From[0]",
        subjects=(
            SubjectRef(role=mail, sha256=first.parent_sha256, location=first.parent_location),
            *[SubjectRef(role=reply, sha256=row.sha256, location=row.location) for row in replies[:MOST]],
        ),
    )


def _row(name: str, address: str = "", sender: str = "bo@example.org") -> Row:
    return Row(
        sha256=sender.encode().hex().ljust(64, "0"),
        sender=sender,
        location=location("leak/2.eml"),
        written=located_row(f"On Mon, Mar 06, 2017 at 10:00:00AM +0000, {name} wrote:", "part:1", start=300),
        time=time_row("2017-03-06T10:00:00+00:00", path="part:1/quoted", kind=TimeKind.QUOTED),
        name=name,
        address=address,
        parent_sha256="0" * 64,
        parent_location=location("leak/1.eml"),
        parent_sender="anna@example.org",
        parent_name="Anna Roe",
        parent_written=located_row("anna@example.org", "header:From[0]", start=6),
    )


def cases() -> Iterator[Case]:
    """Cases of names and addresses as clients write them."""
    yield fires((_row("Cy Bach"),), "another name", bin="one")
    yield fires((_row("", "cy@example.net"),), "another address", bin="one")
    yield fires((_row("Cy Bach"), _row("Cy Bach", sender="di@example.org")), "two people", bin="two")
    yield fires((_row("Cy Bach"), _row("Cy Bach")), "two replies of one person", bin="one")
    yield silent((_row("ROE, Anna"),), "the name in another order")
    yield silent((_row("Anna"),), "a part of the name")
    yield silent((_row("Anna Roe", "anna@example.net"),), "another address of the same name")
    yield silent((_row("A. R."),), "initials")
