"""``forensics scan``: from sources to a ranked case."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.options import LeaveOut, Passwords, read_passwords
from forensics.cli.progress import ProgressLine
from forensics.errors import Exit


def run(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Files or folders, opened read-only.")],
    case: Annotated[Path, typer.Option("--case", metavar="DIR", help="Folder of the case; made if missing.")],
    case_number: Annotated[str, typer.Option("--case-number", metavar="T", help="Recorded in the case.")] = "",
    examiner: Annotated[str, typer.Option("--examiner", metavar="T", help="Recorded in the case.")] = "",
    exhibit: Annotated[str, typer.Option("--exhibit", metavar="T", help="Recorded in the case.")] = "",
    captured: Annotated[str, typer.Option("--captured", metavar="DATE", help="When the data were taken.")] = "",
    released: Annotated[str, typer.Option("--released", metavar="DATE", help="When they were published.")] = "",
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="No genuine date is later. Default: captured, else now.")
    ] = "",
    only: Annotated[list[str], typer.Option("--only", metavar="PATTERN", help="Read only matching files.")] = [],  # noqa: B006
    exclude: Annotated[list[str], typer.Option("--exclude", metavar="PATTERN", help="Leave out matching items.")] = [],  # noqa: B006
    passwords: Passwords = None,
    leave_out: LeaveOut = [],  # noqa: B006
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=0, help="Processes; 0: one per processor.")] = 0,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress on standard error.")] = False,
) -> int:
    """Read sources, run all rules over them, rank what does not fit.

    A second run over the same sources does only what is missing. Nothing is written outside the case.
    """
    from forensics import ScanOptions, rank, scan, set_aside
    from forensics.cli.output import print_line, print_properties, print_summary, print_table
    from forensics.report import table

    options = ScanOptions(
        case_number=case_number,
        examiner=examiner,
        exhibit=exhibit,
        captured=captured,
        released=released,
        as_of=as_of,
        only=tuple(only),
        exclude=tuple(exclude),
        passwords=read_passwords(passwords),
        leave_out=tuple(leave_out),
        jobs=jobs,
    )
    with ProgressLine(sys.stderr, wanted=not no_progress) as progress:
        result = scan(sources, case, options, progress=progress)
    lines = list(rank(case, strength="weak"))
    if lines:
        print_table(table.rank(lines[:20]))
    print_properties(set_aside(case))
    print_summary(result)
    if result.changed:
        print_line(f"{result.changed} files changed while they were read, twice: scan again when they rest")
        return Exit.RESUMABLE
    return Exit.UNREAD if result.extent.lost or not result.extent.read else Exit.DONE
