"""``forensics show``: one item of a case."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import options
from forensics.cli.options import Sheet
from forensics.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from forensics.model.findings import Finding
    from forensics.reader.show import Shown

_ALL, _NONE = -1, 0


class _Lines(click.ParamType[int]):
    """The type of an option that takes a number of lines, or says all or none."""

    name = "lines"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; `_ALL` and `_NONE` for the words."""
        words = {"all": _ALL, "none": _NONE}
        if value in words:
            return words[str(value)]
        if not str(value).isdecimal():
            self.fail(f"{value!r} is no number of lines, and neither all nor none", param, ctx)
        return int(str(value))


@click.command(no_args_is_help=True)
@options.case
@options.item
@options.sheet_form
@click.option(
    "--text",
    metavar="LINES",
    type=_Lines(),
    default=None,
    help="Lines of its text to show, or all or none. Default: 40; json has all or none.",
)
@options.source
@options.passwords
@options.language
def run(
    case: Path,
    item: str,
    form: Sheet,
    text: int | None,
    source: tuple[str, ...],
    passwords: tuple[bytes, ...],
    language: str,
) -> None:
    """Show one item: facts, findings with their evidence, text, all clocks, rules with and without power.

    ITEM is its rank (3), the start of its SHA-256 (6 digits or more), or its
    location as lists print it, or the end of one that only it has.
    """
    from forensics import open_case, reached, show
    from forensics.cli.output import print_table, say_unfinished
    from forensics.report import jsonl

    state = reached(case)
    printed: set[str] = set()
    if form is Sheet.JSON and text is not None and text > 0:
        raise UsageError("--format json has all of the text or none: --text all, --text none")
    for shown in show(case, item, sources=source, passwords=passwords, texts=text != _NONE):
        if form is Sheet.JSON:
            partial = not state.settled
            line = jsonl.show(
                shown.facts,
                shown.findings,
                partial,
                signatures=shown.signatures,
                signed_parts=shown.signed_parts,
                thread=shown.thread,
                lineage=shown.lineage,
                chain=shown.chain,
                entry=shown.entry,
                text=shown.text,
                attachments=shown.attachments,
                against=shown.against,
            )
            sys.stdout.buffer.write(line)
            continue
        # The members of a cluster share its finding: once is enough for a reader.
        fresh = [finding for finding in shown.findings if finding.id not in printed]
        printed.update(finding.id for finding in fresh)
        if fresh:
            with open_case(case, partial=True) as opened:
                fresh = list(opened.in_language(fresh, language))
        for made in _tables(shown, fresh, _lines(text), language, judged=state.judged):
            print_table(made)
    say_unfinished(state, sys.stdout if form is Sheet.TEXT else sys.stderr, language)


def _lines(text: int | None) -> int | None:
    """Return how many lines of a text are shown; ``None``: all."""
    from forensics.report import item_text

    most = item_text.LINES if text is None else text
    return None if most == _ALL else most


def _tables(
    shown: "Shown", findings: "list[Finding]", lines: int | None, language: str, *, judged: bool
) -> "Iterator[RenderableType]":
    """Yield the sheet of one item and the tables below it."""
    from forensics.report import compared, item_text, lineage, quoted, sheet, signatures, signed_parts, threads

    between = []
    if shown.text is not None:
        between.append(item_text.lines(shown.text, lines, language))
    if shown.attachments:
        between.append(item_text.carried(shown.attachments, language))
    if shown.against is not None:
        between.append(compared.against(shown.against, language))
    yield sheet.show(shown.facts, findings, language, judged=judged, entry=shown.entry, between=between)
    if shown.signatures:
        yield signatures.lines(shown.signatures, shown.chain, language)
    if shown.signed_parts:
        yield signed_parts.lines(shown.signed_parts, language)
    if shown.thread is not None and (made := threads.lines(shown.thread, language)) is not None:
        yield made
    if shown.lineage is not None:
        yield lineage.lines(shown.lineage, language)
    if shown.quoted:
        yield quoted.lines(shown.quoted, language)
