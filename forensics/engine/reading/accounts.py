"""What of an item's bytes is no part of what was read: added up by reason while the item is read.

`forensics.reader.accounting` makes the account of a source of it.
"""

from collections.abc import Iterable, Mapping, Sequence

from forensics.model.accounts import Kind
from forensics.model.items import Notice, Status
from forensics.model.rows.numbers import MOST
from forensics.model.rows.occurrences import AccountRow

Sums = dict[tuple[Kind, str], int]
"""Bytes by kind and reason."""


def add(sums: Sums, kind: Kind, reason: str, size: int) -> None:
    """Take bytes of an item."""
    if size > 0:
        key = kind, reason
        sums[key] = min(MOST, sums.get(key, 0) + size)


def rows(sums: Mapping[tuple[Kind, str], int], status: Status, said: Sequence[Notice]) -> list[AccountRow]:
    """Return what is recorded of one place of an item.

    Args:
        sums: what reading its content gave.
        status: of an item that was not read, all bytes count as that.
        said: what its container says of it: their bytes are those that it is stored in.
    """
    if status in (Status.UNREAD, Status.SKIPPED):
        return []
    here = dict(sums)
    for notice in said:
        add(here, Kind.STORED, notice.code, notice.unread)
    return [AccountRow(kind=kind, reason=reason, size=size) for (kind, reason), size in here.items()]


def merged(parts: Iterable[AccountRow], most: int) -> tuple[AccountRow, ...]:
    """Return the sums of rows, the largest first; beyond *most*, those of a kind are added up without their reasons."""
    sums: Sums = {}
    for row in parts:
        add(sums, Kind(row.kind), row.reason, row.size)
    ordered = sorted(sums.items(), key=lambda entry: (-entry[1], entry[0]))
    kept = dict(ordered[:most])
    for (kind, _), size in ordered[most:]:
        add(kept, kind, "", size)
    return tuple([AccountRow(kind=kind, reason=reason, size=size) for (kind, reason), size in kept.items()])
