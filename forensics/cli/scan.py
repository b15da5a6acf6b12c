"""``forensics scan``: from sources to a ranked case."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from forensics.cli import options
from forensics.cli.options import ForkEarly
from forensics.cli.progress import ProgressLine
from forensics.errors import Exit


@click.command(no_args_is_help=True)
@click.argument("sources", metavar="SOURCE...", type=options.PATH, nargs=-1, required=True)
@click.option("--case", metavar="DIR", type=options.PATH, required=True, help="Folder of the case; created if missing.")
@click.option("--case-number", metavar="T", default="", help="Recorded in the case.")
@click.option("--examiner", metavar="T", default="", help="Recorded in the case.")
@click.option("--exhibit", metavar="T", default="", help="Recorded in the case.")
@click.option("--captured", metavar="DATE", default="", help="When the data were taken.")
@click.option("--released", metavar="DATE", default="", help="When they were published.")
@click.option("--as-of", metavar="DATE", default="", help="No genuine date is later. Default: captured, else now.")
@click.option(
    "--reference", metavar="SOURCE", type=options.PATH, multiple=True, help="Originals to compare with; repeatable."
)
@click.option("--only", metavar="PATTERN", multiple=True, help="Read only matching files.")
@click.option("--exclude", metavar="PATTERN", multiple=True, help="Leave out matching items.")
@click.option(
    "--restrict", metavar="FILE", type=options.PATH, help="Addresses, domains, folders that are never quoted."
)
@options.passwords
@options.dkim_keys
@options.signer_keys
@options.leave_out
@options.jobs
@options.no_progress
@click.pass_obj
def run(
    fork_early: ForkEarly | None, /, sources: tuple[Path, ...], case: Path, *, no_progress: bool, **given: Any
) -> int:
    """Read sources, run all rules over them, rank what does not fit.

    A second run over the same sources does only what is missing. Nothing is written outside the case.
    """
    if fork_early:
        fork_early(given["jobs"] or os.cpu_count() or 1)
    from forensics import ScanOptions, open_case, scan
    from forensics.cli.output import (
        print_comparison,
        print_line,
        print_next,
        print_properties,
        print_summary,
        print_table,
    )

    with ProgressLine(sys.stderr, wanted=not no_progress) as progress:
        result = scan(list(sources), case, ScanOptions(**given), progress=progress)
    if result.key_files:
        from forensics.report import key_lists

        for text in key_lists.files(result.key_files):
            print_line(text)
    with open_case(case) as opened:
        lines = list(opened.rank(strength="weak"))
        if lines:
            from forensics.report import table

            print_table(table.rank(lines[:20]))
        print_properties(opened.set_aside())
        print_comparison(opened.compared())
    print_summary(result)
    if result.changed:
        print_line(f"{result.changed} files changed while they were read, twice: scan again when they rest")
    print_next(case, result)
    if result.changed:
        return Exit.RESUMABLE
    return Exit.UNREAD if result.extent.lost or not result.extent.read else Exit.DONE
