"""Bodies of Outlook messages in Rich Text: decompressed, and the HTML or plain text that they were made from.

Source: [MS-OXRTFCP], [MS-OXRTFEX] 2.1 and 3.1.
"""

import zlib
from typing import NamedTuple

from forensics.model.items import Notice
from forensics.replay import rtf_encapsulated
from forensics.replay.rtf_compressed import COMPRESSED, HEADER_BYTES, PLAIN, read_body, stated_end

DECODER, INNER_DECODER = "rtf-compressed/1", "rtf-encapsulated/1"
"""Of steps to the Rich Text, and from there to what was encapsulated in it, in UTF-8."""

_COUNTED = 12
"""Bytes of the header behind the first size, which some libraries count into the second."""


class Decompressed(NamedTuple):
    """A body as Rich Text."""

    rtf: bytes
    """Of a damaged one what came before the damage."""
    whole: bool
    """Whether all of it was decoded."""
    notices: tuple[Notice, ...]
    """Without place: the caller knows where the value stands."""


class Encapsulated(NamedTuple):
    """What Rich Text was made from."""

    kind: str
    """``html`` or ``text``."""
    text: str
    """Decoded by the code pages of the fonts; U+FFFD for what is not of them."""
    notices: tuple[Notice, ...]
    replayable: bool = True
    """Whether its decoder gives it: else a library did, of Rich Text that says only what it shows."""


def decompress(data: bytes, limit: int) -> Decompressed:
    """Decompress a body (PidTagRtfCompressed); sizes and checksum that lie are told and otherwise without effect.

    Args:
        data: the value with its header.
        limit: bytes beyond which it is left.
    """
    if len(data) < HEADER_BYTES:
        text = f"compressed text of {len(data)} bytes, its header has {HEADER_BYTES}"
        return Decompressed(b"", not data, (Notice(code="rtf.header", text=text, unread=len(data)),) if data else ())
    kind = data[8:12]
    if kind not in (COMPRESSED, PLAIN):
        text = f"compressed text of unknown kind {kind.hex()}"
        return Decompressed(b"", False, (Notice(code="rtf.header", text=text, unread=len(data)),))
    body = read_body(data, limit)
    notices = []
    if body.limited:
        text = f"compressed text of more than {limit} bytes: the rest is not decoded"
        notices.append(Notice(code="rtf.limit", text=text, unread=len(data) - HEADER_BYTES - body.consumed))
    elif not body.ended:
        notices.append(Notice(code="rtf.damaged", text="compressed text ends without its end mark"))
    notices += _sizes(data, body.data, HEADER_BYTES + body.consumed) if not body.limited else []
    notices += _checksum(data, kind)
    return Decompressed(body.data, body.ended, tuple(notices))


def _sizes(data: bytes, rtf: bytes, end: int) -> list[Notice]:
    """Return what is odd about the two sizes that a header states."""
    stated, raw = int.from_bytes(data[:4], "little") + 4, int.from_bytes(data[4:8], "little")
    found = []
    if stated != len(data):
        text = f"compressed text states {stated} bytes, {len(data)} are there"
        found.append(Notice(code="rtf.size", text=text))
    if raw == len(rtf) + _COUNTED:
        text = f"compressed text states {raw} bytes, {_COUNTED} more than it has: some libraries count of its header"
        found.append(Notice(code="rtf.library_size", text=text))
    elif raw != len(rtf):
        found.append(Notice(code="rtf.size", text=f"compressed text decodes to {len(rtf)} bytes, it states {raw}"))
    if end < len(data):
        text = f"{len(data) - end} bytes after the end of compressed text"
        found.append(Notice(code="rtf.surplus", text=text, unread=len(data) - end))
    return found


def _checksum(data: bytes, kind: bytes) -> list[Notice]:
    stated = int.from_bytes(data[12:16], "little")
    computed = checksum(data[HEADER_BYTES : stated_end(data)]) if kind == COMPRESSED else 0
    if stated == computed:
        return []
    text = f"checksum of compressed text is {computed:08x}, stated {stated:08x}"
    return [Notice(code="rtf.checksum", text=text)]


def checksum(data: bytes) -> int:
    """Return the CRC of [MS-OXRTFCP] 2.1.3.2: the usual one, but neither begun nor ended with all ones."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def de_encapsulate(rtf: bytes) -> Encapsulated | None:
    """Return the HTML or plain text that Rich Text was made from; ``None``: it does not say so."""
    found = rtf_encapsulated.de_encapsulate(rtf)
    if found is None:
        return None
    notices = []
    if found.too_deep:
        text = f"Rich Text with groups deeper than {rtf_encapsulated.MAX_DEPTH}: deeper ones are read as part of these"
        notices.append(Notice(code="rtf.depth", text=text))
    if found.cut_off:
        notices.append(Notice(code="rtf.groups", text="Rich Text ends within a group"))
    return Encapsulated(found.kind, found.text, tuple(notices))
