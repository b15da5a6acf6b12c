"""The leaves of a MIME tree: decoded, digested, and kept where they or files in their text are items of their own.

Source: RFC 2045, RFC 2046 4.
"""

import hashlib
from typing import NamedTuple

import msgspec

from forensics.model.items import Notice
from forensics.model.locations import Locator, Step, StepKind
from forensics.model.mail import MimePart
from forensics.parsers.mail import charsets, embedded, headers
from forensics.parsers.mail.content import decode, text_digests
from forensics.parsers.mail.entity import COPIED, DECODER_OF, Entity

_MESSAGE = frozenset(("message/rfc822", "message/global", "message/news"))
_STATEFUL = ("iso-2022", "utf-7", "utf-16", "utf-32", "hz", "unicode")
_WIDE = ("utf-16", "utf16", "utf_16", "utf-32", "utf32", "utf_32", "unicode")
_ITSELF = "copy/1"


class Item(NamedTuple):
    """A leaf that is an item of its own."""

    part: MimePart
    content: bytes
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


class Leaves:
    """Reads the leaves of one message."""

    def __init__(self, data: bytes, notices: list[Notice]) -> None:
        self._data = data
        self._notices = notices
        self._seen: set[tuple[int, int, str]] = set()
        self.items: list[Item] = []
        """In the order of the message."""
        self.in_text: list[InText] = []
        self.non_ascii = False
        self.charset = ""
        """Of the first text part that names one: raw 8-bit text in header fields is likely written in it too."""
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
        if decoder == _ITSELF:
            content, stop = self._data[block.body_start : end], end
            if encoding not in COPIED and entity.odd_encoding is None:
                text = "transfer encoding that is not known; read as it is"
                self._notice("mail.encoding_unknown", text, block.body_start, end)
        else:
            content, stop = self._content(block.body_start, end, decoder)
        charset = charset_found = ""
        if media_type.startswith("text/") and not self.aside:
            if entity.content_type is not None:
                charset = entity.content_type.parameters.get("charset", "").lower()
                if charset and charsets.codec(self.charset) in ("", "ascii"):
                    self.charset = charset
                if charset.startswith(_WIDE) and charsets.lacks_byte_order(content, charset):
                    text = f"{charset} without a byte order mark, read as big-endian"
                    self._notice("mail.byte_order", text, block.body_start, end)
            charset_found = self.charset_found(content, charset)
        if media_type.startswith(("text/", "message/")):
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
            size=len(content),
            stated_size=entity.size,
            size_written=entity.size_written,
            sha256=sha256,
            text_sha256=text_sha256,
            locator=Locator(ranges=((block.body_start, end),), path=f"part:{number or '1'}"),
        )
        self._keep(part, content, stop)
        return part

    def read_otherwise(self, part: MimePart, decoder: str) -> None:
        """Decode a leaf once more, by another transfer encoding."""
        content, stop = self._content(part.body_start, part.end, decoder)
        sha256 = hashlib.sha256(content).hexdigest()
        self._keep(msgspec.structs.replace(part, decoder=decoder, size=len(content), sha256=sha256), content, stop)

    def files_outside(self, part: MimePart) -> None:
        """Find the files in what stands before and after the parts of a multipart."""
        for name, (start, end) in (("preamble", part.preamble), ("epilogue", part.epilogue)):
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

    def _keep(self, part: MimePart, content: bytes, stop: int) -> None:
        """Take a leaf for an item where it is one, and find the files in its text."""
        key = (part.body_start, part.end, part.decoder)
        if self.aside and (key in self._seen or not content):
            return
        self._seen.add(key)
        if self.aside or is_item(part):
            self.items.append(Item(part, content, stop, self.aside))
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
