"""Property sets: typed values by number, in a stream of a compound file.

Offsets and lengths of the evidence are never trusted: each value is read inside the stream, and all values of one
stream together have at most `MOST_BYTES`.

Source: [MS-OLEPS] 2.1 to 2.21; [MS-OSHARED] 2.3.3.1.18 (VtVecHlinks).
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from forensics.parsers._compound_stream import Stream
from forensics.parsers.mail import charsets
from forensics.parsers.mail.mapi.values import charset_of

STREAM_BYTES = 1 << 22
"""Of a stream that holds property sets."""
MOST_BYTES = 1 << 22
_MOST_VALUES = 2_000
"""Of one set."""
_MOST_ITEMS = 1_000
"""Of one vector."""
_MOST_LINKS = 2_000
_BYTE_ORDER = 0xFFFE
_HEADER_BYTES = 48
DICTIONARY, CODEPAGE = 0, 1
_UNICODE = 1200
_WESTERN = 1252

I2, I4, R8, DATE, BOOL, VARIANT, UI4, I8, UI8 = 0x02, 0x03, 0x05, 0x07, 0x0B, 0x0C, 0x13, 0x14, 0x15
LPSTR, LPWSTR, FILETIME, BLOB, CLIP, CLSID = 0x1E, 0x1F, 0x40, 0x41, 0x47, 0x48
VECTOR = 0x1000
_NUMBERS = {
    I2: ("<h", 2),
    I4: ("<i", 4),
    0x0A: ("<I", 4),
    BOOL: ("<h", 2),
    0x10: ("<b", 1),
    0x11: ("<B", 1),
    0x12: ("<H", 2),
    UI4: ("<I", 4),
    I8: ("<q", 8),
    UI8: ("<Q", 8),
    0x16: ("<i", 4),
    0x17: ("<I", 4),
    0x04: ("<f", 4),
    R8: ("<d", 8),
}
"""Form and bytes by type."""


class Value(NamedTuple):
    """One property."""

    number: int
    """Its identifier in its set."""
    name: str
    """By which its set's dictionary calls it; empty where it does not."""
    kind: int
    """Its type."""
    start: int
    end: int
    """Where the value's own bytes stand in the stream."""
    text: str
    """As text; empty of what is no text and no number."""
    exact: bool = True
    """Whether all bytes of a text could be decoded."""


class PropertySet(NamedTuple):
    """One set of a stream."""

    format: str
    """Its FMTID, hexadecimal digits as they stand."""
    codepage: int
    values: tuple[Value, ...]
    fault: str
    """Why not all could be read, in words; empty where all could."""


def system_of(stream: Stream) -> int | None:
    """Return the number of the operating system that wrote the stream; ``None``: it holds no property sets."""
    return stream.number(4, 4) if stream.number(0, 2) == _BYTE_ORDER else None


def property_sets(stream: Stream) -> Iterator[PropertySet]:
    """Yield the sets of a stream, the second one of the document summary being the user's own."""
    count = stream.number(24, 4) or 0
    budget = [MOST_BYTES]
    for place in range(min(count, 2)):
        at = 28 + 20 * place
        start = stream.number(at + 16, 4)
        if start is not None and start >= _HEADER_BYTES:
            yield _Reader(stream, start, budget).read(stream.data[at : at + 16].hex())


def links_of(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield place and text of the targets of links (VtVecHlinks), up to what is in another form.

    Each link has four numbers, its target, and the place in that.
    """
    at = start + 4
    for _ in range(_MOST_LINKS):
        for kind in (I4, I4, I4, I4, LPWSTR, LPWSTR):
            if at + 8 > end or int.from_bytes(data[at : at + 4], "little") != kind:
                return
            value = int.from_bytes(data[at + 4 : at + 8], "little")
            at += 8
            if kind != LPWSTR:
                continue
            size = 2 * value
            if at + size > end:
                return
            raw = data[at : at + size]
            text = raw.decode("utf-16-le", "replace").rstrip("\0")
            if text:
                yield at, at + len(text.encode("utf-16-le", "replace")), text
            at += -(-size // 4) * 4


class _Reader:
    """Reads one set of a stream."""

    def __init__(self, stream: Stream, start: int, budget: list[int]) -> None:
        self._stream, self._data, self._start = stream, stream.data, start
        self._budget = budget
        self._charset = charset_of(_WESTERN)
        self._codepage = 0
        self.fault = ""

    def read(self, format_id: str) -> PropertySet:
        """Read all values; those of which the stream lacks bytes are left out."""
        count = self._stream.number(self._start + 4, 4)
        if count is None:
            return PropertySet(format_id, 0, (), "the stream ends before the set begins")
        if count > _MOST_VALUES:
            self.fault = f"{count} properties are stated, at most {_MOST_VALUES} are read"
        table = self._data[self._start + 8 : self._start + 8 + 8 * min(count, _MOST_VALUES)]
        places = list(struct.iter_unpack("<II", table[: len(table) // 8 * 8]))
        if len(places) < min(count, _MOST_VALUES):
            self.fault = f"{count} properties are stated, the stream has room for {len(places)}"
        self._take_codepage(places)
        names = self._names(places)
        values = [one for number, at in places if (one := self._value(number, self._start + at, names)) is not None]
        return PropertySet(format_id, self._codepage, tuple(values), self.fault)

    def _take_codepage(self, places: list[tuple[int, int]]) -> None:
        for number, at in places:
            if number == CODEPAGE and self._stream.number(self._start + at, 2) == I2:
                self._codepage = self._stream.number(self._start + at + 4, 2) or 0
                self._charset = charset_of(self._codepage) or self._charset
                return

    def _names(self, places: list[tuple[int, int]]) -> dict[int, str]:
        """Return the names of the set's dictionary by number."""
        found = [self._start + place for number, place in places if number == DICTIONARY]
        if not found:
            return {}
        at = found[0]
        names: dict[int, str] = {}
        wide = self._codepage == _UNICODE
        count = self._stream.number(at, 4) or 0
        at += 4
        for _ in range(min(count, _MOST_VALUES)):
            key, length = self._stream.number(at, 4), self._stream.number(at + 4, 4)
            if key is None or length is None:
                self.fault = self.fault or "the names of its properties break off"
                break
            size = length * 2 if wide else length
            end = at + 8 + size
            if end > len(self._data) or not self._spend(size):
                self.fault = self.fault or "the names of its properties break off"
                break
            names[key] = self._text(at + 8, end, wide=wide)[0]
            at = at + 8 + (-(-size // 4) * 4 if wide else size)
        return names

    def _value(self, number: int, at: int, names: dict[int, str]) -> Value | None:
        kind = self._stream.number(at, 2)
        if number == DICTIONARY or kind is None:
            if kind is None:
                self.fault = self.fault or f"property {number} would stand behind the end of the stream"
            return None
        read = self._vector(kind & ~VECTOR, at + 4) if kind & VECTOR else self._single(kind, at + 4)
        if read is None:
            self.fault = self.fault or f"property {number} cannot be read"
            return None
        start, end, text, exact = read
        return Value(number, names.get(number, ""), kind, start, end, text, exact)

    def _single(self, kind: int, at: int) -> tuple[int, int, str, bool] | None:
        if kind in _NUMBERS:
            form, size = _NUMBERS[kind]
            if at + size > len(self._data):
                return None
            (value,) = struct.unpack_from(form, self._data, at)
            return at, at + size, str(value), True
        if kind in (LPSTR, LPWSTR, BLOB, CLIP, 0x08):
            return self._counted(kind, at)
        fixed = {FILETIME: 8, DATE: 8, CLSID: 16, 0x06: 8, 0x00: 0, 0x01: 0}.get(kind)
        if fixed is None or at + fixed > len(self._data):
            return None
        return at, at + fixed, "", True

    def _counted(self, kind: int, at: int) -> tuple[int, int, str, bool] | None:
        """Read a value with its length before it."""
        length = self._stream.number(at, 4)
        if length is None:
            return None
        wide = kind == LPWSTR
        start, end = at + 4, at + 4 + length * (2 if wide else 1)
        if end > len(self._data) or not self._spend(end - start):
            return None
        if kind in (BLOB, CLIP):
            return start, end, "", True
        text, stop, exact = self._words(start, end, wide=wide or self._codepage == _UNICODE)
        return start, stop, text, exact

    def _words(self, start: int, end: int, *, wide: bool) -> tuple[str, int, bool]:
        """Return a text, where it ends, and whether it is exact: what stands behind its first NUL is no part of it."""
        raw = self._data[start:end]
        if wide:
            stop = min(len(raw) & ~1, len(raw.decode("utf-16-le", "replace").partition("\0")[0].encode("utf-16-le")))
        else:
            stop = raw.find(b"\0")
            stop = len(raw) if stop < 0 else stop
        text, exact = self._text(start, start + stop, wide=wide)
        return text, start + stop, exact

    def _text(self, start: int, end: int, *, wide: bool) -> tuple[str, bool]:
        raw = self._data[start:end]
        if wide:
            return raw.decode("utf-16-le", "replace").rstrip("\0"), True
        text = charsets.decode(raw, self._charset)
        if text is None:
            return charsets.decode_word(raw, charsets.codec(self._charset)).rstrip("\0"), False
        return text.rstrip("\0"), True

    def _vector(self, kind: int, at: int) -> tuple[int, int, str, bool] | None:
        """Read texts and numbers that stand one behind the other; their text has a line each."""
        count = self._stream.number(at, 4)
        if count is None or count > _MOST_ITEMS:
            return None
        start = at = at + 4
        words, exact = list[str](), True
        for _ in range(count):
            own = kind
            if kind == VARIANT:
                own, at = self._stream.number(at, 2) or 0, at + 4
            read = self._single(own, at)
            if read is None:
                return None
            words.append(read[2])
            exact &= read[3]
            at = self._behind(own, at, read[1])
        return start, at, "\n".join(words), exact

    def _behind(self, kind: int, at: int, end: int) -> int:
        """Return where the next item of a vector begins."""
        if kind not in (LPSTR, LPWSTR):
            return -(-end // 4) * 4 if (end - at) % 4 else end
        size = (self._stream.number(at, 4) or 0) * (2 if kind == LPWSTR else 1)
        # Texts of two bytes a character are filled up to four bytes; the others follow each other at once.
        return at + 4 + (-(-size // 4) * 4 if kind == LPWSTR else size)

    def _spend(self, size: int) -> bool:
        self._budget[0] -= size
        return self._budget[0] >= 0
