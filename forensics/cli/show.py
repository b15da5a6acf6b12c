"""``forensics show``: one item of a case."""

import sys

from forensics.cli.options import Case, Item, Sheet, SheetFormat


def run(case: Case, item: Item, form: SheetFormat = Sheet.TEXT) -> None:
    """Show one item: facts, all clocks, findings with their evidence, rules with and without power."""
    from forensics import reached, show
    from forensics.cli.output import print_table, say_unfinished
    from forensics.report import jsonl, sheet

    state = reached(case)
    printed: set[str] = set()
    for shown in show(case, item):
        if form is Sheet.JSON:
            sys.stdout.buffer.write(jsonl.show(shown.facts, shown.findings, partial=not state.settled))
            continue
        # The members of a cluster share its finding: once is enough for a reader.
        fresh = [finding for finding in shown.findings if finding.id not in printed]
        printed.update(finding.id for finding in fresh)
        print_table(sheet.show(shown.facts, fresh, judged=state.judged))
    say_unfinished(state, sys.stdout if form is Sheet.TEXT else sys.stderr)
