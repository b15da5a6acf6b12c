"""A mail did not come the way that nearly all mails of its time in this archive came."""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks._facts import cite_row, counts, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
from forensics.model.locations import Location
from forensics.model.rules import (
    Aggregate,
    BenignState,
    Bin,
    Context,
    Has,
    Observation,
    Proposition,
    Role,
    Rule,
    Sentence,
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.tables import TimeRow

RULE = Rule(
    id="case.delivery_path",
    version=1,
    title="Another way than nearly all mails came",
    subject=Subject.MESSAGE,
    needs=Has.DATE,
    bins=(Bin("other_way"), Bin("no_trace")),
    group="route",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.MODERATE,
    benign=("other_way", "own_copy", "imported", "resaved", "unsolicited"),
    settle="settle.mailbox_owner",
    references=("RFC 5321 4.4", "kb:X-10", "kb:X-18", "kb:O-30", "kb:O-39"),
)

# Mails that are attached to other mails are left out: nobody delivered them.
# Blocks of two to four hundred mails in the order of time; what all of an archive has counts for mails of other times.
QUERY = r"""
WITH places AS (
    SELECT sha256, arg_min(location, location_text) AS location FROM occurrences WHERE message_sha256 = ''
    GROUP BY sha256),
mails AS (
    SELECT sha256, list_id, hops, parties, coalesce(arrived, date.instant, date.wall) AS stood
    FROM messages SEMI JOIN places USING (sha256)),
placed AS (
    SELECT *, (row_number() OVER (ORDER BY stood, sha256) - 1) * greatest(count(*) OVER () // 200, 1)
              // count(*) OVER () AS block FROM mails WHERE stood IS NOT NULL),
hosts AS (SELECT sha256, block, lower(unnest(hops)."by") AS host FROM placed),
marks AS (
    SELECT sha256, block, 'list' AS kind, list_id AS value FROM placed WHERE list_id <> ''
    UNION SELECT sha256, block, 'server', regexp_extract(host, '[^.]*\.?[^.]*$') FROM hosts WHERE host <> ''
    UNION SELECT sha256, block, 'reader', unnest([lower(p.address) FOR p IN parties IF p.field = 'delivered-to'])
    FROM placed
    UNION SELECT sha256, block, 'trace', '' FROM placed
    WHERE len(hops) > 0 OR len([p FOR p IN parties IF p.field = 'return-path']) > 0),
blocks AS (SELECT block, count(*) AS n FROM placed GROUP BY block),
near AS (SELECT block, kind, value, count(*) AS k FROM marks GROUP BY ALL),
whole AS (SELECT kind, value, count(*) AS k FROM marks GROUP BY ALL),
usual AS (
    SELECT block, kind, value, k, n FROM near JOIN blocks USING (block)
    UNION ALL SELECT block, kind, value, k, (SELECT count(*) FROM placed) AS n FROM whole CROSS JOIN blocks),
constant AS (
    SELECT block, kind, value, arg_max(k, k / n) AS k, arg_max(n, k / n) AS n FROM usual
    WHERE n > 100 AND k >= 0.95 * (n - 1) GROUP BY ALL),
lacking AS (
    SELECT p.sha256, list({'kind': c.kind, 'value': c.value, 'k': c.k, 'n': c.n} ORDER BY c.kind, c.value) AS marks
    FROM placed p JOIN constant c USING (block)
    ANTI JOIN marks m ON (m.sha256, m.kind, m.value) = (p.sha256, c.kind, c.value)
    GROUP BY p.sha256)
SELECT l.sha256, l.marks, m.date, m.message_id, p.location,
       list_filter(m.timestamps, lambda t: t.path LIKE 'header:Received[%]') AS stamps
FROM lacking l JOIN messages m USING (sha256) JOIN places p USING (sha256)
ORDER BY l.sha256
"""


class Mark(msgspec.Struct, frozen=True):
    """What nearly all mails of the time have, and this one has not."""

    kind: str
    """``list``, ``server`` (two last labels), ``reader`` (Delivered-To) or ``trace`` (any, or a Return-Path)."""
    value: str
    k: int
    n: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mail that lacks something that 95 % of its neighbours have."""

    sha256: str
    marks: list[Mark]
    date: TimeRow | None
    message_id: str
    stamps: list[TimeRow]
    location: Location


LEAST_IMPORTED = 5
"""Mails without a trace whose ids the archive's own program made: they, and others like them, came by an import."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report mails without any trace among mails that have one, and those that lack two kinds of marks."""
    untraced: list[tuple[Row, list[Mark]]] = []
    for row in rows:
        kinds = {mark.kind for mark in row.marks}
        if "trace" in kinds:
            untraced.append((row, [mark for mark in row.marks if mark.kind == "trace"]))
        elif len(kinds) > 1:
            yield _observation(row, "other_way", row.marks, ())
    domains = Counter([row.message_id.rpartition("@")[2] for row, _ in untraced])
    placeholders = {domain: n for domain, n in domains.items() if domain and "." not in domain}
    domain, n = max(placeholders.items(), key=lambda one: (one[1], one[0]), default=("", 0))
    imported = n >= LEAST_IMPORTED
    states = (settled("imported", State.EXPLAINS, "imported", n=n, domain=domain[:80]),) if imported else ()
    for row, marks in untraced:
        yield _observation(row, "no_trace", marks, states)


def _observation(row: Row, name: str, marks: list[Mark], states: tuple[BenignState, ...]) -> Observation:
    said = "; ".join([f"{one.kind} {one.value[:80]} ({one.k} of {one.n})" for one in marks])
    cited = [("Date", row.date)] if row.date is not None else []
    cited += [(f"Received, {place} from the top", stamp) for place, stamp in enumerate(row.stamps[:5], 1)]
    return Observation(
        sentence=Sentence(f"rule.{RULE.id}.{name}", {"marks": said, "k": str(marks[0].k), "n": str(marks[0].n)}),
        bin=name,
        evidence=tuple([cite_row(label, stamp, Role.SUSPECT, row.sha256, row.location) for label, stamp in cited]),
        suspect="header:Received[0]",
        subjects=(SubjectRef(role=Role.SUSPECT, sha256=row.sha256, location=row.location),),
        aggregates=tuple([_counted(mark) for mark in marks]),
        benign=states,
    )


def _counted(mark: Mark) -> Aggregate:
    return counts(RULE, f"mails of the time with this {mark.kind}", {mark.kind: mark.value[:200]}, n=mark.n, k=mark.k)


def _row(*kinds: str, number: int = 0, domain: str = "example.org") -> Row:
    return Row(
        sha256=f"{number:064}",
        message_id=f"{number}@{domain}",
        marks=[Mark(kind, f"{kind}.example" if kind != "trace" else "", 246, 250) for kind in sorted(kinds)],
        date=time_row("2017-03-06T10:00:00+01:00", path="header:Date[0]"),
        stamps=[] if "trace" in kinds else [time_row("2017-03-06T09:01:00+00:00", path="header:Received[0]")],
        location=location(),
    )


def cases() -> Iterator[Case]:
    """Cases of what a mail lacks."""
    yield fires((_row("list", "server"),), "neither the list nor its server", bin="other_way")
    yield fires((_row("list", "server", "trace"),), "no server ever stamped it", bin="no_trace")
    many = tuple([_row("trace", number=number, domain="archive") for number in range(5)])
    yield explained(many, "five, with ids of the archive's own", by="imported", count=5)
    yield silent((_row("server"),), "one relay of the usual way was not used")
    yield silent((_row("reader"),), "to another address of the same mailbox")
