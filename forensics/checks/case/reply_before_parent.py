"""A reply is dated before the mail that it answers."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks import settle
from forensics.checks._clocks import SERVED
from forensics.checks._facts import DAY, HOUR, MINUTE, bin_of, cite_row, clock, offsets, settled, span
from forensics.checks._reasons import TOLD_BY_SERVER
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.times import ticks, time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.reply_before_parent",
    version=3,
    title="Reply dated before the mail that it answers",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.REFERENCES,
    bins=(
        # Up to a day, wrong clocks of 2001 took one list over the alarm budget.
        Bin("before>10min", ceiling=Strength.WEAK),
        Bin("before>1h", ("before>10min",), ceiling=Strength.WEAK),
        Bin("before>1d", ("before>10min", "before>1h")),
        Bin("before>30d", ("before>10min", "before>1h", "before>1d")),
    ),
    group="thread",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("sender_clock", "wrong_offset", "told_by_server", "unsolicited"),
    accuses=("date",),
    as_delivered=True,
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5322 3.6.4", "kb:X-01", "kb:O-15", "kb:O-20"),
)

_SAID = {
    "": says(
        "rule.case.reply_before_parent",
        one=(
            "The mail is dated {parent} UTC, but its earliest reply {reply} UTC, {early} before. Replies dated "
            "before it: {count}."
        ),
    ),
    "reply": says(
        "rule.case.reply_before_parent.reply",
        one=(
            "The mail is dated {reply} UTC, {early} before the mail that it answers, which is dated {parent} UTC "
            "and did not reach its first server before then."
        ),
    ),
}
_ALONE = says(
    "rule.case.reply_before_parent.alone",
    one=(
        "The mail is dated {reply} UTC, {early} before the mail that it answers, which is dated {parent} UTC. If the "
        "Date of this mail alone is wrong, all other times of the two and of those next to them agree."
    ),
)
ROWS_NEEDED = {"messages": 2}

QUERY = f"""
WITH single AS (
    SELECT min(item) AS parent, message_id AS id, min(instant) AS instant FROM flat.mails
    WHERE message_id <> '' AND instant IS NOT NULL GROUP BY message_id HAVING count(*) = 1),
early AS MATERIALIZED (
    SELECT item, parent, reply FROM flat.links JOIN single p USING (id) JOIN flat.mails r USING (item)
    WHERE (reply OR last) AND r.instant < p.instant - 6000000000),
pairs AS MATERIALIZED (
    SELECT DISTINCT item, parent FROM early
    WHERE reply OR item NOT IN (SELECT l.item FROM flat.links l SEMI JOIN early USING (item) WHERE l.reply)),
two AS (SELECT item FROM pairs UNION SELECT parent FROM pairs),
mails AS MATERIALIZED (
    SELECT item, sha256, sender, date, served, location, wrong
    FROM two JOIN flat.mails USING (item) JOIN flat.items USING (item)
    LEFT JOIN (SELECT sha256, CASE WHEN NOT (wrong AND supported) THEN wrong END AS wrong FROM wrong_times
               WHERE kind = 'date' AND exact) USING (sha256)
    LEFT JOIN ({SERVED.format(of="two")}) USING (item))
SELECT r.sha256, r.sender, r.date, r.served, r.location, p.sha256 AS parent_sha256, p.date AS parent_date,
       p.served AS parent_served, p.location AS parent_location,
       CASE WHEN p.wrong AND r.wrong = false THEN 'parent' WHEN r.wrong AND p.wrong = false THEN 'reply' ELSE '' END
           AS alone
FROM pairs JOIN mails r USING (item) JOIN mails p ON p.item = parent
ORDER BY p.sha256, r.date.instant, r.sha256
"""

_BINS = ((30 * DAY, "before>30d"), (DAY, "before>1d"), (HOUR, "before>1h"), (10 * MINUTE, "before>10min"))
MOST = 20
"""Replies named for one mail."""
DOUBT = 10 * MINUTE
"""By which a sender's clock may differ from a server's."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that is dated more than ten minutes before the mail that it answers."""

    sha256: str
    sender: str
    """In lower case."""
    date: TimeRow
    served: int | None
    """When the first server that is not the sender's own computer had the reply."""
    location: Location
    parent_sha256: str
    parent_date: TimeRow
    parent_served: int | None
    parent_location: Location
    alone: str = ""
    """Whose Date is in every smallest set of wrong times of the thread, where the other's is in none."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Take the replies of one mail together; where servers tell which Date is wrong, only that mail is accused."""
    for _, found in groupby(rows, key=lambda row: row.parent_sha256):
        replies = list(found)
        of_reply = [row for row in replies if _wrong(row) == "reply"]
        others = [row for row in replies if _wrong(row) != "reply"]
        for row in of_reply:
            yield from _observation([row], Role.WITNESS, Role.SUSPECT)
        told = any(_wrong(row) == "parent" for row in others)
        # If several people's replies are older, it is the mail that is wrong; a sender without address is nobody.
        if told or len({row.sender for row in others} - {""}) > 1:
            yield from _observation(others, Role.SUSPECT, Role.WITNESS)
        elif others:
            yield from _observation(others, Role.EITHER, Role.EITHER)


def _wrong(row: Row) -> str:
    """Return whose Date is wrong: ``parent``, ``reply``, or empty where neither servers nor the thread's times tell."""
    return _by_servers(row) or row.alone


def _by_servers(row: Row) -> str:
    """Return whose Date the servers contradict: ``parent``, ``reply``, or empty where they do not tell.

    A server can have a mail late, never before it was written.
    """
    dated, parent = row.date.instant or 0, row.parent_date.instant or 0
    if row.parent_served is None:
        return "parent" if row.served is not None and row.served < parent - DOUBT else ""
    if row.parent_served < parent - DOUBT:
        return "parent" if row.parent_served <= dated + DOUBT else ""
    return "reply" if row.served is None or row.served >= parent - DOUBT else ""


def _observation(replies: list[Row], accused: Role, others: Role) -> Iterator[Observation]:
    first, count = replies[0], len(replies)
    early = (first.parent_date.instant or 0) - (first.date.instant or 0)
    name = bin_of(early, _BINS)
    if not name:
        return
    said = _SAID[""]
    if accused is Role.WITNESS:
        said = _SAID["reply"] if _by_servers(first) else _ALONE
    of_parent = SubjectRef(role=accused, sha256=first.parent_sha256, location=first.parent_location)
    of_replies = [SubjectRef(role=others, sha256=row.sha256, location=row.location) for row in replies[:MOST]]
    cited = [cite_row("Date of a reply", row.date, others, row.sha256, row.location) for row in replies[:MOST]]
    values = {"reply": clock(first.date.instant or 0), "early": span(early), "count": str(count)}
    yield Observation(
        sentence=said(**values, parent=clock(first.parent_date.instant or 0)),
        bin=name,
        evidence=(
            cite_row("Date", first.parent_date, accused, first.parent_sha256, first.parent_location),
            *cited,
        ),
        suspect=first.parent_date.path,
        subjects=(of_parent, *of_replies),
        benign=(*offsets("wrong_offset", early), *_told(first, accused)),
    )


def _told(row: Row, accused: Role) -> tuple[BenignState, ...]:
    """One wrong Date is one finding: where its own server shows it, the replies add nothing.

    The rules on trace fields report what stands here in the mail itself.
    """
    late = (row.parent_date.instant or 0) - (row.parent_served or 0)
    if accused is not Role.SUSPECT or row.parent_served is None or _by_servers(row) != "parent":
        return ()
    return (settled("told_by_server", State.EXPLAINS, TOLD_BY_SERVER(late=span(late))),)


def _row(
    reply: str,
    sender: str = "anna@example.org",
    *,
    number: int = 1,
    served: str = "",
    parent_served: str = "",
    alone: str = "",
) -> Row:
    return Row(
        sha256=f"{number:064}",
        sender=sender,
        date=time_row(reply, path="header:Date[0]"),
        served=ticks(served) if served else None,
        location=location(f"leak/{number}.eml"),
        parent_sha256="0" * 64,
        parent_date=time_row("2017-03-06T10:00:00+00:00", path="header:Date[0]"),
        parent_served=ticks(parent_served) if parent_served else None,
        parent_location=location("leak/0.eml"),
        alone=alone,
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    yield fires((_row("2017-03-06T09:40:00+00:00"),), "twenty minutes before", bin="before>10min")
    yield fires((_row("2017-03-06T08:40:00+00:00"),), "an hour and a third before", bin="before>1h")
    yield fires((_row("2017-03-02T08:40:00+00:00"),), "four days before", bin="before>1d")
    two = (_row("2016-03-06T10:00:00+00:00"), _row("2016-03-07T10:00:00+00:00", "bo@example.org", number=2))
    yield fires(two, "two people answered a year before", bin="before>30d")
    old, true = "2017-03-02T08:40:00+00:00", "2017-03-06T10:00:05+00:00"
    late = (_row(old, served="2017-03-06T11:00:00+00:00", parent_served=true),)
    yield fires(late, "the reply's server had it after the mail was sent: the reply is wrong", bin="before>1d")
    yield fires((_row(old, served=old),), "a server had the reply before: the mail is wrong", bin="before>1d")
    both = (_row(old, served=old, parent_served=true),)
    yield fires(both, "each mail's server agrees with its Date: one of the two is wrong", bin="before>1d")
    thread = (_row(old, alone="reply"),)
    yield fires(thread, "all other times of the thread agree once the reply's Date is left out", bin="before>1d")
    ahead = (_row(old, served=old, parent_served="2017-03-02T08:00:00+00:00"),)
    yield explained(ahead, "the mail's own server had it before its reply was written", by="told_by_server")
    yield silent((_row("2017-03-06T09:55:00+00:00"),), "five minutes: clocks of two people")
