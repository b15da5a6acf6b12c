"""``forensics items``: every occurrence with its state."""

from pathlib import Path

import click

from forensics.cli import options
from forensics.cli.options import Form
from forensics.cli.output import write_list


@click.command(no_args_is_help=True)
@options.case
@options.form
@options.limit
@click.option("--status", default="", help="Only parsed, partial, unread or skipped items.")
@click.option("--type", "media_type", default="", help="Only items of this media type.")
def run(case: Path, form: Form, limit: int, status: str, media_type: str) -> None:
    """List every item of a case: digest, type, location, how far it was read, notices, rules with power."""
    from forensics import open_case
    from forensics.report import csv_lines, jsonl, table

    with open_case(case) as opened:
        lines = opened.items(status=status, media_type=media_type)
        write_list(form, limit, opened.reached(), lines, jsonl.items, csv_lines.items, table.items)
