"""Exit codes and what is said with them."""

import errno
import os
import sys
import traceback

import typer
from typer.exceptions import TyperException

from forensics.errors import Exit, ForensicsError, NotJudged


def exit_code(error: BaseException) -> int:
    """Say what went wrong on standard error and return the code."""
    if isinstance(error, typer.Exit):
        return error.exit_code
    if isinstance(error, (typer.Abort, KeyboardInterrupt)):
        typer.echo("forensics: stopped", err=True)
        return Exit.RESUMABLE
    if isinstance(error, TyperException):
        show = getattr(error, "show", None)  # all of them have it, but typer keeps the class that says so to itself
        show() if callable(show) else typer.echo(f"forensics: {error}", err=True)
        return Exit.USAGE
    if isinstance(error, BrokenPipeError):
        # The reader of our output has gone: what is still pending must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        typer.echo("forensics: no space left for the output", err=True)
        return Exit.RESUMABLE
    if isinstance(error, ForensicsError):
        more = " --partial shows what there is." if isinstance(error, NotJudged) else ""
        typer.echo(f"forensics: {error}{more}", err=True)
        return error.exit_code
    typer.echo("forensics: internal error; please report it with the lines below", err=True)
    typer.echo("".join(traceback.format_exception(error)), err=True)
    return Exit.INTERNAL
