"""What rules and presence ask of the clocks inside a document: its own times, and what shows its age."""

import re
from collections.abc import Iterator

from forensics.model import compound_documents as compound
from forensics.model.documents import DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND, Fact, Timestamp
from forensics.model.time_kinds import TimeKind

AHEAD = 14 * 3600 * TICKS_PER_SECOND
"""How far a wall time without a zone may be behind UTC."""
_OWN = frozenset(
    (
        TimeKind.CORE_CREATED,
        TimeKind.CORE_MODIFIED,
        TimeKind.CORE_PRINTED,
        TimeKind.TRACKED_CHANGE,
        TimeKind.TRACKED_CHANGE_UTC,
        TimeKind.SESSION_CHANGE,
        TimeKind.COMMENT_UTC,
        TimeKind.COMMENT_LOCAL,
        TimeKind.PIVOT_REFRESHED,
        TimeKind.META_CREATED,
        TimeKind.META_MODIFIED,
        TimeKind.META_PRINTED,
        TimeKind.SUMMARY_CREATED,
        TimeKind.SUMMARY_SAVED,
        TimeKind.SUMMARY_PRINTED,
        TimeKind.DOP_CREATED,
        TimeKind.DOP_REVISED,
        TimeKind.DOP_PRINTED,
        TimeKind.OLE_MODIFIED,
        TimeKind.RTF_CREATED,
        TimeKind.RTF_REVISED,
        TimeKind.RTF_PRINTED,
    )
)
"""Times at which somebody worked on a document, as it says itself."""
_INNER = frozenset(
    (
        TimeKind.SESSION_CHANGE,
        TimeKind.COMMENT_UTC,
        TimeKind.COMMENT_LOCAL,
        TimeKind.LABEL_SET,
        TimeKind.PROPERTY_GUID,
    )
)
MARKS = (
    "ooxml.namespaces",
    "ooxml.theme_version",
    "ooxml.feature",
    "ooxml.function",
    "ooxml.font_declared",
    "ooxml.font_used",
    "ooxml.character",
    "ole2.font",
    "rtf.font",
)
"""Facts that show the age of a document."""
_EXCEL = re.compile(r"Microsoft Excel(?: Online)?")
_LAST_EDITED = "7"
_LAST_SAVED, _YEAR, _OFFICE_16 = "8", "1997", "16"
"""What old workbooks and presentations of Excel and PowerPoint 16 say of their version."""
BUILD_OFFSET = 10_000
"""Workbooks name a build so much higher than it is."""
FIRST_BUILD = 7_571
"""Of Office 16 whose release is known."""


def latest(document: DocumentFacts) -> tuple[Timestamp, int] | None:
    """Return the latest of the times at which somebody worked on a document, and the latest instant that it can be.

    Returns:
        ``None`` for a document without a creation or save time.
    """
    if not any(stamp is not None and isinstance(stamp.wall, int) for stamp in (document.created, document.modified)):
        return None
    found = [(stamp, _at(stamp)) for stamp in document.timestamps if stamp.kind in _OWN and isinstance(stamp.wall, int)]
    return max(found, key=lambda one: one[1], default=None)


def _at(stamp: Timestamp) -> int:
    if isinstance(stamp.instant, int):
        return stamp.instant
    return stamp.wall + AHEAD if isinstance(stamp.wall, int) else 0


def saved_at(document: DocumentFacts) -> int | None:
    """Return the instant of the last save; ``None``: it is not known."""
    saved = document.modified
    return saved.instant if saved is not None and isinstance(saved.instant, int) else None


def inner_times(document: DocumentFacts) -> list[Timestamp]:
    """Return the times of changes, comments and labels inside a document that are instants."""
    return [stamp for stamp in document.timestamps if stamp.kind in _INNER and isinstance(stamp.instant, int)]


def shows_births(document: DocumentFacts) -> bool:
    """Whether a document shows anything that tells its age."""
    return any(True for _ in shown(document))


def shown(document: DocumentFacts) -> Iterator[Fact]:
    """Yield what shows the age of a document."""
    return (one for one in document.properties if one.name in MARKS)


def build(document: DocumentFacts) -> tuple[Fact, int] | None:
    """Return the build that a document names, where it is one of Office 16 on Windows or the web.

    Returns:
        The fact, and the number as workbooks count: the build and 10,000.
    """
    if document.format.startswith("ole2"):
        return _old_build(document)
    said = {one.name: one for one in document.properties if one.name.startswith(("ooxml.workbook_", "ooxml.app"))}
    number, last, application = (
        said.get(f"ooxml.{name}") for name in ("workbook_build", "workbook_last_edited", "application")
    )
    if number is None or last is None or application is None or last.value != _LAST_EDITED:
        return None
    if not _EXCEL.fullmatch(application.value) or not number.value.isdigit() or len(number.value) > 6:
        return None
    return number, int(number.value)


def _old_build(document: DocumentFacts) -> tuple[Fact, int] | None:
    """Return the build that a workbook's first record, or a presentation's last save, names."""
    said = {one.name: one for one in document.properties if one.name.startswith(("xls.", "ppt.", "ole2.version"))}
    if not compound.office_on_windows(document):
        return None
    if (number := said.get("xls.build")) and (last := said.get("xls.last_saved")) and last.value == _LAST_SAVED:
        counted, _, year = number.value.partition("/")
        return (number, int(counted)) if year == _YEAR and int(counted) >= FIRST_BUILD + BUILD_OFFSET else None
    number, version = said.get("ppt.build"), said.get("ole2.version")
    if number is None or version is None or version.value.partition(".")[0] != _OFFICE_16:
        return None
    return (number, int(number.value) + BUILD_OFFSET) if int(number.value) >= FIRST_BUILD else None
