"""The command line: one file per command; each parses, calls, renders and exits."""

import io
import signal
import sys
from typing import Annotated

import typer

from forensics._version import VERSION
from forensics.cli import (
    check,
    demo,
    findings,
    items,
    measure,
    rank,
    report,
    rules,
    scan,
    show,
    timeline,
    verify,
)
from forensics.cli.exits import exit_code
from forensics.errors import Exit

COMMANDS = (check, scan, items, rank, findings, timeline, show, report, verify, rules, measure, demo)
"""Command modules in the order of ``--help``."""

app = typer.Typer(
    name="forensics",
    help="Find the items of a leaked archive that contradict themselves, the rest of the archive, or their own date.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _command in COMMANDS:
    app.command(
        name=_command.__name__.rpartition(".")[2], no_args_is_help=_command is not demo and _command is not rules
    )(_command.run)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"forensics {VERSION}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Find the items of a leaked archive that contradict themselves, the rest of the archive, or their own date.

    Evidence is opened read-only and nothing in it causes a network request. Exit codes: 0 done, 2 wrong call,
    3 done but some evidence could not be read, 4 internal error, 5 verification failed, 6 stopped and can be resumed.
    """


def main() -> None:
    """Run the command line and exit with the code of design section 6."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _stop)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a character shows its number
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  the outermost boundary: a code and a message
        sys.exit(exit_code(error))
    sys.exit(code if isinstance(code, int) else Exit.DONE)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
