"""Table ``originals``: what the reference sources hold, narrow columns of each item that stands in no mail.

It is a table of its own so that nothing of a reference is ever judged, ranked, or counted among the archive's habits.
"""

import msgspec

from forensics.model.presence.message import KEPT_BY_STORE
from forensics.model.rows.documents import DocumentRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rows.times import TimeRow


class OriginalRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One place in a reference source where an item stands."""

    sha256: str
    size: int
    location: str
    """JSON text of a `Location`."""
    location_text: str
    source: str
    """Label of the reference source."""
    name: str
    media_type: str
    status: str
    reason: str
    depth: int
    parent_sha256: str
    mail: bool
    """Whether it is a mail; the columns below are then as in `messages`."""
    message_id: str = ""
    sender: str = ""
    """Address of From, lower case."""
    subject: str = ""
    instant: int | None = None
    """Of Date, 100 ns since 1970 UTC."""
    body_sha256: str = ""
    letters_sha256: str = ""
    stored: bool = False
    """Whether a store keeps it as properties."""
    document: bool = False
    """Whether it is a document or image; `letters_sha256` and the columns below are then as in `documents`."""
    format: str = ""
    words: int = 0
    sketch: list[int] = []
    created: int | None = None
    """Its own creation time, in UTC where that is known: 100 ns since 1970."""
    modified: int | None = None
    """Of its last save, likewise."""


def row_of(place: OccurrenceRow, message: MessageRow | None, document: DocumentRow | None = None) -> OriginalRow:
    """Make the row of an item.

    Args:
        place: where it stands.
        message: what it says, if it is a mail.
        document: what it says, if it is a document.
    """
    row = OriginalRow(
        sha256=place.sha256,
        size=place.size,
        location=place.location,
        location_text=place.location_text,
        source=place.source,
        name=place.name,
        media_type=place.media_type,
        status=place.status,
        reason=place.reason,
        depth=place.depth,
        parent_sha256=place.parent_sha256,
        mail=message is not None,
    )
    if document is not None:
        return _of_document(row, document)
    if message is None:
        return row
    return msgspec.structs.replace(
        row,
        message_id=message.message_id.value,
        sender=message.from_address.lower(),
        subject=message.subject.value,
        instant=message.date.instant if message.date is not None else None,
        body_sha256=message.body_sha256,
        letters_sha256=message.letters_sha256,
        stored=bool(message.mask & KEPT_BY_STORE),
    )


def _of_document(row: OriginalRow, document: DocumentRow) -> OriginalRow:
    return msgspec.structs.replace(
        row,
        document=True,
        letters_sha256=document.letters_sha256,
        format=document.format,
        words=document.words,
        sketch=document.sketch,
        created=_at(document.created),
        modified=_at(document.modified),
    )


def _at(time: TimeRow | None) -> int | None:
    if time is None:
        return None
    return time.wall if time.instant is None else time.instant
