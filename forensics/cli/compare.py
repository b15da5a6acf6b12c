"""``forensics compare``: two files, two releases, or a case and its reference."""

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
@click.argument("other", metavar="[OTHER]", type=options.PATH, required=False)
@click.option(
    "--format", "form", type=Word(Form), default=Form.TABLE, show_default=True, help="table, or jsonl (always whole)."
)
@options.limit
@options.passwords
@options.jobs
@options.no_progress
def run(
    one: Path,
    other: Path | None,
    form: Form,
    limit: int,
    passwords: tuple[bytes, ...],
    jobs: int,
    *,
    no_progress: bool,
) -> int:
    """Say what differs between two versions, and whether something lawful explains it.

    ONE and OTHER are two files, or two sets: folders, mailboxes, archives or cases, whose items are matched with each
    other. ONE alone is a case that was scanned with --reference.

    Two files are shown field by field and word by word, with what tells which was made from which.
    """
    from forensics import compare

    if other is None:
        return _of_case(one, form, limit)
    with ProgressLine(sys.stderr, wanted=not no_progress) as progress:
        found = compare(one, other, passwords=passwords, jobs=jobs, progress=progress)
    if found.of_files and form is Form.TABLE:
        from forensics.report.compared import pair

        for line in found.lines:
            print_table(pair(line))
        return Exit.DONE
    return _written(lambda most: found.lines[:most], len(found.lines), found.sets, form, limit, reference=False)


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
