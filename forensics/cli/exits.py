"""Exit codes and what is said with them."""

import errno
import os
import select
import sys
import traceback

import click

from forensics.errors import AmbiguousItem, Exit, ForensicsError, NotJudged
from forensics.report.visible import visible


class OutputClosed(Exception):
    """The reader of the output has gone."""


def output_closed() -> bool:
    """Whether nobody reads standard output or standard error any more."""
    watched = select.poll()
    for stream in (sys.stdout, sys.stderr):
        watched.register(stream.fileno(), 0)  # errors are told whatever is asked for
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in watched.poll(0))


def exit_code(error: BaseException) -> int:
    """Say what went wrong on standard error and return the code."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        click.echo("forensics: stopped", err=True)
        return Exit.RESUMABLE
    if isinstance(error, click.ClickException):
        error.show()
        return Exit.USAGE
    if isinstance(error, OutputClosed | BrokenPipeError):
        # The reader of our output has gone: what is still pending must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.echo("forensics: no space left for the output", err=True)
        return Exit.RESUMABLE
    if isinstance(error, ForensicsError):
        more = " --partial shows what there is." if isinstance(error, NotJudged) else ""
        click.echo(f"forensics: {error}{more}", err=True)
        for line in error.described if isinstance(error, AmbiguousItem) else ():
            click.echo(f"  {visible(line)}", err=True)
        return error.exit_code
    click.echo("forensics: internal error; please report it with the lines below", err=True)
    click.echo("".join(traceback.format_exception(error)), err=True)
    return Exit.INTERNAL
