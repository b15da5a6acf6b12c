"""Options that several commands share, and the forms of output."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
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


class Group(click.Group):
    """A group of commands whose help has the first sentence of each in full, where click would cut it off."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write them with their first sentences."""
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            assert command is not None and command.help is not None
            sentence, _, _ = " ".join(command.help.split("\n\n")[0].split()).partition(". ")
            rows.append((name, sentence.rstrip(".")))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


ForkEarly = Callable[[int], None]
"""Has so many workers and more forked from this process, before anything is loaded that starts threads."""

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
    default=Form.TABLE.value,
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
    default=Sheet.TEXT.value,
    show_default=True,
    help="text, or json: one document per item.",
)
language = click.option(
    "--language", metavar="LANG", default="en", show_default=True, help="Language of tables and texts; en or fr."
)
_FILTERS = {
    "person": click.option("--person", metavar="WHO", default="", help="Only items that WHO wrote or received."),
    "sender": click.option("--from", "sender", metavar="WHO", default="", help="Only items from WHO: a part suffices."),
    "recipient": click.option(
        "--to", "recipient", metavar="WHO", default="", help="Only items to WHO, in To, Cc, Bcc."
    ),
    "since": click.option("--since", metavar="DATE", default="", help="Only items that claim this day or a later one."),
    "until": click.option("--until", metavar="DATE", default="", help="Only items that claim this day or an earlier."),
    "folder": click.option("--folder", metavar="PART", default="", help="Only items with PART in their path."),
    "thread": click.option("--thread", metavar="ITEM", default="", help="Only items of the thread of ITEM."),
    "reviewed": click.option(
        "--reviewed/--not-reviewed", default=None, help="Only items that a reader marked, or that none did."
    ),
    "text": click.option("--text", metavar="WORDS", default="", help="Only items that hold WORDS; asks the index."),
}
"""By field of `forensics.model.selecting.Selection`."""


def filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that choose items; it gets them as ``where``, ``None`` where none is given."""

    @wraps(command)
    def packed(**given: Any) -> Any:
        from forensics.model.selecting import Selection

        where = Selection(**{name: given.pop(name) for name in _FILTERS})
        return command(**given, where=where if where.given else None)

    wrapped: Callable[..., Any] = packed
    for option in reversed(_FILTERS.values()):
        wrapped = option(wrapped)
    return wrapped


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
    help="Passwords to try on encrypted members and documents, one per line.",
)
