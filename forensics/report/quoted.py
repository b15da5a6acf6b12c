"""The mails that a mail quotes, in words: a line each."""

from collections.abc import Iterable

from rich.console import Group, RenderableType

from forensics.knowledge.wording import Wording
from forensics.model.instants import written
from forensics.model.rows.quoted_mails import QuotedMailRow
from forensics.model.rows.times import timestamp
from forensics.model.sentences import says
from forensics.report.cells import plain

_LINE = says("report.quoted.line", one="Quotes, at depth {depth}: {said}")
_UNDATED = says("report.quoted.undated", one="no time")


def lines(quoted: Iterable[QuotedMailRow], language: str = "en") -> RenderableType:
    """Return a line for each quoted mail: when it was sent, by whom, and of a header block its subject."""
    say = Wording(language)
    return Group(*[plain(_line(row, say)) for row in quoted])


def _line(row: QuotedMailRow, say: Wording) -> str:
    time = written(timestamp(row.date)) if row.date is not None else None
    who = f"{row.name} <{row.address}>" if row.name and row.address else row.name or row.address
    said = [one for one in (time or say.say(_UNDATED), who, row.subject) if one]
    return say.say(_LINE, depth=row.depth + 1, said=say.clauses(said))
