"""``forensics check``: one file, no case."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from forensics.cli.options import Passwords, Sheet, SheetFormat, read_passwords
from forensics.errors import Exit


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A mail, document, image, mailbox or archive.")],
    form: SheetFormat = Sheet.TEXT,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="No genuine date is later. Default: now.")] = "",
    passwords: Passwords = None,
) -> int:
    """Show what one file says of itself, all its clocks, and what contradicts itself; needs no case."""
    from forensics import check
    from forensics.cli.output import print_line, print_table
    from forensics.report import jsonl, sheet

    checked = check(file, as_of=as_of, passwords=read_passwords(passwords))
    by_item = {
        facts.ref.sha256: [one for one in checked.findings if one.item.sha256 == facts.ref.sha256]
        for facts in checked.items
    }
    for facts in checked.items:
        if form is Sheet.JSON:
            sys.stdout.buffer.write(jsonl.show(facts, by_item[facts.ref.sha256]))
        else:
            print_table(sheet.show(facts, by_item[facts.ref.sha256]))
    if form is Sheet.TEXT:
        print_line(sheet.not_asked(len(checked.not_asked)))
    unread = any(facts.status in ("partial", "unread") for facts in checked.items)
    return Exit.UNREAD if unread else Exit.DONE
