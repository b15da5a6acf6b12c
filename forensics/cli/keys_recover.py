"""``forensics keys recover``: keys computed from the signatures of a case."""

import sys
from pathlib import Path
from typing import Any

import click

from forensics.cli import options
from forensics.cli.progress import ProgressLine
from forensics.errors import Exit


@click.command(name="recover", no_args_is_help=True)
@options.case
@click.option("--domain", metavar="D", default="", help="Only keys of this signing domain.")
@click.option("--selector", metavar="S", default="", help="Only keys of this selector.")
@click.option(
    "--seconds",
    metavar="N",
    type=click.FloatRange(min=0),
    default=600,
    show_default=True,
    help="Time after which no more is tried; 0: until nothing is left. A key of 2,048 bits takes half a minute.",
)
@options.source
@options.passwords
@options.jobs
@options.no_progress
def run(case: Path, source: tuple[str, ...], passwords: tuple[bytes, ...], *, no_progress: bool, **given: Any) -> int:
    """Compute public keys of signers from pairs of their signatures, and judge the case anew.

    Needs the package gmpy2. What is found is stored at once: stop it when you like, the same command goes on. A
    recovered key shows which mails one key made; it is not evidence of whose key it is.
    """
    from forensics import RecoverOptions, recover_keys
    from forensics.cli.output import print_line, print_table
    from forensics.report import conclusions, recovered

    with ProgressLine(sys.stderr, wanted=not no_progress) as line:
        found = recover_keys(
            case,
            RecoverOptions(**given),
            source,
            passwords=passwords,
            progress=lambda at: line.show(recovered.progress(at)),
        )
    print_table(recovered.table(found))
    print_line(conclusions.head(found.head))
    return Exit.DONE if found.judged else Exit.RESUMABLE
