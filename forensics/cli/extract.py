"""``forensics extract``: one item as a file."""

from pathlib import Path

import click

from forensics.cli import options


@click.command(no_args_is_help=True)
@options.case
@options.item
@click.argument("out", metavar="OUT", type=options.PATH)
@options.source
@options.passwords
def run(case: Path, item: str, out: Path, source: tuple[str, ...], passwords: tuple[bytes, ...]) -> None:
    """Write one item, such as a mail or an attachment, to the new file OUT.

    Its digest is compared while it is written, and the custody log says that it was. OUT may not exist, nor lie inside
    the case or a source. What an item holds may be harmful: nothing here opens it.
    """
    from forensics import extract
    from forensics.cli.output import print_line
    from forensics.report import conclusions

    written = extract(case, item, out, sources=source, passwords=passwords)
    print_line(conclusions.extracted(str(written.path), written.size, written.sha256))
    print_line(conclusions.head_of_act(written.head))
