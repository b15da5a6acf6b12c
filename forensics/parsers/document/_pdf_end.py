"""Where a PDF file ends: after the last ``%%EOF`` that closes one of its own sections.

Each incremental update ends in ``startxref``, the place of its cross-reference data, and ``%%EOF``. A file put behind
another brings such lines of its own; they count from its own beginning, and so lead nowhere, or back.

Source: ISO 32000-1 7.5.5 (file trailer), 7.5.6 (incremental updates), annex F (linearized files).
"""

import re
from typing import NamedTuple

from forensics.intake.windows import Window
from forensics.model.byte_sources import ByteSource

_AHEAD = 1 << 18
_TRAILER = re.compile(rb"startxref[\x00\t\n\x0c\r ]{1,32}(\d{1,12})[\x00\t\n\x0c\r ]{1,32}%%EOF(?:\r\n|\n|\r)?")
_TRAILER_BYTES = 100
_SECTION = re.compile(
    rb"[\x00\t\n\x0c\r ]{0,16}(?:xref|\d{1,10}[\x00\t\n\x0c\r ]{1,8}\d{1,5}[\x00\t\n\x0c\r ]{1,8}obj)"
)
_MARK = b"%%EOF"


class End(NamedTuple):
    """Where a document ends."""

    at: int
    """First byte after its last ``%%EOF`` and line end."""
    certain: bool
    """Whether that closes a section whose cross-reference data stand where it says."""


def document_end(source: ByteSource, header: int) -> End | None:
    """Return where the document's last section ends, or ``None`` if no ``%%EOF`` stands in it.

    Args:
        source: the file.
        header: where ``%PDF-`` stands; offsets may be counted from there or from the beginning.
    """
    window, near = Window(source, _AHEAD), Window(source, 4096)
    end = None
    at = window.find(b"startxref", header, source.size)
    while at >= 0:
        match = _TRAILER.match(window.read(at, at + _TRAILER_BYTES))
        if match is not None and _leads(near, int(match[1]), header, end or 0):
            end = at + match.end()
        at = window.find(b"startxref", at + 9, source.size)
    return End(end, True) if end is not None else _last_mark(window, header)


def _leads(near: Window, offset: int, header: int, least: int) -> bool:
    """Whether cross-reference data stand at a stated offset, and behind the section before."""
    places = [place for place in {offset, offset + header} if least <= place and offset]
    return any(_SECTION.match(near.read(place, place + 48)) for place in places)


def _last_mark(window: Window, header: int) -> End | None:
    end, at = None, window.find(_MARK, header, window.source.size)
    while at >= 0:
        end = at + len(_MARK)
        at = window.find(_MARK, end, window.source.size)
    return None if end is None else End(end, False)
