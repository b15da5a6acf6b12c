"""``forensics check``: one file, no case."""

import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from forensics.cli import options
from forensics.cli.options import ForkEarly, Sheet
from forensics.errors import Exit

if TYPE_CHECKING:
    from forensics.reader.check import Checked


@click.command
@click.argument("file", metavar="FILE", type=options.PATH)
@options.sheet_form
@click.option("--as-of", metavar="DATE", default="", help="No genuine date is later. Default: now.")
@click.option("--all", "every", is_flag=True, help="A sheet of every item, however many there are.")
@options.passwords
@options.dkim_keys
@options.signer_keys
@click.pass_obj
def run(
    fork_early: ForkEarly | None,
    /,
    file: Path,
    form: Sheet,
    as_of: str,
    every: bool,
    passwords: tuple[bytes, ...],
    dkim_keys: tuple[Path, ...],
    signer_keys: tuple[Path, ...],
) -> int:
    """Show what one file says of itself, all its clocks, and what contradicts it; needs no case.

    Of an archive or mailbox with more than ten items a summary is printed.
    """
    if fork_early:
        fork_early(1)
    from forensics import check
    from forensics.cli.output import print_line, print_table
    from forensics.report import sheet, signatures, signed_parts
    from forensics.report.checked import SHEETS, remedies

    checked = check(file, as_of=as_of, passwords=passwords, dkim_keys=dkim_keys, signer_keys=signer_keys)
    if checked.key_files:
        from forensics.report import key_lists

        for text in key_lists.files(checked.key_files):
            sys.stderr.write(f"{text}\n")
    if form is Sheet.TEXT and len(checked.items) > SHEETS and not every:
        return _summarize(file, checked)
    by_item = {
        facts.ref.sha256: [one for one in checked.findings if one.item.sha256 == facts.ref.sha256]
        for facts in checked.items
    }
    for facts in checked.items:
        signed = tuple([one for one in checked.signatures if one.sha256 == facts.ref.sha256])
        parts = tuple([one for one in checked.signed_parts if one.sha256 == facts.ref.sha256])
        chain = next((one for one in checked.chains if one.sha256 == facts.ref.sha256), None)
        if form is Sheet.JSON:
            from forensics.report import jsonl

            found = by_item[facts.ref.sha256]
            line = jsonl.show(facts, found, signatures=signed, signed_parts=parts, chain=chain)
            sys.stdout.buffer.write(line)
        else:
            print_table(sheet.show(facts, by_item[facts.ref.sha256]))
            print_table(signatures.lines(signed, chain))
            if parts:
                print_table(signed_parts.lines(parts))
    if form is Sheet.TEXT:
        for text in remedies(checked):
            print_line(text)
        print_line(sheet.not_asked(len(checked.not_asked)))
    return _code(checked)


def _summarize(file: Path, checked: "Checked") -> int:
    """Print how many items and findings there are, and the first of these."""
    from forensics.cli.output import print_line, print_table
    from forensics.report import checked as report
    from forensics.report import sheet, table

    for text in report.head(checked, str(file)):
        print_line(text)
    found = report.strongest(checked)[: report.FIRST]
    if found:
        print_line("")
        print_table(table.findings(found))
        print_line("")
    for text in (*report.remedies(checked), sheet.not_asked(len(checked.not_asked))):
        print_line(text)
    for text in report.tail(checked, f"forensics scan {quote(str(file))} --case case"):
        print_line(text)
    return _code(checked)


def _code(checked: "Checked") -> int:
    unread = any(facts.status in ("partial", "unread") for facts in checked.items)
    return Exit.UNREAD if unread else Exit.DONE
