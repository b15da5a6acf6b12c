"""Facts of documents, images and archives."""

import msgspec

from forensics.model.facts import ABSENT, Fact, Located, Timestamp


class DocumentFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a document or image says of itself."""

    format: str
    """Format id: the parser's, or finer (``ooxml.word``)."""
    media_type: str = ""
    """Media type where the parser's format has several; empty: the format's first."""
    properties: tuple[Fact, ...] = ()
    timestamps: tuple[Timestamp, ...] = ()
    author: Located = ABSENT
    """Original author (dc:creator, meta:initial-creator, PDF Author, EXIF Artist), as the property that says so."""
    last_author: Located = ABSENT
    """Who saved it last (cp:lastModifiedBy, ODF dc:creator); not every format knows."""
    application: str = ""
    """Program that wrote it last, as it names itself."""
    created: Timestamp | None = None
    """The format's own creation time (also in ``timestamps``)."""
    modified: Timestamp | None = None
    """The format's own last-saved time (also in ``timestamps``)."""


class ArchiveMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of an archive as both of its headers describe it."""

    index: int
    """Position in the central directory."""
    name: str
    """Percent-encoded raw name."""
    size: int
    stored_size: int
    method: int
    flags: int
    made_by: int
    """Version made by, host system in the high byte."""
    crc32: int
    encrypted: bool
    header_start: int
    """Offset of the local header."""
    times: tuple[Timestamp, ...] = ()
    conflicts: tuple[Fact, ...] = ()
    """Fields in which local and central header disagree."""


class ArchiveFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an archive says of itself and its members."""

    format: str
    members: tuple[ArchiveMember, ...] = ()
    comment: bytes = b""
    gaps: tuple[tuple[int, int], ...] = ()
    """Ranges of the archive that no structure accounts for."""
