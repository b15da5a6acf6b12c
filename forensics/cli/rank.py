"""``forensics rank``: the items that do not fit, in order."""

from typing import Annotated

import typer

from forensics.cli.options import Case, Form, Format, Limit, Partial
from forensics.cli.output import print_properties, write_list


def run(
    case: Case,
    form: Format = Form.TABLE,
    limit: Limit = -1,
    strength: Annotated[str, typer.Option(help="This strength and above: weak, moderate, strong.")] = "weak",
    partial: Partial = False,
) -> None:
    """Rank the items and clusters that do not fit, a reason each; the order is not a probability."""
    from forensics import rank, reached, set_aside
    from forensics.report import csv_lines, jsonl, table

    lines = rank(case, strength=strength, partial=partial)
    write_list(form, limit, reached(case), lines, jsonl.rank, csv_lines.rank, table.rank)
    if form is Form.TABLE:
        print_properties(set_aside(case, partial=partial))
