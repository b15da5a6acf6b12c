"""Writes the report of a case, and says so in its custody log."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from forensics.casestore import CaseFolder, Queries, write_file
from forensics.errors import UsageError
from forensics.model.paths import AnyPath
from forensics.reader.outside import outside
from forensics.reader.reached import settled
from forensics.reader.summarize import summarize
from forensics.report.html import render

REPORT = "report.html"
MARK = b'<meta name="generator" content="forensics '
"""Stands at the top of every report."""


def write_report(
    case: AnyPath,
    output: AnyPath | None = None,
    *,
    audience: str = "internal",
    language: str = "en",
    partial: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Path:
    """Write the report and return its path.

    Args:
        case: the case folder.
        output: where to; ``report.html`` in the case where ``None``.
        audience: ``internal``.
        language: ``en``, or a language that has a catalogue.
        partial: whether to report on a case that is not wholly read and judged; the report says so at its top.
        clock: wall clock of the examining machine, for the custody log.

    Raises:
        UsageError: *output* cannot be written there: it would stand in the evidence or the case, or replace a file
            that is no report.
        NotJudged: the case is not wholly read and judged, and *partial* is not set.
        CaseStoreError: the case cannot be read, is locked, or the disk is full.
    """
    folder = CaseFolder.open(Path(case), clock)
    target = _target(folder, Path(output) if output is not None else None)
    settled(folder, partial=partial)
    with folder.lock():
        with Queries(folder) as queries:
            page = render(summarize(folder, queries), language=language, audience=audience).encode("utf-8")
        digest = write_file(target, page)
        files = {REPORT: digest} if target == folder.path.resolve() / REPORT else {}
        folder.custody.append("report", {"sha256": digest, "audience": audience, "language": language}, files)
    return target


def _target(folder: CaseFolder, output: Path | None) -> Path:
    """Return where to write; never over evidence, the case, or anybody's other file."""
    home = folder.path.resolve() / REPORT
    if output is None:
        return home
    if output.resolve() == home:
        return home
    target = outside(folder, output)
    if target.is_dir() or (target.exists() and MARK not in target.read_bytes()[:2000]):
        raise UsageError(f"{output} exists and is no report; give another name")
    return target
