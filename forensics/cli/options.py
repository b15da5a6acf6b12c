"""Options that several commands share, and the forms of output."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Form(StrEnum):
    """Forms of a list."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"


Case = Annotated[Path, typer.Argument(metavar="CASE", help="Folder of the case.", show_default=False)]
Item = Annotated[
    str,
    typer.Argument(
        metavar="ITEM",
        help="An item: its rank (#3), the start of its SHA-256 (8 digits or more), or its location.",
        show_default=False,
    ),
]
Format = Annotated[Form, typer.Option("--format", help="table (top lines only), jsonl or csv (always whole).")]
Limit = Annotated[
    int, typer.Option("--limit", show_default=False, help="Lines to show; 0 for all. Default: 20 in tables, else all.")
]
Partial = Annotated[bool, typer.Option("--partial", help="Answer although the case is not wholly read and judged.")]
Passwords = Annotated[
    Path | None,
    typer.Option("--passwords", metavar="FILE", help="Passwords to try on encrypted members, one a line."),
]


LeaveOut = Annotated[
    list[str],
    typer.Option("--leave-out", metavar="NAME", help="A reference corpus whose rates are not used; repeatable."),
]


def read_passwords(path: Path | None) -> tuple[bytes, ...]:
    """Read a file of passwords: one a line, bytes as they are."""
    if path is None:
        return ()
    from forensics.errors import UsageError

    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"--passwords {path}: {error.strerror}") from error
    return tuple(line for line in lines if line)


class Sheet(StrEnum):
    """Forms of one item's sheet."""

    TEXT = "text"
    JSON = "json"


SheetFormat = Annotated[Sheet, typer.Option("--format", help="text, or json: one document an item.")]
