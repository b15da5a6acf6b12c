"""Every byte that a finding quotes, read again from the source."""

from collections.abc import Mapping

import msgspec

from forensics.casestore import CaseFolder, Queries
from forensics.errors import IntakeError, IntegrityError
from forensics.model.byte_sources import ByteSource
from forensics.model.codec import decode
from forensics.model.findings import EvidenceBytes, StoredFinding
from forensics.model.rows.findings import FindingRow
from forensics.reader.verifying.gathered import Gathered
from forensics.replay.walk import Replayer

_PARTS = """
SELECT id, number, finding, part FROM (
    SELECT id, stored->>'$.finding.id' AS finding, unnest(json_extract(stored, '$.finding.evidence[*]')) AS part,
        unnest(range(1, json_array_length(stored, '$.finding.evidence')::BIGINT + 1)) AS number
    FROM findings WHERE json_valid(stored))
WHERE part->>'$.kind' = 'bytes'
"""
_CITED = f"SELECT json_object('where', finding || '#' || number, 'part', part)::VARCHAR AS text FROM ({_PARTS})"
_PLACED = f"""
SELECT row_number() OVER () AS n, id, number, CAST(part->'$.item.location' AS VARCHAR) AS place FROM ({_PARTS})
"""
_BY_FILE = "SELECT n FROM {placed} ORDER BY place, id, number"


class _Citation(msgspec.Struct, frozen=True):
    """One fact that a finding quotes; ``where`` is the finding's id and the number of the evidence."""

    where: str
    part: EvidenceBytes


def check_citations(
    folder: CaseFolder, queries: Queries, replayers: Mapping[str, Replayer], gathered: Gathered
) -> None:
    """Replay what the findings cite.

    Raises:
        OtherVersion: a finding is not of this version's form.
    """
    _read_all(folder, queries, gathered)
    with queries.kept(_PLACED, {}) as placed:
        for citation in queries.stored(_CITED, {}, _Citation, order=_BY_FILE.format(placed=placed)):
            _replay(citation, replayers, gathered)


def _read_all(folder: CaseFolder, queries: Queries, gathered: Gathered) -> None:
    """Count the findings that can be read; the others are problems."""
    unreadable: dict[str, str] = {}
    for row in queries.rows("SELECT * FROM findings", {}, FindingRow):  # sorted, their texts would not fit into memory
        try:
            decode(row.stored, StoredFinding)
        except msgspec.ValidationError as error:
            raise folder.unreadable(f"finding {row.id}: {error}") from error
        except msgspec.MsgspecError as error:
            unreadable[row.id] = f"this finding cannot be read: {error}"
            continue
        gathered.count.findings += 1
    for finding, text in sorted(unreadable.items()):
        gathered.problem("evidence.unreadable", finding, text)


def _replay(citation: _Citation, replayers: Mapping[str, Replayer], gathered: Gathered) -> None:
    part = citation.part
    steps = part.item.location.steps
    if not part.locator.ranges:
        gathered.count.ranges_without_bytes += 1
        return
    if not steps:
        gathered.problem("evidence.location", citation.where, "the cited item has no location")
        return
    replayer = replayers.get(steps[0].source)
    if replayer is None or (steps[0].source, steps[0].name) in gathered.changed:
        gathered.count.ranges_not_replayed += len(part.locator.ranges)
        return
    try:
        if steps[-1].sha256 != part.item.sha256:
            raise IntegrityError("the digest of the cited item is not that of its location")
        replayer.layer(steps)
        problem = _compare(part, replayer.layer((*steps, *part.locator.steps)))
    except (IntegrityError, IntakeError) as error:
        problem = ("evidence.location", str(error))
    if problem is None:
        gathered.count.ranges_replayed += len(part.locator.ranges)
    else:
        gathered.problem(problem[0], citation.where, f"{part.item.location.text}: {problem[1]}")


def _compare(part: EvidenceBytes, layer: ByteSource) -> tuple[str, str] | None:
    """Compare a citation with the layer that its ranges are counted in."""
    for start, end in part.locator.ranges:
        if not 0 <= start <= end <= layer.size:
            return "evidence.range", f"range {start}:{end} lies outside its layer of {layer.size} bytes"
    if b"".join([layer.read(start, end) for start, end in part.locator.ranges]) != part.raw.b64:
        return "evidence.bytes", "the cited bytes are not those of the source"
    context = part.context.b64
    if context and layer.read(part.context_start, part.context_start + len(context)) != context:
        return "evidence.context", "the bytes around the citation are not those of the source"
    return None
