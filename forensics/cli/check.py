"""``forensics check``: one file, no case."""

import sys
from pathlib import Path

import click

from forensics.cli import options
from forensics.cli.options import Sheet
from forensics.errors import Exit


@click.command
@click.argument("file", metavar="FILE", type=options.PATH)
@options.sheet_form
@click.option("--as-of", metavar="DATE", default="", help="No genuine date is later. Default: now.")
@options.passwords
@options.dkim_keys
@options.signer_keys
def run(
    file: Path,
    form: Sheet,
    as_of: str,
    passwords: tuple[bytes, ...],
    dkim_keys: tuple[Path, ...],
    signer_keys: tuple[Path, ...],
) -> int:
    """Show what one file says of itself, all its clocks, and what contradicts it; needs no case."""
    from forensics import check
    from forensics.cli.output import print_line, print_table
    from forensics.report import jsonl, key_lists, sheet, signatures, signed_parts

    checked = check(file, as_of=as_of, passwords=passwords, dkim_keys=dkim_keys, signer_keys=signer_keys)
    for text in key_lists.files(checked.key_files):
        sys.stderr.write(f"{text}\n")
    by_item = {
        facts.ref.sha256: [one for one in checked.findings if one.item.sha256 == facts.ref.sha256]
        for facts in checked.items
    }
    for facts in checked.items:
        signed = tuple([one for one in checked.signatures if one.sha256 == facts.ref.sha256])
        parts = tuple([one for one in checked.signed_parts if one.sha256 == facts.ref.sha256])
        chain = next((one for one in checked.chains if one.sha256 == facts.ref.sha256), None)
        if form is Sheet.JSON:
            found = by_item[facts.ref.sha256]
            line = jsonl.show(facts, found, signatures=signed, signed_parts=parts, chain=chain)
            sys.stdout.buffer.write(line)
        else:
            print_table(sheet.show(facts, by_item[facts.ref.sha256]))
            print_table(signatures.lines(signed, chain))
            if parts:
                print_table(signed_parts.lines(parts))
    if form is Sheet.TEXT:
        print_line(sheet.not_asked(len(checked.not_asked)))
    unread = any(facts.status in ("partial", "unread") for facts in checked.items)
    return Exit.UNREAD if unread else Exit.DONE
