"""What rules and presence ask of the times of an OpenDocument and of editing times."""

import re

from forensics.model.documents import DATED_FROM, DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND, Fact, Timestamp
from forensics.model.time_kinds import TimeKind

_WRITERS = re.compile(r"(?:LibreOffice|OpenOffice(?:\.org)?)/")
"""Programs that date the members of their packages in UTC, and the last save in local time [kb:ODF-2]."""
_EDITING = ("ooxml.total_time", "odf.editing_duration", "ole2.edit_time", "doc.minutes", "rtf.minutes")
_DURATION = re.compile(
    r"(?P<only>[0-9]{1,7})"
    r"|P(?:(?P<d>[0-9]{1,4})D)?(?:T(?:(?P<h>[0-9]{1,5})H)?(?:(?P<m>[0-9]{1,4})M)?(?:[0-9.,]{1,20}S)?)?"
)
"""Minutes in Office and Rich Text, a duration in OpenDocument and as old documents count it."""
_MINUTE = 60 * TICKS_PER_SECOND


def packed(document: DocumentFacts) -> tuple[Timestamp, Timestamp] | None:
    """Return when the package of an OpenDocument was written (UTC) and when it was saved (local), as wall times.

    Returns:
        ``None`` where either is not known, or another program than LibreOffice or OpenOffice wrote it.
    """
    saved = document.modified
    if not document.format.startswith("odf") or not _WRITERS.match(document.application):
        return None
    if saved is None or not isinstance(saved.wall, int) or isinstance(saved.instant, int):
        return None
    for stamp in document.timestamps:
        if stamp.kind is TimeKind.ODF_PACKED and isinstance(stamp.wall, int) and stamp.wall >= DATED_FROM:
            return stamp, saved
    return None


def edited(document: DocumentFacts) -> tuple[Fact, int] | None:
    """Return how long a document was worked on, as it says itself, and the length in 100 ns.

    Returns:
        ``None`` where it does not say, and of presentations of PowerPoint: they keep the sum of what they were made
        of.
    """
    if document.format.endswith(".powerpoint"):
        return None
    told = {one.name: one for one in reversed(document.properties) if one.name in _EDITING}
    for name in _EDITING:
        found = _DURATION.fullmatch(told[name].value.strip()) if name in told else None
        if found is not None:
            days, hours = int(found["d"] or 0), int(found["h"] or 0)
            minutes = int(found["only"] or 0) + int(found["m"] or 0)
            return told[name], (minutes + 60 * (hours + 24 * days)) * _MINUTE
    return None


def existed(document: DocumentFacts) -> int | None:
    """Return how long there was between a document's creation and its last save; ``None``: that is not known.

    Two wall times compare only where neither has an instant: one program wrote both.
    """
    created, saved = document.created, document.modified
    if created is None or saved is None or not isinstance(created.wall, int) or not isinstance(saved.wall, int):
        return None
    if isinstance(created.instant, int) and isinstance(saved.instant, int):
        return saved.instant - created.instant
    if isinstance(created.instant, int) or isinstance(saved.instant, int):
        return None
    return saved.wall - created.wall
