"""What reading the parts of a cut file gave: what is recorded of the file itself rests on all of them.

The file's own unit, which records it, is read once its parts have been.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from forensics.engine.reading.accounts import merged
from forensics.engine.reading.units import Unit
from forensics.model.accounts import Kind
from forensics.model.items import Status
from forensics.model.rows.occurrences import AccountRow

_MOST = 1 << 53
MOST_ACCOUNTS = 12
"""Reasons that are told of one part: an answer of a worker is short."""
Count = Annotated[int, msgspec.Meta(ge=0, le=_MOST)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one part, or all of them, gave that is told of the file as a whole."""

    status: Status = Status.PARSED
    reason: Annotated[str, msgspec.Meta(max_length=100)] = ""
    damaged: bool = False
    """Whether a member is not what was once stored."""
    left: Count = 0
    """Items at any depth that were not decoded for the budget."""
    left_bytes: Count = 0
    """Stored bytes of those that stand in the file itself."""
    accounts: Annotated[tuple[AccountRow, ...], msgspec.Meta(max_length=MOST_ACCOUNTS + len(Kind))] = ()
    """Bytes of the file itself that are no part of what was read."""


CLEAN = Part()


def whole(parts: Iterable[Part]) -> Part:
    """Return what all parts of a file gave, in their order: of the first that is not wholly read, the reason."""
    parts = list(parts)
    first = next((part for part in parts if part.status is not Status.PARSED), CLEAN)
    read = any(part.status is not Status.UNREAD for part in parts)
    return Part(
        status=Status.PARTIAL if first.status is Status.UNREAD and read else first.status,
        reason=first.reason,
        damaged=any(part.damaged for part in parts),
        left=min(_MOST, sum(part.left for part in parts)),
        left_bytes=min(_MOST, sum(part.left_bytes for part in parts)),
        accounts=merged([row for part in parts for row in part.accounts], MOST_ACCOUNTS),
    )


class Parts:
    """The cut files of a scan, until all their parts have been read."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, bytes], dict[int, Part | None]] = {}

    def expect(self, unit: Unit) -> None:
        """Take a part that is to be read."""
        self._of(unit)[_start(unit)] = None

    def take(self, unit: Unit, part: Part) -> None:
        """Take what reading a part gave, in this scan or in one before."""
        self._of(unit)[_start(unit)] = part

    def ready(self, unit: Unit) -> bool:
        """Whether a unit can be read: none that records a file of which parts are to come."""
        return unit.slice is None or not unit.slice.last or None not in self._of(unit).values()

    def whole(self, unit: Unit) -> Part:
        """Return what the parts gave of the file that a unit records."""
        return whole([part for _, part in sorted(self._of(unit).items()) if part is not None])

    def _of(self, unit: Unit) -> dict[int, Part | None]:
        return self._found.setdefault((unit.source, unit.files[0].name), {})


def _start(unit: Unit) -> int:
    assert unit.slice is not None
    return unit.slice.start
