"""Every byte that a finding quotes, read again from the source."""

from array import array
from collections.abc import Iterator, Mapping

import msgspec

from forensics.casestore import CaseFolder, Queries
from forensics.errors import IntakeError, IntegrityError, PasswordNeeded
from forensics.model.byte_sources import ByteSource
from forensics.model.codec import decode, encode
from forensics.model.findings import EvidenceBytes, StoredFinding
from forensics.model.locations import Location
from forensics.model.rows.findings import FindingRow
from forensics.model.rows.numbers import MOST
from forensics.reader.verifying.gathered import Gathered
from forensics.replay.walk import Replayer


class _Citation(msgspec.Struct, frozen=True):
    """One fact that a finding quotes; ``where`` is the finding's id and the number of the evidence."""

    where: str
    part: EvidenceBytes


def check_citations(
    folder: CaseFolder, queries: Queries, replayers: Mapping[str, Replayer], gathered: Gathered
) -> None:
    """Replay what the findings cite, file by file, whatever finding cites it.

    Raises:
        OtherVersion: a finding is not of this version's form.
    """
    places = _Places()
    with queries.spool(_cited(folder, queries, places, gathered)) as cited:
        for number in places.ordered():
            _replay(decode(cited[number], _Citation), replayers, gathered)


class _Places:
    """Where each citation stands, in little memory: a place that many findings cite is held once."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._cited = array("Q")

    def add(self, location: Location) -> None:
        """Take the place of the next citation."""
        self._cited.append(self._numbers.setdefault(_place(location), len(self._numbers)))

    def ordered(self) -> list[int]:
        """Return the numbers of the citations, from 1, as their places follow each other in the sources."""
        ranks = array("Q", bytes(8 * len(self._numbers)))
        for rank, place in enumerate(sorted(self._numbers)):
            ranks[self._numbers[place]] = rank
        return sorted(range(1, len(self._cited) + 1), key=lambda number: ranks[self._cited[number - 1]])


def _place(location: Location) -> bytes:
    """Return the file and where each layer begins in the one above."""
    first, *inner = location.steps or (None,)
    name = b"" if first is None else f"{first.source}\0{first.name}\0".encode()
    return name + b"".join([max(0, min(step.start, MOST)).to_bytes(8, "big") for step in inner])


def _cited(folder: CaseFolder, queries: Queries, places: _Places, gathered: Gathered) -> Iterator[bytes]:
    """Yield all that quotes bytes and count the findings that can be read; the others are problems."""
    unreadable: dict[str, str] = {}
    for row in queries.rows("SELECT * FROM findings", {}, FindingRow):  # sorted, their texts would not fit into memory
        try:
            finding = decode(row.stored, StoredFinding).finding
        except msgspec.ValidationError as error:
            raise folder.unreadable(f"finding {row.id}: {error}") from error
        except msgspec.MsgspecError as error:
            unreadable[row.id] = f"this finding cannot be read: {error}"
            continue
        gathered.count.findings += 1
        for number, part in enumerate(finding.evidence, 1):
            if isinstance(part, EvidenceBytes):
                places.add(part.item.location)
                yield encode(_Citation(where=f"{finding.id}#{number}", part=part))
    for finding_id, text in sorted(unreadable.items()):
        gathered.problem("evidence.unreadable", finding_id, text)


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
    except PasswordNeeded:
        gathered.count.ranges_closed += len(part.locator.ranges)
        return
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
