"""Facts of documents, images and archives."""

from collections.abc import Sequence

import msgspec

from forensics.model.document_signatures import DocumentSignature
from forensics.model.facts import ABSENT, Description, Fact, Located, Precision, Timestamp
from forensics.model.locations import unquote
from forensics.model.time_kinds import ZIP_LOCAL

DATED_FROM = 3_471_552_000_000_000
"""1981-01-01, in 100 ns since 1970: packing programs that know no time write the first days of DOS or of Unix."""
EXACT_TIMES = 12
"""Different times of an archive of which all being even is no chance."""
FINE = frozenset((Precision.SECOND, Precision.MILLISECOND, Precision.MICROSECOND, Precision.TICK))
"""Precisions of times of which half are odd seconds, unless something coarser had them before."""
UTF8_NAME = 1 << 11
"""Flag of a zip member whose name is UTF-8."""


class DocumentText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What tells copies of a document's text: of one that was read to its end."""

    words: int = 0
    """0: it has no text, or not all of it was read."""
    letters_sha256: str = ""
    """Of its letters and digits, small, those of other scripts that look alike as one; empty where there are few
    words."""
    words_sha256: str = ""
    """Of its words as they are written; empty likewise."""
    sketch: tuple[int, ...] = ()
    """Hashes of chunks of it, ascending: nearly equal texts share nearly all (``parsers/mail/sketch.py``)."""


NO_TEXT = DocumentText()


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
    signatures: tuple[DocumentSignature, ...] = ()
    """Digital signatures in it, in the order of its parts."""
    text: DocumentText = NO_TEXT
    """No parser states it: it is made of the parser's texts when the item is recorded."""


SAVES = frozenset(
    (
        "ooxml.revision",
        "ooxml.rsids",
        "odf.editing_cycles",
        "ole2.revision",
        "doc.revision",
        "rtf.version",
        "rtf.rsids",
    )
)
"""Names of properties that change with a save."""


class ArchiveMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of an archive as its header, or both of its headers, describe it."""

    index: int
    """Position in the archive's directory, or in the archive where it has none."""
    name: str
    """Percent-encoded raw name."""
    size: int
    stored_size: int
    """Bytes that it takes in the archive; of a member of a solid archive 0, for its bytes are not its own."""
    method: int | None = None
    """Of a zip member: number of its compression method."""
    flags: int | None = None
    """Of a zip member: its general purpose flags."""
    made_by: int | None = None
    """Of a zip member: version made by, host system in the high byte."""
    needed: int | None = None
    """Of a zip member: version needed to extract."""
    extras: tuple[int, ...] = ()
    """Of a zip member: ids of the extra fields in its central header, in their order."""
    local_extras: tuple[int, ...] = ()
    """The same in its local header."""
    listed_at: int | None = None
    """Of a zip member: offset of its header in the directory; ``None``: no directory lists it."""
    crc32: int | None = None
    """As stated; ``None``: the archive states none."""
    encrypted: bool
    header_start: int
    """Offset of its (local) header."""
    times: tuple[Timestamp, ...] = ()
    conflicts: tuple[Fact, ...] = ()
    """Fields in which two headers of it disagree."""
    said: tuple[Fact, ...] = ()
    """What else its header says: owner, mode, host system, method of compression, in the words of its format."""

    @property
    def packed(self) -> Timestamp | None:
        """Of a zip member: its time by the packer's clock and in its zone, as the directory has it; ``None``: none."""
        for stamp in self.times:
            if stamp.kind in ZIP_LOCAL:
                return stamp if isinstance(stamp.wall, int) else None
        return None

    @property
    def exact_times(self) -> tuple[Timestamp, ...]:
        """Its times of last change that could be exact to 100 ns."""
        return tuple(
            [
                stamp
                for stamp in self.times
                if stamp.precision is Precision.TICK
                and stamp.description is Description.MODIFICATION
                and isinstance(stamp.instant, int)
            ]
        )

    @property
    def fine_times(self) -> tuple[tuple[int, Timestamp], ...]:
        """Its times of last change that could be exact to a second or finer, with their readings."""
        found = []
        for stamp in self.times:
            at = stamp.instant if isinstance(stamp.instant, int) else stamp.wall
            if stamp.precision in FINE and stamp.description is Description.MODIFICATION and isinstance(at, int):
                found.append((at, stamp))
        return tuple(found)

    @property
    def coded_name(self) -> bool:
        """Of a listed zip member: whether its name has bytes outside ASCII and is not marked as UTF-8."""
        return (
            "%" in self.name
            and self.listed_at is not None
            and not (self.flags or 0) & UTF8_NAME
            and not (unquote(self.name).isascii())
        )

    @property
    def twice_dated(self) -> tuple[Timestamp, ...]:
        """Of a zip member: its time by the packer's clock, then all UTC times of the same change; empty: not both.

        Constants of programs that know no time are none.
        """
        if len(self.times) < 2 or (local := self.packed) is None or local.wall < DATED_FROM:  # type: ignore[operator]
            return ()
        utc = [
            stamp
            for stamp in self.times
            if stamp.description is Description.MODIFICATION
            and isinstance(stamp.instant, int)
            and stamp.instant >= DATED_FROM
        ]
        return (local, *utc) if utc else ()


class ArchiveFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an archive says of itself and its members."""

    format: str
    members: Sequence[ArchiveMember] = ()
    """In their order; of an archive with very many each may be made when it is asked for."""
    comment: bytes = b""
    gaps: tuple[tuple[int, int], ...] = ()
    """Ranges of the archive that no structure accounts for."""
    properties: tuple[Fact, ...] = ()
    """What it says of itself as a whole."""
    timestamps: tuple[Timestamp, ...] = ()
    """Times of it as a whole; those of its members stand with these."""
