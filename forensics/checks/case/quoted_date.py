"""A mail is dated otherwise than the reply to it says, by the line or header block above what it quotes.

Clients copy the Date of the mail that is answered: some to the second with its zone, some to the minute in the zone of
whoever answers, some the time at which they received it. A Date that was changed later no longer agrees, and no key is
needed to see it.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, MINUTE, bin_of, cite_row, clock, offsets, shown, span
from forensics.checks._quoted import same_sender
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
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
    nested,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="case.quoted_date",
    version=1,
    title="Dated otherwise than its replies say",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.REFERENCES | MessageHas.QUOTED_TIME,
    bins=(
        *nested("exact>2min", "exact>1h", "exact>1d"),
        # Clocks of whoever answers are wrong as well, and another mail of the sender may be quoted.
        Bin("local>10min", ceiling=Strength.WEAK),
        Bin("local>1d", ("local>10min",), Strength.WEAK),
        Bin("received>1d"),
        *nested("two>2min", "two>1d"),
    ),
    group="date",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("another_quoted", "sender_clock", "wrong_offset", "resent"),
    # Either the Date here or the text of whoever quotes it: both must be as signed.
    accuses=("date", "body"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 5322 3.6.1", "kb:X-05", "kb:O-15", "kb:O-18", "kb:O-20"),
)

_SAID = {
    "one": says(
        "rule.case.quoted_date",
        one=(
            "The mail is dated {date}. The reply to it quotes it as sent {quoted}, at least {off} {way}: one of "
            "the two was changed, or another mail of {sender} is quoted."
        ),
    ),
    "two": says(
        "rule.case.quoted_date.two",
        one=(
            "The mail is dated {date}. Its replies by {count} people quote it as sent at least {off} {way}; the first "
            "of them, {quoted}."
        ),
    ),
}
_WAYS = {
    True: says("rule.case.quoted_date.later", one="later"),
    False: says("rule.case.quoted_date.earlier", one="earlier"),
}

ROWS_NEEDED = {"messages": 2, "quoted_mails": 1}

# Of what a reply quotes, that counts which stands at the depth of its own words, or in a header block one deeper, as
# Outlook writes it before each line. Clients that copy Date with its zone are known to two minutes; a time by the clock
# of whoever answers (local) may be of any zone, from 12 h behind to 14 h ahead; one that may be that of receipt
# (received) is never early, and late by as much as mail may wait: 30 days. A reply agrees where one of its times does,
# in one of its readings. Another mail of the same sender that has the quoted time is what was quoted.
QUERY = """
WITH single AS (
    SELECT min(item) AS parent, message_id AS id, any_value(instant) AS sent, any_value(sender) AS sender
    FROM flat.mails WHERE message_id <> '' AND instant IS NOT NULL GROUP BY message_id HAVING count(*) = 1),
said AS (
    SELECT item, "index" AS place, style, q.date AS "time", other_readings,
           CASE WHEN q.date.instant IS NOT NULL AND style IN ('mutt', 'rfc', 'evolution') THEN 'exact'
                WHEN style IN ('thunderbird', 'outlook', 'kmail', 'pine') THEN 'local' ELSE 'received' END AS kind,
           CASE q.date.precision WHEN 'day' THEN 864000000000 WHEN 'minute' THEN 600000000 ELSE 0 END AS lasts
    FROM quoted_mails q JOIN flat.items USING (sha256)
    WHERE q.date.wall IS NOT NULL AND (depth = 0 OR (is_block AND depth = 1)) AND style <> 'header'
      AND NOT starts_with(style, 'forwarded')),
pairs AS MATERIALIZED (
    SELECT DISTINCT l.item, p.parent, p.sent, p.sender FROM flat.links l JOIN single p USING (id) JOIN said USING (item)
    WHERE l.reply AND l.item <> p.parent),
readings AS (
    SELECT item, place, parent, sender, kind,
           unnest(list_prepend(0, [other - "time".wall FOR other IN other_readings])) AS turned,
           coalesce("time".instant, "time".wall) - sent AS off, lasts
    FROM pairs JOIN said USING (item)),
shifts AS (
    SELECT item, place, parent, sender, kind, off + turned AS off,
           CASE WHEN kind = 'exact' THEN off + turned
                WHEN off + turned - 504000000000 > 0 THEN off + turned - 504000000000
                WHEN off + turned + lasts + 432000000000 < 0 THEN off + turned + lasts + 432000000000
                ELSE 0 END AS least,
           lasts
    FROM readings),
judged AS (
    SELECT *, CASE WHEN kind = 'exact' THEN least NOT BETWEEN -1200000000 - lasts AND 1200000000
                   WHEN kind = 'local' THEN abs(least) > 6000000000
                   ELSE least > 25920000000000 OR least < -864000000000 END AS differs
    FROM shifts),
fits AS MATERIALIZED (
    SELECT item, parent, bool_or(NOT differs) AS agrees FROM judged GROUP BY ALL),
agreed AS (SELECT DISTINCT parent FROM fits WHERE agrees),
odd AS MATERIALIZED (
    SELECT item, parent, any_value(sender) AS sender, place, kind, arg_min(off, abs(least)) AS off,
           arg_min(least, abs(least)) AS least
    FROM judged ANTI JOIN agreed USING (parent) GROUP BY item, parent, place, kind),
sought AS (
    SELECT o.item, parent, place, o.sender,
           p.instant + o.off
           - CASE WHEN kind = 'exact' THEN 0 ELSE coalesce(r.offset_s, 0)::BIGINT * 10000000 END AS "at"
    FROM odd o JOIN flat.mails p ON p.item = o.parent JOIN flat.mails r ON r.item = o.item WHERE o.sender <> ''),
near AS (SELECT *, unnest([-1, 0, 1]) + "at" // 1800000000 AS block FROM sought),
others AS MATERIALIZED (
    SELECT DISTINCT n.item, parent, place FROM near n
    JOIN flat.mails m ON m.sender = n.sender AND m.instant // 1800000000 = block AND m.item <> parent
    WHERE abs("at" - m.instant) < 1800000000)
SELECT i.sha256, r.sender, i.location, s."time", q."name", q.address, o.kind, o.least,
       pi.sha256 AS parent_sha256, p.sender AS parent_sender, p.date AS parent_date, pi.location AS parent_location,
       coalesce((SELECT min(f."name") FROM flat.parties f WHERE f.item = o.parent AND f.field = 'from'), '')
           AS parent_name
FROM odd o ANTI JOIN others USING (item, parent, place)
JOIN said s USING (item, place) JOIN flat.items i USING (item) JOIN flat.items pi ON pi.item = o.parent
JOIN flat.mails r USING (item) JOIN flat.mails p ON p.item = o.parent
JOIN quoted_mails q ON q.sha256 = i.sha256 AND q."index" = o.place
ORDER BY pi.sha256, r.date.instant, i.sha256, o.place
"""

_BINS = {
    "exact": ((DAY, "exact>1d"), (HOUR, "exact>1h"), (0, "exact>2min")),
    "local": ((DAY, "local>1d"), (0, "local>10min")),
    "received": ((0, "received>1d"),),
    "two": ((DAY, "two>1d"), (0, "two>2min")),
}
ALIKE = 26 * HOUR
"""Within which two replies say the same of a mail: one of them may have it in a zone of its own."""
MOST = 20
"""Replies named for one mail."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that gives the mail which it answers another time; no other reply agrees with that mail's Date."""

    sha256: str
    sender: str
    location: Location
    time: TimeRow
    """As quoted."""
    name: str
    address: str
    kind: str
    """``exact``, ``local`` or ``received``."""
    least: int
    """By how much the quoted time is later than Date, at least; negative: earlier."""
    parent_sha256: str
    parent_sender: str
    parent_name: str
    parent_date: TimeRow
    parent_location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Take the replies of one mail together; several people who agree put that mail in doubt, one puts either."""
    for _, found in groupby(rows, key=lambda row: row.parent_sha256):
        replies = {
            row.sender: row
            for row in reversed(list(found))
            if same_sender(row.name, row.address, row.parent_name, row.parent_sender)
        }
        if not replies:
            continue
        first = min(replies.values(), key=lambda row: (row.kind, abs(row.least), row.sha256))
        alike = [row for row in replies.values() if abs(row.least - first.least) <= ALIKE]
        alike.sort(key=lambda row: (row is not first, row.sha256))
        yield _observation(alike)


def _observation(replies: list[Row]) -> Observation:
    first, several = replies[0], len(replies) > 1
    parent = Role.SUSPECT if several else Role.EITHER
    reply = Role.WITNESS if several else Role.EITHER
    least = min([abs(row.least) for row in replies])
    cited = [cite_row("quoted time", row.time, reply, row.sha256, row.location) for row in replies[:MOST]]
    said = _SAID["two" if several else "one"]
    return Observation(
        sentence=said(
            date=shown(first.parent_date),
            quoted=shown(first.time),
            off=span(first.least),
            way=_WAYS[first.least > 0](),
            sender=first.parent_sender or clock(first.parent_date.instant or 0),
            count=str(len(replies)),
        ),
        bin=bin_of(least, _BINS["two" if several else first.kind]),
        evidence=(cite_row("Date", first.parent_date, parent, first.parent_sha256, first.parent_location), *cited),
        suspect=first.parent_date.path,
        subjects=(
            SubjectRef(role=parent, sha256=first.parent_sha256, location=first.parent_location),
            *[SubjectRef(role=reply, sha256=row.sha256, location=row.location) for row in replies[:MOST]],
        ),
        benign=tuple(offsets("wrong_offset", least)),
    )


def _row(least: int, kind: str = "exact", sender: str = "bo@example.org", name: str = "Anna Roe") -> Row:
    quoted = time_row("2017-03-06T10:00:00+00:00", path="part:1/quoted", kind=TimeKind.QUOTED)
    return Row(
        sha256=sender.encode().hex().ljust(64, "0"),
        sender=sender,
        location=location("leak/2.eml"),
        time=quoted,
        name=name,
        address="",
        kind=kind,
        least=least,
        parent_sha256="0" * 64,
        parent_sender="anna@example.org",
        parent_name="Anna Roe",
        parent_date=time_row("2016-03-06T10:00:00+00:00", path="header:Date[0]"),
        parent_location=location("leak/1.eml"),
    )


def cases() -> Iterator[Case]:
    """Cases on both sides of each threshold."""
    yield fires((_row(3 * MINUTE),), "a client that copies the Date, three minutes off", bin="exact>2min")
    yield fires((_row(5 * HOUR),), "five hours: another zone in the mail", bin="exact>1h")
    yield fires((_row(-40 * DAY),), "dated forty days after what the reply quotes", bin="exact>1d")
    yield fires((_row(HOUR, "local"),), "an hour more than any zone", bin="local>10min")
    yield fires((_row(3 * DAY, "local"),), "days, in a zone that is not told", bin="local>1d")
    yield fires((_row(-3 * DAY, "received"),), "received days before its Date", bin="received>1d")
    two = (_row(30 * DAY), _row(30 * DAY + HOUR, "local", "cy@example.org"))
    yield fires(two, "two people quote the same other day", bin="two>1d")
    apart = (_row(30 * DAY), _row(90 * DAY, "local", "cy@example.org"))
    yield fires(apart, "two people quote different days: each is one", bin="exact>1d")
    same = (_row(30 * DAY), _row(30 * DAY))
    yield fires(same, "two replies of one person are one", bin="exact>1d")
    yield silent((_row(30 * DAY, name="Cy Bach"),), "a mail of somebody else is quoted")
