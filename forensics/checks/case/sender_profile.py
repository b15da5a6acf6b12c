"""A mail under a known sender's name has marks that none of their other mails has: program, provider, zone.

Another computer brings a program, its habits and the machine's name; another provider brings a server, a signature and
its own name. Each is one cause, however many marks it leaves, and people do both at once: that is weak. What a person
elsewhere seldom has is all of it new and another zone besides.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_located, cite_row, counts
from forensics.checks._setups import TEXTS, Mark, causes, in_words, independent, traits
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
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.sender_profile",
    version=3,
    title="Marks that its sender's other mails do not have",
    subject=Subject.MESSAGE,
    needs=MessageHas.FROM | MessageHas.MESSAGE_ID,
    bins=(
        # Of 538 people with more than eight mails 21 did so once (one mail in 1,600): any archive holds some.
        Bin("elsewhere", ceiling=Strength.WEAK),
        Bin("all_three", ("elsewhere",)),
        Bin("many"),
    ),
    group="authorship",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.MODERATE,
    benign=("other_device", "shared_account", "others_unsigned", "unsolicited"),
    settle=settle.SENDING_SERVER,
    references=("kb:X-10", "kb:F-01", "kb:F-03", "kb:T-52", "kb:A-08", "kb:O-30", "kb:O-40"),
)

_MARK = says("rule.case.sender_profile.mark", one="{mark} (usually {usual})")
_SAID = {
    "elsewhere": says(
        "rule.case.sender_profile.elsewhere",
        one=(
            "The mail is from {sender}, but has marks that none of that address's other {n} mails have: {marks}. "
            "Another computer, program or provider would bring such marks together: they are one observation."
        ),
    ),
    "many": says(
        "rule.case.sender_profile.many",
        one=(
            "The mail is from {sender}, but has marks that none of that address's other {n} mails have: {marks}. "
            "They are of {traits} of eight traits by which a sender's mails are alike."
        ),
    ),
    "all_three": says(
        "rule.case.sender_profile.all_three",
        one=(
            "The mail is from {sender}, but has marks that none of that address's other {n} mails have: {marks}. "
            "Program or computer, provider and time zone are all new."
        ),
    ),
}

MANY = 5
"""Traits of eight that are new at once. Measured on 37,000 genuine mails: 34."""

ROWS_NEEDED = {"messages": 2}

# A kind of mark says something where eight other mails of the sender show it, and at most a tenth
# brought a value of their own; it is new where no other mail has the value. Copies of one mail count once.
QUERY = r"""
WITH mails AS MATERIALIZED (
    SELECT item, sender, message_id, id_host, first_hop, offset_s, client, form, min(item) OVER copies AS one,
           message_id <> '' AND count(*) OVER copies > 1 AS copied
    FROM flat.mails WHERE sender <> ''
    WINDOW copies AS (PARTITION BY CASE WHEN message_id = '' THEN item::VARCHAR ELSE message_id END)),
signers AS (
    SELECT item, string_agg(DISTINCT "domain", ' ' ORDER BY "domain") AS value
    FROM flat.signatures WHERE kind = 'dkim' GROUP BY item),
answers AS (SELECT item, arg_min("domain", place) AS "to" FROM flat.parties WHERE field = 'reply-to' GROUP BY item),
marks AS (
    SELECT item, sender, one, copied, 'domain' AS kind, coalesce(organization, id_host) AS value
    FROM mails LEFT JOIN flat.organizations ON "name" = id_host WHERE message_id <> ''
    UNION ALL SELECT item, sender, one, copied, 'account', substr(message_id, 1, 7) FROM mails
    WHERE message_id LIKE 'CA%@mail.gmail.com'
    UNION ALL SELECT item, sender, one, copied, 'server', coalesce(organization, first_hop)
    FROM mails LEFT JOIN flat.organizations ON "name" = first_hop WHERE first_hop <> ''
    UNION ALL SELECT item, sender, one, copied, 'signer', coalesce(s.value, '')
    FROM mails LEFT JOIN signers s USING (item)
    UNION ALL SELECT item, sender, one, copied, 'offset', offset_s::VARCHAR FROM mails WHERE offset_s IS NOT NULL
    UNION ALL SELECT item, sender, one, copied, 'answers', coalesce(organization, "to", '')
    FROM mails LEFT JOIN answers USING (item) LEFT JOIN flat.organizations ON "name" = "to"
    UNION ALL SELECT item, sender, one, copied, 'program', lower(regexp_extract(client, '^[A-Za-z!-]*')) FROM mails
    UNION ALL SELECT item, sender, one, copied, 'form ' || kind, feature FROM mails JOIN flat.features USING (form)
    WHERE kind IN ('order', 'id', 'id-name', 'mime-name', 'date', 'date-zone', 'date-weekday', 'date-day', 'charset',
                   'charset-fold', 'boundary', 'transfer', 'attribution')),
once AS (
    SELECT sender, kind, value FROM marks WHERE NOT copied
    UNION ALL SELECT sender, kind, value FROM (SELECT DISTINCT sender, kind, value, one FROM marks WHERE copied)),
counts AS (SELECT sender, kind, value, count(*) AS n FROM once GROUP BY ALL),
kinds AS (
    SELECT sender, kind, sum(n) AS n, count(*) FILTER (n = 1) AS single, arg_max(value, (n, value)) AS usual
    FROM counts GROUP BY ALL),
fresh AS MATERIALIZED (
    SELECT item, list({'kind': m.kind, 'value': m.value, 'usual': k.usual, 'n': (k.n - 1)::BIGINT} ORDER BY m.kind)
           AS marks
    FROM marks m JOIN counts c USING (sender, kind, value) JOIN kinds k USING (sender, kind)
    WHERE c.n = 1 AND k.n > 8 AND (k.single - 1) * 10 <= k.n - 1 GROUP BY item HAVING count(*) > 2),
signed AS (
    SELECT sha256, arg_min(b, index) AS b FROM signatures
    WHERE kind = 'dkim' AND b.start IS NOT NULL
      AND sha256 IN (SELECT sha256 FROM flat.items SEMI JOIN fresh USING (item)) GROUP BY sha256),
stamped AS (
    SELECT item, arg_max("time", index) AS "time" FROM flat.stamps SEMI JOIN fresh USING (item)
    WHERE kind = 'hop' AND "time".instant IS NOT NULL GROUP BY item)
SELECT sha256, sender, f.marks, EXISTS (FROM flat.hops h WHERE h.item = f.item AND host = id_host) AS by_server,
       w.date, written_id AS message_id, s.b AS signature, location, h."time" AS stamp
FROM fresh f JOIN flat.items USING (item) JOIN flat.mails w USING (item)
LEFT JOIN signed s USING (sha256) LEFT JOIN stamped h USING (item)
ORDER BY sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail with three marks or more that are new for its sender."""

    sha256: str
    sender: str
    marks: list[Mark]
    by_server: bool
    """Whether a server of its trace made the Message-ID: then it may have written Date too."""
    date: TimeRow | None
    message_id: LocatedRow
    signature: LocatedRow | None
    stamp: TimeRow | None
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Count causes, not marks: the habits of one program are one, and so are the marks of one provider."""
    for row in rows:
        marks = _independent([mark for mark in row.marks if mark.kind not in TEXTS])
        if marks and len(causes(row.sender, marks, by_server=row.by_server)) > 2:
            yield _observation(row, "all_three", marks)
        elif len(traits(row.marks)) >= MANY:
            yield _observation(row, "many", row.marks)
        elif marks:
            yield _observation(row, "elsewhere", marks)


def _independent(marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks of three kinds or more that do not go together; none where there are fewer."""
    kinds = {independent(mark.kind) for mark in marks}
    if sum(independent(mark.kind) == "program" for mark in marks) < 2:
        kinds.discard("program")
    return [mark for mark in marks if independent(mark.kind) in kinds] if len(kinds) > 2 else []


def _observation(row: Row, name: str, marks: Sequence[Mark]) -> Observation:
    told = tuple([_MARK(mark=in_words(one, one.value), usual=in_words(one, one.usual)) for one in marks])
    others = max(one.n for one in marks)
    counted = counts(
        RULE,
        "other mails of the sender, and how many of them share one of these marks",
        {"sender": row.sender} | {one.kind: one.value[:200] for one in marks},
        n=others,
        k=0,
    )
    return Observation(
        sentence=_SAID[name](sender=row.sender[:120], n=str(others), marks=told, traits=str(len(traits(marks)))),
        bin=name,
        evidence=tuple(_evidence(row, {one.kind for one in marks})),
        suspect="header:From[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counted,),
        keys={one.kind: one.value for one in marks},
    )


def _evidence(row: Row, kinds: set[str]) -> Iterator[Evidence]:
    place = (Role.SUSPECT, row.sha256, row.location)
    if row.message_id.start is not None:
        yield cite_located("Message-ID", row.message_id, *place, value=row.message_id.value[:200])
    if "offset" in kinds and row.date is not None:
        yield cite_row("Date", row.date, *place)
    if "server" in kinds and row.stamp is not None:
        yield cite_row("Received, oldest", row.stamp, *place)
    if "signer" in kinds and row.signature is not None:
        yield cite_located("signature", row.signature, *place)


def _row(*marks: str, by_server: bool = False) -> Row:
    """A mail with marks, each ``kind`` or ``kind=value``."""
    read = [mark.partition("=")[::2] for mark in sorted(marks)]
    return Row(
        sha256="0" * 64,
        sender="anna@example.org",
        marks=[Mark(kind, value or "example.net", "3600" if kind == "offset" else "old", 40) for kind, value in read],
        by_server=by_server,
        date=time_row("2017-03-06T10:00:00-05:00", path="header:Date[0]"),
        message_id=located_row("1@example.net", "header:Message-ID[0]", raw=b"Message-ID: <1@example.net>\r\n"),
        signature=None,
        stamp=None,
        location=location(),
    )


def cases() -> Iterator[Case]:
    """Cases of new marks."""
    program = ("program", "form order", "form id")
    zone = "offset=-18000"
    yield fires((_row(*program, "domain", "server"),), "another program and provider", bin="many")
    yield fires((_row("domain", "server", "signer"),), "three marks of one provider", bin="elsewhere")
    yield fires((_row("form id", "form id-name", "server", "signer"),), "habits and provider", bin="elsewhere")
    yield fires((_row(*program, "domain=example.org", zone),), "another computer in another zone", bin="many")
    yield fires((_row(*program, "domain=box", "offset=0"),), "another computer, which keeps UTC", bin="many")
    yield fires((_row(*program, "server", "signer", zone),), "program, provider and zone", bin="all_three")
    yield fires((_row(*program, "server", "offset=7200"),), "the zone of summer time", bin="many")
    form = _row(*program, "domain", "server", zone, by_server=True)
    yield fires((form,), "the server made id and Date: sent by a web form", bin="many")
    yield silent((_row(*program),), "another program alone: a new computer")
    yield silent((_row("form id", "domain", "server"),), "one habit is no program")
    eight = ("program", "form order", "form id", "form charset", "form transfer")
    yield fires((_row(*eight),), "five of eight traits, all of one program", bin="many")
    yield silent((_row(*eight[:4]),), "four of them: another program")
    yield silent((_row("form id", "form charset", "form transfer", "form attribution"),), "texts differ")
