"""``forensics mark``: what a reader decided of an item; and the list of such marks."""

from pathlib import Path

import click

from forensics.cli import options
from forensics.cli.options import Form
from forensics.cli.output import print_line, write_list
from forensics.errors import UsageError


@click.command(no_args_is_help=True)
@options.case
@click.argument("item", metavar="[ITEM]", default="")
@click.argument("verdict", metavar="[MARK]", default="")
@click.option("--note", metavar="TEXT", default="", help="Why; at most 4,000 characters, kept in the case.")
@click.option("--by", metavar="WHO", default="", help="Your name. Default: the examiner of the case.")
@click.option("--undo", is_flag=True, help="Take back what you marked.")
@options.form
@options.limit
def run(case: Path, item: str, verdict: str, form: Form, limit: int, *, note: str, by: str, undo: bool) -> None:
    """Mark an item reviewed, innocent, keep or question; without MARK list the marks.

    ITEM is a rank (#3: all items of its entry), the start of a SHA-256, or a location. A mark changes no score and
    nothing that was judged. Nothing is overwritten: of each person the latest mark on an item counts, and all are
    kept, those that were taken back too.
    """
    from forensics import mark, open_case
    from forensics.report import conclusions, csv_lines, jsonl, marks

    if item and (verdict or undo):
        marked = mark(case, item, verdict, note=note, by=by, undo=undo)
        print_line(marks.done(marked))
        print_line(conclusions.head(marked.head))
        return
    if note or by or undo:
        raise UsageError("name the item, and a mark: reviewed, innocent, keep or question; or --undo")
    with open_case(case) as opened:
        lines = opened.marks(item or None)
        if form is Form.TABLE and not lines.count():
            print_line(marks.none())
            return
        write_list(form, limit, opened.reached(), lines, jsonl.marks, csv_lines.marks, marks.listed)
