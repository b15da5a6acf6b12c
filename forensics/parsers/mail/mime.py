"""The MIME tree with the range of every piece, for broken input too.

A multipart is cut at the delimiter lines of its own boundary, outermost first, so that a child that never ends does not
swallow its siblings. A multipart without usable delimiters stays one leaf. Nothing is moved or repaired: what fits
nowhere is preamble, epilogue or body.

Source: RFC 2045, RFC 2046 5.1.
"""

import hashlib
import re

from forensics.model.facts import Absence
from forensics.model.items import Limits, Notice
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, MimePart
from forensics.parsers import decoders
from forensics.parsers.mail import charsets, headers
from forensics.parsers.mail.parameters import ODD, Value, parse_value
from forensics.parsers.mail.words import decode_text

DECODER_OF = {
    "base64": "base64/1",
    "quoted-printable": "quoted-printable/1",
    **dict.fromkeys(("x-uuencode", "uuencode", "x-uue", "uue"), "uuencode/1"),
}
"""Transfer encoding to decoder; all others are copied."""
_COPIED = frozenset(("", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits"))
_MESSAGE = frozenset(("message/rfc822", "message/global", "message/news"))
_SEPARATOR = (b"From ", b">From ")
_STATEFUL = ("iso-2022", "utf-7", "utf-16", "utf-32", "hz", "unicode")
_BASE64_BODY = re.compile(rb"[A-Za-z0-9+/\s]*+=?\s*+=?\s*+")
_WIDE = ("utf-16", "utf16", "utf_16", "utf-32", "utf32", "utf_32", "unicode")
_OPEN, _CLOSE, _CUT = range(3)
_TYPE = re.compile(r"[^/]+/[^/]+")
_DELIMITER_REST = re.compile(rb"(--)?[ \t]*+(?:\r?\n|\r|\Z)")


class Reader:
    """Reads one message's tree; keeps what the message parser needs besides it."""

    def __init__(self, data: bytes, newline: bytes, limits: Limits) -> None:
        self.data = data
        self.newline = newline
        self.limits = limits
        self.notices: list[Notice] = []
        self.items: list[tuple[MimePart, bytes]] = []
        """Leaves that are items of their own, with their content, in order."""
        self.digest = Absence.NOT_PRESENT
        self.non_ascii = False
        self.count = 0
        self.charset = ""
        """Of the first text part that names one: raw 8-bit text in header fields is likely written in it too."""

    def notice(self, code: str, text: str, start: int, end: int, unread: int = 0) -> None:
        """Record something odd."""
        self.notices.append(Notice(code=code, text=text, locator=Locator(ranges=((start, end),)), unread=unread))

    def part(self, block: headers.Block, end: int, number: str, depth: int, default: str) -> MimePart:
        """Read one entity.

        Args:
            block: its header.
            end: first byte after it.
            number: part number, ``""`` for the message itself.
            depth: enclosing multiparts.
            default: media type without Content-Type (RFC 2046 5.1.5).
        """
        self.count += 1
        fields = _Fields(block.fields, self.charset)
        if fields.repeated is not None:
            text = "MIME field that stands twice; the first counts"
            self.notice("mail.field_repeated", text, fields.repeated.start, fields.repeated.end)
        if fields.doubts or fields.other_names:
            self.check_parameters(fields)
        content_type = fields.content_type
        media_type = default
        if content_type is not None:
            if _TYPE.fullmatch(content_type.value):
                media_type = content_type.value
            else:
                text = f"Content-Type that names no type; read as {default}"
                self.notice("mail.content_type", text, block.start, block.end)
        boundary = content_type.parameters.get("boundary") if content_type is not None else None
        raw_boundary = boundary.encode("utf-8") if boundary else None
        if media_type.startswith("multipart/"):
            cuts = self.delimiters(block.body_start, end, raw_boundary, depth)
            if cuts:
                return self.multipart(block, end, number, depth, fields, media_type, raw_boundary or b"", cuts)
        return self.leaf(block, end, number, fields, media_type, raw_boundary)

    def check_parameters(self, fields: "_Fields") -> None:
        """Notice what of the parameters can be read otherwise."""
        for field, value in fields.doubts:
            for kind, shown in value.odd.items():
                self.notice("mail.parameter_syntax", f"{ODD[kind]}: {shown}", field.start, field.end)
            for name in value.repeated:
                text = f"parameter {name[:100]} that is given more than once; the first counts"
                self.notice("mail.parameter_repeated", text, field.start, field.end)
        if fields.named is not None and any(_is_another(fields.filename, name) for name in fields.other_names):
            names = ", ".join([name[:100] for name in (fields.filename, *fields.other_names[:9])])
            text = f"several file names for one part; the first counts: {names}"
            self.notice("mail.names_differ", text, fields.named.start, fields.named.end)

    def delimiters(self, start: int, end: int, boundary: bytes | None, depth: int) -> list[tuple[int, int, int]]:
        """Delimiter lines as (start of line, end of line, kind), up to and with the closing one."""
        if not boundary:
            self.notice("mail.boundary_missing", "multipart without a boundary parameter", start, end)
            return []
        if depth >= self.limits.part_depth:
            self.notice("mail.part_depth", f"multiparts nested deeper than {depth}", start, end, end - start)
            return []
        cuts = self._find(start, end, boundary, exact=True) or self._find(start, end, boundary, exact=False)
        if not cuts:
            self.notice("mail.boundary_not_found", "multipart whose boundary does not occur", start, end)
        return cuts

    def _find(self, start: int, end: int, boundary: bytes, exact: bool) -> list[tuple[int, int, int]]:
        data, mark = self.data, b"--" + boundary
        cuts: list[tuple[int, int, int]] = []
        newline = self.newline[0]
        position = data.find(mark, start, end)
        while position >= 0:
            after = position + len(mark)
            if position == start or data[position - 1] == newline:
                rest = _DELIMITER_REST.match(data, after, end)
                if rest is not None or not exact:
                    closing = data.startswith(b"--", after, end)
                    if rest is not None:
                        line_end = rest.end()
                    else:
                        line_end = data.find(self.newline, after, end) + 1 or end
                    if not closing and self.count + len(cuts) > self.limits.parts:
                        self.notice("mail.parts", "more parts than the limit", position, end, end - position)
                        break
                    # an opening delimiter as the very last thing, before the message was cut, opens no part
                    last = closing or (line_end == end and bool(cuts))
                    cuts.append((position, line_end, _CLOSE if closing else _CUT if last else _OPEN))
                    if last:
                        break
                    after = line_end
            position = data.find(mark, after, end)
        return cuts

    def multipart(
        self,
        block: headers.Block,
        end: int,
        number: str,
        depth: int,
        fields: "_Fields",
        media_type: str,
        boundary: bytes,
        cuts: list[tuple[int, int, int]],
    ) -> MimePart:
        """Read the parts between delimiter lines."""
        default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
        closed = cuts[-1][2] == _CLOSE
        parts: list[MimePart] = []
        prefix = number + "." if number else ""
        last = len(cuts) - 1
        for place, (_, begin, kind) in enumerate(cuts):
            if kind != _OPEN:
                break
            stop = self.before(cuts[place + 1][0], begin) if place < last else end
            inner = headers.split(self.data, begin, stop, self.newline, self.limits.header_fields)
            self.check_block(inner)
            parts.append(self.part(inner, stop, f"{prefix}{place + 1}", depth + 1, default))
        if not closed:
            self.notice("mail.not_closed", "multipart without its closing delimiter", end, end)
        return MimePart(
            number=number,
            start=block.start,
            body_start=block.body_start,
            end=end,
            headers=block.fields,
            media_type=media_type,
            boundary=boundary,
            encoding=fields.encoding,
            disposition=fields.disposition,
            filename=fields.filename,
            content_id=fields.content_id,
            parts=tuple(parts),
            preamble=(block.body_start, self.before(cuts[0][0], block.body_start)),
            epilogue=(cuts[-1][1], end) if closed else (end, end),
            closed=closed,
        )

    def before(self, delimiter: int, floor: int) -> int:
        """Where the piece before a delimiter line ends: the line end before it belongs to the delimiter."""
        if delimiter <= floor:
            return floor
        end = delimiter - 1
        if end > floor and self.newline == b"\n" and self.data[end - 1] == 0x0D:
            end -= 1
        return end

    def check_block(self, block: headers.Block) -> None:
        """Notice what was odd about a header block."""
        if block.junk:
            for field in block.fields:
                if not field.name and not (field.start == 0 and field.raw.startswith(_SEPARATOR)):
                    self.notice("mail.junk_in_header", "line in the header that is no field", field.start, field.end)
        if block.cut:
            text = "more header fields than the limit; the rest is kept unread"
            self.notice("mail.header_fields", text, block.end - block.cut, block.end, block.cut)

    def leaf(
        self,
        block: headers.Block,
        end: int,
        number: str,
        fields: "_Fields",
        media_type: str,
        boundary: bytes | None,
    ) -> MimePart:
        """Decode and digest one leaf."""
        encoding = fields.encoding
        decoder = DECODER_OF.get(encoding, "copy/1")
        raw = self.data[block.body_start : end]
        content = raw
        if decoder != "copy/1":
            if decoder == "base64/1" and _BASE64_BODY.fullmatch(raw) is None:
                self.notice("mail.base64_damaged", "characters in base64 that are none of it", block.body_start, end)
            content = decoders.DECODERS[decoder](raw)
        elif encoding not in _COPIED:
            text = "transfer encoding that is not known; read as it is"
            self.notice("mail.encoding_unknown", text, block.body_start, end)
        charset = charset_found = ""
        if media_type.startswith("text/"):
            if fields.content_type is not None:
                charset = fields.content_type.parameters.get("charset", "").lower()
                if charset and charsets.codec(self.charset) in ("", "ascii"):
                    self.charset = charset
                if charset.startswith(_WIDE) and charsets.lacks_byte_order(content, charset):
                    text = f"{charset} without a byte order mark, read as big-endian"
                    self.notice("mail.byte_order", text, block.body_start, end)
            charset_found = self.charset_found(content, charset)
        if media_type.startswith(("text/", "message/")):
            sha256, text_sha256 = _text_digests(content)
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
            disposition=fields.disposition,
            filename=fields.filename,
            other_names=fields.other_names,
            content_id=fields.content_id,
            decoder=decoder,
            size=len(content),
            stated_size=fields.size,
            sha256=sha256,
            text_sha256=text_sha256,
        )
        if is_item(part):
            self.items.append((part, content))
        return part

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


class _Fields:
    """The MIME fields of one entity; of equal fields the first counts."""

    __slots__ = (
        "content_id",
        "content_type",
        "disposition",
        "doubts",
        "encoding",
        "filename",
        "named",
        "other_names",
        "repeated",
        "size",
    )

    def __init__(self, fields: tuple[HeaderField, ...], charset: str) -> None:
        self.content_type: Value | None = None
        self.encoding = self.disposition = self.filename = self.content_id = ""
        self.repeated: HeaderField | None = None
        self.size: int | None = None
        self.doubts: list[tuple[HeaderField, Value]] = []
        """Fields whose parameters can be read otherwise."""
        self.named: HeaderField | None = None
        """The last field that names the file."""
        self.other_names: tuple[str, ...] = ()
        names: list[str] = []
        seen: set[str] = set()
        for field in fields:
            key = field.key
            if key[:8] != "content-":
                continue
            if key in seen:
                self.repeated = field
                continue
            seen.add(key)
            if key == "content-type":
                value = self.content_type = self.value(field, charset)
                if "name" in value.parameters and self.named is None:
                    self.named = field
                names += value.others.get("name", ())
            elif key == "content-transfer-encoding":
                self.encoding = parse_value(field.body).value
            elif key == "content-disposition":
                named = self.value(field, charset)
                self.disposition = named.value
                self.filename = named.parameters.get("filename", "")
                if "filename" in named.parameters:
                    self.named = field
                names += named.others.get("filename", ())
                stated = named.parameters.get("size", "")
                if stated.isdecimal() and len(stated) < 16:
                    self.size = int(stated)
            elif key == "content-id":
                self.content_id = decode_text(field.body).strip("<>")
        name = self.content_type.parameters.get("name", "") if self.content_type is not None else ""
        self.filename = self.filename or name
        if names or name != self.filename:
            self.other_names = tuple(dict.fromkeys([one for one in (name, *names) if one not in ("", self.filename)]))

    def value(self, field: HeaderField, charset: str) -> Value:
        """Read a field with parameters, and keep it where it can be read otherwise."""
        body = field.body
        value = parse_value(body) if body.isascii() and b"\x0e" not in body else parse_value(body, charset)
        if value.odd or value.repeated:
            self.doubts.append((field, value))
        return value


def _is_another(name: str, other: str) -> bool:
    """Whether a further name says more than one without its extension, or without what ASCII lacks."""
    (stem, _, extension), (other_stem, _, other_extension) = name.rpartition("."), other.rpartition(".")
    if extension.lower() == other_extension.lower():
        return name.isascii() and other.isascii() and name.split() != other.split()
    return name != other_stem and other != stem


def is_message(part: MimePart) -> bool:
    """Whether a part holds an attached message."""
    return part.media_type in _MESSAGE


def _text_digests(content: bytes) -> tuple[str, str]:
    """Digest of a text, and of it with LF line ends and none at the end; the bytes they share are hashed once."""
    if b"\r" in content:
        lines = content.replace(b"\r\n", b"\n").rstrip(b"\n")
        return hashlib.sha256(content).hexdigest(), hashlib.sha256(lines).hexdigest()
    lines = content.rstrip(b"\n")
    running = hashlib.sha256(lines)
    text = running.hexdigest()
    running.update(content[len(lines) :])
    return running.hexdigest(), text


def is_item(part: MimePart) -> bool:
    """Whether a leaf is an item of its own: named, attached, or of another type than text/plain and text/html."""
    return (
        part.media_type not in ("text/plain", "text/html") or bool(part.filename) or part.disposition == "attachment"
    ) and not part.media_type.startswith("multipart/")
