"""``forensics items``: every occurrence with its state."""

from pathlib import Path

import click

from forensics.cli import options
from forensics.cli.options import Form
from forensics.cli.output import why_empty, write_list
from forensics.model.selecting import Selection


@click.command(no_args_is_help=True)
@options.case
@options.form
@options.limit
@click.option("--status", default="", help="Only read, read in part, not read or skipped ones.")
@click.option("--type", "media_type", metavar="TYPE", default="", help="Only this type, as printed, or media type.")
@options.filters
def run(case: Path, form: Form, limit: int, status: str, media_type: str, *, where: Selection | None) -> None:
    """List every item of a case: who to whom, subject, claimed date, place, how far it was read.

    The forms jsonl and csv also have notices and the rules that had power.
    """
    from forensics import open_case
    from forensics.report import csv_lines, jsonl, table

    with open_case(case) as opened:
        lines = opened.items(status=status, media_type=media_type, where=where)
        nothing = why_empty(opened, "item", where, {"--status": status, "--type": media_type})
        write_list(form, limit, opened.reached(), lines, jsonl.items, csv_lines.items, table.items, nothing)
