"""``forensics timeline``: every time of every item."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import options
from forensics.cli.options import Form
from forensics.cli.output import why_empty, write_list

if TYPE_CHECKING:
    from forensics.model.selecting import Selection


@click.command(no_args_is_help=True)
@options.case
@options.form
@options.limit
@click.option("--item", default="", help="Only times of items whose SHA-256 begins with these digits.")
@options.filters
def run(case: Path, form: Form, limit: int, item: str, *, where: "Selection | None") -> None:
    """List every time of every item with its clock; Timesketch imports the jsonl and csv forms as they are."""
    from forensics import open_case
    from forensics.report import csv_lines, jsonl, restrictions, table
    from forensics.report.timeline import lines_of

    with open_case(case) as opened:
        lines = lines_of(opened, item=item, where=where)
        nothing = why_empty(opened, "time", where, {"--item": item})
        write_list(form, limit, opened.reached(), lines, jsonl.timeline, csv_lines.timeline, table.timeline, nothing)
        if text := restrictions.times(opened.restriction()):
            click.echo(text, err=form is not Form.TABLE)
