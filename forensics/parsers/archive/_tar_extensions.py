"""What stands before a member's header to say more of it: records of pax, GNU's long names.

Source: POSIX.1-2017 pax, "pax Extended Header"; GNU tar manual, "GNU tar and POSIX tar"; star(5) for ``SCHILY.*``.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_LENGTH = re.compile(rb"([0-9]{1,12}) ")
_TIME = re.compile(rb"\s{0,9}(-?)([0-9]{1,20})(?:\.([0-9]{0,40}))?\s{0,9}")
_WHOLE = re.compile(rb"\s{0,9}(-?[0-9]{1,30})(?:\.[0-9]{0,40})?\s{0,9}")

SPARSE_PIECES = (b"GNU.sparse.offset", b"GNU.sparse.numbytes")
"""Keys that stand several times, each time for another piece."""


class Placed(NamedTuple):
    """A value and where it stands in the archive."""

    value: bytes
    start: int
    end: int

    @property
    def range(self) -> tuple[int, int]:
        """Where it stands."""
        return self.start, self.end


class Records(NamedTuple):
    """Records of one block, as they stand."""

    found: tuple[tuple[bytes, Placed], ...]
    end: int
    """Where the first bytes stand that are no record, in the archive; the block's end where all are."""


class Extensions:
    """All that was said before one member's header, and before all members.

    Attributes:
        records: of pax, those of this member before those of all.
        pieces: values of `SPARSE_PIECES`, in their order.
        long_name: GNU's.
        long_link: GNU's.
        local: keys that stand before this member, not before all.
        kinds: typeflags of what stood before it.
        size: bytes of all that stands before its header.
    """

    __slots__ = ("kinds", "local", "long_link", "long_name", "pieces", "records", "size")

    def __init__(self, common: dict[bytes, Placed]) -> None:
        self.records = dict(common) if common else {}
        self.pieces: list[tuple[bytes, Placed]] = []
        self.long_name: Placed | None = None
        self.long_link: Placed | None = None
        self.local: set[bytes] = set()
        self.kinds = b""
        self.size = 0

    def take(self, records: Records) -> None:
        """Take the records that stand before this member; an empty value takes back what is said of all."""
        for key, placed in records.found:
            if key in SPARSE_PIECES:
                self.pieces.append((key, placed))
                continue
            self.local.add(key)
            self.records[key] = placed

    def get(self, key: bytes) -> Placed | None:
        """Return a record; ``None`` where there is none, or an empty one."""
        found = self.records.get(key)
        return found if found is not None and found.value else None


def read_records(data: bytes, start: int) -> Records:
    """Return the records in a block: ``length key=value`` and a line end, the length that of all of it.

    Args:
        data: the block.
        start: where it stands in the archive.
    """
    found = []
    at = 0
    while at < len(data):
        length = _LENGTH.match(data, at, at + 14)
        end = at + int(length[1]) if length else at
        if length is None or end > len(data) or end <= length.end() or data[end - 1] != 0x0A:
            break
        equals = data.find(b"=", length.end(), end)
        if equals < 0:
            break
        key = data[length.end() : equals]
        found.append((key, Placed(data[equals + 1 : end - 1], start + equals + 1, start + end - 1)))
        at = end
    # Some writers fill up with NULs inside the stated size.
    return Records(tuple(found), start + (at if data[at:].strip(b"\0") else len(data)))


def whole_number(value: bytes) -> int | None:
    """Return a decimal number, fractions cut off; ``None`` where it is none."""
    found = _WHOLE.fullmatch(value)
    return int(found[1]) if found else None


def ticks(value: bytes) -> tuple[int, int] | None:
    """Return a time of pax in 100 ns, and how many digits of a second are written; ``None`` where it is none."""
    found = _TIME.fullmatch(value)
    if found is None:
        return None
    fraction = found[3] or b""
    size = int(found[2]) * 10_000_000 + int(fraction[:7].ljust(7, b"0"))
    return -size if found[1] else size, len(fraction)


def others(extensions: Extensions, known: frozenset[bytes]) -> Iterator[tuple[bytes, Placed]]:
    """Yield the records before this member that are none of the known ones."""
    for key in sorted(extensions.local - known):
        yield key, extensions.records[key]
