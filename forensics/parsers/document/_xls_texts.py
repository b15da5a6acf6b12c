"""The cells of a workbook's sheets, a row a line, and the notes on them.

Source: [MS-XLS] 2.4.28 (BoundSheet8), 2.4.265 (SST), 2.4.149 (LabelSst), 2.4.180 (Number), 2.4.220 (RK), 2.4.175
(MulRk), 2.4.127 (Formula), 2.4.268 (String), 2.4.148 (Label), 2.4.329 (TxO), 2.5.293 (XLUnicodeRichExtendedString).
"""

import math
import struct
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from forensics.model.locations import Locator, quote
from forensics.model.texts import TextPart
from forensics.parsers._compound_stream import Stream
from forensics.parsers.document._xls_facts import BIFF8, BOF, STRINGS, WORKBOOKS, records
from forensics.parsers.document._xls_strings import shared_strings
from forensics.parsers.document._xml_texts import MAX_CHARACTERS
from forensics.parsers.mail import charsets
from forensics.parsers.mail.mapi.values import charset_of

MOST_RECORDS = 500_000
_CONTINUE, _SHEET, _CODEPAGE = 0x003C, 0x0085, 0x0042
_LABEL_SHARED, _LABEL, _RICH, _NUMBER, _RK, _MULTIPLE = 0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD
_FORMULA, _STRING, _OBJECT_TEXT = 0x0006, 0x0207, 0x01B6
_CELLS = frozenset((_LABEL_SHARED, _LABEL, _RICH, _NUMBER, _RK, _MULTIPLE, _FORMULA, _STRING))
_NOT_A_NUMBER = 0xFFFF
_MOST_RANGES = 200


def texts(streams: Callable[[str], Stream | None]) -> Iterator[TextPart]:
    """Yield the sheets of a workbook that have a text."""
    for name in WORKBOOKS:
        stream = streams(name)
        if stream is not None and stream.number(0, 2) == BOF:
            yield from _Book(stream).sheets()


class _Book:
    """One workbook's stream."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._data = stream, stream.data
        self._wide = stream.number(4, 2) == BIFF8
        self._records = list(records(stream.data, MOST_RECORDS))
        self._whole = stream.whole and len(self._records) < MOST_RECORDS
        self._strings: list[str] = []
        self._names: dict[int, str] = {}
        self._left = MAX_CHARACTERS
        self._charset = "iso-8859-1"
        self._head()

    def _head(self) -> None:
        """Read the names of sheets and the shared strings."""
        for number, (kind, start, end) in enumerate(self._records):
            if kind == _SHEET and end - start >= 8:
                at = int.from_bytes(self._data[start : start + 4], "little")
                self._names[at] = self._text(start + 6, end, counted=1)
            elif kind == _CODEPAGE and not self._wide:
                self._charset = charset_of(int.from_bytes(self._data[start:end], "little")) or self._charset
            elif kind == STRINGS and not self._strings:
                spans = [(start, end), *self._continued(number)]
                self._strings, whole = shared_strings([self._data[first:last] for first, last in spans], self._left)
                self._whole &= whole

    def _continued(self, number: int) -> Iterator[tuple[int, int]]:
        for place in range(number + 1, len(self._records)):
            kind, start, end = self._records[place]
            if kind != _CONTINUE:
                return
            yield start, end

    def sheets(self) -> Iterator[TextPart]:
        """Yield each part of the stream between two beginnings that shows something."""
        begins = [number for number, one in enumerate(self._records) if one[0] == BOF]
        for place, (first, last) in enumerate(pairwise([*begins, len(self._records)])):
            lines = list(self._rows(self._records[first:last]))
            text = "\n".join(lines).strip()
            if text:
                at, end = self._records[first][1] - 4, self._records[last - 1][2]
                name = quote(self._names.get(at, str(place)).encode("utf-8", "surrogatepass"))
                ranges = self._stream.ranges(at, end)[:_MOST_RANGES]
                yield TextPart(
                    text=text,
                    media_type="text/plain",
                    charset="utf-16le",
                    locator=Locator(ranges=ranges, path=f"{self._stream.path}#sheet[{name}]"),
                    whole=self._whole and self._left > 0,
                )

    def _rows(self, found: Sequence[tuple[int, int, int]]) -> Iterator[str]:
        row, cells, notes, awaited = -1, list[str](), list[str](), False
        for kind, start, end in found:
            if self._left <= 0:
                break
            if awaited and kind == _CONTINUE:
                notes.append(self._take(self._note(start, end)))
            awaited = kind == _OBJECT_TEXT
            if kind not in _CELLS or end - start < 4:
                continue
            at = self._data[start] | self._data[start + 1] << 8
            if kind != _STRING and at != row:
                if cells:
                    yield "\t".join(cells)
                row, cells = at, []
            cells += [self._take(said) for said in self._cell(kind, start, end) if said]
        if cells:
            yield "\t".join(cells)
        yield from notes

    def _take(self, said: str) -> str:
        said = said[: max(0, self._left)]
        self._left -= len(said) + 1
        return said

    def _cell(self, kind: int, start: int, end: int) -> Iterator[str]:
        data, at = self._data, start + 6
        if kind == _LABEL_SHARED and end - at >= 4:
            number = int.from_bytes(data[at : at + 4], "little")
            yield self._strings[number] if number < len(self._strings) else ""
        elif kind in (_LABEL, _RICH):
            yield self._text(at, end, counted=2)
        elif kind == _STRING:
            yield self._text(start, end, counted=2)
        elif kind == _NUMBER and end - at >= 8:
            yield _written(struct.unpack_from("<d", data, at)[0])
        elif kind == _RK and end - at >= 4:
            yield _written(_rk(int.from_bytes(data[at : at + 4], "little")))
        elif kind == _MULTIPLE:
            for place in range(start + 4, end - 6, 6):
                yield _written(_rk(int.from_bytes(data[place + 2 : place + 6], "little")))
        elif kind == _FORMULA and end - at >= 8 and int.from_bytes(data[at + 6 : at + 8], "little") != _NOT_A_NUMBER:
            yield _written(struct.unpack_from("<d", data, at)[0])

    def _text(self, start: int, end: int, *, counted: int) -> str:
        """Read a text with its length, in as many bytes, and from Excel 97 on a byte of flags before it."""
        length = int.from_bytes(self._data[start : start + counted], "little")
        start += counted
        if not self._wide:
            raw = self._data[start : min(end, start + length)]
            return charsets.decode(raw, self._charset) or charsets.decode(raw, "iso-8859-1") or ""
        if start >= end:
            return ""
        double = self._data[start] & 1
        raw = self._data[start + 1 : min(end, start + 1 + length * (2 if double else 1))]
        return raw.decode("utf-16-le", "replace") if double else raw.decode("latin-1")

    def _note(self, start: int, end: int) -> str:
        raw = self._data[start + 1 : end]
        double = self._data[start : start + 1] == b"\1"
        return (raw.decode("utf-16-le", "replace") if double else raw.decode("latin-1")).strip("\0")


def _rk(value: int) -> float:
    """Return a number that was packed into 30 bits, with two flags."""
    if value & 2:
        number = float((value >> 2) - (1 << 30 if value >> 31 else 0))
    else:
        (number,) = struct.unpack("<d", bytes(4) + (value & ~3).to_bytes(4, "little"))
    return number / 100 if value & 1 else number


def _written(number: float) -> str:
    if not math.isfinite(number):
        return ""
    return f"{number:.15g}"
