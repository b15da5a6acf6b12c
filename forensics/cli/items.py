"""``forensics items``: every occurrence with its state."""

from typing import Annotated

import typer

from forensics.cli.options import Case, Form, Format, Limit
from forensics.cli.output import write_list


def run(
    case: Case,
    form: Format = Form.TABLE,
    limit: Limit = -1,
    status: Annotated[str, typer.Option(help="Only parsed, partial, unread or skipped items.")] = "",
    media_type: Annotated[str, typer.Option("--type", help="Only items of this media type.")] = "",
) -> None:
    """List every item of a case: digest, type, location, how far it was read, notices, rules with power."""
    from forensics import items, reached
    from forensics.report import csv_lines, jsonl, table

    lines = items(case, status=status, media_type=media_type)
    write_list(form, limit, reached(case), lines, jsonl.items, csv_lines.items, table.items)
