"""``forensics report``: the page that most people will see."""

from enum import StrEnum
from pathlib import Path

import click

from forensics.cli import options


class Audience(StrEnum):
    """For whom a report is written."""

    INTERNAL = "internal"
    PUBLIC = "public"


@click.command(no_args_is_help=True)
@options.case
@click.option(
    "--output", metavar="FILE", type=options.PATH, help="A new .html or .pdf file. Default: report.html in the case."
)
@click.option(
    "--audience",
    type=options.Word(Audience),
    default=Audience.INTERNAL,
    show_default=True,
    help="internal: quotes the evidence. public: pseudonyms for bystanders, no paths, no marks.",
)
@options.language
@options.partial
@options.source
@options.passwords
def run(
    case: Path,
    output: Path | None,
    audience: Audience,
    language: str,
    source: tuple[str, ...],
    passwords: tuple[bytes, ...],
    *,
    partial: bool,
) -> None:
    """Write the report: one self-contained HTML file that loads nothing, or the same printed as PDF.

    How mails begin is read again from the source; where that is not at hand, the report is without it.
    """
    from forensics import write_report
    from forensics.cli.output import print_head, print_line

    written = write_report(
        *(case, output),
        audience=audience.value,
        language=language,
        partial=partial,
        sources=source,
        passwords=passwords,
    )
    print_line(f"report: {written}")
    print_head(case, language)
