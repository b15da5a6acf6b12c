"""What Word keeps in its own streams: versions, language, times in local time, who saved the document where.

Source: [MS-DOC] 2.5 (FIB), 2.7 (Dop), 2.9.67 (DTTM), 2.9.295 (SttbSavedBy), 2.2.4 (STTB). The marks of the program and
its build in the FIB are those of the Word 97-2007 Binary File Format (nProduct, wMagicRevised, wMagicRevisedPrivate,
lProductRevised), which [MS-DOC] calls unused.
"""

import calendar
from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.time_kinds import TimeKind
from forensics.parsers._compound_stream import Stream
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._ole2_fonts import font_facts

Streams = Callable[[str, int], Stream | None]
"""The first bytes of a stream of a name."""
DOCUMENT = "WordDocument"
HEAD_BYTES = 1 << 14
"""Of the document's stream, which begins with the FIB."""
TABLE_BYTES = 1 << 26
IDENT_97, IDENT_95 = 0xA5EC, 0xA5DC
_SECOND_TABLE = 0x0200
_BASE_BYTES = 32
DOP, SAVED_BY, CLX, FONTS = 31, 71, 33, 15
"""Which pair of offset and length says where a part of the table stream is."""
_DOP_TIMES = (
    (0x14, "dttmCreated", TimeKind.DOP_CREATED, Description.CREATION),
    (0x18, "dttmRevised", TimeKind.DOP_REVISED, Description.MODIFICATION),
    (0x1C, "dttmLastPrint", TimeKind.DOP_PRINTED, Description.LAST_PRINTED),
)
_MARKS = (("doc.writer_created", "wMagicCreated", 34), ("doc.writer", "wMagicRevised", 36))
"""Which program made the document, and which saved it last, as numbers of theirs."""
_BUILD, _BUILD_LONG = 40, 72
"""Two numbers of the build that saved it last: which build it was stands in no list."""
_LEAST_WORDS, _LEAST_LONGS = 4, 3
_MOST_SAVERS = 100
_SAVED_BYTES = 1 << 16
_EXTENDED = 0xFFFF


class Fib(NamedTuple):
    """What leads to the parts of a document."""

    stream: Stream
    pairs: int
    """Where the pairs of offset and length begin; 0: the document is older than Word 97, or breaks off."""
    pair_count: int
    numbers: int
    """Where the counts of characters begin."""
    version_at: int
    """Where the later version's number stands; 0: there is none."""
    table: str
    """Name of the table stream."""

    def place(self, pair: int) -> tuple[int, int]:
        """Return offset and length of a part in the table stream; both 0 where there is none."""
        if not self.pairs or pair >= self.pair_count:
            return 0, 0
        at = self.pairs + 8 * pair
        return self.stream.number(at, 4) or 0, self.stream.number(at + 4, 4) or 0


def fib_of(stream: Stream) -> Fib:
    """Read the head of a document's stream."""
    flags = stream.number(10, 2) or 0
    table = "1Table" if flags & _SECOND_TABLE else "0Table"
    none = Fib(stream, 0, 0, 0, 0, table)
    if stream.number(0, 2) != IDENT_97:
        return none
    words = stream.number(_BASE_BYTES, 2)
    at = _BASE_BYTES + 2 + 2 * (words or 0)
    longs = stream.number(at, 2)
    numbers, at = at + 2, at + 2 + 4 * (longs or 0)
    count = stream.number(at, 2)
    if not words or not longs or count is None:
        return none
    behind = at + 2 + 8 * count
    newer = behind + 2 if (stream.number(behind, 2) or 0) and stream.number(behind + 2, 2) else 0
    return Fib(stream, at + 2, count, numbers, newer, table)


def read(streams: Streams, gathering: Gathering, application: str) -> set[str]:
    """Add facts and times of a document; return the names of the streams that are the document itself."""
    stream = streams(DOCUMENT, HEAD_BYTES)
    if stream is None:
        return set()
    known = {stream.path.removeprefix("ole:")}
    _head(stream, gathering)
    fib = fib_of(stream)
    if fib.pairs:
        _marks(stream, gathering)
    if fib.version_at:
        _number(stream, gathering, "doc.version_new", "nFibNew", fib.version_at, 2)
    table = streams(fib.table, TABLE_BYTES)
    if not fib.pairs or table is None:
        if stream.number(0, 2) == IDENT_97:
            gathering.note("doc_table", f"{stream.path}: its head breaks off, or the stream {fib.table} is missing")
        return known
    known.add(table.path.removeprefix("ole:"))
    _block(fib, table, gathering, application)
    _saved_by(fib, table, gathering)
    _fonts(fib, table, gathering)
    return known


def _head(stream: Stream, gathering: Gathering) -> None:
    ident = stream.number(0, 2)
    if ident not in (IDENT_97, IDENT_95):
        gathering.note("doc_head", f"{stream.path} does not begin as a Word document does", stream.locator("FIB", 0, 2))
        return
    _number(stream, gathering, "doc.version", "nFib", 2, 2)
    _number(stream, gathering, "doc.product", "nProduct", 4, 2)
    _number(stream, gathering, "doc.language", "lid", 6, 2)
    _number(stream, gathering, "doc.flags", "flags", 10, 2)


def _number(stream: Stream, gathering: Gathering, name: str, field: str, at: int, size: int) -> None:
    value = stream.number(at, size)
    if value is not None:
        text = f"0x{value:04X}" if name != "doc.language" else str(value)
        gathering.add_fact(name, text, stream.locator(field, at, at + size), stream.data[at : at + size])


def _marks(stream: Stream, gathering: Gathering) -> None:
    """Add which program made the document, which saved it last, and by which of its builds."""
    words, longs_at = stream.number(_BASE_BYTES, 2) or 0, _BASE_BYTES + 2 + 2 * (stream.number(_BASE_BYTES, 2) or 0)
    if words < _LEAST_WORDS:
        return
    for name, field, at in _MARKS:
        _number(stream, gathering, name, field, at, 2)
    short, long = stream.number(_BUILD, 2), stream.number(_BUILD_LONG, 4)
    if longs_at == _BUILD_LONG - 10 and (stream.number(longs_at, 2) or 0) >= _LEAST_LONGS and short and long:
        raw = stream.data[_BUILD : _BUILD + 2] + stream.data[_BUILD_LONG : _BUILD_LONG + 4]
        ranges = stream.locator("", _BUILD, _BUILD + 2).ranges + stream.locator("", _BUILD_LONG, _BUILD_LONG + 4).ranges
        locator = replace(stream.locator("build", _BUILD, _BUILD + 2), ranges=ranges)
        gathering.add_fact("doc.build", f"{short}/{long}", locator, raw)


def _block(fib: Fib, table: Stream, gathering: Gathering, application: str) -> None:
    """Add the times and counts of the document's properties in the table stream (Dop)."""
    at, size = fib.place(DOP)
    if not size or table.number(at + 0x20, 2) is None:
        gathering.note("doc_properties", f"{table.path}: the document's properties (Dop) are missing")
        return
    for offset, name, kind, description in _DOP_TIMES:
        if offset + 4 > size:
            continue
        start = at + offset
        raw = table.data[start : start + 4]
        wall = wall_of(int.from_bytes(raw, "little"))
        gathering.add_stamp(
            Timestamp(
                instant=Absence.NOT_AVAILABLE if isinstance(wall, int) else wall,
                wall=wall,
                offset_s=Absence.NOT_PRESENT,
                precision=Precision.MINUTE,
                description=description,
                clock=ClockKind.APPLICATION,
                owner=application,
                raw=raw,
                locator=table.locator(f"Dop/{name}", start, start + 4),
                kind=kind,
            )
        )
    for offset, length, name, field in ((0x20, 2, "doc.revision", "nRevision"), (0x22, 4, "doc.minutes", "tmEdited")):
        value = table.number(at + offset, length)
        if value is not None and offset + length <= size:
            start = at + offset
            locator = table.locator(f"Dop/{field}", start, start + length)
            gathering.add_fact(name, str(value), locator, table.data[start : start + length])


def wall_of(value: int) -> int | Absence:
    """Return what a DTTM reads, in 100 ns; a year without a day is not set."""
    minute, hour, day = value & 63, value >> 6 & 31, value >> 11 & 31
    month, year = value >> 16 & 15, 1900 + (value >> 20 & 511)
    if not day and not month:
        return Absence.NOT_PRESENT
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1] or hour > 23 or minute > 59:
        return Absence.UNPARSABLE
    return calendar.timegm((year, month, day, hour, minute, 0)) * TICKS_PER_SECOND


def _fonts(fib: Fib, table: Stream, gathering: Gathering) -> None:
    at, size = fib.place(FONTS)
    data = table.data
    # A name ends with a zero.
    font_facts(
        table, at, at + size, lambda first, length: data[first + length : first + length + 2] == b"\0\0", gathering
    )


def _saved_by(fib: Fib, table: Stream, gathering: Gathering) -> None:
    """Add who saved the document where, oldest first."""
    at, size = fib.place(SAVED_BY)
    if not size:
        return
    data = table.data[at : at + min(size, _SAVED_BYTES)]
    wide = data[:2] == b"\xff\xff"
    count_at = 2 if wide else 0
    count, extra = int.from_bytes(data[count_at : count_at + 2], "little"), data[count_at + 2 : count_at + 4]
    where, unit = count_at + 4, 2 if wide else 1
    for number in range(min(count, 2 * _MOST_SAVERS)):
        length = int.from_bytes(data[where : where + unit], "little")
        start, end = where + unit, where + unit + unit * length
        raw = data[start:end]
        if where + unit > len(data) or len(raw) < unit * length:
            gathering.note("doc_saved_by", f"{table.path}: the list of who saved it breaks off")
            return
        name, field = ("doc.saved_by", "author") if number % 2 == 0 else ("doc.saved_as", "path")
        text = raw.decode("utf-16-le" if wide else "cp1252", "replace")
        locator = table.locator(f"SttbSavedBy[{number // 2}]/{field}", at + start, at + end)
        gathering.add_fact(name, text, locator, raw)
        where = end + int.from_bytes(extra, "little")
