"""Verification: the log, every file of the case, the sources, and every cited byte read again from the source.

A check whose own input is already known to be bad is left out: one changed byte gives one problem, where it lies.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import msgspec

from forensics.casestore import CaseFolder, Queries, hash_file, source_digest
from forensics.casestore.case import CASE_FILE, LOG_FILE, TABLES_FOLDER, TMP_FOLDER, read_info
from forensics.casestore.custody import ZERO, Entry, problems_of, read_entries
from forensics.engine.replay import Replayer
from forensics.errors import CaseStoreError, IntakeError, IntegrityError, UsageError
from forensics.intake.files import walk
from forensics.model.case import CaseInfo, SourceRecord
from forensics.model.codec import decode, encode
from forensics.model.findings import EvidenceBytes, StoredFinding
from forensics.model.items import ByteSource
from forensics.model.locations import Location, quote, unquote
from forensics.model.tables import FindingRow
from forensics.model.verification import Problem, VerifyResult

_DIGEST = re.compile(r"[0-9a-f]{64}")
_TOP = """
SELECT location, sha256 FROM occurrences WHERE source = $source AND parent_sha256 = '' ORDER BY location
"""


def verify(
    case: Path,
    sources: Mapping[str, Path] | Sequence[str] = (),
    *,
    head: str | None = None,
    passwords: Sequence[bytes] = (),
) -> VerifyResult:
    """Check a case against its log, its sources, and what it cites; nothing is written.

    Args:
        case: the case folder.
        sources: where sources lie now: by label, or as texts ``[LABEL=]PATH``. A source that is not named is looked
            for where it lay at the scan.
        head: custody head that was written down; without it a log that was rebuilt or cut at a line's end passes.
        passwords: tried in order on encrypted ranges.

    Raises:
        UsageError: *head* is no digest, or a source is not one of the case.
        CaseStoreError: the folder is no case.
    """
    given = (head or "").strip().lower()
    if head is not None and not _DIGEST.fullmatch(given):
        raise UsageError("a custody head has 64 hex digits")
    case = case.absolute()
    if not (case / LOG_FILE).is_file():
        read_info(case)  # tells "no case" from a case without its log
    return _Verification(case, passwords).run(sources, given)


class _Top(msgspec.Struct, frozen=True):
    """A file of a source as the case has it."""

    location: Location
    sha256: str


class _Citation(msgspec.Struct, frozen=True):
    """One fact that a finding quotes; ``where`` is the finding's id and the number of the evidence."""

    where: str
    part: EvidenceBytes


class _Counts(msgspec.Struct):
    files: int = 0
    sources: int = 0
    source_files: int = 0
    findings: int = 0
    ranges_replayed: int = 0
    ranges_without_bytes: int = 0
    ranges_not_replayed: int = 0


class _Verification:
    """One run; counts and problems are gathered on the way."""

    def __init__(self, case: Path, passwords: Sequence[bytes]) -> None:
        self._case = case
        self._passwords = passwords
        self._problems: list[Problem] = []
        self._bad: set[str] = set()
        """Paths below the case whose content cannot be trusted."""
        self._changed: set[tuple[str, str]] = set()
        """Source label and name of files that are not those of the case."""
        self._whole_log = True
        """Whether the log can be believed to name every file of the case."""
        self._count = _Counts()

    def run(self, sources: Mapping[str, Path] | Sequence[str], given: str) -> VerifyResult:
        entries = read_entries(self._case / LOG_FILE)
        self._problems += problems_of(entries)
        head_line = self._compare_head(entries, given)
        self._check_files(entries)
        info = self._info()
        if info is not None:
            self._check_evidence(info, _roots(info, sources))
        whole = [entry for entry in entries if not entry.torn]
        return VerifyResult(
            head=whole[-1].digest if whole else ZERO,
            head_given=given,
            head_line=head_line,
            lines=len(whole),
            torn_lines=len(entries) - len(whole),
            problems=tuple(self._problems),
            files=self._count.files,
            sources=self._count.sources,
            source_files=self._count.source_files,
            findings=self._count.findings,
            ranges_replayed=self._count.ranges_replayed,
            ranges_without_bytes=self._count.ranges_without_bytes,
            ranges_not_replayed=self._count.ranges_not_replayed,
        )

    def _problem(self, code: str, where: str, text: str) -> None:
        self._problems.append(Problem(code=code, where=where, text=text))

    def _compare_head(self, entries: Sequence[Entry], given: str) -> int | None:
        for entry in reversed(entries):
            if given and entry.digest == given and not entry.torn:
                return entry.number
        if given:
            text = "the head that was written down is no line of this log: the log was cut, or written anew"
            self._problem("custody.head", LOG_FILE, text)
        return None

    def _check_files(self, entries: Sequence[Entry]) -> None:
        logged: dict[str, str] = {}
        settled: set[str] = set()
        for entry in entries:
            if not entry.sound:
                settled.clear()  # what it said, and of which files, is not known: it may have replaced any of them
            if entry.line is not None and not entry.torn:
                logged.update(entry.line.files)
                if entry.sound:
                    settled.update(entry.line.files)
        for path, digest in sorted(logged.items()):
            if digest:
                self._check_file(path, digest, settled=path in settled)
        self._whole_log = bool(entries) and all(entry.sound for entry in entries) and not entries[-1].torn
        if self._whole_log:
            for path in _files_below(self._case):
                if not logged.get(path):
                    self._bad.add(path)
                    self._problem("file.added", path, "this file is in the case, but the log does not know it")

    def _check_file(self, path: str, digest: str, *, settled: bool) -> None:
        parts = PurePosixPath(path).parts
        found = None if path.startswith("/") or ".." in parts else hash_file(self._case / path)
        if found == digest:
            self._count.files += 1
            return
        if not settled:
            return
        self._bad.add(path)
        if found is None:
            self._problem("file.missing", path, "the log names this file, but it is not there or cannot be read")
        else:
            self._problem("file.changed", path, "this file is not the one that was written")

    def _info(self) -> CaseInfo | None:
        """Return ``case.json`` if it can be trusted; what is wrong with it is a problem already."""
        if CASE_FILE in self._bad:
            return None
        try:
            return read_info(self._case)
        except CaseStoreError as error:
            if not self._problems:
                self._problem("file.changed", CASE_FILE, str(error))
            return None

    def _open_sources(self, info: CaseInfo, roots: Mapping[str, Path]) -> dict[str, Replayer]:
        spool = self._case / TMP_FOLDER
        found = {}
        for label, root in roots.items():
            if root.exists():
                found[label] = Replayer(
                    root,
                    self._passwords,
                    most=info.options.limits.expansion,
                    spool=spool if os.access(spool, os.W_OK) else None,
                )
            else:
                text = "this source was not found: name its place; nothing in it was compared or replayed"
                self._problem("source.missing", label, text)
        self._count.sources = len(found)
        return found

    def _check_evidence(self, info: CaseInfo, roots: Mapping[str, Path]) -> None:
        """Compare the sources, then replay what the findings cite."""
        replayers = self._open_sources(info, roots)
        folder = CaseFolder(self._case, info, lambda: datetime.now(UTC))
        try:
            with Queries(folder) as queries:
                if not self._bad_table("occurrences"):
                    for record in info.sources:
                        if record.label in replayers:
                            top = list(queries.rows(_TOP, {"source": record.label}, _Top))
                            self._check_source(record, top, roots[record.label], replayers[record.label])
                if not self._bad_table("findings"):
                    for citation in self._citations(queries):
                        self._replay(citation, replayers)
        except CaseStoreError as error:
            # A table that is not what was written cannot always be read; that it is not was said above.
            if not self._bad:
                self._problem("file.unreadable", TABLES_FOLDER, str(error))
        finally:
            for replayer in replayers.values():
                replayer.close()

    def _bad_table(self, table: str) -> bool:
        return any(path.startswith(f"{TABLES_FOLDER}/{table}/") for path in self._bad)

    def _check_source(self, record: SourceRecord, top: Sequence[_Top], root: Path, replayer: Replayer) -> None:
        single = record.kind == "file"
        known = {one.location.steps[0].name: one.sha256 for one in top}
        listed = [(sha256, name) for name, sha256 in known.items()]
        expected = listed[0][0] if single and len(listed) == 1 else source_digest(listed)
        if self._whole_log and record.sha256 and record.sha256 != expected:
            text = "the digest of this source in case.json is not that of its files in the tables"
            self._problem("source.record", record.label, text)
        for name, sha256 in sorted(known.items()):
            if sha256:
                self._check_source_file(record, name, sha256, replayer)
        if self._whole_log and root.is_dir() and not single:
            for file in walk(root):
                if quote(file.name) not in known:
                    text = "this file is in the source, but was not when it was scanned"
                    self._problem("source.added", f"{record.label}: {quote(file.name)}", text)

    def _check_source_file(self, record: SourceRecord, name: str, sha256: str, replayer: Replayer) -> None:
        where = f"{record.label}: {name}"
        try:
            found = replayer.file_digest(name)
        except IntakeError as error:
            self._changed.add((record.label, name))
            self._problem("source.file_missing", where, f"this file cannot be read any more: {error}")
            return
        if found == sha256:
            self._count.source_files += 1
        else:
            self._changed.add((record.label, name))
            self._problem("source.changed", where, "this file is not the one that was scanned")

    def _citations(self, queries: Queries) -> list[_Citation]:
        """Return all citations of bytes, those of one file together."""
        found = []
        for row in queries.rows("SELECT * FROM findings ORDER BY id", {}, FindingRow):
            try:
                finding = decode(row.stored, StoredFinding).finding
            except msgspec.MsgspecError as error:
                self._problem("evidence.unreadable", row.id, f"this finding cannot be read: {error}")
                continue
            self._count.findings += 1
            for number, part in enumerate(finding.evidence, 1):
                if isinstance(part, EvidenceBytes):
                    found.append(_Citation(where=f"{finding.id}#{number}", part=part))
        return sorted(found, key=lambda citation: encode(citation.part.item.location))

    def _replay(self, citation: _Citation, replayers: Mapping[str, Replayer]) -> None:
        part = citation.part
        steps = part.item.location.steps
        if not part.locator.ranges:
            self._count.ranges_without_bytes += 1
            return
        if not steps:
            self._problem("evidence.location", citation.where, "the cited item has no location")
            return
        replayer = replayers.get(steps[0].source)
        if replayer is None or (steps[0].source, steps[0].name) in self._changed:
            self._count.ranges_not_replayed += len(part.locator.ranges)
            return
        try:
            if steps[-1].sha256 != part.item.sha256:
                raise IntegrityError("the digest of the cited item is not that of its location")
            replayer.layer(steps)
            problem = _compare(part, replayer.layer((*steps, *part.locator.steps)))
        except (IntegrityError, IntakeError) as error:
            problem = ("evidence.location", str(error))
        if problem is None:
            self._count.ranges_replayed += len(part.locator.ranges)
        else:
            self._problem(problem[0], citation.where, f"{part.item.location.text}: {problem[1]}")


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


def _files_below(case: Path) -> Iterator[str]:
    """Yield the paths below a case of all that the log must know, sorted; links count as files."""
    for folder, folders, files in os.walk(case):
        below = Path(folder).relative_to(case)
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if name not in links and (below / name) != Path(TMP_FOLDER))
        for name in sorted([*files, *links]):
            path = (below / name).as_posix()
            if path != LOG_FILE:
                yield path


def _roots(info: CaseInfo, sources: Mapping[str, Path] | Sequence[str]) -> dict[str, Path]:
    """Return where each source is to be looked for."""
    roots = {record.label: Path(os.fsdecode(unquote(record.path))) for record in info.sources}
    named = sources.items() if isinstance(sources, Mapping) else [_named(text, list(roots)) for text in sources]
    for label, path in named:
        if label not in roots:
            raise UsageError(f"this case has no source {label!r}; it has {', '.join(sorted(roots))}")
        roots[label] = Path(path)
    return roots


def _named(text: str, labels: Sequence[str]) -> tuple[str, Path]:
    """Split ``[LABEL=]PATH``; without a label the only source is meant, or the one of the path's base name."""
    label, sign, path = text.partition("=")
    if sign and label in labels:
        return label, Path(path)
    if len(labels) == 1:
        return labels[0], Path(text)
    return quote(os.fsencode(Path(text).name)), Path(text)
