"""What is odd about a store, each thing once and only so many of a kind."""

from forensics.model.items import Notice
from forensics.model.locations import Locator

MOST = 100
"""Notices of one code; a last one says how many more there are."""


class Odd:
    """Notices in the order in which they were met; a place is told once for each code."""

    def __init__(self) -> None:
        self._found: list[Notice] = []
        self._seen: set[tuple[str, str, int]] = set()
        self._more: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}

    def note(self, code: str, text: str, path: str, start: int = 0, end: int = 0, unread: int = 0) -> None:
        """Add a notice about bytes ``start:end`` of the store, if this place was not told before."""
        if (code, path, start) in self._seen:
            return
        count = self._counts[code] = self._counts.get(code, 0) + 1
        if count > MOST:
            more = self._more.setdefault(code, [0, 0])
            more[0] += 1
            more[1] += unread
            return
        self._seen.add((code, path, start))
        locator = Locator(ranges=((start, end),) if end > start else (), path=path)
        self._found.append(Notice(code=code, text=text, locator=locator, unread=unread))

    def taken(self) -> tuple[Notice, ...]:
        """Return what was noted, and forget it."""
        found = self._found
        for code, (count, unread) in self._more.items():
            found.append(Notice(code=code, text=f"{count} more of this kind", unread=unread))
        self._found, self._more, self._counts = [], {}, {}
        return tuple(found)
