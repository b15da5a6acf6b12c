"""``forensics search``: the items of a case that hold some words, and the index of its words."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from forensics.cli import options
from forensics.cli.options import Form
from forensics.cli.output import print_line, print_table, write_list
from forensics.cli.progress import ProgressLine
from forensics.errors import UsageError


@click.command(no_args_is_help=True)
@options.case
@click.argument("words", metavar="[WORDS]...", nargs=-1)
@click.option("--build", is_flag=True, help="Make the index of all words of the case first, or make it anew.")
@click.option("--remove", is_flag=True, help="Take the index out of the case.")
@click.option("--part", is_flag=True, help="Parts of words, in subjects, names, addresses and ids alone.")
@options.form
@options.limit
@options.source
@options.passwords
def run(
    case: Path,
    words: tuple[str, ...],
    *,
    build: bool,
    remove: bool,
    part: bool,
    form: Form,
    limit: int,
    source: tuple[str, ...],
    passwords: tuple[bytes, ...],
) -> None:
    """List the items that hold all WORDS, in any order.

    Case and accents do not count. "in quotes" is a phrase (quoted once more for the shell: '"annual report"'), invoic*
    is whatever begins so. Texts of mails and documents are searched in an index that --build makes; without one,
    subjects and names alone.
    """
    from forensics import build_index, open_case, remove_index
    from forensics.knowledge.wording import Wording
    from forensics.report import conclusions, csv_lines, jsonl, searched

    if remove and (words or build or part):
        raise UsageError("--remove goes alone: it takes the index out of the case")
    if not words and not build and not remove:
        raise UsageError("name what to search for, or --build to make the index")
    if remove:
        gone = remove_index(case)
        print_line(Wording("en").say(searched.REMOVED if gone.removed else searched.NO_INDEX_THERE))
        print_line(conclusions.head(gone.head))
        return
    say = _say if form is Form.TABLE else _say_aside
    if build:
        with ProgressLine(sys.stderr) as line:
            made = build_index(case, source, passwords=passwords, progress=lambda n: line.show(f"{n:,} items read"))
        say((*searched.built(made), conclusions.head(made.head)))
    if not words:
        return
    with open_case(case, sources=source, passwords=passwords) as opened:
        found = opened.search(" ".join(words), part=part)
        if form is not Form.TABLE or found.count():
            write_list(form, limit, opened.reached(), found, jsonl.search, csv_lines.search, searched.table)
        say(searched.reach(found.coverage, found.wordless, found=bool(found.count()), parts=part))


def _say(lines: Iterable[str]) -> None:
    from forensics.report.cells import plain

    for text in lines:
        print_table(plain(text))


def _say_aside(lines: Iterable[str]) -> None:
    for text in lines:
        sys.stderr.write(f"{text}\n")
