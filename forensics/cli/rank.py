"""``forensics rank``: the items that do not fit, in order."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import options
from forensics.cli.options import Form
from forensics.cli.output import print_properties, why_empty, write_list

if TYPE_CHECKING:
    from forensics.model.findings import Ranked
    from forensics.model.selecting import Selection


@click.command(no_args_is_help=True)
@options.case
@options.form
@options.limit
@click.option("--strength", default="weak", show_default=True, help="This strength and above: weak, moderate, strong.")
@options.filters
@options.language
@options.partial
def run(
    case: Path, form: Form, limit: int, strength: str, language: str, *, where: "Selection | None", partial: bool
) -> None:
    """Rank the items and clusters that do not fit, with reasons; the order is not a probability."""
    from forensics import open_case
    from forensics.report import csv_lines, jsonl, table

    with open_case(case, partial=partial) as opened:
        lines = opened.rank(strength=strength, where=where)
        nothing = why_empty(opened, "rank", where, {"--strength": strength})

        def as_table(rows: Iterable["Ranked"]) -> object:
            return table.rank(opened.in_language(rows, language), language)

        write_list(form, limit, opened.reached(), lines, jsonl.rank, csv_lines.rank, as_table, nothing, language)
        if form is Form.TABLE:
            print_properties(opened.in_language(opened.set_aside(), language), language)
