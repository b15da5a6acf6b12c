"""``forensics findings``: what the rules saw, graded."""

from typing import Annotated

import typer

from forensics.cli.options import Case, Form, Format, Limit, Partial
from forensics.cli.output import write_list


def run(
    case: Case,
    form: Format = Form.TABLE,
    limit: Limit = -1,
    strength: Annotated[
        str, typer.Option(help="This strength and above: context, weak, moderate, strong. Tables default to weak.")
    ] = "",
    rule: Annotated[str, typer.Option(help="Only findings of this rule.")] = "",
    item: Annotated[str, typer.Option(help="Only findings about items whose SHA-256 starts so.")] = "",
    partial: Partial = False,
) -> None:
    """List findings: what was observed, how often genuine items show the same, which innocent causes were tested."""
    from forensics import findings, reached
    from forensics.report import csv_lines, jsonl, table

    least = strength or ("weak" if form is Form.TABLE else "context")
    lines = findings(case, strength=least, rule=rule, item=item, partial=partial)
    write_list(form, limit, reached(case), lines, jsonl.findings, csv_lines.findings, table.findings)
