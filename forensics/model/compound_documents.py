"""What rules and presence ask of an Office document in a compound file."""

import re

from forensics.model.documents import DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND, Timestamp
from forensics.model.time_kinds import TimeKind

_PAIRS = (
    (TimeKind.DOP_CREATED, TimeKind.SUMMARY_CREATED),
    (TimeKind.DOP_REVISED, TimeKind.SUMMARY_SAVED),
    (TimeKind.DOP_PRINTED, TimeKind.SUMMARY_PRINTED),
)
_EARLIEST = 315_532_800 * TICKS_PER_SECOND
"""1980-01-01: earlier times are none that a clock showed."""
_PROGRAM = re.compile(r"Microsoft (?:Office )?(Word|Excel|PowerPoint)\b")
_WINDOWS = re.compile(r"0x0002[0-9A-F]{2}(?:0[4-9A-F]|[1-9A-F][0-9A-F])")
"""System numbers of 32-bit Windows, from 4.0 on; libraries write 0x00020001."""


def first(document: DocumentFacts, name: str) -> str:
    """Return the first value of a name; empty where there is none."""
    return next((one.value for one in document.properties if one.name == name), "")


def by_kind(document: DocumentFacts) -> dict[TimeKind, Timestamp]:
    """Return the first time of each kind."""
    found: dict[TimeKind, Timestamp] = {}
    for stamp in document.timestamps:
        found.setdefault(stamp.kind, stamp)
    return found


def pairs(document: DocumentFacts) -> tuple[tuple[Timestamp, Timestamp], ...]:
    """Return the times that Word keeps in local time and in UTC: of creation, last save and last print."""
    times = by_kind(document)
    found = []
    for local, utc in _PAIRS:
        if local in times and utc in times:
            wall, instant = times[local].wall, times[utc].instant
            if isinstance(wall, int) and isinstance(instant, int) and min(wall, instant) >= _EARLIEST:
                found.append((times[local], times[utc]))
    return tuple(found)


def root_changed(document: DocumentFacts) -> Timestamp | None:
    """Return when the root was changed last, where that is known."""
    for stamp in document.timestamps:
        if stamp.kind is TimeKind.OLE_MODIFIED and stamp.index == 0 and isinstance(stamp.instant, int):
            return stamp
    return None


def program(document: DocumentFacts) -> str:
    """Return ``Word``, ``Excel`` or ``PowerPoint`` where a document names one for Windows, else nothing."""
    found = _PROGRAM.match(document.application)
    return found[1] if found else ""


def office_on_windows(document: DocumentFacts) -> bool:
    """Whether the property sets say that one of these programs wrote them on a 32-bit Windows."""
    return bool(program(document)) and _WINDOWS.fullmatch(first(document, "ole2.system")) is not None
