"""Reads from a case all that a report shows."""

from collections.abc import Mapping

import msgspec

from forensics.casestore import CaseFolder, Queries
from forensics.checks import RULES, load, load_all
from forensics.engine.extent import extent
from forensics.knowledge.rates import corpora, counted_by_route
from forensics.model.findings import Ranked, SetAside, StoredFinding
from forensics.model.summary import CaseSummary, Counts, ItemFacts, Lure, Month
from forensics.reader.stored_findings import read_set_aside
from forensics.reader.stored_items import read_items
from forensics.reader.support import agreeing
from forensics.stages.grading.origin import routes
from forensics.stages.grading.rank import APART
from forensics.stages.power import rule_power

BLOCKS = 50
"""Ranked lines that get a block of their own."""
_TICKS_PER_US = 10
_EARLIEST = "1980-01"
"""Claimed months before this, or after as-of, would squeeze the picture; they are counted beside it."""


class _Tally(msgspec.Struct, frozen=True):
    key: str
    n: int


class _MonthRow(msgspec.Struct, frozen=True):
    month: str
    messages: int
    documents: int
    findings: int


class _Lured(msgspec.Struct, frozen=True):
    sha256: str
    place: str
    claimed: int | None
    sender: str | None
    subject: str | None


_LURED = """
    WITH placed AS (
        SELECT sha256, min(location_text) AS place, arg_min(message_sha256, location_text) AS carrier
        FROM occurrences WHERE list_contains($items, sha256) GROUP BY sha256)
    SELECT p.sha256, p.place, coalesce(m.date.instant, m.date.wall) AS claimed, m.from_address AS sender,
           m.subject.value AS subject
    FROM placed p LEFT JOIN messages m
        ON m.sha256 = CASE WHEN p.sha256 IN (SELECT sha256 FROM messages) THEN p.sha256 ELSE p.carrier END
    ORDER BY claimed NULLS LAST, place
"""

_OF_RULES = "SELECT stored AS text FROM findings WHERE rule IN (SELECT unnest($rules)) ORDER BY id"
_CLAIMED = """
    SELECT sha256, coalesce(date.instant, date.wall) AS claimed, 1 AS m, 0 AS d FROM messages
    UNION ALL
    SELECT sha256, coalesce(modified.instant, modified.wall, created.instant, created.wall), 0, 1 FROM documents
"""


def summarize(folder: CaseFolder, queries: Queries) -> CaseSummary:
    """Return all that a report shows, in one struct; every sentence that a case can hold is declared then."""
    load_all()
    ranking = tuple(queries.stored("SELECT ranked AS text FROM ranking ORDER BY rank", {}, Ranked))
    aside = tuple(read_set_aside(queries))
    findings = _findings(queries, ranking, aside)
    months, undated, outside = _months(queries, ranking, max(folder.info.as_of, folder.info.released)[:7])
    return CaseSummary(
        info=folder.info,
        counts=_counts(queries),
        extent=extent(folder, queries),
        months=months,
        undated=undated,
        outside=outside,
        ranking=ranking,
        findings=findings,
        items=_blocks(queries, ranking, findings),
        lures=_lures(queries),
        set_aside=aside,
        notices=_tally(queries, "SELECT code AS key, count(*) AS n FROM notices GROUP BY code ORDER BY code"),
        power=tuple(rule_power(queries.rows)),
        rules=tuple(load(name).RULE for name in RULES),
        senders=_senders(queries),
        agreeing=tuple(agreeing(queries.rows)),
        custody_head=folder.custody.head(),
        corpora=corpora(folder.info.options.leave_out),
        routes=routes(queries.rows),
        counted=counted_by_route(folder.info.options.leave_out),
    )


def _findings(queries: Queries, ranking: tuple[Ranked, ...], aside: tuple[SetAside, ...]) -> dict[str, StoredFinding]:
    """Return the findings of the ranking, and one for each sentence that is said beside them."""
    wanted = {finding for line in ranking for finding in line.findings}
    beside = {said for line in ranking for said in line.supported_by} | {row.statement for row in aside}
    beside -= {""}
    found = {}
    for stored in queries.stored("SELECT stored AS text FROM findings ORDER BY id", {}, StoredFinding):
        said = {stored.finding.statement, *[state.note for state in stored.finding.benign]}
        if stored.finding.id in wanted or said & beside:
            found[stored.finding.id] = stored
            beside -= said
    return found


def members(line: Ranked) -> tuple[str, ...]:
    """Return the digests that a ranked line is about."""
    if line.cluster is not None:
        return tuple(member.sha256 for member in line.cluster.members)
    return (line.item.sha256,) if line.item is not None else ()


def _lures(queries: Queries) -> tuple[Lure, ...]:
    """Return what would have led a reader elsewhere, by item; a file in a mail stands under the mail's date."""
    rules = [name for name in RULES if load(name).RULE.proposition in APART]
    said: dict[str, list[StoredFinding]] = {}
    for stored in queries.stored(_OF_RULES, {"rules": rules}, StoredFinding):
        said.setdefault(stored.finding.item.sha256, []).append(stored)
    rows = queries.rows(_LURED, {"items": sorted(said)}, _Lured)
    return tuple(
        [
            Lure(
                sha256=row.sha256,
                place=row.place,
                claimed=row.claimed,
                sender=row.sender or "",
                subject=row.subject or "",
                findings=tuple(said[row.sha256]),
            )
            for row in rows
        ]
    )


def _blocks(
    queries: Queries, ranking: tuple[Ranked, ...], findings: Mapping[str, StoredFinding]
) -> dict[str, ItemFacts]:
    digests = {digest for line in ranking[:BLOCKS] for digest in members(line)}
    for line in ranking[:BLOCKS]:
        for finding in line.findings:
            digests.update(subject.sha256 for subject in findings[finding].finding.subjects)
    items: dict[str, ItemFacts] = {}
    for facts in read_items(queries, digests):
        items.setdefault(facts.ref.sha256, facts)
    return items


def _tally(queries: Queries, sql: str) -> dict[str, int]:
    return {row.key: row.n for row in queries.rows(sql, {}, _Tally)}


def _counts(queries: Queries) -> Counts:
    one = _tally(
        queries,
        """
        SELECT 'files' AS key, count(*) AS n FROM occurrences WHERE depth = 0
        UNION ALL SELECT 'size', coalesce(sum(size), 0)::BIGINT FROM occurrences WHERE depth = 0
        UNION ALL SELECT 'occurrences', count(*) FROM occurrences
        UNION ALL SELECT 'contents', count(*) FROM contents
        UNION ALL SELECT 'messages', count(*) FROM messages
        UNION ALL SELECT 'documents', count(*) FROM documents
        UNION ALL SELECT 'archives', count(*) FROM contents
            WHERE media_type = 'application/mbox'
               OR sha256 IN (SELECT sha256 FROM archives) AND sha256 NOT IN (SELECT sha256 FROM documents)
        UNION ALL SELECT 'signatures', count(*) FROM signatures
        UNION ALL SELECT 'signed_messages', count(DISTINCT sha256) FROM signatures
        ORDER BY key
        """,
    )
    return Counts(**one)


def _months(queries: Queries, ranking: tuple[Ranked, ...], latest: str) -> tuple[tuple[Month, ...], int, int]:
    suspects = sorted({digest for line in ranking for digest in members(line)})
    rows = queries.rows(
        f"""
        SELECT coalesce(strftime(make_timestamp(claimed // {_TICKS_PER_US}), '%Y-%m'), '') AS month,
               sum(m)::BIGINT AS messages, sum(d)::BIGINT AS documents,
               count(*) FILTER (WHERE list_contains($suspects, sha256)) AS findings
        FROM ({_CLAIMED}) GROUP BY month ORDER BY month
        """,
        {"suspects": suspects},
        _MonthRow,
    )
    found, undated, outside = [], 0, 0
    for row in rows:
        if row.month and not _EARLIEST <= row.month <= latest:
            outside += row.messages + row.documents
        elif row.month:
            found.append(Month(month=row.month, messages=row.messages, documents=row.documents, findings=row.findings))
        else:
            undated = row.messages + row.documents
    return tuple(found), undated, outside


class _SenderRow(msgspec.Struct, frozen=True):
    domain: str
    year: str
    n: int


def _senders(queries: Queries) -> tuple[tuple[str, str, int], ...]:
    rows = queries.rows(
        f"""
        SELECT from_domain AS domain,
               coalesce(strftime(make_timestamp(arrived // {_TICKS_PER_US}), '%Y'), '') AS year,
               count(*) AS n
        FROM messages SEMI JOIN signatures USING (sha256) GROUP BY ALL ORDER BY n DESC, domain, year LIMIT 40
        """,
        {},
        _SenderRow,
    )
    return tuple((row.domain, row.year, row.n) for row in rows)
