"""Options that several commands share, and the forms of output."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import click


class Form(StrEnum):
    """Forms of a list."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


class Sheet(StrEnum):
    """Forms of one item's sheet."""

    TEXT = "text"
    JSON = "json"


PATH = click.Path(path_type=Path)


class Word(click.Choice[StrEnum]):
    """The type of an option that takes one of the values of an enum."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """Return what is typed: the value, not the member's name."""
        return str(choice)


case = click.argument("case", metavar="CASE", type=PATH)
item = click.argument("item", metavar="ITEM")
form = click.option(
    "--format",
    "form",
    type=Word(Form),
    default=Form.TABLE,
    show_default=True,
    help="table (top lines only), jsonl or csv (always whole).",
)
limit = click.option("--limit", type=int, default=-1, help="Lines to show; 0 for all. Default: 20 in tables, else all.")
source = click.option(
    "--source", metavar="[LABEL=]SOURCE", multiple=True, help="Where a source is now. Default: where it was scanned."
)
dkim_keys = click.option(
    "--dkim-keys", metavar="FILE", type=PATH, multiple=True, help="Keys of signatures, a file or folder; repeatable."
)
signer_keys = click.option(
    "--signer-keys",
    metavar="FILE",
    type=PATH,
    multiple=True,
    help="Certificates (S/MIME) and OpenPGP keys of authors, a file or folder; repeatable.",
)
partial = click.option("--partial", is_flag=True, help="Answer even if the case is not fully read and judged.")
sheet_form = click.option(
    "--format",
    "form",
    type=Word(Sheet),
    default=Sheet.TEXT,
    show_default=True,
    help="text, or json: one document per item.",
)
language = click.option(
    "--language", metavar="LANG", default="en", show_default=True, help="Language of tables and texts; en or fr."
)
jobs = click.option("--jobs", metavar="N", type=click.IntRange(min=0), default=0, help="Processes; 0: one a processor.")
no_progress = click.option("--no-progress", is_flag=True, help="No progress on standard error.")
leave_out = click.option(
    "--leave-out", metavar="NAME", multiple=True, help="A reference corpus whose rates are not used; repeatable."
)


def _read_passwords(_: click.Context, __: click.Parameter, path: Path | None) -> tuple[bytes, ...]:
    """Read a file of passwords: one a line, bytes as they are."""
    if path is None:
        return ()
    from forensics.errors import UsageError

    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"--passwords {path}: {error.strerror}") from error
    return tuple(line for line in lines if line)


passwords: Callable[[Any], Any] = click.option(
    "--passwords",
    metavar="FILE",
    type=PATH,
    callback=_read_passwords,
    help="Passwords to try on encrypted members, one per line.",
)
