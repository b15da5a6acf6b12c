"""Reads from a case all that a report shows."""

from collections.abc import Mapping

import msgspec

from forensics.casestore import CaseFolder, Queries, reached
from forensics.checks import RULES, load
from forensics.engine.extent import extent
from forensics.knowledge.rates import corpora, counted_by_route
from forensics.model.findings import Ranked, SetAside, StoredFinding
from forensics.model.summary import CaseSummary, Counts, ItemFacts, Lure, Month
from forensics.reader.in_language import declare, findings_that_say
from forensics.reader.ledger import read_largest
from forensics.reader.sealing.gate import Gate
from forensics.reader.signed_mails import signed_mails, signing_domains
from forensics.reader.stored_accounts import accounts
from forensics.reader.stored_findings import read_set_aside
from forensics.reader.stored_items import read_items
from forensics.reader.stored_lineage import read_families
from forensics.reader.support import agreeing
from forensics.stages.grading.origin import routes
from forensics.stages.grading.rank import APART
from forensics.stages.power import rule_power

BLOCKS = 50
"""Ranked lines that get a block of their own."""
MEMBERS = 100
"""Members of a cluster that its block lists."""
LURES = 100
"""Items that would have led a reader elsewhere, as far as they are listed."""
_TICKS_PER_US = 10
_EARLIEST = "1980-01"
"""Claimed months before this, or after as-of, would squeeze the picture; they are counted beside it."""


class _Tally(msgspec.Struct, frozen=True):
    key: str
    n: int


class _RankedRow(msgspec.Struct, frozen=True):
    strength: str
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


class _Count(msgspec.Struct, frozen=True):
    n: int


_LURED_ITEMS = "SELECT DISTINCT sha256 FROM findings WHERE rule IN (SELECT unnest($rules::VARCHAR[]))"
_LURED_COUNT = f"SELECT count(*) AS n FROM ({_LURED_ITEMS}) ORDER BY n"
_LURED = f"""
    WITH placed AS (
        SELECT sha256, min(location_text) AS place, arg_min(message_sha256, location_text) AS carrier
        FROM occurrences WHERE sha256 IN ({_LURED_ITEMS}) GROUP BY sha256)
    SELECT p.sha256, p.place, coalesce(m.date.instant, m.date.wall) AS claimed, m.from_address AS sender,
           m.subject.value AS subject
    FROM placed p LEFT JOIN messages m
        ON m.sha256 = CASE WHEN p.sha256 IN (SELECT sha256 FROM messages) THEN p.sha256 ELSE p.carrier END
    ORDER BY claimed NULLS LAST, place LIMIT {LURES}
"""

_LURING = """
    SELECT stored AS text FROM findings
    WHERE rule IN (SELECT unnest($rules::VARCHAR[])) AND sha256 IN (SELECT unnest($items::VARCHAR[])) ORDER BY id
"""
_FIRST = f"SELECT ranked AS text FROM ranking ORDER BY rank LIMIT {BLOCKS}"
_RANKED = "SELECT strength, count(*) AS n FROM ranking GROUP BY strength ORDER BY strength"
_SUSPECTS = """
    SELECT DISTINCT unnest(CASE WHEN ranked->>'$.item' IS NULL THEN ranked->>'$.cluster.members[*].sha256'
        ELSE list_concat([ranked->>'$.item.sha256'], ranked->>'$.partners[*].sha256') END) AS suspect FROM ranking
"""
_RANKED_ITEMS = f"""
    SELECT (SELECT count(*) FROM ({_SUSPECTS}) WHERE suspect <> '')
           + (SELECT count(*) FROM ranking WHERE ranked->>'$.item.sha256' = '') AS n ORDER BY n
"""
"""Each item once, whatever lines it stands in; what was not read has no digest."""
_CLAIMED = """
    SELECT sha256, coalesce(date.instant, date.wall) AS claimed, 1 AS m, 0 AS d FROM messages
    UNION ALL
    SELECT sha256, coalesce(modified.instant, modified.wall, created.instant, created.wall), 0, 1 FROM documents
"""


def summarize(folder: CaseFolder, queries: Queries) -> CaseSummary:
    """Return all that a report shows, in one struct; every sentence that a case can hold is declared then."""
    declare()
    ranking = tuple(queries.stored(_FIRST, {}, Ranked))
    lures, lured = _lures(queries)
    aside = tuple(read_set_aside(queries))
    findings = _findings(queries, ranking, aside)
    months, undated, outside = _months(queries, max(folder.info.as_of, folder.info.released)[:7])
    families, families_count = read_families(queries, {ref.sha256 for line in ranking for ref in line.items[:MEMBERS]})
    summary = CaseSummary(
        info=folder.info,
        counts=_counts(queries),
        extent=extent(folder, queries),
        months=months,
        undated=undated,
        outside=outside,
        ranking=ranking,
        ranked={row.strength: row.n for row in queries.rows(_RANKED, {}, _RankedRow)},
        ranked_items=sum(row.n for row in queries.rows(_RANKED_ITEMS, {}, _Count)),
        findings=findings,
        items=_blocks(queries, ranking, findings),
        lures=lures,
        lured=lured,
        set_aside=aside,
        notices=_tally(queries, "SELECT code AS key, count(*) AS n FROM notices GROUP BY code ORDER BY code"),
        power=tuple(rule_power(queries.rows)),
        rules=tuple(load(name).RULE for name in RULES),
        senders=signed_mails(queries.rows),
        signing_domains=signing_domains(queries.rows),
        accounts=tuple(accounts(queries, folder.info, finished=reached(folder).finished)),
        ledger=read_largest(queries, folder.info.options.leave_out),
        families=families,
        families_count=families_count,
        agreeing=tuple(agreeing(queries.rows)),
        custody_head=folder.custody.head(),
        corpora=corpora(folder.info.options.leave_out),
        routes=routes(queries.rows),
        counted=counted_by_route(folder.info.options.leave_out),
    )
    return Gate(queries).summary(summary)


def _findings(queries: Queries, ranking: tuple[Ranked, ...], aside: tuple[SetAside, ...]) -> dict[str, StoredFinding]:
    """Return the findings of ranked lines, and one for each sentence that is said beside them."""
    wanted = {finding for line in ranking for finding in line.findings}
    beside = {said for line in ranking for said in line.supported_by} | {row.statement for row in aside}
    return findings_that_say(queries, wanted, beside)


def _lures(queries: Queries) -> tuple[tuple[Lure, ...], int]:
    """Return what would have led a reader elsewhere, the first items and how many; a file has its mail's date."""
    rules = [name for name in RULES if load(name).RULE.proposition in APART]
    rows = list(queries.rows(_LURED, {"rules": rules}, _Lured))
    said: dict[str, list[StoredFinding]] = {}
    for stored in queries.stored(_LURING, {"rules": rules, "items": [row.sha256 for row in rows]}, StoredFinding):
        said.setdefault(stored.finding.item.sha256, []).append(stored)
    lures = tuple(
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
    return lures, sum(row.n for row in queries.rows(_LURED_COUNT, {"rules": rules}, _Count))


def _blocks(
    queries: Queries, ranking: tuple[Ranked, ...], findings: Mapping[str, StoredFinding]
) -> dict[str, ItemFacts]:
    digests = {digest for line in ranking for digest in [ref.sha256 for ref in line.items[:MEMBERS]]}
    for line in ranking:
        for finding in line.findings:
            digests.update([subject.sha256 for subject in findings[finding].finding.subjects[:MEMBERS]])
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
        UNION ALL SELECT 'signatures', count(*) FROM signatures WHERE kind <> 'google'
        UNION ALL SELECT 'signed_messages', count(DISTINCT sha256) FROM signatures WHERE kind <> 'google'
        UNION ALL SELECT 'opened_messages', count(DISTINCT sha256) FROM verdicts
            WHERE header IN ('holds', 'altered') AND kind <> 'google'
        UNION ALL SELECT 'authenticated_messages', count(DISTINCT sha256) FROM observations
            WHERE rule = 'case.authenticated' AND bin = 'author'
        UNION ALL SELECT 'partly_messages', count(DISTINCT sha256) FROM observations
            WHERE rule = 'case.authenticated' AND bin <> 'author'
        ORDER BY key
        """,
    )
    return Counts(**one)


def _months(queries: Queries, latest: str) -> tuple[tuple[Month, ...], int, int]:
    rows = queries.rows(
        f"""
        SELECT coalesce(strftime(make_timestamp(claimed // {_TICKS_PER_US}), '%Y-%m'), '') AS month,
               sum(m)::BIGINT AS messages, sum(d)::BIGINT AS documents,
               count(suspect) AS findings
        FROM ({_CLAIMED}) LEFT JOIN ({_SUSPECTS}) ON suspect = sha256 GROUP BY month ORDER BY month
        """,
        {},
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
