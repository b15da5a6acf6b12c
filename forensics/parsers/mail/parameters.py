"""Values with parameters: ``token; name=value; ...`` of Content-Type and Content-Disposition.

Read tolerantly: semicolons may be missing, values that hold spaces or parentheses may lack their quotes, an encoded
word may stand where RFC 2231 has its own form. What a reader could miss by that is said.

Source: RFC 2045 5.1, RFC 2183, RFC 2231, RFC 2047 5.
"""

import re
from functools import lru_cache

from forensics.parsers.mail.charsets import decode, decode_raw, lacks_byte_order
from forensics.parsers.mail.shifts import is_shifted, masked
from forensics.parsers.mail.words import decode_words

_WORD = re.compile(rb"[^\s;/(]*+")
_REST = re.compile(rb"[^\s;(]*+")
_BLANK = re.compile(rb"\s*+")
_COMMENT_MARK = re.compile(rb"\\.|[()]", re.DOTALL)
_BETWEEN = re.compile(rb"[\s;]*+")
_NAME = re.compile(rb"([^\s=;\"()]++)\s*+=\s*+")
_QUOTED = re.compile(rb"\"((?:[^\"\\]++|\\.)*+)(?:\"|\Z)", re.DOTALL)
_TOKEN = re.compile(rb"[^;\"\s(]*+(?:\s++(?![^\s=;]++\s*+=)[^;\"\s(]++)*+")
_TEXT = re.compile(rb"[^;\"\s]*+(?:\s++(?![^\s=;]++\s*+=)[^;\"\s]++)*+")
_LAST_COMMENT = re.compile(rb"\s(\([^()]*+\))\Z")
_JUNK = re.compile(rb"[^;]*+")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_FREE = frozenset((b"name", b"filename", b"boundary"))
"""Parameters in whose unquoted values parentheses are no comments to those who write them."""
_NAMES = frozenset((b"name", b"filename"))

ODD = {
    "junk": "text between the parameters that is none",
    "comment": "comment behind a file name without quotes; by the usual reading it may be part of it",
    "pieces": "pieces of a parameter that are missing or stand twice; the first of each is joined",
    "byte_order": "UTF-16 without a byte order mark, read as big-endian",
}
"""What was odd about a value, and how it was read."""


class Value:
    """A structured field body: its first token and its parameters."""

    __slots__ = ("odd", "others", "parameters", "repeated", "value")

    def __init__(self, value: str) -> None:
        self.value = value
        """Lower case, without comments and inner white space."""
        self.parameters: dict[str, str] = {}
        """Lower-case name to decoded value; of equal names the first."""
        self.others: dict[str, list[str]] = {}
        """Further values of names that are given more than once, or in two forms that differ."""
        self.repeated: dict[str, None] = {}
        """Names that are given more than once in the same form."""
        self.odd: dict[str, str] = {}
        """Keys of `ODD`, with what stands there."""

    def add(self, name: str, value: str) -> None:
        """Take one parameter."""
        if name in self.parameters:
            self.repeated[name] = None
            self.others.setdefault(name, []).append(value)
        else:
            self.parameters[name] = value


@lru_cache(4096)
def parse_value(raw: bytes, charset: str = "") -> Value:
    """Read a field body.

    Args:
        raw: as it stands, folding included.
        charset: asked where raw 8-bit bytes are no UTF-8.
    """
    reader = _Reader(raw, charset)
    reader.read(reader.head())
    return reader.value


def _comments(raw: bytes) -> dict[int, int]:
    """Return where every comment that is closed begins and ends."""
    ends, opened = dict[int, int](), list[int]()
    for mark in _COMMENT_MARK.finditer(raw):
        if mark[0] == b"(":
            opened.append(mark.start())
        elif mark[0] == b")" and opened:
            ends[opened.pop()] = mark.end()
    return ends


class _Reader:
    """One pass over the parameters."""

    def __init__(self, raw: bytes, charset: str) -> None:
        self.raw = raw
        self.marks = masked(raw) if is_shifted(raw, charset) else raw
        self.charset = charset
        self.comments = _comments(self.marks) if b"(" in self.marks else {}
        self.value = Value("")
        self.pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}

    def skip(self, position: int, between: re.Pattern[bytes]) -> int:
        """Where white space and comments end; a comment that is never closed is none."""
        while True:
            found = between.match(self.marks, position)
            position = found.end() if found is not None else position
            end = self.comments.get(position)
            if end is None:
                return position
            position = end

    def head(self) -> int:
        """Read the first token; return where it ends."""
        first = _WORD.match(self.marks, self.skip(0, _BLANK))
        if first is None:
            return 0
        value, end = first[0], first.end()
        slash = self.skip(end, _BLANK)
        if self.marks.startswith(b"/", slash):
            second = _REST.match(self.marks, self.skip(slash + 1, _BLANK))
            if second is not None:
                value, end = value + b"/" + second[0], second.end()
        self.value.value = decode_raw(value, self.charset).lower()
        return end

    def read(self, position: int) -> None:
        """Read to the end, then join what stands in pieces."""
        marks, size = self.marks, len(self.marks)
        while (position := self.skip(position, _BETWEEN)) < size:
            name = _NAME.match(marks, position)
            if name is None:
                junk = _JUNK.match(marks, position)
                end = max(junk.end() if junk is not None else size, position + 1)
                self.value.odd.setdefault("junk", decode_raw(self.raw[position:end].strip()[:100]))
                position = end
            else:
                position = self.parameter(name[1].lower(), name.end())
        for base, segments in self.pieces.items():
            if base:
                self.join(base, segments)

    def parameter(self, name: bytes, start: int) -> int:
        """Read one value; return where it ends."""
        base, star, rest = name.partition(b"*")
        if base not in _FREE:
            start = self.skip(start, _BLANK)
        quoted = _QUOTED.match(self.marks, start)
        bare = _TEXT.match(self.marks, start) if base in _FREE else _TOKEN.match(self.marks, start)
        found = quoted or bare
        end = found.end() if found is not None else start
        if quoted is not None:
            text = _unquoted(self.raw[quoted.start(1) : quoted.end(1)])
        else:
            text = self.bare(base, self.raw[start:end])
        number = rest.rstrip(b"*")
        if not star:
            if text or quoted is not None:
                self.value.add(decode_raw(base), decode_words(text, self.charset))
        elif number == b"" or (number.isdigit() and len(number) < 6):
            segments = self.pieces.setdefault(decode_raw(base), {})
            if segments.setdefault(int(number or 0), (text, rest == b"" or rest.endswith(b"*")))[0] != text:
                self.value.odd.setdefault("pieces", decode_raw(text[:100]))
        else:
            self.value.odd.setdefault("junk", decode_raw(name[:100]))
        return end

    def bare(self, base: bytes, text: bytes) -> bytes:
        """A value without quotes: what stands in parentheses behind it, after white space, is a comment.

        Behind a name without an extension it is part of the name: ``Report (1)``.
        """
        last = _LAST_COMMENT.search(text[-1000:]) if text.endswith(b")") and base in _FREE else None
        before = text[: len(text) - len(last[0])].rstrip() if last is not None else text
        if last is None or (base in _NAMES and b"." not in before):
            return text
        if base in _NAMES:
            self.value.odd.setdefault("comment", decode_raw(last[1][:100]))
        return before

    def join(self, base: str, segments: dict[int, tuple[bytes, bool]]) -> None:
        """Join RFC 2231 segments, decoding those marked with ``*``, and encoded words where none is."""
        charset, pieces = "", list[bytes]()
        for place, number in enumerate(sorted(segments)):
            text, encoded = segments[number]
            if number != place and len(segments) > 1:
                self.value.odd.setdefault("pieces", f"{base}*{number}")
            if encoded:
                if place == 0 and text.count(b"'") >= 2:
                    label, _, text = text.split(b"'", 2)
                    charset = label.decode("latin-1")
                text = _PERCENT.sub(_byte, text)
            pieces.append(text)
        data = b"".join(pieces)
        if charset and lacks_byte_order(data, charset):
            other = decode(data, "utf-32le" if "32" in charset else "utf-16le")
            self.value.odd.setdefault("byte_order", f"little-endian it says {other!r}" if other else "")
        decoded = decode(data, charset) if charset else None
        if decoded is None and b"=?" in data and not any(encoded for _, encoded in segments.values()):
            decoded = decode_words(data, self.charset)
        text_read = decode_raw(data, self.charset) if decoded is None else decoded
        plain = self.value.parameters.get(base)
        self.value.parameters[base] = text_read
        if plain is not None and plain != text_read:
            self.value.others.setdefault(base, []).append(plain)


def _unquoted(inner: bytes) -> bytes:
    """What a quoted string says: line ends of folds and escapes taken away, white space kept."""
    if b"\n" in inner or b"\r" in inner:
        inner = inner.replace(b"\r", b"").replace(b"\n", b"")
    return _ESCAPE.sub(rb"\1", inner) if b"\\" in inner else inner


def _byte(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 16),))
