"""The content of one leaf: its transfer encoding undone, what was odd about it, its digests.

Source: RFC 2045 6.
"""

import hashlib
from typing import NamedTuple

from forensics.parsers.mail import embedded
from forensics.replay import base64, decoders, quoted_printable
from forensics.replay.uuencode import first_line, run, uudecode


class Fault(NamedTuple):
    """Something odd about encoded bytes."""

    code: str
    text: str
    start: int
    """First byte, from the leaf's first one."""
    end: int
    unread: int = 0


class Content(NamedTuple):
    """A leaf's bytes, decoded."""

    data: bytes
    stop: int
    """First encoded byte after what the decoder was given."""
    faults: tuple[Fault, ...] = ()


def decode(raw: bytes, decoder: str) -> Content:
    """Undo a transfer encoding.

    Args:
        raw: the leaf's bytes.
        decoder: of `forensics.replay.decoders`.
    """
    if decoder == "copy/1":
        return Content(raw, len(raw))
    if decoder == "base64/2":
        return _from_base64(raw)
    if decoder == "quoted-printable/2":
        return _from_quoted_printable(raw)
    if decoder == "uuencode/2":
        return _from_uuencode(raw)
    return Content(decoders.DECODERS[decoder].whole(raw), len(raw))


def _from_base64(raw: bytes) -> Content:
    read = base64.read(raw)
    if not (read.foreign or read.torn or read.pieces > 1 or read.stop < len(raw)):
        return Content(read.content, len(raw))
    code, faults = "mail.base64_damaged", []
    if read.foreign:
        text = f"{read.foreign:,} characters that are none of base64 are left out"
        faults.append(Fault(code, text, 0, read.stop))
    if read.pieces > 1:
        text = f"base64 in {read.pieces:,} padded pieces, read one after the other"
        faults.append(Fault(code, text, 0, read.stop))
    if read.torn:
        text = f"base64 that ends inside a group: {read.torn} of 4 characters, no padding"
        faults.append(Fault(code, text, 0, read.stop))
    if read.stop < len(raw):
        text = "behind the padding stands something that is no base64; not read"
        faults.append(Fault(code, text, read.stop, len(raw), len(raw) - read.stop))
    return Content(read.content, read.stop, tuple(faults))


def _from_quoted_printable(raw: bytes) -> Content:
    read = quoted_printable.read(raw)
    if not read.malformed:
        return Content(read.content, len(raw))
    text = f"{read.malformed:,} escapes of quoted-printable that are none; kept as they are written"
    return Content(read.content, len(raw), (Fault("mail.quoted_printable_damaged", text, 0, len(raw)),))


def _from_uuencode(raw: bytes) -> Content:
    """Where several files stand in one part the first is its content; the others are found like those in a text."""
    code, first = "mail.uuencode_damaged", first_line(raw)
    content = uudecode(raw)
    if not raw.strip():
        return Content(b"", len(raw))
    if first is None:
        text = "uuencode without its first line; every line that is code is read"
        return Content(content, len(raw), (Fault(code, text, 0, len(raw)),))
    lines = run(raw, first[1])
    if not lines.ended:
        return Content(content, len(raw), (Fault(code, "uuencode without its last line", first[0], len(raw)),))
    faults = []
    if lines.bad:
        text = f"{lines.bad:,} lines in uuencode that are no code are left out"
        faults.append(Fault(code, text, first[0], lines.end))
    rest = raw[lines.end :]
    others = sum([file.after - file.start for file in embedded.find(rest)])
    around = len(raw[: first[0]].strip()) + max(0, len(rest.strip()) - others)
    if around:
        faults.append(Fault(code, "text around a uuencoded file; not read", 0, len(raw), around))
    return Content(content, lines.end, tuple(faults))


def text_digests(content: bytes) -> tuple[str, str]:
    """Digest of a text, and of it with LF line ends and none at the end; the bytes they share are hashed once."""
    if b"\r" in content:
        lines = content.replace(b"\r\n", b"\n").rstrip(b"\n")
        return hashlib.sha256(content).hexdigest(), hashlib.sha256(lines).hexdigest()
    lines = content.rstrip(b"\n")
    running = hashlib.sha256(lines)
    text = running.hexdigest()
    running.update(content[len(lines) :])
    return running.hexdigest(), text
