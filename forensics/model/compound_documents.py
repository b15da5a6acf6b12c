"""What rules and presence ask of an Office document in a compound file."""

import re

from forensics.model.documents import DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND, Fact, Timestamp
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
_MAC = re.compile(r"0x0001([0-9A-F]{2})(0A|0[B-F]|[1-9A-F][0-9A-F])")
"""System numbers of Mac OS 10 and later: the second number of its version, then the first."""
WORD_97, WORD_MARK = "0x00C1", "0x6A62"
"""Form of documents of Word 97 and later; what Word writes there as its own mark (WPS and OpenOffice have others)."""
_WORD_OLDEST, _WRITTEN_IN_BITS = 8, 13
EXCEL = {"0": 8, "1": 9, "2": 10, "3": 11, "4": 12, "6": 14, "7": 15, "8": 16}
"""Last version that saved a workbook, as its first record counts them, to major versions of Excel."""


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


def word_major(document: DocumentFacts) -> tuple[Fact, int] | None:
    """Return the major version of Word that a document's own stream says saved it; ``None``: none, or another program.

    Three bits count from Word 97 (8.0) on, so that Word 16 has the number of Word 97, but another form.
    """
    said = {one.name: one for one in document.properties if one.name.startswith("doc.")}
    product, newer = said.get("doc.product"), first(document, "doc.version_new")
    if product is None or first(document, "doc.writer") != WORD_MARK or first(document, "doc.version") != WORD_97:
        return None
    try:
        major = _WORD_OLDEST + (int(product.value, 16) >> _WRITTEN_IN_BITS)
    except ValueError:
        return None
    if major == _WORD_OLDEST and newer:
        return (product, 16) if newer == "0x0112" else None
    return product, major


def excel_major(document: DocumentFacts) -> tuple[Fact, int] | None:
    """Return the major version of Excel that a workbook's first record says saved it; ``None``: it says none known."""
    last = next((one for one in document.properties if one.name == "xls.last_saved"), None)
    return (last, EXCEL[last.value]) if last is not None and last.value in EXCEL else None


def mac_system(number: str) -> str:
    """Return the version of macOS that the number in a property set stands for (``10.13``); empty: it is no such."""
    found = _MAC.fullmatch(number)
    return f"{int(found[2], 16)}.{int(found[1], 16)}" if found else ""
