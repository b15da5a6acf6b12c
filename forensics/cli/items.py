"""``forensics items``: every occurrence with its state."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import options
from forensics.cli.options import Form
from forensics.cli.output import why_empty, write_list
from forensics.errors import UsageError

if TYPE_CHECKING:
    from forensics.model.selecting import Selection


@click.command(no_args_is_help=True)
@options.case
@options.form
@options.limit
@click.option("--status", default="", help="Only read, read in part, not read or skipped ones.")
@click.option("--type", "media_type", metavar="TYPE", default="", help="Only this type, as printed, or media type.")
@click.option("--ledger", is_flag=True, help="What became of every byte of each source, and why some were not read.")
@options.filters
def run(
    case: Path, form: Form, limit: int, status: str, media_type: str, *, ledger: bool, where: "Selection | None"
) -> None:
    """List every item of a case: who to whom, subject, claimed date, place, how far it was read.

    The forms jsonl and csv also have notices and the rules that had power.
    """
    from forensics import open_case
    from forensics.report import accounting, csv_lines, jsonl, table

    if ledger and (status or media_type or where):
        raise UsageError("--ledger is about all items: no --status, --type or filter goes with it")
    with open_case(case) as opened:
        if ledger:
            nothing = why_empty(opened, "item", None, {})
            accounts = opened.accounts()
            reached = opened.reached()
            write_list(form, limit, reached, accounts, jsonl.accounts, csv_lines.accounts, accounting.table, nothing)
            return
        lines = opened.items(status=status, media_type=media_type, where=where)
        nothing = why_empty(opened, "item", where, {"--status": status, "--type": media_type})
        write_list(form, limit, opened.reached(), lines, jsonl.items, csv_lines.items, table.items, nothing)
