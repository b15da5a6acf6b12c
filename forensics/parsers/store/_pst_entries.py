"""What the table of a folder says of a message, held against what the message says itself.

Source: [MS-PST] 2.4.4.5.
"""

from typing import NamedTuple

from forensics.model.facts import ClockKind, Description, Timestamp
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers._counted_times import filetime, in_utc
from forensics.parsers.store._pst_heap import FIXED, Heap, Record, Value, records
from forensics.parsers.store._pst_store import StoreNode, bytes_at, bytes_of
from forensics.parsers.store._pst_tables import Row, Table

_OWN_TO_ROWS = frozenset((0x67F2, 0x67F3, 0x0E08))
"""Number and version of the row; the size, which programs reckon anew without touching the row."""
_TIME = 0x0040
TIMES = {
    0x0039: (TimeKind.PST_LISTED_SUBMITTED, Description.SENT),
    0x0E06: (TimeKind.PST_LISTED_DELIVERED, Description.DELIVERED),
    0x3007: (TimeKind.PST_LISTED_CREATED, Description.CREATION),
    0x3008: (TimeKind.PST_LISTED_MODIFIED, Description.MODIFICATION),
}
_MOST_BYTES = 65_536


class Listed(NamedTuple):
    """What a row adds."""

    times: tuple[Timestamp, ...]
    """That the message does not have, or has otherwise."""
    differs: tuple[int, ...]
    """Tags of other properties of which the message has another value."""


def listed(table: Table, position: int, message: StoreNode, path: str) -> Listed | None:
    """Hold a row against the properties of a message; ``None``: the row is not there.

    Args:
        table: of the folder.
        position: of the row in the table's index.
        message: its node.
        path: of the row, for locators.
    """
    row = table.cells(position)
    if row is None:
        return None
    heap = Heap(message)
    own = {one.id: one for one in records(heap)}
    times: list[Timestamp] = []
    differs: list[int] = []
    met: set[int] = set()
    for tag, place, in_heap in row.values():
        number, kind = tag >> 16, tag & 0xFFFF
        mine = own.get(number)
        if tag in met or place is None:
            continue
        met.add(tag)
        if mine is not None and (number in _OWN_TO_ROWS or mine.type != kind):
            continue
        if mine is None and (number not in TIMES or kind != _TIME):
            continue
        said = _said(table, row, place, in_heap=in_heap)
        if mine is not None and _same(heap, mine, said):
            continue
        if number in TIMES and kind == _TIME:
            times.append(_time(row, place, said, tag, path))
        else:
            differs.append(tag)
    return Listed(tuple(times), tuple(differs))


def _said(table: Table, row: Row, place: Value, *, in_heap: bool) -> bytes:
    if in_heap:
        return bytes_of(table.heap, place, _MOST_BYTES)
    return row.node.block(place.block)[place.start : place.end]


def _same(heap: Heap, mine: Record, said: bytes) -> bool:
    if mine.type in FIXED:
        return mine.value.to_bytes(4, "little")[: len(said)] == said
    own = bytes_at(heap, mine, _MOST_BYTES)
    # Tables cut long texts short.
    return own == said or (len(said) >= 510 and own.startswith(said))


def _time(row: Row, place: Value, raw: bytes, tag: int, path: str) -> Timestamp:
    kind, description = TIMES[tag >> 16]
    locator = row.node.locator(place.block, place.start, place.end, f"{path}/0x{tag:08X}")
    return stored_time(raw, kind, description, locator)


def stored_time(raw: bytes, kind: TimeKind, description: Description, locator: Locator) -> Timestamp:
    """Return a time of a store or a folder."""
    return in_utc(filetime(raw), raw, locator, kind, description, clock=ClockKind.MAILBOX)
