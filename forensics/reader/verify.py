"""Verification: the log, every file of the case, the sources, and every cited byte read again from the source."""

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from forensics.casestore import CaseFolder, Custody, Queries, progress_of
from forensics.casestore.case import CASE_FILE, LOG_FILE, TABLES_FOLDER, TMP_FOLDER, read_info
from forensics.casestore.custody import ZERO, Entry, lines_of, problems_of, read_entries
from forensics.engine.roots import roots_of
from forensics.errors import CaseLocked, CaseStoreError, MemoryFull, OtherVersion, StorageFull, UsageError
from forensics.model.case import CaseInfo
from forensics.model.paths import AnyPath
from forensics.model.scanning import Reached
from forensics.model.verification import VerifyResult
from forensics.parsers import decoders
from forensics.reader.verifying.citations import check_citations
from forensics.reader.verifying.files import check_files
from forensics.reader.verifying.gathered import Gathered
from forensics.reader.verifying.heads import compare_with_head, find_heads, lines_after
from forensics.reader.verifying.sources import Sources
from forensics.replay.walk import Replayer

_DIGEST = re.compile(r"[0-9a-f]{64}")


def verify(
    case: AnyPath,
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    *,
    head: str | Sequence[str] | None = None,
    passwords: Sequence[bytes] = (),
) -> VerifyResult:
    """Check a case against its log, its sources, and what it cites; nothing is written.

    Of a case that another version made, the log and the digests of all files are checked; ``unreadable`` of the result
    says what could not be compared.

    Args:
        case: the case folder.
        sources: where sources lie now: by label, or as texts ``[LABEL=]PATH``. A source that is not named is looked
            for where it lay at the scan.
        head: custody head that was written down, or several: each must be a line of the log, and the last of them is
            the one that the case is compared with. Without one a log that was rebuilt or cut at a line's end passes.
        passwords: tried in order on encrypted ranges.

    Raises:
        UsageError: *head* is no digest, or a source is not one of the case.
        CaseLocked: a scan is running, or the case was written to meanwhile: nothing can be said of it now.
        CaseStoreError: the folder is no case.
    """
    heads = _heads(head)
    case = Path(case).absolute()
    if not (case / LOG_FILE).is_file():
        with suppress(OtherVersion):
            read_info(case)  # tells "no case" from a case without its log
    custody = Custody(case / LOG_FILE)
    if custody.held():
        raise _busy(progress_of(custody.lines(), held=True))
    run = _Verification(case, heads, passwords)
    result = run.result(sources)
    if custody.held() or custody.head() != result.head:
        raise _busy(progress_of(custody.lines(), held=custody.held()))
    return result


def _heads(head: str | Sequence[str] | None) -> tuple[str, ...]:
    if head is None:
        return ()
    given = tuple([one.strip().lower() for one in ([head] if isinstance(head, str) else head)])
    for one in given:
        if not _DIGEST.fullmatch(one):
            raise UsageError("a custody head has 64 hex digits")
    return given


def _busy(reached: Reached) -> CaseLocked:
    if reached.running:
        far = ""
        if reached.files_read is not None and reached.files_planned is not None:
            far = f" ({reached.files_read} of {reached.files_planned} files read)"
        return CaseLocked(f"a scan of this case is running{far}: verify it when the scan has ended")
    return CaseLocked("another process writes to this case: verify it when that has ended")


class _Verification:
    """One run over a case that nobody writes to."""

    def __init__(self, case: Path, heads: Sequence[str], passwords: Sequence[bytes]) -> None:
        self._case = case
        self._heads = heads
        self._passwords = passwords
        self._gathered = Gathered()
        self._unreadable = self._unchecked = ""

    def result(self, sources: Mapping[str, AnyPath] | Sequence[str]) -> VerifyResult:
        """Check everything."""
        gathered = self._gathered
        entries = read_entries(self._case / LOG_FILE)
        gathered.problems += problems_of(entries)
        head_line = find_heads(entries, self._heads, gathered)
        later = lines_after(entries, head_line)
        changed = compare_with_head(entries, head_line, later, gathered)
        check_files(self._case, entries, gathered)
        reached = progress_of(lines_of(entries))
        info = self._info()
        if info is not None:
            self._check_evidence(info, roots_of(info, sources), reached)
        whole = [entry for entry in entries if not entry.torn]
        return VerifyResult(
            head=whole[-1].digest if whole else ZERO,
            head_given=self._shown_head(entries, head_line),
            head_line=head_line,
            later=later,
            changed_later=changed,
            reached=reached,
            lines=len(whole),
            torn_lines=len(entries) - len(whole),
            unreadable=self._unreadable,
            unchecked=self._unchecked,
            problems=tuple(gathered.problems),
            **msgspec.structs.asdict(gathered.count),
        )

    def _shown_head(self, entries: Sequence[Entry], head_line: int | None) -> str:
        """Return the head that the case was compared with; the first given, where none is a line."""
        if head_line is not None:
            return entries[head_line - 1].digest
        return self._heads[0] if self._heads else ""

    def _info(self) -> CaseInfo | None:
        """Return ``case.json`` if it can be trusted; what is wrong with it is a problem already."""
        if CASE_FILE in self._gathered.bad:
            return None
        try:
            return read_info(self._case)
        except OtherVersion as error:
            self._unreadable = str(error)
        except CaseStoreError as error:
            if not self._gathered.problems:
                self._gathered.problem("file.changed", CASE_FILE, str(error))
        return None

    def _check_evidence(self, info: CaseInfo, roots: Mapping[str, Path], reached: Reached) -> None:
        """Compare the sources, then replay what the findings cite."""
        gathered = self._gathered
        replayers = self._open_sources(info, roots)
        folder = CaseFolder(self._case, info, lambda: datetime.now(UTC))
        try:
            with Queries(folder) as queries:
                queries.show_all()
                if not gathered.bad_table("occurrences"):
                    compared = Sources(queries, reached, gathered)
                    for record in (*info.sources, *info.references):
                        if record.label in replayers:
                            compared.check(record, roots[record.label], replayers[record.label])
                if not gathered.bad_table("findings"):
                    check_citations(folder, queries, replayers, gathered)
        except OtherVersion as error:
            self._unreadable = str(error)
        except (MemoryFull, StorageFull) as error:
            self._unchecked = str(error)
        except CaseStoreError as error:
            # A table that is not what was written cannot always be read; that it is not was said above.
            if not gathered.bad:
                gathered.problem("file.unreadable", TABLES_FOLDER, str(error))
        finally:
            for replayer in replayers.values():
                replayer.close()

    def _open_sources(self, info: CaseInfo, roots: Mapping[str, Path]) -> dict[str, Replayer]:
        spool = self._case / TMP_FOLDER
        found = {}
        for label, root in roots.items():
            if root.exists():
                found[label] = Replayer(
                    root,
                    decoders(),
                    self._passwords,
                    limits=info.options.limits,
                    spool=spool if os.access(spool, os.W_OK) else None,
                )
            else:
                text = "this source was not found: name its place; nothing in it was compared or replayed"
                self._gathered.problem("source.missing", label, text)
        self._gathered.count.sources = len(found)
        return found
