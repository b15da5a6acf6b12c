"""Each way in which a command ends has its code, and one line that says why."""

import errno
from collections.abc import Callable
from typing import Any

import click
import pytest

from forensics.cli import exits
from forensics.cli.exits import exit_code
from forensics.errors import Exit, NotJudged, UsageError

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (click.exceptions.Exit(3), 3, ""),
        (KeyboardInterrupt(), Exit.RESUMABLE, "forensics: stopped"),
        (click.Abort(), Exit.RESUMABLE, "forensics: stopped"),
        (click.UsageError("no such option"), Exit.USAGE, "no such option"),
        (UsageError("no such file"), Exit.USAGE, "forensics: no such file"),
        (NotJudged("not judged yet."), Exit.RESUMABLE, "--partial shows what there is"),
        (ValueError("x"), Exit.INTERNAL, "internal error"),
    ],
)
def test_codes(error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(error) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err if said else err == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BrokenPipeError(), Exit.DONE),
        (OSError(errno.ENOSPC, "no space"), Exit.RESUMABLE),
        (OSError(errno.EDQUOT, "quota"), Exit.RESUMABLE),
        (OSError(errno.EIO, "input"), Exit.INTERNAL),
    ],
)
def test_what_is_still_to_be_written_does_not_fail_again(
    error: OSError, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced: list[int] = []
    monkeypatch.setattr(exits.os, "dup2", lambda _, place: replaced.append(place))
    monkeypatch.setattr(exits.sys, "stdout", open(1, "w", closefd=False))  # noqa: SIM115  only its number is asked
    assert exit_code(error) == code
    assert replaced == ([] if code == Exit.INTERNAL else [1])


def test_an_unknown_command_and_a_missing_argument_are_wrong_calls(run: Run) -> None:
    assert run("no-such").returncode == Exit.USAGE
    assert run("show", "case").returncode == Exit.USAGE
    assert run("rank").returncode == Exit.USAGE
