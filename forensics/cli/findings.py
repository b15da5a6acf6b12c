"""``forensics findings``: what the rules observed, graded."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import options
from forensics.cli.options import Form
from forensics.cli.output import why_empty, write_list

if TYPE_CHECKING:
    from forensics.model.findings import Finding
    from forensics.model.selecting import Selection


@click.command(no_args_is_help=True)
@options.case
@options.form
@options.limit
@click.option(
    "--strength",
    default="",
    help="This strength and above: context, weak, moderate, strong. Tables default to weak.",
)
@click.option("--rule", default="", help="Only findings of this rule.")
@click.option("--item", default="", help="Only findings about items whose SHA-256 begins with these digits.")
@options.filters
@options.language
@options.partial
def run(
    case: Path,
    form: Form,
    limit: int,
    strength: str,
    rule: str,
    item: str,
    language: str,
    *,
    where: "Selection | None",
    partial: bool,
) -> None:
    """List findings: what was observed, how often genuine items show the same, which innocent causes were tested."""
    from forensics import open_case
    from forensics.report import csv_lines, jsonl, table

    least = strength or ("weak" if form is Form.TABLE else "context")
    with open_case(case, partial=partial) as opened:
        lines = opened.findings(strength=least, rule=rule, starts=item, where=where)
        nothing = why_empty(opened, "finding", where, {"--strength": least, "--rule": rule, "--item": item})

        def as_table(rows: Iterable["Finding"]) -> object:
            return table.findings(opened.in_language(rows, language), language)

        reached = opened.reached()
        write_list(form, limit, reached, lines, jsonl.findings, csv_lines.findings, as_table, nothing, language)
