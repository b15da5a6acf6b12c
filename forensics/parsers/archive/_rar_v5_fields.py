"""Fields of the headers of RAR 5.

Source: technote.txt of RAR 5 ("RAR 5.0 archive format", "General archive block format").
"""

from collections.abc import Iterator

from forensics.errors import Malformed, Truncated
from forensics.parsers.archive._rar_crypt import vint
from forensics.parsers.archive._rar_model import Block

HAS_EXTRA, HAS_DATA = 1, 2
MOST_RECORDS = 1_000
"""Of the extra area of one header; RAR writes fewer than ten."""
_DAMAGED = "it ends inside a field"


class Fields:
    """Fields of a header, read with their places."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data = data
        self.at = at
        self.end = min(end, len(data))
        self.start = at

    def number(self) -> int:
        """Return a number of variable length; its range is ``start`` to ``at``."""
        self.start = self.at
        value, at = vint(self.data, self.at, self.end)
        if value is None:
            raise Truncated(_DAMAGED, self.at)
        self.at = at
        return value

    def take(self, size: int) -> bytes:
        """Return the next bytes; their range is ``start`` to ``at``."""
        if not 0 <= size <= self.end - self.at:
            raise Truncated(_DAMAGED, self.at)
        self.start, self.at = self.at, self.at + size
        return self.data[self.start : self.at]

    @property
    def range(self) -> tuple[int, int]:
        """Where the last field stands."""
        return self.start, self.at


def body(block: Block) -> Fields:
    """Return the fields of a header behind those that every header has, without its extra area."""
    fields = Fields(block.data, 4, len(block.data))
    fields.number()
    fields.number()
    flags = fields.number()
    extra = fields.number() if flags & HAS_EXTRA else 0
    if flags & HAS_DATA:
        fields.number()
    fields.end = max(fields.at, fields.end - extra)
    return fields


def records(block: Block) -> Iterator[tuple[int, int, int]]:
    """Yield kind and range of the records of the extra area.

    Raises:
        ParseError: one ends inside a field, or there are too many.
    """
    area = Fields(block.data, body(block).end, len(block.data))
    count = 0
    while area.at < area.end:
        if count == MOST_RECORDS:
            raise Malformed(f"it has more than MOST_RECORDS={MOST_RECORDS} records", area.at)
        count += 1
        size = area.number()
        end = area.at + size
        if not size or end > area.end:
            raise Truncated(_DAMAGED, area.at)
        kind = area.number()
        yield kind, area.at, end
        area.at = end
