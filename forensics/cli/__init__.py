"""The command line: one file per command, imported when it is called; each parses, calls, renders and exits."""

import gc
import io
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

import click

from forensics._version import VERSION
from forensics.cli.exits import OutputClosed, exit_code, output_closed
from forensics.cli.options import ForkEarly, Group
from forensics.errors import Exit

COMMANDS = (
    "check", "scan", "items", "rank", "findings", "timeline", "ledger", "show", "search", "extract", "compare",
    "report", "letters", "verify", "keys", "mark", "restrict", "rules", "measure", "demo",
)  # fmt: skip
"""Modules of this room in the order of ``--help``; each has a ``run``."""


class Commands(Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in their order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"{__name__}.{cmd_name}").run
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; that the reader of its output has gone is ours to say, click would end the process with 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            if output_closed():
                raise OutputClosed from error
            raise RuntimeError("a pipe between our own processes broke") from error


@click.group(name="forensics", cls=Commands, no_args_is_help=True)
@click.version_option(VERSION, message="forensics %(version)s", help="Print the version and stop.")
def app() -> None:
    """Find the items of a leaked archive that contradict themselves, the rest of the archive, or their own date.

    Evidence is opened read-only and nothing in it causes a network request. Exit codes: 0 done, 2 wrong call,
    3 done but some evidence could not be read, 4 internal error, 5 verification failed, 6 stopped and can be resumed.
    """


def main() -> NoReturn:
    """Run the command line in a process of its own, and end that with the code of design section 6."""
    code = answered(_fork_early)
    for stream in filter(None, (sys.stdout, sys.stderr)):  # one that was closed is none
        with suppress(OSError):
            stream.flush()
    os._exit(code)  # to take modules and a database apart that nobody needs any more costs as much as a page of `rank`


def answered(fork_early: ForkEarly | None = None) -> int:
    """Run the command line and return its code.

    Args:
        fork_early: given to the commands that read evidence, where the process is their own.
    """
    gc.set_threshold(100_000, 20, 20)  # the model has no cycles, and modules that are imported have few
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _stop)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a character shows its number
    try:
        code = app(standalone_mode=False, obj=fork_early)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  the outermost boundary: a code and a message
        return exit_code(error)
    return code if isinstance(code, int) else Exit.DONE


def _fork_early(workers: int) -> None:
    """Have workers forked from this process, which has loaded no library that starts threads yet."""
    from forensics.engine.reading.nursery import fork_now

    fork_now(workers)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
