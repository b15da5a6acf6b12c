"""Marks of readers in words: beside an item, and as a list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from forensics.knowledge.wording import Wording
from forensics.model.mark_lines import Marked, MarkLine
from forensics.model.marks import UNDONE, ItemMark, Verdict
from forensics.model.sentences import Saying, says
from forensics.report.cells import DIGEST_SHOWN, grid, plain

_WORDS: Mapping[str, Saying] = {
    Verdict.REVIEWED: says("report.mark.reviewed", one="reviewed"),
    Verdict.INNOCENT: says("report.mark.innocent", one="innocent"),
    Verdict.KEEP: says("report.mark.keep", one="keep"),
    Verdict.QUESTION: says("report.mark.question", one="question"),
    UNDONE: says("report.mark.undone", one="taken back"),
}
_BESIDE = says("report.mark.beside", one="Marked {mark} by {by}, {day}")
_NOTED = says("report.mark.noted", one="{marked}: {note}")
_OF_ITEMS = says("report.mark.of_items", one="{mark} ({items} of {all} items)")
_MARKED = says("report.mark.marked", one="1 item marked {mark} by {by}.", many="{n} items marked {mark} by {by}.")
_TAKEN_BACK = says(
    "report.mark.taken_back",
    one="The mark of {by} on 1 item is taken back.",
    many="The marks of {by} on {n} items are taken back.",
)
_SUPERSEDED = says("report.mark.superseded", one="{mark}, no longer")
_NO_MARKS = says("report.mark.none", one="Nothing is marked.")

SHORT = 160
"""Characters of a note beside an item in a list; its sheet has all."""


def beside(marks: Iterable[ItemMark], items: int = 1, language: str = "en", *, short: bool = True) -> Iterator[str]:
    """Yield a line for each mark that stands on an item or entry.

    Args:
        marks: those that stand.
        items: how many items are shown together.
        language: ``en``, or a language that has a catalogue.
        short: whether long notes are cut.
    """
    say = Wording(language)
    for one in marks:
        word = say.say(_WORDS[one.mark])
        if items > 1:
            word = say.say(_OF_ITEMS, mark=word, items=one.items, all=items)
        said = say.say(_BESIDE, mark=word, by=one.by, day=one.time[:10])
        note = _cut(one.note) if short else one.note
        yield say.say(_NOTED, marked=said, note=note) if note else said


def cell(marks: Sequence[ItemMark]) -> str:
    """Return the marks of an item or entry for one cell of a spreadsheet."""
    return " | ".join([f"{one.mark} {one.by} {one.time}{f': {one.note}' if one.note else ''}" for one in marks])


def listed(rows: Iterable[MarkLine], language: str = "en") -> RenderableType:
    """Return one line an act: when, who, what, on which item, and why."""
    say = Wording(language)
    table = grid(say, ("time", "mark", "location"), wide="location")
    for row in rows:
        word = say.say(_WORDS[row.mark])
        if not row.stands and row.mark != UNDONE:
            word = say.say(_SUPERSEDED, mark=word)
        item = " ".join([part for part in (row.sha256[:DIGEST_SHOWN], row.location.text) if part])
        lines = [plain(item), *([plain(row.note)] if row.note else [])]
        who = Text("\n").join([plain(word), plain(row.by, "dim")])
        table.add_row(plain(row.time.replace("T", " ").removesuffix("Z")), who, Text("\n").join(lines))
    return table


def done(marked: Marked, language: str = "en") -> str:
    """Say what marking did."""
    say = Wording(language)
    if marked.mark == UNDONE:
        return say.say(_TAKEN_BACK, len(marked.items), by=marked.by)
    return say.say(_MARKED, len(marked.items), mark=say.say(_WORDS[marked.mark]), by=marked.by)


def none(language: str = "en") -> str:
    """Say that nothing is marked."""
    return Wording(language).say(_NO_MARKS)


def _cut(note: str) -> str:
    return note if len(note) <= SHORT else f"{note[: SHORT - 1]}…"
