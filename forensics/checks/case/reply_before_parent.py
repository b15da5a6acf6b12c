"""A reply is dated before the mail that it answers."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks._facts import DAY, HOUR, MINUTE, bin_of, cite_row, clock, offsets, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
from forensics.model.locations import Location
from forensics.model.rules import (
    Bin,
    Context,
    Has,
    Observation,
    Proposition,
    Role,
    Rule,
    Sentence,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.tables import TimeRow

RULE = Rule(
    id="case.reply_before_parent",
    version=1,
    title="Reply dated before the mail that it answers",
    subject=Subject.MESSAGE,
    needs=Has.DATE_INSTANT | Has.REFERENCES,
    bins=(
        # Each accuses two mails or more: up to a day, wrong clocks of 2001 took one list over the alarm budget.
        Bin("before>10min", ceiling=Strength.WEAK),
        Bin("before>1h", ("before>10min",), ceiling=Strength.WEAK),
        Bin("before>1d", ("before>10min", "before>1h")),
        Bin("before>30d", ("before>10min", "before>1h", "before>1d")),
    ),
    group="thread",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("sender_clock", "wrong_offset", "unsolicited"),
    settle="settle.correspondents_copy",
    references=("RFC 5322 3.6.4", "kb:X-01", "kb:O-15", "kb:O-20"),
)

QUERY = """
WITH mails AS (
    SELECT sha256, message_id, from_address, date, in_reply_to, "references" FROM messages
    WHERE date.instant IS NOT NULL),
single AS (SELECT message_id FROM mails WHERE message_id <> '' GROUP BY message_id HAVING count(*) = 1),
links AS (
    SELECT sha256, unnest(CASE WHEN len(in_reply_to) > 0 THEN in_reply_to ELSE "references"[-1:] END) AS id FROM mails),
places AS (SELECT sha256, arg_min(location, location_text) AS location FROM occurrences GROUP BY sha256)
SELECT DISTINCT r.sha256, r.from_address AS sender, r.date, a.location, p.sha256 AS parent_sha256,
       p.date AS parent_date, b.location AS parent_location
FROM links l
JOIN mails r ON r.sha256 = l.sha256
JOIN mails p ON p.message_id = l.id
JOIN single s ON s.message_id = p.message_id
JOIN places a ON a.sha256 = r.sha256
JOIN places b ON b.sha256 = p.sha256
WHERE r.date.instant < p.date.instant - 6000000000 AND r.sha256 <> p.sha256
ORDER BY p.sha256, r.date.instant, r.sha256
"""

_BINS = ((30 * DAY, "before>30d"), (DAY, "before>1d"), (HOUR, "before>1h"), (10 * MINUTE, "before>10min"))
MOST = 20
"""Replies named for one mail."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that is dated more than ten minutes before the mail that it answers."""

    sha256: str
    sender: str
    date: TimeRow
    location: Location
    parent_sha256: str
    parent_date: TimeRow
    parent_location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Take the replies of one mail together: if several people's replies are older, it is the mail that is wrong."""
    for _, found in groupby(rows, key=lambda row: row.parent_sha256):
        replies = list(found)[:MOST]
        several = len({row.sender.lower() for row in replies}) > 1
        first, parent = replies[0], replies[0]
        early = (parent.parent_date.instant or 0) - (first.date.instant or 0)
        name = bin_of(early, _BINS)
        if not name:
            continue
        accused, others = (Role.SUSPECT, Role.WITNESS) if several else (Role.EITHER, Role.EITHER)
        values = {"reply": clock(first.date.instant or 0), "early": span(early), "count": str(len(replies))}
        yield Observation(
            sentence=Sentence(f"rule.{RULE.id}", {**values, "parent": clock(parent.parent_date.instant or 0)}),
            bin=name,
            evidence=(
                cite_row("Date", parent.parent_date, accused, parent.parent_sha256, parent.parent_location),
                *[cite_row("Date of a reply", row.date, others, row.sha256, row.location) for row in replies],
            ),
            suspect=parent.parent_date.path,
            subjects=(
                SubjectRef(role=accused, sha256=parent.parent_sha256, location=parent.parent_location),
                *[SubjectRef(role=others, sha256=row.sha256, location=row.location) for row in replies],
            ),
            benign=offsets("wrong_offset", early),
        )


def _row(reply: str, sender: str = "anna@example.org", *, number: int = 1) -> Row:
    return Row(
        sha256=f"{number:064}",
        sender=sender,
        date=time_row(reply, path="header:Date[0]"),
        location=location(f"leak/{number}.eml"),
        parent_sha256="0" * 64,
        parent_date=time_row("2017-03-06T10:00:00+00:00", path="header:Date[0]"),
        parent_location=location("leak/0.eml"),
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    yield fires((_row("2017-03-06T09:40:00+00:00"),), "twenty minutes before", bin="before>10min")
    yield fires((_row("2017-03-06T08:40:00+00:00"),), "an hour and a third before", bin="before>1h")
    yield fires((_row("2017-03-02T08:40:00+00:00"),), "four days before", bin="before>1d")
    two = (_row("2016-03-06T10:00:00+00:00"), _row("2016-03-07T10:00:00+00:00", "bo@example.org", number=2))
    yield fires(two, "two people answered a year before", bin="before>30d")
    yield silent((_row("2017-03-06T09:55:00+00:00"),), "five minutes: clocks of two people")
