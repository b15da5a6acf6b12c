"""``forensics timeline``: every time of every item."""

from typing import Annotated

import typer

from forensics.cli.options import Case, Form, Format, Limit
from forensics.cli.output import write_list


def run(
    case: Case,
    form: Format = Form.TABLE,
    limit: Limit = -1,
    item: Annotated[str, typer.Option(help="Only times of items whose SHA-256 starts so.")] = "",
) -> None:
    """List every time of every item with its clock; Timesketch imports the jsonl and csv forms as they are."""
    from forensics import reached, timeline
    from forensics.report import csv_lines, jsonl, table

    lines = timeline(case, item=item)
    write_list(form, limit, reached(case), lines, jsonl.timeline, csv_lines.timeline, table.timeline)
