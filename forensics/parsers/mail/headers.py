"""Header blocks: where a message begins, and its fields cut byte for byte.

Every byte of a block belongs to one `HeaderField`: fields with their folding and line ends, and, with an empty name,
everything that is no field (an mbox ``From `` line, a byte order mark, blank lines before the first field, junk).
Lines end at LF or CRLF; a message without any LF is read with bare CR as line end.

Source: RFC 5322 2.2 and 4.5.
"""

import re
from functools import lru_cache
from itertools import islice

from forensics.model.mail import HeaderField

_NAME = rb"[!-9;-~\x80-\xff]++"
_FIELD_LF = re.compile(rb"((" + _NAME + rb"(?=[ \t]*+:))?+[^\n]*+(?:\n(?:[ \t][^\n]*+(?:\n|\Z))*+|\Z))")
_FIELD_CR = re.compile(rb"((" + _NAME + rb"(?=[ \t]*+:))?+[^\r]*+(?:\r(?:[ \t][^\r]*+(?:\r|\Z))*+|\Z))")
_END_LF = re.compile(rb"\n\r?\n")
_END_CR = re.compile(rb"\r\r")
_LEADING = re.compile(rb"\xef\xbb\xbf|[\r\n]++(?=[!-9;-~]++[ \t]*+:)")
_FIRST_FIELD = re.compile(rb"(?:>?From [^\n]*\n)?" + _NAME + rb"[ \t]*+:")
_CONTENT_FIELD = re.compile(rb"[\r\n]Content-[A-Za-z-]{1,60}[ \t]*+:", re.IGNORECASE)
_LARGE = 1_000_000

_WHOLE_FIELD = rb"([!-9;-~]{1,100}[ \t]*:)[^\r\n]*(?:[\r\n]+[ \t][^\r\n]*)*(?:\r\n|[\r\n]|\Z)"
_TWISTED = rb"[ \t]{0,9}From[ \t]{0,9}(?:\r?\n[ \t]{1,9})?:[^\r\n]{0,1000}[\r\n]+"
"""A From line that some programs read and others do not, on top."""
_START = re.compile(rb"(?:\xef\xbb\xbf|[\r\n]+|>?From [^\r\n]{1,200}[\r\n]+|" + _TWISTED + rb")?" + _WHOLE_FIELD)
_NEXT = re.compile(_WHOLE_FIELD)
_TELLING = re.compile(
    rb"(?:Received|Return-Path|Delivered-To|>?From|To|Date|Subject|Message-ID|MIME-Version|Content-Type|X-Mailer"
    rb"|Sender|Reply-To|Cc|DKIM-Signature|Newsgroups|Path|Envelope-to|X-[A-Za-z-]{1,60})[ \t]*:",
    re.IGNORECASE,
)
_LINE = re.compile(rb"[^\r\n]*+(?:\r\n|[\r\n]|\Z)")

_JUNK_LINES = 30
_JUNK_BYTES = 4096
_LEAST = 3
"""Known fields that make a header of what stands behind other text: quoted mails have From, Date and little else."""
_OWN = re.compile(
    rb"(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version|DKIM-Signature)[ \t]*:", re.IGNORECASE
)
"""Fields that servers and programs write and that nobody quotes in a text."""


class Block:
    """A header block and where its body begins."""

    __slots__ = ("body_start", "cut", "end", "fields", "junk", "no_blank_line", "start")

    def __init__(self, start: int, end: int, body_start: int, fields: tuple[HeaderField, ...]) -> None:
        self.start = start
        self.end = end
        """First byte after the last field; the separating blank line is ``end:body_start``."""
        self.body_start = body_start
        self.fields = fields
        self.junk = False
        """Whether some line is no field."""
        self.no_blank_line = False
        """Whether text follows the fields without a blank line."""
        self.cut = 0
        """Bytes at the block's end that hold more fields than the limit."""


def behind_junk(data: bytes) -> int:
    """Where a mail's header begins behind lines that are none of it; 0 where there is none."""
    position = 0
    head = data[: _JUNK_BYTES * 2]
    for _ in range(_JUNK_LINES):
        line = _LINE.match(head, position)
        if line is None or not line[0] or line.end() > _JUNK_BYTES:
            return 0
        position = line.end()
        if _TELLING.match(head, position) is not None and _is_header(head, position):
            return position
    return 0


def _is_header(head: bytes, position: int) -> bool:
    names: set[bytes] = set()
    own = False
    while (found := _NEXT.match(head, position)) is not None:
        if _TELLING.fullmatch(found[1]) is not None:
            names.add(found[1].rstrip(b": \t").lower())
            own = own or _OWN.fullmatch(found[1]) is not None
            if own and len(names) >= _LEAST:
                return True
        position = max(found.end(), position + 1)
    return False


@lru_cache(1024)
def says_mail(name: str) -> bool:
    """Whether a lower-case field name is known in mail."""
    return _TELLING.fullmatch(name.encode("latin-1") + b":") is not None


def known_fields(head: bytes) -> tuple[int, int]:
    """Return how many names known in mail the leading fields have (2 stands for more), and where the fields end."""
    first, end = b"", 0
    found = _START.match(head)
    while found is not None:
        name, end = found[1].lower(), found.end()
        if name != first and _TELLING.fullmatch(name) is not None:
            if first:
                return 2, end
            first = name
        found = _NEXT.match(head, end)
    return int(bool(first)), end


def line_end(data: bytes) -> bytes:
    """Return the byte that ends lines: LF, or CR where the data hold no LF at all."""
    return b"\r" if b"\n" not in data and b"\r" in data else b"\n"


def of_message(data: bytes, newline: bytes, limit: int) -> Block:
    """Return the header of a whole message, which may stand behind lines that are none of it; see `split`."""
    block = split(data, 0, len(data), newline, limit, root=True)
    if not any(says_mail(field.key) for field in block.fields) and (lead := behind_junk(data)):
        return split(data, 0, len(data), newline, limit, root=True, lead=lead)
    return block


def split(data: bytes, start: int, end: int, newline: bytes, limit: int, root: bool = False, lead: int = 0) -> Block:
    """Cut the header block that begins at *start*.

    Args:
        data: the message.
        start: first byte of the entity.
        end: first byte after the entity.
        newline: see `line_end`.
        limit: fields read one by one; the rest of the block is kept as one field without name.
        root: whether this is the message itself: then a byte order mark or blank lines may stand before it.
        lead: first byte of its first field, where that is known to stand behind other text.

    Returns:
        The block; without any field where the entity begins with its body.
    """
    lead = lead or start
    if root and (found := _LEADING.match(data, start, end)):
        lead = found.end()
    stop, body_start = _block_end(data, lead, end, newline)
    if stop == lead:
        return Block(start, start, body_start if lead == start else start, ())
    if not root and _FIRST_FIELD.match(data, lead, stop) is None and _CONTENT_FIELD.search(data, lead, stop) is None:
        return Block(start, start, start, ())
    block = _cut(data, start, lead, stop, body_start, newline, limit)
    return _without_text(block) if block.junk else block


def _block_end(data: bytes, start: int, end: int, newline: bytes) -> tuple[int, int]:
    """Where the fields end and where the body begins."""
    if data.startswith(newline, start, end):
        return start, start + 1
    if newline == b"\n" and data.startswith(b"\r\n", start, end):
        return start, start + 2
    found = (_END_LF if newline == b"\n" else _END_CR).search(data, start, end)
    if found is None:
        return end, end
    return found.start() + 1, found.end()


def _cut(data: bytes, start: int, lead: int, stop: int, body_start: int, newline: bytes, limit: int) -> Block:
    pattern = _FIELD_LF if newline == b"\n" else _FIELD_CR
    block = data[lead:stop]
    pairs: list[tuple[bytes, bytes]]
    if len(block) <= _LARGE:
        pairs = pattern.findall(block)
    else:
        pairs = [(found[1], found[2] or b"") for found in islice(pattern.finditer(block), limit + 2)]
    fields: list[HeaderField] = []
    junk = False
    if lead > start:
        fields.append(HeaderField("", "", data[start:lead], start))
        junk = True
    position = lead
    for raw, name in pairs[:limit]:
        if name:
            text, key = _named(name)
            fields.append(HeaderField(text, key, raw, position))
        elif raw:
            fields.append(HeaderField("", "", raw, position))
            junk = True
        position += len(raw)
    result = Block(start, stop, body_start, ())
    if position < stop:
        fields.append(HeaderField("", "", data[position:stop], position))
        result.cut = stop - position
    result.fields = tuple(fields)
    result.junk = junk
    return result


def _without_text(block: Block) -> Block:
    """Give lines to the body that only a missing blank line left in the header.

    That is what follows a line beginning with ``--`` (a delimiter), and, where the entity has no blank line at all,
    what follows the first line that is no field.
    """
    no_blank_line = block.body_start == block.end
    named = False
    for place, field in enumerate(block.fields):
        if field.name:
            named = True
        elif field.raw.startswith(b"--") or (no_blank_line and named):
            return _until(block, place)
    return block if named else Block(block.start, block.start, block.start, ())


def _until(block: Block, place: int) -> Block:
    kept = block.fields[:place]
    end = block.fields[place].start
    result = Block(block.start, end, end, kept)
    result.no_blank_line = True
    result.junk = not all(field.name for field in kept)
    return result


@lru_cache(4096)
def _named(name: bytes) -> tuple[str, str]:
    text = name.decode("latin-1")
    return text, text.lower()
