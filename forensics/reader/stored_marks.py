"""Marks of a case: the acts in their order, and those that stand, put beside what is read."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from forensics.casestore import Queries
from forensics.model.findings import Finding, Ranked
from forensics.model.lines import ItemLine, Place
from forensics.model.locations import Location
from forensics.model.mark_lines import MarkLine
from forensics.model.marks import UNDONE, ItemMark
from forensics.model.rows.marks import MarkRow
from forensics.model.rules import Role
from forensics.model.summary import ItemFacts
from forensics.reader.lines import Lines

Key = tuple[str, str]
"""Digest of an item; of one that was not read, the text of its place."""
_ACTS = "SELECT * FROM marks ORDER BY act, location_text, sha256"
_SUSPECTED = (Role.SUSPECT, Role.EITHER)


def key_of(sha256: str, place: str) -> Key:
    """Return what an item is known by."""
    return (sha256, "") if sha256 else ("", place)


class StandingMarks:
    """The marks of a case that stand: of each reader and item the latest act.

    Args:
        queries: the case.
    """

    def __init__(self, queries: Queries) -> None:
        self._marks: dict[Key, dict[str, MarkRow]] = {}
        for row in queries.rows(_ACTS, {}, MarkRow):
            self._marks.setdefault(key_of(row.sha256, row.location_text), {})[row.author] = row

    def of(self, keys: Iterable[Key]) -> tuple[ItemMark, ...]:
        """Return what stands on some items that are shown together, the latest last; one for each act."""
        if not self._marks:
            return ()
        acts: dict[tuple[int, str], tuple[MarkRow, int]] = {}
        for key in dict.fromkeys(keys):
            for row in self._marks.get(key, {}).values():
                if row.mark != UNDONE:
                    acts[row.act, row.author] = (row, acts.get((row.act, row.author), (row, 0))[1] + 1)
        return tuple(
            [
                ItemMark(mark=row.mark, by=row.author, time=row.time, note=row.note, items=items)
                for _, (row, items) in sorted(acts.items(), key=lambda act: act[0])
            ]
        )

    def standing(self, key: Key, author: str) -> bool:
        """Whether a mark of a reader stands on an item."""
        row = self._marks.get(key, {}).get(author)
        return row is not None and row.mark != UNDONE

    def on_line(self, line: ItemLine) -> ItemLine:
        """Return a line of an item with its marks."""
        marks = self.of([key_of(line.sha256, line.location.text)])
        return msgspec.structs.replace(line, marks=marks) if marks else line

    def on_facts(self, facts: ItemFacts) -> ItemFacts:
        """Return the facts of an item with its marks."""
        marks = self.of([key_of(facts.ref.sha256, facts.ref.location.text)])
        return msgspec.structs.replace(facts, marks=marks) if marks else facts

    def on_finding(self, finding: Finding) -> Finding:
        """Return a finding with the marks of the items that it suspects."""
        suspects = [one for one in finding.subjects if one.role in _SUSPECTED]
        marks = self.of([key_of(one.sha256, one.location.text) for one in suspects])
        return msgspec.structs.replace(finding, marks=marks) if marks else finding

    def on_ranked(self, line: Ranked) -> Ranked:
        """Return a line of the ranking with the marks of its items."""
        marks = self.of([key_of(ref.sha256, ref.location.text) for ref in line.items])
        return msgspec.structs.replace(line, marks=marks) if marks else line


def read_marks(queries: Queries, keys: Collection[Key] | None = None) -> Lines[MarkLine]:
    """Return every act on every item in their order.

    Args:
        queries: the case.
        keys: only on these items; ``None``: all.
    """

    def chosen() -> Iterator[MarkLine]:
        rows = list(queries.rows(_ACTS, {}, MarkRow))
        latest = {(key_of(row.sha256, row.location_text), row.author): row.act for row in rows}
        for row in rows:
            key = key_of(row.sha256, row.location_text)
            if keys is None or key in keys:
                yield _line(row, stands=row.mark != UNDONE and latest[key, row.author] == row.act)

    def read(most: int | None) -> Iterator[MarkLine]:
        lines = list(chosen())
        return iter(lines if most is None else lines[:most])

    return Lines(read, lambda: sum(1 for _ in chosen()))


def _line(row: MarkRow, *, stands: bool) -> MarkLine:
    return MarkLine(
        act=row.act,
        mark=row.mark,
        by=row.author,
        time=row.time,
        note=row.note,
        stands=stands,
        sha256=row.sha256,
        location=Place.of(msgspec.json.decode(row.location, type=Location)),
    )
