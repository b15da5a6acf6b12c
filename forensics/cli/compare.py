"""``forensics compare``: two files, two releases, two items of a case, or a case and its reference."""

import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import options
from forensics.cli.options import Word
from forensics.cli.output import TABLE_LINES, print_line, print_table
from forensics.cli.progress import ProgressLine
from forensics.errors import Exit, UsageError

if TYPE_CHECKING:
    from forensics.model.comparing import ComparedLine, SetsCompared


class Form(StrEnum):
    """Forms of a comparison."""

    TABLE = "table"
    JSONL = "jsonl"


@click.command(no_args_is_help=True)
@click.argument("one", metavar="ONE", type=options.PATH)
@click.argument("other", metavar="[OTHER]", required=False)
@click.argument("item", metavar="[ITEM]", required=False)
@click.option(
    "--format", "form", type=Word(Form), default=Form.TABLE, show_default=True, help="table, or jsonl (always whole)."
)
@options.limit
@options.source
@options.passwords
@options.jobs
@options.no_progress
def run(
    one: Path,
    other: str | None,
    item: str | None,
    form: Form,
    limit: int,
    source: tuple[str, ...],
    passwords: tuple[bytes, ...],
    jobs: int,
    *,
    no_progress: bool,
) -> int:
    """Say what differs between two versions, and whether something lawful explains it.

    ONE and OTHER are two files, or two sets: folders, mailboxes, archives or cases, whose items are matched with each
    other. ONE alone is a case that was scanned with --reference. With a case and two of its items, named as for show,
    these two are compared.

    Two files or items are shown field by field and word by word, with what tells which was made from which.
    """
    from forensics import compare

    if other is None:
        return _of_case(one, form, limit)
    if item is not None:
        return _items(one, other, item, form, source, passwords)
    if source:
        raise UsageError("--source goes with a case and two of its items")
    with ProgressLine(sys.stderr, wanted=not no_progress) as progress:
        found = compare(one, Path(other), passwords=passwords, jobs=jobs, progress=progress)
    if found.of_files and form is Form.TABLE:
        return _pairs(found.lines)
    return _written(lambda most: found.lines[:most], len(found.lines), found.sets, form, limit, reference=False)


def _items(case: Path, one: str, other: str, form: Form, source: tuple[str, ...], passwords: tuple[bytes, ...]) -> int:
    from forensics import open_case
    from forensics.report import jsonl

    with open_case(case, sources=source, passwords=passwords, partial=True) as opened:
        line = opened.compare(one, other)
    if form is Form.TABLE:
        return _pairs([line])
    sys.stdout.buffer.writelines(jsonl.compare([line]))
    sys.stdout.buffer.flush()
    return Exit.DONE


def _pairs(lines: "Iterable[ComparedLine]") -> int:
    from forensics.report.compared import pair

    for line in lines:
        print_table(pair(line))
    return Exit.DONE


def _of_case(case: Path, form: Form, limit: int) -> int:
    from forensics import open_case

    with open_case(case) as opened:
        sets = opened.compared()
        if not sets.counts:
            raise UsageError(f"{case} has no reference: scan it with --reference, or name two to compare")
        found = opened.counterparts()
        return _written(found.first, found.count(), sets, form, limit, reference=True)


def _written(
    first: "Callable[[int | None], Iterable[ComparedLine]]",
    count: int,
    sets: "SetsCompared",
    form: Form,
    limit: int,
    *,
    reference: bool,
) -> int:
    """Write the lines of two sets and the numbers below them."""
    from forensics.report import compared, jsonl

    if form is Form.JSONL:
        sys.stdout.buffer.writelines(jsonl.compare(first(limit if limit > 0 else None)))
        sys.stdout.buffer.flush()
    else:
        most = TABLE_LINES if limit < 0 else limit or None
        if count:
            print_table(compared.lines(first(most)))
        if most is not None and count > most:
            print_line(f"{count - most:,} more; --limit 0 shows all, --format jsonl gives everything")
        for text in compared.summary(sets, reference=reference):
            print_line(text)
    return Exit.DONE if sets.whole else Exit.UNREAD
