"""``forensics verify``: replay every cited byte and re-check the log."""

from typing import Annotated

import typer

from forensics.cli.options import Case, Passwords, read_passwords
from forensics.errors import Exit


def run(
    case: Case,
    source: Annotated[
        list[str],
        typer.Option("--source", metavar="[LABEL=]SOURCE", help="Where a source lies now; default: where it lay."),
    ] = [],  # noqa: B006
    head: Annotated[
        list[str], typer.Option("--head", metavar="DIGEST", help="Custody head written down; repeatable.")
    ] = [],  # noqa: B006
    passwords: Passwords = None,
) -> int:
    """Re-check a case: custody log, every file, the sources, and every cited byte range through its steps."""
    from forensics import verify
    from forensics.cli.output import print_line
    from forensics.report import verified

    result = verify(case, source, head=head or None, passwords=read_passwords(passwords))
    for text in verified.verification(result):
        print_line(text)
    codes = {problem.code for problem in result.problems}
    if codes - {"source.missing"}:
        return Exit.VERIFICATION
    return Exit.UNREAD if codes or result.unreadable else Exit.DONE
