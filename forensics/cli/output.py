"""Writing lists to standard output: a table's first lines, or everything for machines."""

import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from forensics.cli.options import Form

if TYPE_CHECKING:
    from forensics.model.comparing import SetsCompared
    from forensics.model.findings import SetAside
    from forensics.model.scanning import Reached, ScanResult
    from forensics.model.selecting import Selection
    from forensics.reader.case import Case
    from forensics.reader.lines import Lines

T = TypeVar("T")

TABLE_LINES = 20


def table_limit(form: Form, limit: int) -> int | None:
    """Return how many lines to write: what was asked, else 20 in a table and all elsewhere."""
    if limit == 0:
        return None
    if limit > 0:
        return limit
    return TABLE_LINES if form is Form.TABLE else None


def write_list(
    form: Form,
    limit: int,
    reached: "Reached",
    lines: "Lines[T]",
    as_jsonl: Callable[[Iterable[T], bool], Iterable[bytes]],
    as_csv: Callable[[Iterable[T], bool], Iterable[str]],
    as_table: Callable[[Iterable[T]], object],
    nothing: Callable[[], Iterable[str]] | None = None,
    language: str = "en",
) -> None:
    """Write a list in the form asked for; each line of an unfinished case says that it is of one.

    Args:
        form: table, jsonl or csv.
        limit: lines to write, as `table_limit` takes it.
        reached: how far the case got.
        lines: the list.
        as_jsonl: makes JSON lines.
        as_csv: makes CSV lines.
        as_table: makes a table.
        nothing: says in lines why there is none; it stands in the place of the table, else on standard error.
        language: of what stands beside the list.
    """
    from forensics.report import conclusions

    partial = not reached.settled
    most = table_limit(form, limit)
    chosen = lines.first(most)
    out = sys.stdout.buffer
    first = list(islice(chosen, 1))
    whole = chain(first, chosen)
    if form is Form.JSONL:
        out.writelines(as_jsonl(whole, partial))
    elif form is Form.CSV:
        out.writelines(line.encode("utf-8") for line in as_csv(whole, partial))
    elif first or nothing is None:
        shown = list(whole)
        print_table(as_table(shown))
        rest = lines.count() - len(shown) if len(shown) == most else 0
        if rest:
            print_line(conclusions.rest_of_list(rest, language))
    out.flush()
    beside = sys.stdout if form is Form.TABLE else sys.stderr
    if not first and nothing is not None:
        beside.writelines(f"{text}\n" for text in nothing())
    say_unfinished(reached, beside, language)


def why_empty(
    case: "Case", kind: str, where: "Selection | None", asked: Mapping[str, str]
) -> Callable[[], Iterable[str]]:
    """Return what says why a list of a case is empty; nothing is counted before it is asked."""

    def said() -> Iterable[str]:
        from forensics.report import nothing, restrictions

        hidden = restrictions.unmatched(case.restriction()) if where else ""
        return [
            *nothing.lines(kind, where, case.matches(where) if where else None, asked),
            *([hidden] if hidden else []),
        ]

    return said


def print_table(renderable: object) -> None:
    """Print a table at the terminal's width, 80 columns where there is none to ask."""
    from rich.console import Console

    class Terminal(Console):
        """Tells `forensics.cli.exits` that its reader has gone, where rich would end the process."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    console = Terminal(soft_wrap=False, highlight=False, markup=False, width=None if sys.stdout.isatty() else width())
    console.print(renderable)


def width() -> int:
    """Return the columns to write for: those of ``COLUMNS``, else 80."""
    import os

    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdigit() and int(asked) >= 40 else 80


def print_line(text: str) -> None:
    """Print one line of plain text."""
    sys.stdout.write(text + "\n")


def print_properties(lines: Iterable["SetAside"], language: str = "en") -> None:
    """Print what the archive as a whole shows, a line each."""
    from forensics.report import conclusions

    for text in conclusions.of_archive(lines, language):
        print_line(text)


def print_comparison(sets: "SetsCompared") -> None:
    """Print how many items of a case are as its reference has them; nothing where it has none."""
    if sets.counts:
        from forensics.report import compared

        for text in compared.summary(sets, reference=True):
            print_line(text)


def print_summary(result: "ScanResult") -> None:
    """Print what a scan did; the last of these lines says what was lost."""
    from forensics.report import conclusions

    for text in conclusions.scan_summary(result.extent, result.ranked, result.head, result.again, result.lured):
        print_line(text)


def print_next(case: Path, result: "ScanResult") -> None:
    """Print what to type after a scan."""
    from forensics.report import conclusions

    for text in conclusions.next_commands(str(case), result.ranked, result.extent.items):
        print_line(text)


def print_head(case: Path, language: str = "en") -> None:
    """Print the custody head as it is now: that of `scan` does not cover what is written later."""
    from forensics.casestore import CaseFolder
    from forensics.report import conclusions

    print_line(conclusions.head_of_report(CaseFolder.open(case).custody.head(), language))


def say_unfinished(reached: "Reached", out: TextIO, language: str = "en") -> None:
    """Say how far a case got, where it is not wholly read and judged."""
    from forensics.reader.reached import how_far

    if not reached.settled:
        out.write(f"{how_far(reached, language)}\n")
