"""One item of a case: facts, all clocks, findings, power, and its header fields read again from the source."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from forensics.casestore import CaseFolder, Queries
from forensics.errors import ForensicsError, UsageError
from forensics.model.case import CaseInfo
from forensics.model.findings import Finding, Ranked
from forensics.model.items import Notice, ParseContext
from forensics.model.locations import unquote
from forensics.model.summary import ItemFacts
from forensics.parsers import decoders, recorded
from forensics.reader.listing import findings
from forensics.reader.stored_items import read_items
from forensics.replay.walk import Replayer

_LEAST_DIGITS = 6


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What ``show`` shows."""

    facts: ItemFacts
    findings: tuple[Finding, ...]


class _Digest(msgspec.Struct, frozen=True):
    sha256: str


def show(case: Path, item: str) -> tuple[Shown, ...]:
    """Return an item of a case, or all members where a rank names a cluster.

    Args:
        case: the case folder.
        item: ``#3`` (a rank), the start of a SHA-256, or a location as printed.

    Raises:
        UsageError: nothing, or more than one item, is meant.
    """
    folder = CaseFolder.open(case)
    with Queries(folder) as queries:
        digests = _resolve(queries, item)
        found = read_items(queries, digests)
    meant = [facts for facts in found if item in [place.text for place in facts.occurrences]] or found
    return tuple(
        Shown(facts=_with_headers(facts, folder.info), findings=tuple(findings(case, item=digest, partial=True)))
        for digest in digests
        for facts in meant
        if facts.ref.sha256 == digest
    )


def _with_headers(facts: ItemFacts, info: CaseInfo) -> ItemFacts:
    """Add the header fields of a mail from the source, where that still lies where it was scanned and is the same."""
    location = facts.ref.location
    record = next((found for found in info.sources if found.label == location.source), None)
    parser = recorded(facts.parser)
    if record is None or parser is None or parser.header_fields is None:
        return facts
    try:
        with Replayer(Path(os.fsdecode(unquote(record.path))), decoders()) as replayer:
            headers = parser.header_fields(replayer.layer(location.steps), ParseContext())
    except (ForensicsError, OSError) as error:
        note = Notice(
            code="engine.source_not_read", text=f"header fields cannot be read again from the source: {error}"
        )
        return msgspec.structs.replace(facts, notices=(*facts.notices, note))
    return msgspec.structs.replace(facts, headers=headers)


def _resolve(queries: Queries, item: str) -> Sequence[str]:
    if item.startswith("#"):
        return _ranked(queries, item)
    lower = item.lower()
    parameters: Mapping[str, object] = {"item": item}
    sql = "SELECT DISTINCT sha256 FROM occurrences WHERE location_text = $item ORDER BY sha256"
    if len(lower) >= _LEAST_DIGITS and set(lower) <= set("0123456789abcdef"):
        parameters = {"item": lower}
        sql = "SELECT DISTINCT sha256 FROM occurrences WHERE starts_with(sha256, $item) ORDER BY sha256 LIMIT 6"
    found = [row.sha256 for row in queries.rows(sql, parameters, _Digest)]
    if not found:
        raise UsageError(f"no item {item!r} in this case; `forensics items` lists them")
    if len(found) > 1:
        raise UsageError(f"{item!r} means several items: {', '.join(digest[:16] for digest in found)}")
    return found


def _ranked(queries: Queries, item: str) -> Sequence[str]:
    wanted = item[1:]
    for line in queries.stored("SELECT ranked AS text FROM ranking ORDER BY rank", {}, Ranked):
        if str(line.rank) == wanted:
            if line.cluster is not None:
                return [member.sha256 for member in line.cluster.members]
            assert line.item is not None
            return [line.item.sha256]
    raise UsageError(f"no rank {item!r} in this case; `forensics rank` lists them")
