"""The leaves of a MIME tree: decoded, digested, and kept where they or files in their text are items of their own.

Source: RFC 2045 6, RFC 2046 4.
"""

import hashlib
from typing import NamedTuple, Protocol

import msgspec

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice
from forensics.model.locations import Locator, Step, StepKind
from forensics.model.mail import MimePart
from forensics.parsers.mail import charsets, embedded, headers
from forensics.parsers.mail.entity import COPIED, DECODER_OF, Entity
from forensics.replay import base64, decoders, quoted_printable
from forensics.replay.uuencode import first_line, run, uudecode

_MESSAGE = frozenset(("message/rfc822", "message/global", "message/news"))
_STATEFUL = ("iso-2022", "utf-7", "utf-16", "utf-32", "hz", "unicode")
_WIDE = ("utf-16", "utf16", "utf_16", "utf-32", "utf32", "utf_32", "unicode")
_ITSELF = "copy/1"


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


class Item(NamedTuple):
    """A leaf that is an item of its own."""

    part: MimePart
    content: bytes | ByteSource | None
    end: int
    """First byte after what its decoder reads."""
    second: bool
    """Whether only the second of two readings has it."""


class InText(NamedTuple):
    """A file that stands inside a text."""

    around: Step
    """The layer that holds it."""
    place: int
    """Its position among the files of that layer."""
    file: embedded.Embedded


class LargeLeaf(NamedTuple):
    """What is known of a leaf that is not held in memory."""

    content: ByteSource | None
    """``None``: it could not be decoded or kept."""
    size: int
    sha256: str
    text_sha256: str


class Large(Protocol):
    """Decodes the leaves of a message of which not all is at hand (`forensics.parsers.mail.large_leaves`)."""

    def lacks(self, start: int, end: int) -> bool:
        """Whether not all of a range is at hand."""

    def leaf(self, start: int, end: int, decoder: str, *, is_text: bool) -> LargeLeaf | None:
        """Decode a leaf; ``None`` where all of it is at hand."""


class Leaves:
    """Reads the leaves of one message."""

    def __init__(self, data: bytes, notices: list[Notice]) -> None:
        self._data = data
        self._notices = notices
        self._seen: set[tuple[int, int, str]] = set()
        self.items: list[Item] = []
        """In the order of the message."""
        self.in_text: list[InText] = []
        self.decoded: dict[int, bytes] = {}
        """By its first byte what each text of the first reading decodes to, where it is encoded."""
        self.non_ascii = False
        self.charset = ""
        """Of the first text part that names one: raw 8-bit text in header fields is likely written in it too."""
        self.large: Large | None = None
        """Asked first where not all of the message is at hand."""
        self.aside = False
        """Whether they belong to a second reading: then each that the first lacks and that is not empty is an item."""

    def read(
        self,
        block: headers.Block,
        end: int,
        number: str,
        entity: Entity,
        media_type: str,
        boundary: bytes | None,
    ) -> MimePart:
        """Decode and digest one leaf."""
        encoding = entity.encoding
        decoder = DECODER_OF.get(encoding, _ITSELF)
        is_text = media_type.startswith(("text/", "message/"))
        large = self.large.leaf(block.body_start, end, decoder, is_text=is_text) if self.large else None
        if large:
            content, stop = decode(self._data[block.body_start : end], decoder).data, end
        elif decoder == _ITSELF:
            content, stop = self._data[block.body_start : end], end
            if encoding not in COPIED and entity.odd_encoding is None:
                text = "transfer encoding that is not known; read as it is"
                self._notice("mail.encoding_unknown", text, block.body_start, end)
        else:
            content, stop = self._content(block.body_start, end, decoder)
        charset = charset_found = ""
        if media_type.startswith("text/") and not self.aside:
            charset = self._charset(entity, content, block.body_start, end)
            charset_found = self.charset_found(content, charset)
            if decoder != _ITSELF:
                self.decoded[block.body_start] = content
        if large:
            sha256, text_sha256 = large.sha256, large.text_sha256
        elif is_text:
            sha256, text_sha256 = text_digests(content)
        else:
            sha256, text_sha256 = hashlib.sha256(content).hexdigest(), ""
        part = MimePart(
            number=number,
            start=block.start,
            body_start=block.body_start,
            end=end,
            headers=block.fields,
            media_type=media_type,
            boundary=boundary,
            charset=charset,
            charset_found=charset_found,
            encoding=encoding,
            disposition=entity.disposition,
            filename=entity.names[0] if entity.names else "",
            other_names=entity.names[1:],
            content_id=entity.content_id,
            decoder=decoder,
            size=large.size if large else len(content),
            stated_size=entity.size,
            size_written=entity.size_written,
            sha256=sha256,
            text_sha256=text_sha256,
            locator=Locator(ranges=((block.body_start, end),), path=f"part:{number or '1'}"),
        )
        self._keep(part, content, stop, large)
        return part

    def _charset(self, entity: Entity, content: bytes, start: int, end: int) -> str:
        """Return the charset that a text claims, lower case; empty: none."""
        if entity.content_type is None:
            return ""
        charset = entity.content_type.parameters.get("charset", "").lower()
        if charset and charsets.codec(self.charset) in ("", "ascii"):
            self.charset = charset
        if charset.startswith(_WIDE) and charsets.lacks_byte_order(content, charset):
            text = f"{charset} without a byte order mark, read as big-endian"
            self._notice("mail.byte_order", text, start, end)
        return charset

    def read_otherwise(self, part: MimePart, decoder: str) -> None:
        """Decode a leaf once more, by another transfer encoding."""
        large = self.large.leaf(part.body_start, part.end, decoder, is_text=False) if self.large else None
        if large:
            other = msgspec.structs.replace(part, decoder=decoder, size=large.size, sha256=large.sha256)
            self._keep(other, b"", part.end, large)
            return
        content, stop = self._content(part.body_start, part.end, decoder)
        sha256 = hashlib.sha256(content).hexdigest()
        self._keep(msgspec.structs.replace(part, decoder=decoder, size=len(content), sha256=sha256), content, stop)

    def files_outside(self, part: MimePart) -> None:
        """Find the files in what stands before and after the parts of a multipart."""
        for name, (start, end) in (("preamble", part.preamble), ("epilogue", part.epilogue)):
            if self.large and self.large.lacks(start, end):
                continue  # `Reader` says that it is not read
            if start < end and embedded.MARK.search(self._data, start, end) is not None:
                text = self._data[start:end]
                label = f"{part.number}.{name}" if part.number else name
                digest = hashlib.sha256(text).hexdigest()
                self._find_files(text, Step(kind=StepKind.STREAM, name=label, start=start, end=end, sha256=digest))

    def _notice(self, code: str, text: str, start: int, end: int, unread: int = 0) -> None:
        self._notices.append(Notice(code=code, text=text, locator=Locator(ranges=((start, end),)), unread=unread))

    def _content(self, start: int, end: int, decoder: str) -> tuple[bytes, int]:
        """Return a leaf's decoded bytes, and where its encoded ones end."""
        content = decode(self._data[start:end], decoder)
        for code, text, first, after, unread in content.faults:
            self._notice(code, text, start + first, start + after, unread)
        return content.data, start + content.stop

    def _keep(self, part: MimePart, content: bytes, stop: int, large: LargeLeaf | None = None) -> None:
        """Take a leaf for an item where it is one, and find the files in its text."""
        key = (part.body_start, part.end, part.decoder)
        if self.aside and (key in self._seen or not (large.size if large else content)):
            return
        self._seen.add(key)
        if self.aside or is_item(part):
            self.items.append(Item(part, large.content if large else content, stop, self.aside))
        if large:
            return
        media_type, start = part.media_type, part.body_start
        if part.decoder == "uuencode/2":
            # The first file is its content; others stand behind it.
            start, stop, content = stop, part.end, self._data[stop : part.end]
        elif part.decoder == "base64/2" and not media_type.startswith("text/"):
            return
        if embedded.MARK.search(content) is not None and not media_type.startswith("message/"):
            encoded = part.decoder != "uuencode/2"
            around = Step(
                kind=StepKind.MIME_PART,
                name=part.number or "1",
                start=start,
                end=stop,
                decoder=part.decoder if encoded else _ITSELF,
                sha256=part.sha256 if encoded else hashlib.sha256(content).hexdigest(),
            )
            self._find_files(content, around)

    def _find_files(self, text: bytes, around: Step) -> None:
        for place, file in enumerate(embedded.find(text)):
            self.in_text.append(InText(around, place, file))

    def charset_found(self, content: bytes, charset: str) -> str:
        """The charset that decodes a text, where it is not the one claimed; plain ASCII says nothing."""
        if content.isascii():
            if charset.startswith(_STATEFUL):
                self.non_ascii = True
            return ""
        self.non_ascii = True
        if charset and charsets.decode(content, charset) is not None:
            return ""
        return charsets.find_charset(content)


def is_message(part: MimePart) -> bool:
    """Whether a part holds an attached message."""
    return part.media_type in _MESSAGE


def is_item(part: MimePart) -> bool:
    """Whether a leaf is an item of its own: named, attached, or of another type than text/plain and text/html."""
    return (
        part.media_type not in ("text/plain", "text/html") or bool(part.filename) or part.disposition == "attachment"
    ) and not part.media_type.startswith("multipart/")


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
    return Content(read.content, read.stop, base64_faults(read, len(raw)))


def base64_faults(read: base64.Base64 | base64.InBlocks, size: int) -> tuple[Fault, ...]:
    """Return what was odd about *size* bytes of base64."""
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
    if read.stop < size:
        text = "behind the padding stands something that is no base64; not read"
        faults.append(Fault(code, text, read.stop, size, size - read.stop))
    return tuple(faults)


def _from_quoted_printable(raw: bytes) -> Content:
    read = quoted_printable.read(raw)
    return Content(read.content, len(raw), quoted_printable_faults(read, len(raw)))


def quoted_printable_faults(
    read: quoted_printable.QuotedPrintable | quoted_printable.InBlocks, size: int
) -> tuple[Fault, ...]:
    """Return what was odd about *size* bytes of quoted-printable."""
    if not read.malformed:
        return ()
    text = f"{read.malformed:,} escapes of quoted-printable that are none; kept as they are written"
    return (Fault("mail.quoted_printable_damaged", text, 0, size),)


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
