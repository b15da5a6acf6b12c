"""``forensics report``: the page that most people will see."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.options import Case, Partial


class Audience(StrEnum):
    """For whom a report is written."""

    INTERNAL = "internal"


def run(
    case: Case,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE.html", help="Default: report.html in the case.")
    ] = None,
    audience: Annotated[Audience, typer.Option("--audience", help="internal: quotes the evidence as it is.")] = (
        Audience.INTERNAL
    ),
    partial: Partial = False,
) -> None:
    """Write the report: one self-contained HTML file that loads nothing."""
    from forensics import write_report
    from forensics.cli.output import print_head, print_line

    print_line(f"report: {write_report(case, output, audience=audience.value, partial=partial)}")
    print_head(case)
