"""Collects what one document says of itself, and hands it out as `DocumentFacts`."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from forensics.model.document_signatures import DocumentSignature
from forensics.model.documents import DocumentFacts
from forensics.model.facts import ABSENT, Absence, ClockKind, Description, Fact, Located, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator, Step
from forensics.model.time_kinds import TimeKind
from forensics.parsers._written_dates import WrittenDate

VALUE_BYTES = 65_536
"""A longer value is not copied out of the evidence; a notice names its place."""

MAX_VALUES = 20_000
"""Facts and times of one document."""


class Raw(NamedTuple):
    """Bytes of the evidence and where they stand; ``span`` is ``None`` where the place cannot be named."""

    data: bytes
    span: tuple[int, int] | None
    steps: tuple[Step, ...] = ()

    def locator(self, path: str) -> Locator:
        """Return the locator of these bytes under a structured path."""
        if self.span is None:
            return Locator(path=path)
        return Locator(path=path, ranges=(self.span,), steps=self.steps)


class Layer(NamedTuple):
    """The bytes in which a part's values stand, and how to reach them from the item."""

    data: bytes
    base: int = 0
    """Added to offsets in ``data``: its own place in the layer that ``steps`` lead to."""
    steps: tuple[Step, ...] = ()
    located: bool = True
    """Whether ``base`` and ``steps`` lead there at all."""

    def cut(self, span: tuple[int, int] | None, text: str) -> Raw:
        """Return the bytes of a range of ``data``; without one, *text* in UTF-8 and no place."""
        if span is None:
            return Raw(text.encode("utf-8", "surrogatepass"), None)
        start, end = span
        where = (start + self.base, end + self.base) if self.located else None
        return Raw(self.data[start:end], where, self.steps if self.located else ())


class Gathering:
    """Facts, times and notices of one document, in the order in which they were met."""

    def __init__(self, area: str) -> None:
        """Start empty; *area* is the first word of notice codes."""
        self.area = area
        self.properties: list[Fact] = []
        self.timestamps: list[Timestamp] = []
        self.notices: list[Notice] = []
        self._paths: dict[str, int] = {}
        self._full = False

    def add_fact(self, name: str, value: str, locator: Locator, raw: bytes) -> None:
        """Add one value, or a notice where it is too long to copy."""
        if not self._has_room():
            return
        locator = self._unique(locator)
        if len(raw) > VALUE_BYTES or len(value) > VALUE_BYTES:
            self.note("long_value", f"{name} has {len(raw)} bytes; its text was not copied", locator)
            return
        self.properties.append(Fact(name=name, value=value, raw=raw, locator=locator))

    def add_time(
        self,
        reading: WrittenDate,
        kind: TimeKind,
        description: Description,
        locator: Locator,
        raw: bytes,
        *,
        clock: ClockKind = ClockKind.APPLICATION,
        owner: str = "",
    ) -> Timestamp:
        """Add one time; one that cannot be read stays with its raw bytes and a notice."""
        locator = self._unique(locator)
        stamp = Timestamp(
            instant=reading.instant,
            wall=reading.wall,
            offset_s=reading.offset_s,
            precision=reading.precision,
            description=description,
            clock=clock,
            owner=owner,
            raw=raw[:VALUE_BYTES],
            locator=locator if len(raw) <= VALUE_BYTES else Locator(path=locator.path),
            kind=kind,
        )
        if not self._has_room():
            return stamp
        self.timestamps.append(stamp)
        if reading.wall is Absence.UNPARSABLE:
            self.note("date_unparsable", f"{locator.path} is not a date in the form that its format asks for", locator)
        elif reading.offset_s is Absence.UNPARSABLE:
            self.note("date_zone", f"the zone of {locator.path} cannot be read; its calendar reading is kept", locator)
        elif reading.wall is Absence.NOT_AVAILABLE:
            self.note("date_coarse", f"{locator.path} gives no day and time", locator)
        return stamp

    def add_stamp(self, stamp: Timestamp) -> Timestamp:
        """Add a time that a system counted; one that is none stays with its raw bytes and a notice."""
        stamp = msgspec.structs.replace(stamp, locator=self._unique(stamp.locator))
        if not self._has_room():
            return stamp
        self.timestamps.append(stamp)
        if stamp.wall is Absence.UNPARSABLE:
            self.note("date_unparsable", f"{stamp.locator.path} is no time", stamp.locator)
        return stamp

    def note(self, what: str, text: str, locator: Locator | None = None, unread: int = 0) -> None:
        """Add a notice ``area.what``."""
        self.notices.append(Notice(code=f"{self.area}.{what}", text=text, locator=locator, unread=unread))

    def _has_room(self) -> bool:
        room = len(self.properties) + len(self.timestamps) < MAX_VALUES
        if not room and not self._full:
            self._full = True
            self.note("value_limit", f"more than {MAX_VALUES} values; the rest was not read")
        return room

    def _unique(self, locator: Locator) -> Locator:
        """Number a path that was met before: paths are unique within an item."""
        path, seen = locator.path, self._paths.get(locator.path, 0)
        while path in self._paths:
            path = f"{locator.path}[{seen}]"
            seen += 1
        self._paths[locator.path] = seen + (path == locator.path)
        self._paths.setdefault(path, 1)
        return msgspec.structs.replace(locator, path=path)

    def fact(self, *names: str) -> Fact | None:
        """Return the first fact that is not empty among those of these names, in the order of the names."""
        for name in names:
            for fact in self.properties:
                if fact.name == name and fact.value:
                    return fact
        return None

    def first(self, *names: str) -> str:
        """Return the value of the first such fact; empty where there is none."""
        found = self.fact(*names)
        return found.value if found is not None else ""

    def all(self, name: str) -> list[str]:
        """Return the words of all facts of a name, in their order."""
        return [word for fact in self.properties if fact.name == name for word in fact.value.split()]

    def facts(
        self,
        format_id: str,
        *,
        media_type: str = "",
        author: Fact | None = None,
        last_author: Fact | None = None,
        application: str = "",
        created: Timestamp | None = None,
        modified: Timestamp | None = None,
        signatures: Sequence[DocumentSignature] = (),
    ) -> DocumentFacts:
        """Return what was gathered."""
        return DocumentFacts(
            format=format_id,
            media_type=media_type,
            properties=tuple(self.properties),
            timestamps=tuple(self.timestamps),
            author=_located(author),
            last_author=_located(last_author),
            application=application,
            created=created,
            modified=modified,
            signatures=tuple(signatures),
        )


def readable(stamp: Timestamp | None) -> Timestamp | None:
    """Return *stamp* if it could be read."""
    return None if stamp is None or isinstance(stamp.wall, Absence) else stamp


def _located(fact: Fact | None) -> Located:
    return ABSENT if fact is None else Located(fact.value, fact.raw, fact.locator)
