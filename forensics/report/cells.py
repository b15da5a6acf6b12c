"""Pieces of terminal tables: columns, aligned labels, text of the evidence that is never read as markup."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from forensics.knowledge.terms import STRENGTHS
from forensics.knowledge.wording import Wording
from forensics.report.columns import COLUMNS
from forensics.report.visible import visible

DIGEST_SHOWN = 12
_STRENGTH_STYLE = {"strong": "bold", "moderate": "bold", "weak": "", "context": "dim"}


def grid(say: Wording, columns: Sequence[str], right: Sequence[str] = (), wide: str = "") -> Table:
    """Return an empty table with the headings of `COLUMNS`; the wide column takes what is left."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            say.say(COLUMNS[column]),
            justify="right" if column in right else "left",
            overflow="fold",
            no_wrap=column in ("item", "size", "strength", "rank", "outcome"),
            ratio=1 if column == wide else None,
        )
    table.expand = bool(wide)
    return table


def pairs(rows: Iterable[tuple[str, str]]) -> Table:
    """Return aligned labels and values."""
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for label, value in rows:
        table.add_row(plain(label), lines_of(value))
    return table


def lines_of(value: str) -> Text:
    """Return text whose line ends are ours, not the evidence's."""
    return Text("\n").join([plain(line) for line in value.split("\n")])


def plain(value: str, style: str = "") -> Text:
    """Return text of the evidence, never read as markup."""
    return Text(visible(value), style=style)


def graded(strength: str, say: Wording) -> Text:
    """Return the word of a strength."""
    return Text(say.say(STRENGTHS[strength]), style=_STRENGTH_STYLE.get(strength, ""))
