"""``forensics show``: one item of a case."""

import sys
from pathlib import Path

import click

from forensics.cli import options
from forensics.cli.options import Sheet


@click.command(no_args_is_help=True)
@options.case
@options.item
@options.sheet_form
@options.language
def run(case: Path, item: str, form: Sheet, language: str) -> None:
    """Show one item: facts, all clocks, findings with their evidence, rules with and without power.

    ITEM is its rank (#3), the start of its SHA-256 (8 digits or more), or its location.
    """
    from forensics import open_case, reached, show
    from forensics.cli.output import print_table, say_unfinished
    from forensics.report import jsonl, quoted, sheet, signatures, signed_parts, threads

    state = reached(case)
    printed: set[str] = set()
    for shown in show(case, item):
        if form is Sheet.JSON:
            partial = not state.settled
            line = jsonl.show(
                shown.facts,
                shown.findings,
                partial,
                signatures=shown.signatures,
                signed_parts=shown.signed_parts,
                thread=shown.thread,
                chain=shown.chain,
            )
            sys.stdout.buffer.write(line)
            continue
        # The members of a cluster share its finding: once is enough for a reader.
        fresh = [finding for finding in shown.findings if finding.id not in printed]
        printed.update(finding.id for finding in fresh)
        if fresh:
            with open_case(case, partial=True) as opened:
                fresh = list(opened.in_language(fresh, language))
        print_table(sheet.show(shown.facts, fresh, language, judged=state.judged))
        if shown.signatures:
            print_table(signatures.lines(shown.signatures, shown.chain, language))
        if shown.signed_parts:
            print_table(signed_parts.lines(shown.signed_parts, language))
        if shown.thread is not None and (lines := threads.lines(shown.thread, language)) is not None:
            print_table(lines)
        if shown.quoted:
            print_table(quoted.lines(shown.quoted, language))
    say_unfinished(state, sys.stdout if form is Sheet.TEXT else sys.stderr, language)
