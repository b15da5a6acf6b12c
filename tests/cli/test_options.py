"""Options that commands share: what is typed, and what comes of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from forensics.cli import options
from forensics.errors import Exit, UsageError

Run = Callable[..., Any]


@click.command
@options.passwords
@options.form
def told(passwords: tuple[bytes, ...], form: options.Form) -> None:
    click.echo(f"{form!r} {passwords!r}")


def test_passwords_are_the_bytes_of_lines(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.write_bytes(b"one\r\n\n two \ncaf\xe9\n")
    ran = CliRunner().invoke(told, ["--passwords", str(file)])
    assert ran.output == "<Form.TABLE: 'table'> (b'one', b' two ', b'caf\\xe9')\n"


def test_passwords_that_cannot_be_read_are_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        CliRunner().invoke(told, ["--passwords", str(tmp_path / "none")], catch_exceptions=False)


@pytest.mark.parametrize(("word", "form"), [("jsonl", "Form.JSONL"), ("csv", "Form.CSV"), ("table", "Form.TABLE")])
def test_a_form_is_typed_as_its_value(word: str, form: str) -> None:
    assert CliRunner().invoke(told, ["--format", word]).output.startswith(f"<{form}:")


@pytest.mark.parametrize("word", ["JSONL", "xml", ""])
def test_no_other_word_is_a_form(word: str) -> None:
    ran = CliRunner().invoke(told, ["--format", word])
    assert ran.exit_code == Exit.USAGE
    assert "'table', 'jsonl', 'csv'" in ran.output


def test_a_number_of_jobs_below_zero_is_a_wrong_call(run: Run, tmp_path: Path) -> None:
    assert run("scan", tmp_path, "--case", tmp_path / "case", "--jobs", "-1").returncode == Exit.USAGE
