"""``forensics report``: the page that most people will see."""

from enum import StrEnum
from pathlib import Path

import click

from forensics.cli import options


class Audience(StrEnum):
    """For whom a report is written."""

    INTERNAL = "internal"


@click.command(no_args_is_help=True)
@options.case
@click.option("--output", metavar="FILE.html", type=options.PATH, help="Default: report.html in the case.")
@click.option(
    "--audience",
    type=options.Word(Audience),
    default=Audience.INTERNAL,
    show_default=True,
    help="internal: quotes the evidence as it is.",
)
@options.language
@options.partial
def run(case: Path, output: Path | None, audience: Audience, language: str, *, partial: bool) -> None:
    """Write the report: one self-contained HTML file that loads nothing."""
    from forensics import write_report
    from forensics.cli.output import print_head, print_line

    print_line(f"report: {write_report(case, output, audience=audience.value, language=language, partial=partial)}")
    print_head(case, language)
