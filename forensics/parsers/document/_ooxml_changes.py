"""Tracked changes and comments of a Word document: who, when, and which words.

Source: ECMA-376 part 1, 17.13.4 (comments), 17.13.5 (revisions); [MS-DOCX] 2.5.4.
"""

import re
from typing import NamedTuple

from forensics.model.facts import Description
from forensics.model.time_kinds import TimeKind
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._written_dates import w3cdtf
from forensics.parsers.document._xml_scan import named, tag_end

MOST_CHANGES = 2_000
"""Tracked changes and comments of a part that are kept."""
MOST_TEXT = 500
"""Characters of a change that are kept."""

_CHANGES = {
    "ins": "inserted",
    "del": "deleted",
    "moveFrom": "moved away",
    "moveTo": "moved here",
    "rPrChange": "format of words changed",
    "pPrChange": "format of a paragraph changed",
    "sectPrChange": "format of a section changed",
    "tblPrChange": "format of a table changed",
    "tcPrChange": "format of a cell changed",
    "trPrChange": "format of a row changed",
    "cellIns": "cell inserted",
    "cellDel": "cell deleted",
    "comment": "comment",
}
NAMES = frozenset(_CHANGES)
"""Of elements that `Changes` takes."""


class Change(NamedTuple):
    """A tracked change or a comment."""

    kind: str
    author: str
    date: str
    utc: str
    """As ``w16du:dateUtc`` gives it; empty: not given."""
    start: int
    text: str


class Changes:
    """Takes the elements of one part in their order.

    Attributes:
        kept: tracked changes and comments, in the order of their ends.
        last: of those beyond what is kept the latest, and ``more`` how many these are.
        authors: of all of them.
    """

    def __init__(self) -> None:
        self.kept: list[Change] = []
        self.last: Change | None = None
        self.more = 0
        self.authors: set[str] = set()
        self._open: list[tuple[int, str, dict[str, str], int, list[str]]] = []

    def start(self, name: str, attributes: dict[str, str], at: int, depth: int) -> None:
        """An element begins."""
        if name in _CHANGES and (author := named(attributes, "author")) + named(attributes, "date"):
            self.authors.add(author)
            self._open.append((depth, name, attributes, at, []))

    def end(self, name: str, depth: int) -> None:
        """An element ends that began at this depth."""
        if not self._open or self._open[-1][:2] != (depth, name):
            return
        _, kind, attributes, start, said = self._open.pop()
        change = Change(
            kind=_CHANGES[kind],
            author=named(attributes, "author"),
            date=named(attributes, "date"),
            utc=named(attributes, "dateUtc"),
            start=start,
            text="".join(said)[:MOST_TEXT],
        )
        if len(self.kept) < MOST_CHANGES:
            self.kept.append(change)
            return
        self.more += 1
        if self.last is None or change.date > self.last.date:
            self.last = change

    def words(self, text: str) -> None:
        """Words stand in the innermost element."""
        for *_, said in self._open:
            if len(said) < MOST_TEXT:
                said.append(text)


def change_facts(layer: Layer, path: str, changes: Changes, gathering: Gathering, owner: str) -> None:
    """Add tracked changes and comments, each with who, when and what; of those beyond the limit the latest.

    Facts:
        ``ooxml.change``: what was changed, by whom, and its words; at its tag.
        Times of kind `TimeKind.TRACKED_CHANGE` (the author's wall time, whatever zone is written behind it) and
        `TimeKind.TRACKED_CHANGE_UTC`.
    """
    for place, change in enumerate([*changes.kept, *([changes.last] if changes.last else [])]):
        raw = layer.cut((change.start, tag_end(layer.data, change.start)), "")
        where = f"{path}#change[{place}]"
        said = f": {change.text}" if change.text else ""
        gathering.add_fact("ooxml.change", f"{change.kind} by {change.author}{said}", raw.locator(where), raw.data)
        if change.date:
            written = w3cdtf(change.date.removesuffix("Z"))
            span = _value_span(layer.data, change, "date", change.date)
            date = layer.cut(span, change.date)
            gathering.add_time(
                written,
                TimeKind.TRACKED_CHANGE,
                Description.RECORDED,
                date.locator(f"{where}.date"),
                date.data,
                owner=owner,
            )
        if change.utc:
            span = _value_span(layer.data, change, "dateUtc", change.utc)
            date = layer.cut(span, change.utc)
            gathering.add_time(
                w3cdtf(change.utc),
                TimeKind.TRACKED_CHANGE_UTC,
                Description.RECORDED,
                date.locator(f"{where}.dateUtc"),
                date.data,
                owner=owner,
            )
    if changes.more:
        gathering.note("changes", f"{changes.more} tracked changes more than the limit in {path}; the latest is told")


def _value_span(data: bytes, change: Change, name: str, value: str) -> tuple[int, int] | None:
    """Return where an attribute's value stands in its tag; ``None`` where it is written in another way."""
    end = tag_end(data, change.start)
    found = re.search(rb"[:\s]" + name.encode() + rb"\s{0,8}=\s{0,8}[\"']", data[change.start : end])
    if found is None:
        return None
    start = change.start + found.end()
    raw = value.encode("utf-8", "surrogatepass")
    return (start, start + len(raw)) if data.startswith(raw, start) else None
