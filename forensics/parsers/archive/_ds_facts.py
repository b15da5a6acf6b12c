"""What the records of a folder's index of the Finder say: names, sizes, times, comments, and what was in the trash."""

import struct
from collections import Counter
from collections.abc import Iterable

from forensics.model.facts import TICKS_PER_SECOND, Absence, Description, Precision
from forensics.model.locations import Locator, quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers._counted_times import in_utc
from forensics.parsers._gathering import Gathering
from forensics.parsers.archive._ds_records import Record

_FOLDER_ITSELF = "."
_SIZES = {"lg1S": "ds_store.size", "logS": "ds_store.size", "ph1S": "ds_store.disk_size", "phyS": "ds_store.disk_size"}
_TEXTS = {"cmmt": "ds_store.comment", "ptbL": "ds_store.stood_in", "ptbN": "ds_store.was_named"}
_TIMES = ("modD", "moDD")
_SECONDS_1904, _SECONDS_2001 = 2_082_844_800, 978_307_200
"""From 1904 to 1970, and from there to 2001."""
_SHOWN = 300
"""Letters of a name in the path of a place."""
_LATEST = 1 << 36
"""Seconds since 1970 beyond which a count is no time."""


def add_records(gathering: Gathering, data: bytes, records: Iterable[Record]) -> None:
    """Add each name once, what is said of it, and how many other records there are: of icons, views and windows.

    Args:
        gathering: gets them.
        data: the index.
        records: all of it, in their order.
    """
    others: Counter[str] = Counter()
    names: dict[str, int] = {}
    times: set[tuple[str, bytes]] = set()
    for record in records:
        if record.file != _FOLDER_ITSELF and record.file not in names:
            names[record.file] = len(names)
            place = Locator(path=_path(record, ""), ranges=(record.name,))
            gathering.add_fact("ds_store.name", record.file, place, data[slice(*record.name)])
        raw = data[slice(*record.value)]
        place = Locator(path=_path(record, record.code), ranges=(record.value,))
        if record.code in _SIZES and record.kind in (b"comp", b"long"):
            size = f"{int.from_bytes(raw, 'big')} {record.file}"
            gathering.add_fact(_SIZES[record.code], size, place, raw)
        elif record.code in _TEXTS and record.kind == b"ustr":
            gathering.add_fact(_TEXTS[record.code], raw.decode("utf-16-be", "replace"), place, raw)
        elif record.code in _TIMES and record.kind in (b"dutc", b"blob"):
            # Both records say the same in nearly all, and then one is enough.
            if (record.file, raw) not in times:
                _add_time(gathering, record, raw, place, names.get(record.file, 0))
            times.add((record.file, raw))
        else:
            others[record.code] += 1
    if others:
        text = ", ".join([f"{code} {number}" for code, number in sorted(others.items())])
        gathering.add_fact("ds_store.other_records", text, Locator(path="ds_store.other_records"), b"")


def _path(record: Record, code: str) -> str:
    """Return what people are shown of a place: the name that a record is about, and the record's own."""
    name = quote(record.file.encode("utf-8", "replace"))[:_SHOWN]
    return f"{name}:{code}" if code else name


def _add_time(gathering: Gathering, record: Record, raw: bytes, place: Locator, index: int) -> None:
    counted = record.kind == b"dutc"
    ticks = _since_1904(raw) if counted else _since_2001(raw)
    precision = Precision.MICROSECOND if counted else Precision.TICK
    kind, said = TimeKind.FINDER_MODIFIED, Description.MODIFICATION
    gathering.add_stamp(in_utc(ticks, raw, place, kind, said, precision=precision, index=index))


def _since_1904(raw: bytes) -> int | Absence:
    """Return a count of 65,536ths of a second since 1904, the greatest byte first."""
    count = int.from_bytes(raw, "big")
    if not count:
        return Absence.NOT_PRESENT
    seconds = (count >> 16) - _SECONDS_1904
    if seconds >= _LATEST:
        return Absence.UNPARSABLE
    return seconds * TICKS_PER_SECOND + (count & 65_535) * TICKS_PER_SECOND // 65_536


def _since_2001(raw: bytes) -> int | Absence:
    """Return seconds since 2001, a number of double precision, the least byte first."""
    if len(raw) != 8:
        return Absence.UNPARSABLE
    seconds: float = struct.unpack("<d", raw)[0]
    if not seconds:
        return Absence.NOT_PRESENT
    if not -_SECONDS_1904 <= seconds + _SECONDS_2001 < _LATEST:
        return Absence.UNPARSABLE
    return round(seconds * TICKS_PER_SECOND) + _SECONDS_2001 * TICKS_PER_SECOND
