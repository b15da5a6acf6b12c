"""A mail under a known sender's name has none of the marks of his other mails: program, server, signature, zone."""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks._facts import cite_bytes, cite_field, cite_row, counts
from forensics.checks._forms import in_words
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
from forensics.model.locations import Location
from forensics.model.rules import (
    Context,
    Evidence,
    Has,
    Observation,
    Proposition,
    Role,
    Rule,
    Sentence,
    Strength,
    Subject,
    SubjectRef,
    nested,
)
from forensics.model.tables import TimeRow

RULE = Rule(
    id="case.sender_profile",
    version=1,
    title="Marks that its sender's other mails do not have",
    subject=Subject.MESSAGE,
    needs=Has.FROM | Has.MESSAGE_ID,
    bins=nested("three", "three_firm", "four"),
    group="authorship",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.MODERATE,
    benign=("other_device", "shared_account", "unsolicited"),
    settle="settle.sending_server",
    references=("kb:X-10", "kb:F-01", "kb:F-03", "kb:T-52", "kb:A-08", "kb:O-30", "kb:O-40"),
)

LEAST = 8
"""Other mails of the sender that show a kind of mark."""

# A kind of mark says something where at most a tenth of the sender's other mails brought a value of their own; it is
# new where no other mail of the sender has the value. Copies of one mail count once.
QUERY = r"""
WITH mails AS (
    SELECT sha256, lower(from_address) AS sender, message_id, first_hop, date.offset_s AS offset_s, client, form,
           CASE WHEN message_id = '' THEN sha256 ELSE message_id END AS one
    FROM messages WHERE from_address <> ''),
signers AS (
    SELECT sha256, string_agg(DISTINCT domain, ' ' ORDER BY domain) AS value,
           arg_min(value, index) AS raw, min_by(value_start, index) AS start
    FROM signatures WHERE kind = 'dkim' GROUP BY sha256),
forms AS (
    SELECT sha256, sender, one, feature
    FROM (SELECT sha256, sender, one, unnest(form) AS feature FROM mails)
    WHERE split_part(feature, '=', 1) IN ('order', 'id', 'id-name', 'mime-name', 'date', 'date-zone', 'date-weekday',
                                          'date-day', 'charset', 'charset-fold', 'boundary')),
marks AS (
    SELECT sha256, sender, one, 'domain' AS kind, regexp_extract(message_id, '[^@.]*\.?[^@.]*$') AS value
    FROM mails WHERE message_id <> ''
    UNION ALL SELECT sha256, sender, one, 'account', substr(message_id, 1, 7) FROM mails
    WHERE message_id LIKE 'CA%@mail.gmail.com'
    UNION ALL SELECT sha256, sender, one, 'server', regexp_extract(first_hop, '[^.]*\.?[^.]*$') FROM mails
    WHERE first_hop <> ''
    UNION ALL SELECT sha256, sender, one, 'signer', coalesce(s.value, '') FROM mails LEFT JOIN signers s USING (sha256)
    UNION ALL SELECT sha256, sender, one, 'offset', offset_s::VARCHAR FROM mails WHERE offset_s IS NOT NULL
    UNION ALL SELECT sha256, sender, one, 'program', lower(regexp_extract(client, '^[A-Za-z!-]*')) FROM mails
    UNION ALL SELECT sha256, sender, one, 'form ' || split_part(feature, '=', 1), feature FROM forms),
counts AS (SELECT sender, kind, value, count(DISTINCT one) AS n FROM marks GROUP BY ALL),
kinds AS (
    SELECT sender, kind, sum(n) AS n, count(*) FILTER (n = 1) AS single, arg_max(value, (n, value)) AS usual
    FROM counts GROUP BY ALL),
fresh AS (
    SELECT m.sha256, list({'kind': m.kind, 'value': m.value, 'usual': k.usual, 'n': (k.n - 1)::BIGINT} ORDER BY m.kind)
           AS marks
    FROM marks m JOIN counts c USING (sender, kind, value) JOIN kinds k USING (sender, kind)
    WHERE c.n = 1 AND k.n > 8 AND (k.single - 1) * 10 <= k.n - 1 GROUP BY m.sha256 HAVING count(*) > 2)
SELECT m.sha256, lower(m.from_address) AS sender, f.marks, m.date, m.message_id, m.message_id_raw,
       m.message_id_start, s.raw AS signature, s.start AS signature_start, p.location,
       list_filter(m.timestamps, lambda t: t.path LIKE 'header:Received[%]' AND t.instant IS NOT NULL)[-1] AS stamp
FROM fresh f JOIN messages m USING (sha256) LEFT JOIN signers s USING (sha256)
JOIN (SELECT sha256, arg_min(location, location_text) AS location FROM occurrences GROUP BY sha256) p USING (sha256)
ORDER BY m.sha256
"""

_FIRM = frozenset(("account", "offset", "signer"))
"""Marks that stay when a sender takes another program or computer."""


class Mark(msgspec.Struct, frozen=True):
    """One mark that no other mail of the sender has."""

    kind: str
    value: str
    usual: str
    """The commonest among the sender's mails."""
    n: int
    """Other mails of the sender that show this kind."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail with three marks or more that are new for its sender."""

    sha256: str
    sender: str
    marks: list[Mark]
    date: TimeRow | None
    message_id: str
    message_id_raw: bytes
    message_id_start: int | None
    signature: bytes | None
    signature_start: int | None
    stamp: TimeRow | None
    location: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Count independent marks: how a program writes is one, however many of its habits are new."""
    for row in rows:
        kinds = {_independent(mark.kind) for mark in row.marks}
        if sum(_independent(mark.kind) == "program" for mark in row.marks) < 2:
            kinds.discard("program")
        if len(kinds) > 2:
            name = "four" if len(kinds) > 3 else "three_firm" if kinds & _FIRM else "three"
            yield _observation(row, name, [mark for mark in row.marks if _independent(mark.kind) in kinds])


def _independent(kind: str) -> str:
    return "program" if kind.startswith("form ") else kind


def _observation(row: Row, name: str, marks: list[Mark]) -> Observation:
    said = "; ".join([f"{_said(one, one.value)} (usually {_said(one, one.usual)})" for one in marks])
    others = max(one.n for one in marks)
    counted = counts(
        RULE,
        "other mails of the sender, and how many of them share one of these marks",
        {"sender": row.sender} | {one.kind: one.value[:200] for one in marks},
        n=others,
        k=0,
    )
    return Observation(
        sentence=Sentence(f"rule.{RULE.id}", {"sender": row.sender[:120], "n": str(others), "marks": said}),
        bin=name,
        evidence=tuple(_evidence(row, {one.kind for one in marks})),
        suspect="header:From[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=(counted,),
    )


def _said(mark: Mark, value: str) -> str:
    if mark.kind.startswith("form ") and "=" in value:
        return in_words(value)
    return f"{mark.kind} {value[:60] or 'none'}"


def _evidence(row: Row, kinds: set[str]) -> Iterator[Evidence]:
    place = (Role.SUSPECT, row.sha256, row.location)
    if row.message_id_start is not None:
        yield cite_field("Message-ID", row.message_id[:200], row.message_id_raw, row.message_id_start, *place)
    if "offset" in kinds and row.date is not None:
        yield cite_row("Date", row.date, *place)
    if "server" in kinds and row.stamp is not None:
        yield cite_row("Received, oldest", row.stamp, *place)
    if "signer" in kinds and row.signature is not None and row.signature_start is not None:
        path = "header:DKIM-Signature[0]/b"
        yield cite_bytes(path, "signature", row.signature.decode("ascii"), row.signature, row.signature_start, *place)


def _row(*kinds: str) -> Row:
    return Row(
        sha256="0" * 64,
        sender="anna@example.org",
        marks=[Mark(kind, "new", "old", 40) for kind in sorted(kinds)],
        date=time_row("2017-03-06T10:00:00-05:00", path="header:Date[0]"),
        message_id="1@example.net",
        message_id_raw=b"Message-ID: <1@example.net>\r\n",
        message_id_start=0,
        signature=None,
        signature_start=None,
        stamp=None,
        location=location(),
    )


def cases() -> Iterator[Case]:
    """Cases of new marks."""
    program = ("program", "form order", "form id")
    yield fires((_row(*program, "domain", "server"),), "program, domain and server", bin="three")
    yield fires((_row("domain", "server", "offset"),), "the zone among them", bin="three_firm")
    yield fires((_row(*program, "domain", "server", "signer"),), "signed by nobody", bin="four")
    yield silent((_row(*program),), "another program alone: a new computer")
    yield silent((_row("form id", "domain", "server"),), "one habit is no program")
