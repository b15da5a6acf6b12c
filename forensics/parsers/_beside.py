"""Bytes beside a format's own structure: what they look like, and an item of their own where a format opens them.

Source: the formats' own first bytes; trailers of cameras and picture programs after ExifTool's tag documentation.
"""

import hashlib
from typing import NamedTuple

from forensics.intake.windows import RangeBytes, blocks
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import ChildItem, Notice, Padding
from forensics.model.locations import Locator, Step, StepKind

FILLING = b"\0\t\n\x0c\r \x1a"
"""Bytes that say nothing where they stand alone: blanks, line ends, NUL, the end-of-file character of DOS."""
_BLOCK = 4096
HELD_BYTES = 16_000_000
"""A longer piece is read from its container, not copied."""

PICTURE = "a JPEG picture"
ZIP = "a zip archive"

_FORMATS = (
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (0, b"%PDF-", "a PDF document"),
    (0, b"\xff\xd8\xff", PICTURE),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (0, b"GIF87a", "a GIF picture"),
    (0, b"GIF89a", "a GIF picture"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (0, b"RIFF", "a RIFF file"),
    (4, b"ftyp", "a video or picture in an ISO media file, as motion photos have"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an OLE2 file, as Office and Outlook write"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"\x1f\x8b\x08", "a gzip stream"),
    (0, b"BZh", "a bzip2 stream"),
    (0, b"\xfd7zXZ\0", "an xz stream"),
    (0, b"MZ", "a Windows program"),
    (0, b"\x7fELF", "a program for Linux"),
    (0, b"SQLite format 3\0", "a database"),
    (0, b"<?xml", "an XML document"),
    (0, b"<!DOCTYPE", "a page"),
    (0, b"<html", "a page"),
)
"""Offset, bytes and name of formats that are items of their own."""
_OPENS = (
    (b"AXS!", "the trailer of a picture agency's program (AFCP)"),
    (b"CANON OPTIONAL DATA\0", "Canon's trailer (VRD)"),
    (b"vivo{", "Vivo's trailer"),
    (b"\x1b%-12345X", "commands to a printer"),
    (b"HTTP/1.", "the header of a download"),
)
_CLOSES = (
    (b"SEFT", "Samsung's trailer"),
    (b"cbipcbbl", "the trailer of Photo Mechanic"),
    (b"\xa1\xb2\xc3\xd4", "the trailer of FotoStation"),
    (b"AXS!\0\0\0\0", "the trailer of a picture agency's program (AFCP)"),
)
"""Trailers that are known by name, and whose content is not read."""


class Piece(NamedTuple):
    """Bytes beside a structure, filling before them left out."""

    start: int
    end: int
    kind: str
    """What they look like, in words; empty if that is not known."""
    item: bool
    """Whether they are an item of their own."""

    @property
    def words(self) -> str:
        """What they look like, for the end of a sentence."""
        return self.kind or "of no form that is known here"

    @property
    def unread(self) -> int:
        """Bytes that nothing reads."""
        return 0 if self.item else self.end - self.start


def piece(source: ByteSource, start: int, end: int) -> Piece | None:
    """Return what stands in ``start:end``, or ``None`` where that is nothing but filling."""
    least = start
    for block in blocks(source, start, end):
        rest = block.lstrip(FILLING)
        start += len(block) - len(rest)
        if rest:
            break
    else:
        return None
    if end - start <= _BLOCK and not source.read(start, end).strip(FILLING + b"\xff"):
        return None
    box = source.read(start, min(start + 8, end)).find(b"ftyp")
    if 0 < box < 4:  # the box's length before its name begins with NULs
        start = max(least, start + box - 4)
    head, tail = source.read(start, min(start + 32, end)), source.read(max(start, end - 12), end)
    for offset, opening, kind in _FORMATS:
        if head.startswith(opening, offset):
            return Piece(start, end, kind, True)
    kinds = [kind for opening, kind in _OPENS if head.startswith(opening)]
    kinds += [kind for closing, kind in _CLOSES if tail.endswith(closing)]
    if end == source.size and end % 512 == 0 and end - start < 2 * _BLOCK:
        kinds.append("leftover memory that fills a block, as PowerPoint's thumbnails have")
    return Piece(start, end, kinds[0] if kinds else "", False)


def filler(start: int, end: int, found: Piece | None) -> Padding:
    """Return the filling before the piece that stands in ``start:end``; all of it where none does."""
    return Padding(size=(found.start if found else end) - start, what="filler")


def notice(found: Piece, code: str, place: str) -> Notice:
    """Return the notice on a piece; *place* says in words where it stands: ``after the end of the picture``."""
    text = f"{found.end - found.start} bytes {place}: {found.words}"
    return Notice(code=code, text=text, locator=Locator(ranges=((found.start, found.end),)), unread=found.unread)


def child(source: ByteSource, found: Piece, name: str) -> ChildItem:
    """Return a piece as an item; *name* says where it stands, in one or two words."""
    size = found.end - found.start
    whole = RangeBytes(source, found.start, found.end)
    content: bytes | ByteSource = whole.read(0, size) if size <= HELD_BYTES else whole
    digest = hashlib.sha256()
    for block in blocks(MemoryBytes(content) if isinstance(content, bytes) else content, 0, size):
        digest.update(block)
    step = Step(kind=StepKind.STREAM, name=name, start=found.start, end=found.end, sha256=digest.hexdigest())
    return ChildItem(step=step, content=content)
