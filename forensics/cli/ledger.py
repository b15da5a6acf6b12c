"""``forensics ledger``: what an archive claims to hold, and holds."""

from pathlib import Path

import click

from forensics.cli import options
from forensics.cli.options import Form
from forensics.cli.output import print_table, write_list
from forensics.errors import UsageError


@click.command(no_args_is_help=True)
@options.case
@options.form
@options.limit
@click.option("--marked", is_flag=True, help="Only months that lack more than chance allows.")
@click.option("--missing", "absent", is_flag=True, help="The missing messages themselves, most answered first.")
@options.partial
def run(case: Path, form: Form, limit: int, *, marked: bool, absent: bool, partial: bool) -> None:
    """List what each mailbox holds and lacks, by month: mails, answered messages that are missing, numbers, silences.

    A month is marked where it lacks more than chance allows. That is no finding: deletion is common and innocent.
    """
    from forensics import open_case
    from forensics.knowledge.wording import Wording
    from forensics.report import csv_lines, jsonl, ledger
    from forensics.report.cells import plain

    if marked and absent:
        raise UsageError("--marked chooses months; --missing lists messages")
    with open_case(case, partial=partial) as opened:
        reached = opened.reached()
        if absent:
            write_list(form, limit, reached, opened.missing(), jsonl.missing, csv_lines.missing, ledger.missing)
        else:
            lines = opened.ledger(marked=marked)
            write_list(form, limit, reached, lines, jsonl.ledger, csv_lines.ledger, ledger.months)
        if form is Form.TABLE:
            say = Wording("en")
            print_table(plain(ledger.reach(opened.ledger_reach(), say)))
            if not absent:
                print_table(plain(say.say(ledger.BENIGN)))
