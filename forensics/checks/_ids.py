"""What the rules on times inside ids share: the reading that is nearest to what it is held against."""

from collections.abc import Iterable, Iterator

from forensics.checks._facts import HOUR, MINUTE, OFFSETS_APART
from forensics.model.facts import Timestamp
from forensics.model.mail import MailMessage

COMPOSING = frozenset(("Pine", "Alpine", "Eudora", "Z-Mail", "Yandex"))
"""Programs that make the id when a mail is begun, not when it is sent (knowledge base 1.2)."""


def times_at(message: MailMessage, start: str, end: str = "") -> Iterator[Timestamp]:
    """Yield the times whose place begins and ends so."""
    for stamp in message.timestamps:
        path = stamp.locator.path
        if path.startswith(start) and path.endswith(end):
            yield stamp


def ahead(stamp: Timestamp, of: Timestamp) -> int | None:
    """Return by how much one time is ahead of another; two wall clocks where the first is local."""
    if isinstance(stamp.instant, int) and isinstance(of.instant, int):
        return stamp.instant - of.instant
    if not isinstance(stamp.instant, int) and isinstance(stamp.wall, int) and isinstance(of.wall, int):
        return stamp.wall - of.wall
    return None


def latest(stamps: Iterable[Timestamp], of: Timestamp) -> tuple[Timestamp, int] | None:
    """Return the time that is most ahead of another, and by how much; None where none can be compared."""
    known = [(stamp, by) for stamp in stamps if (by := ahead(stamp, of)) is not None]
    return max(known, key=lambda one: one[1], default=None)


def nearest(stamps: Iterable[Timestamp], to: Iterable[Timestamp]) -> tuple[Timestamp, Timestamp, int] | None:
    """Return the pair of a reading and a time that differ least, and by how much the reading is ahead.

    A token that two schemes fit has two readings: the innocent one counts.
    """
    others = tuple(to)
    found = [(stamp, other, by) for stamp in stamps for other in others if (by := ahead(stamp, other)) is not None]
    return min(found, key=lambda one: abs(one[2]), default=None)


def zones_apart(ticks: int) -> bool:
    """Whether two clocks differ as zones do: by a multiple of half an hour, to two minutes."""
    return 25 * MINUTE < abs(ticks) <= OFFSETS_APART and (abs(ticks) + 2 * MINUTE) % (HOUR // 2) <= 4 * MINUTE
