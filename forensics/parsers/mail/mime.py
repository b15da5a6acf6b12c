"""The MIME tree with the range of every piece, for broken input too.

A multipart is cut at the delimiter lines of its own boundary, outermost first, so that a child that never ends does not
swallow its siblings. A multipart without usable delimiters stays one leaf. Nothing is moved or repaired: what fits
nowhere is preamble, epilogue or body.

Source: RFC 2045, RFC 2046 5.1.
"""

import re
from collections.abc import Callable
from functools import partial

from forensics.model.items import Limits, Notice
from forensics.model.locations import Locator
from forensics.model.mail import MimePart
from forensics.parsers.mail import delimiters, headers
from forensics.parsers.mail.delimiters import CLOSE, OPEN, Delimiter, Delimiters
from forensics.parsers.mail.entity import Entity
from forensics.parsers.mail.leaves import Leaves
from forensics.parsers.mail.parameters import ODD

READINGS = 16
"""Places of one message that are read in a second way."""
_SEPARATOR = (b"From ", b">From ")
OUTSIDE = 1_000
"""Bytes before or after the parts of a multipart beyond which they are no notes of programs or footers of lists."""
_KNOWN_TYPES = ("text/", "image/", "audio/", "video/", "application/", "message/", "font/", "model/")
_LINE = re.compile(rb"[^\r\n]{0,1000}")
_BARE_CR = re.compile(rb"\r(?!\r{0,2}\n)")


class Reader:
    """Reads one message's tree; keeps what the message parser needs besides it."""

    def __init__(self, data: bytes, newline: bytes, limits: Limits) -> None:
        self.data = data
        self.newline = newline
        self.limits = limits
        self.notices: list[Notice] = []
        self.leaves = Leaves(data, self.notices)
        self.count = 0
        self._readings = 0
        self._boundaries: set[bytes] = set()
        self._deep = False
        """Whether inner boundaries are not known, since the limit of nesting was met."""

    def notice(self, code: str, text: str, start: int, end: int, unread: int = 0) -> None:
        """Record something odd about the structure; of a second reading it was said what it reads."""
        if not self.leaves.aside:
            self.notices.append(Notice(code=code, text=text, locator=Locator(ranges=((start, end),)), unread=unread))

    def message(self, size: int) -> MimePart:
        """Read the message itself, which has *size* bytes in all."""
        block = headers.of_message(self.data, self.newline, self.limits.header_fields)
        self.check_block(block)
        self._check_bytes(size)
        return self.part(block, len(self.data), "", 0, "text/plain")

    def _check_bytes(self, size: int) -> None:
        read = len(self.data)
        if size > read:
            text = "message larger than the limit; the rest is not read"
            self.notice("mail.memory_bytes", text, read, size, size - read)
        if not read:
            self.notice("mail.empty", "no bytes at all", 0, 0)
        if self.newline == b"\r":
            self.notice("mail.bare_cr", "lines end at bare CR", 0, read)
        nul = self.data.find(b"\0")
        if nul >= 0:
            self.notice("mail.nul", "NUL bytes in the message", nul, nul + 1)

    def again(self, read: Callable[[], object]) -> None:
        """Read a place in its second way: leaves that the first reading does not have become items of their own."""
        if self.leaves.aside:
            return
        if self._readings == READINGS:
            self.notices.append(Notice(code="mail.readings", text="more places with two readings than the limit"))
        self._readings += 1
        if self._readings > READINGS:
            return
        count, self.leaves.aside = self.count, True
        try:
            read()
        finally:
            self.count, self.leaves.aside = count, False

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
        entity = Entity(block.fields, self.leaves.charset)
        if entity.is_odd:
            self._check_entity(entity)
        if self.newline == b"\n" and self.data.find(b"\r", block.start, block.end) >= 0:
            self._bare_cr(block, end, number, depth, default)
        media_type = entity.media_type
        if not media_type:
            media_type = default
            if entity.content_type is not None:
                text = f"Content-Type that names no type; read as {default}"
                self.notice("mail.content_type", text, block.start, block.end)
        boundary = None
        if entity.boundaries:
            boundary = entity.boundaries[0]
            self._boundaries.update(entity.boundaries)
        if media_type.startswith("multipart/"):
            found = self._delimiters(block.body_start, end, boundary, depth)
            if found is not None:
                return self._multipart(block, end, number, depth, entity, media_type, found)
        part = self.leaves.read(block, end, number, entity, media_type, boundary)
        for decoder in entity.encodings:
            self.again(partial(self.leaves.read_otherwise, part, decoder))
        if boundary is not None or not entity.media_type.startswith(_KNOWN_TYPES):
            self._parts_of_leaf(block, end, number, depth, entity)
        return part

    def _delimiters(self, start: int, end: int, boundary: bytes | None, depth: int) -> Delimiters | None:
        if not boundary:
            self.notice("mail.boundary_missing", "multipart without a boundary parameter", start, end)
            return None
        if depth >= self.limits.part_depth:
            self._deep = True
            self.notice("mail.part_depth", f"multiparts nested deeper than {depth}", start, end, end - start)
            return None
        found = self._find(start, end, boundary)
        if not found.lines:
            self.notice("mail.boundary_not_found", "multipart whose boundary does not occur", start, end)
            return None
        self._check_limit(found, end)
        return found

    def _check_limit(self, found: Delimiters, end: int) -> None:
        if (limit := found.limit) is not None:
            self.notice("mail.parts", "more parts than the limit", limit, end, end - limit)

    def _find(self, start: int, end: int, boundary: bytes, *, through: bool = False) -> Delimiters:
        most = self.limits.parts - self.count
        return delimiters.find(self.data, self.newline, start, end, boundary, most, through=through)

    def _multipart(
        self,
        block: headers.Block,
        end: int,
        number: str,
        depth: int,
        entity: Entity,
        media_type: str,
        found: Delimiters,
    ) -> MimePart:
        """Read the parts between delimiter lines."""
        lines = found.lines
        default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
        closed = lines[-1].kind == CLOSE
        parts = self._parts(lines, end, number, depth, default)
        if not closed:
            self.notice("mail.not_closed", "multipart without its closing delimiter", end, end)
        part = MimePart(
            number=number,
            start=block.start,
            body_start=block.body_start,
            end=end,
            headers=block.fields,
            media_type=media_type,
            boundary=entity.boundaries[0],
            encoding=entity.encoding,
            disposition=entity.disposition,
            filename=entity.names[0] if entity.names else "",
            content_id=entity.content_id,
            parts=tuple(parts),
            preamble=(block.body_start, self._before(lines[0].start, block.body_start)),
            epilogue=(lines[-1].end, end) if closed else (end, end),
            closed=closed,
        )
        self.leaves.files_outside(part)
        if not self.leaves.aside:
            self._other_parts(part, entity, found, depth, default)
        return part

    def _parts(
        self, lines: list[Delimiter], end: int, number: str, depth: int, default: str, first: int = 1
    ) -> list[MimePart]:
        parts: list[MimePart] = []
        prefix = number + "." if number else ""
        last = len(lines) - 1
        for place, (_, begin, kind) in enumerate(lines):
            if kind != OPEN:
                continue
            stop = self._before(lines[place + 1].start, begin) if place < last else end
            inner = headers.split(self.data, begin, stop, self.newline, self.limits.header_fields)
            self.check_block(inner)
            parts.append(self.part(inner, stop, f"{prefix}{first + len(parts)}", depth + 1, default))
        return parts

    def _before(self, delimiter: int, floor: int) -> int:
        """Where the piece before a delimiter line ends: the line end before it belongs to the delimiter."""
        if delimiter <= floor:
            return floor
        end = delimiter - 1
        if end > floor and self.newline == b"\n" and self.data[end - 1] == 0x0D:
            end -= 1
        return end

    def _other_parts(self, part: MimePart, entity: Entity, found: Delimiters, depth: int, default: str) -> None:
        """Read what other readings of a multipart's delimiters give."""
        start, end, number = part.body_start, part.end, part.number
        if found.more:
            text = f"{len(found.more):,} delimiter lines on which more stands"
            self.notice("mail.delimiter_text", text, found.more[0], found.more[0])
        boundary = entity.boundaries[0]
        if found.longer and not self._deep and (place := self._longer(found.longer, boundary)) is not None:
            text = "lines that begin with the boundary and go on; read as text, and as delimiters beside it"
            self.notice("mail.delimiter_text", text, place, place)
            most = self.limits.parts - self.count
            loose = delimiters.find_loosely(self.data, self.newline, start, end, boundary, most)
            self._parts_aside(loose, end, number, depth, default)
        for other in entity.boundaries[1:]:
            self._parts_aside(self._find(start, end, other), end, number, depth, default)
        after, outside = part.epilogue
        if after < end and self.data.find(b"--" + boundary, after, end) >= 0:
            later = self._find(after, end, boundary, through=True)
            if any(line.kind == OPEN for line in later.lines):
                outside = later.lines[0].start
                text = "parts after the closing delimiter; they are no parts of the multipart, and items of their own"
                self.notice("mail.parts_after_close", text, outside, end)
                self._parts_aside(later, end, number, depth, default, len(part.parts) + 1)
        for first, last in (part.preamble, (after, outside)):
            if last - first > OUTSIDE and (size := len(self.data[first:last].strip())) > OUTSIDE:
                text = f"{size:,} bytes outside the parts of a multipart, which readers of mail do not show; not read"
                self.notice("mail.outside_parts", text, first, last, size)

    def _parts_aside(self, found: Delimiters, end: int, number: str, depth: int, default: str, first: int = 1) -> None:
        self._check_limit(found, end)
        self.again(partial(self._parts, found.lines, end, number, depth, default, first))

    def _longer(self, places: list[int], boundary: bytes) -> int | None:
        """Return the first line that begins with a boundary and is no delimiter of an inner one."""
        for place in places:
            found = _LINE.match(self.data, place + 2)
            line = found[0].rstrip(b" \t") if found is not None else b""
            if line not in self._boundaries and line.removesuffix(b"--") not in self._boundaries:
                return place
        return None

    def _parts_of_leaf(self, block: headers.Block, end: int, number: str, depth: int, entity: Entity) -> None:
        """Read the parts that stand in a leaf by its delimiter lines, and are none by its type."""
        if self.leaves.aside:
            return
        start = block.body_start
        boundaries = entity.boundaries
        code, text = "mail.boundary_elsewhere", "delimiter lines in something that is no multipart"
        if not entity.media_type.startswith(_KNOWN_TYPES) and (
            entity.media_type.startswith("multipart/") or not boundaries
        ):
            guessed = delimiters.guess(self.data, self.newline, start, end)
            boundaries = (guessed,) if guessed is not None and guessed not in self._boundaries else ()
            code, text = "mail.boundary_unnamed", "delimiter lines of a boundary that no field names"
        for boundary in boundaries:
            found = self._find(start, end, boundary)
            if found.lines and found.lines[0].kind == OPEN and depth < self.limits.part_depth:
                text += "; read as it is, and in parts beside it"
                self.notice(code, text, found.lines[0].start, found.lines[-1].end)
                self._parts_aside(found, end, number, depth, "text/plain")

    def _bare_cr(self, block: headers.Block, end: int, number: str, depth: int, default: str) -> None:
        """Tell of a CR without LF inside a field, and read the structure as if it ended a line."""
        found = _BARE_CR.search(self.data, block.start, block.end)
        if found is None or self.leaves.aside:
            return
        text = "bare CR inside a header; some programs read a line end there"
        self.notice("mail.bare_cr", text, found.start(), found.end())
        self.again(partial(self._with_lines_at_cr, block, end, number, depth, default))

    def _with_lines_at_cr(self, block: headers.Block, end: int, number: str, depth: int, default: str) -> None:
        lines = bytearray(self.data)
        for found in _BARE_CR.finditer(self.data, block.start, block.end):
            lines[found.start()] = 0x0A
        limit = self.limits.header_fields
        other = headers.split(bytes(lines), block.start, end, self.newline, limit, root=not number)
        if _mime_fields(other) != _mime_fields(block):
            self.part(other, end, number, depth, default)

    def _check_entity(self, entity: Entity) -> None:
        field = entity.repeated
        if field is not None:
            text = "MIME field that stands twice; the first counts"
            self.notice("mail.field_repeated", text, field.start, field.end)
        for field, value in entity.doubts:
            for kind, shown in value.odd.items():
                self.notice("mail.parameter_syntax", f"{ODD[kind]}: {shown}", field.start, field.end)
            for name in value.repeated:
                text = f"parameter {name[:100]} that is given more than once; the first counts"
                self.notice("mail.parameter_repeated", text, field.start, field.end)
        field = entity.name_field
        if field is not None:
            names = ", ".join([name[:100] for name in entity.names[:10]])
            text = f"several file names for one part; the first counts: {names}"
            self.notice("mail.names_differ", text, field.start, field.end)
        field = entity.odd_encoding
        if field is not None:
            text = f"Content-Transfer-Encoding that is no single word; read as {entity.encoding[:40] or 'none'}"
            if entity.encodings:
                text += f", and as {', '.join([one.partition('/')[0] for one in entity.encodings])} beside it"
            self.notice("mail.encoding_unknown", text, field.start, field.end)

    def check_block(self, block: headers.Block) -> None:
        """Notice what was odd about a header block."""
        if block.junk:
            for field in block.fields:
                if not field.name and not (field.start == 0 and field.raw.startswith(_SEPARATOR)):
                    self.notice("mail.junk_in_header", "line in the header that is no field", field.start, field.end)
        if block.no_blank_line:
            text = "header that ends at a line that is no field, without a blank line"
            self.notice("mail.header_end", text, block.end, block.end)
        if block.cut:
            text = "more header fields than the limit; the rest is kept unread"
            self.notice("mail.header_fields", text, block.end - block.cut, block.end, block.cut)


def _mime_fields(block: headers.Block) -> list[tuple[str, bytes]]:
    return [(field.key, field.body) for field in block.fields if field.key.startswith("content-")]
