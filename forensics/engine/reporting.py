"""Writes the report of a case, and says so in its custody log."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from forensics.casestore import CaseFolder, Queries, write_file
from forensics.engine.summarize import summarize
from forensics.errors import UsageError
from forensics.report.html import render

REPORT = "report.html"


def write_report(
    case: Path,
    output: Path | None = None,
    *,
    audience: str = "internal",
    language: str = "en",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Path:
    """Write the report and return its path.

    Args:
        case: the case folder.
        output: where to; ``report.html`` in the case where ``None``.
        audience: ``internal``.
        language: a language of the sentence catalogue.
        clock: wall clock of the examining machine, for the custody log.

    Raises:
        UsageError: *output* cannot be written there.
        CaseStoreError: the case cannot be read, is locked, or the disk is full.
    """
    folder = CaseFolder.open(case, clock)
    with folder.lock():
        with Queries(folder) as queries:
            page = render(summarize(folder, queries), language=language, audience=audience).encode("utf-8")
        target = output or case / REPORT
        if not target.parent.is_dir():
            raise UsageError(f"no such folder: {target.parent}")
        digest = write_file(target, page)
        inside = target.resolve()
        files = {inside.relative_to(folder.path).as_posix(): digest} if inside.is_relative_to(folder.path) else {}
        folder.custody.append("report", {"sha256": digest, "audience": audience, "language": language}, files)
    return target
