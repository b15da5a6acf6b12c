"""``forensics demo``: the main job on a synthetic leak, in one command."""

import sys
from pathlib import Path

import click

from forensics.cli import options
from forensics.cli.progress import ProgressLine


@click.command
@click.argument("folder", metavar="[DIR]", type=options.PATH, default=Path("demo"))
def run(folder: Path) -> None:
    """Build a synthetic sample leak, scan it, print the ranking, write the report and say where it is."""
    from forensics import demo
    from forensics.cli.output import print_head, print_line, print_next, print_summary, print_table
    from forensics.report import table

    with ProgressLine(sys.stderr) as progress:
        result = demo(folder, progress=progress)
    print_line(f"leak:   {result.leak}  (synthetic; what was planted stands in {result.labels})")
    print_line(f"keys:   {result.keys}")
    print_line("")
    print_table(table.rank(result.ranking))
    print_summary(result.scan)
    print_line("")
    print_line(f"case:   {result.scan.case}")
    print_line(f"report: {result.report}")
    print_head(result.scan.case)
    print_next(result.scan.case, result.scan)
