"""``forensics verify``: replay every cited byte and re-check the log."""

from pathlib import Path

import click

from forensics.cli import options
from forensics.errors import Exit


@click.command(no_args_is_help=True)
@options.case
@options.source
@click.option("--head", metavar="DIGEST", multiple=True, help="A custody head that was written down; repeatable.")
@options.passwords
def run(case: Path, source: tuple[str, ...], head: tuple[str, ...], passwords: tuple[bytes, ...]) -> int:
    """Re-check a case: custody log, every file, the sources, and every cited byte range through its steps."""
    from forensics import verify
    from forensics.cli.output import print_line
    from forensics.report import verified

    result = verify(case, list(source), head=list(head) or None, passwords=passwords)
    for text in verified.verification(result):
        print_line(text)
    codes = {problem.code for problem in result.problems}
    if codes - {"source.missing"}:
        return Exit.VERIFICATION
    gaps = codes or result.unreadable or result.unchecked or result.ranges_closed
    return Exit.UNREAD if gaps else Exit.DONE
