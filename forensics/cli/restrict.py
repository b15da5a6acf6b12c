"""``forensics restrict``: what of a case may not be quoted."""

from pathlib import Path

import click

from forensics.cli import options
from forensics.cli.output import print_line
from forensics.errors import UsageError


@click.command(no_args_is_help=True)
@options.case
@click.argument("file", metavar="[FILE]", type=options.PATH, required=False)
@click.option("--unseal", "item", metavar="ITEM", default="", help="Open one item all the same; it is logged.")
@click.option("--by", metavar="WHO", default="", help="Who opens it. Default: the examiner of the case.")
def run(case: Path, file: Path | None, item: str, by: str) -> None:
    """Name what may not be quoted: privileged mail is hashed, judged and ranked, and shown as a number.

    FILE has one entry a line: an address (a@host.example), a domain with all below it (host.example), or a folder as
    items prints it, with a / (mail/counsel/); a # begins a comment. Restricted are mails from, to or quoting these, all
    in such folders, and all attachments. FILE replaces the list before it and closes what was unsealed. Without FILE
    it is said what is in force.
    """
    from forensics import restrict, restriction, unseal
    from forensics.report import conclusions, restrictions

    if file is not None and item:
        raise UsageError("give a FILE or --unseal, not both")
    if by and not item:
        raise UsageError("--by goes with --unseal")
    head = ""
    if item:
        opened = unseal(case, item, by=by)
        print_line(restrictions.opened(opened))
        head = opened.head
    elif file is not None:
        given = restrict(case, file)
        print_line(restrictions.given(given))
        head = given.head
    for text in restrictions.state(restriction(case)):
        print_line(text)
    if head:
        print_line(conclusions.head(head))
