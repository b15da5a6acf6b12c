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
_VERSION = re.compile(r"LibreOffice/([0-9]{1,2})\.([0-9]{1,2})")
_FINE_SINCE = (4, 1)
"""LibreOffice of which times have nine digits of a second: before it there were two or none."""
_FINE = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.,][0-9]{9}")
_OWN_FORM = re.compile(r"[0-9]+ members?: made by 20 on 0, needs 20, flags 0[08]0(?P<behind>[08]), dated, extra none")


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


def claims_writer(document: DocumentFacts) -> bool:
    """Whether an OpenDocument names LibreOffice or OpenOffice as the program that wrote it."""
    return document.format.startswith("odf") and _WRITERS.match(document.application) is not None


def package_forms(document: DocumentFacts) -> list[tuple[Fact, bool]]:
    """Return the forms of an OpenDocument's members, and whether LibreOffice and OpenOffice write such."""
    found = [one for one in document.properties if one.name == "odf.package_form"]
    matches = [_OWN_FORM.fullmatch(one.value) for one in found]
    # They write the size of all that they compress behind it; who writes it before would look like them otherwise.
    sized = any(match is not None and match["behind"] == "8" for match in matches)
    return [(one, match is not None and sized) for one, match in zip(found, matches, strict=True)]


def counted(document: DocumentFacts) -> tuple[Fact, int, int, int] | None:
    """Return how many characters a text states that it has, and the least and the most that can be counted in it."""
    for one in document.properties:
        if one.name == "odf.characters":
            stated, least, most = map(int, one.value.split())
            return one, stated, least, most
    return None


def is_fine(stamp: Timestamp) -> bool:
    """Whether a time is written as LibreOffice writes those of its own clock: nine digits of a second, no zone."""
    return _FINE.fullmatch(stamp.raw.strip()) is not None


def found_so(document: DocumentFacts) -> bool:
    """Whether neither time of a document is one of LibreOffice's clock, though it saved it: it found them so."""
    stamps = [stamp for stamp in (document.created, document.modified) if stamp is not None]
    return bool(stamps) and _has_digits(document) and not any(map(is_fine, stamps))


def fine_pair(document: DocumentFacts) -> tuple[Timestamp, Timestamp] | None:
    """Return creation and last save of a document that a LibreOffice of nine digits made and saved.

    Returns:
        ``None`` where its creation is not in that form: another program made the document, or an older version.
    """
    created, saved = document.created, document.modified
    if created is None or saved is None or not _has_digits(document) or not is_fine(created):
        return None
    return created, saved


def _has_digits(document: DocumentFacts) -> bool:
    """Whether an OpenDocument names a LibreOffice of nine digits."""
    version = _VERSION.match(document.application) if document.format.startswith("odf") else None
    return version is not None and (int(version[1]), int(version[2])) >= _FINE_SINCE


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
