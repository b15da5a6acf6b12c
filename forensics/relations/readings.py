"""Times of mails of one thread held against each other: which pairs cannot both be right.

A mail's id is made before it is dated, and it is dated before its first server has it; all three come after its parent
was dated and got its id. When the parent's server had it says nothing of that: who is named in Cc answers a mail which
a list holds back for days (421 of 20,800 genuine pairs).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple

import msgspec

_MINUTE = 600_000_000
_HOUR = 60 * _MINUTE

KINDS = ("message_id", "date", "served")
"""In the order in which they come about."""
_DOUBTS: Mapping[str, int] = {"date": 10 * _MINUTE, "served": 10 * _MINUTE, "message_id": 26 * _HOUR}
"""By which each may be off: clocks of people and servers; ids may be made in any zone's time."""


ABOVE = 2
"""Steps up a thread: a mail's Date is held against those of its parent and of its grandparent."""


class Reading(NamedTuple):
    """One time of a mail."""

    mail: int
    """Place of the mail among those at hand: copies have times of their own."""
    kind: str
    at: int


class Mail(msgspec.Struct, frozen=True):
    """A mail's place in its thread, and its times, 100 ns since 1970 UTC."""

    number: int
    parent: int | None
    date: int | None
    served: int | None
    message_id: int | None


def pairs(mails: Sequence[Mail]) -> Iterator[tuple[Reading, Reading]]:
    """Yield each pair of times of which the first must not be later than the second."""
    by_number: dict[int, list[int]] = {}
    for place, mail in enumerate(mails):
        by_number.setdefault(mail.number, []).append(place)
    for place, mail in enumerate(mails):
        own = _readings(place, mail)
        yield from combinations(own, 2)
        for above in _above(mail, mails, by_number):
            yield from product([one for one in _readings(above, mails[above]) if one.kind != "served"], own)


def _above(mail: Mail, mails: Sequence[Mail], by_number: Mapping[int, Sequence[int]]) -> Iterator[int]:
    """Yield the places of those that a mail answers, copies included, up to `ABOVE` steps."""
    number = mail.parent
    for _ in range(ABOVE):
        places = by_number.get(number, ()) if number is not None else ()
        yield from places
        number = next((mails[place].parent for place in places), None)


def clash(first: Reading, second: Reading) -> bool:
    """Whether both cannot be right, though the first should come before the second."""
    return first.at > second.at + doubt(first.kind, second.kind)


def doubt(first: str, second: str) -> int:
    """Return by how much two times of these kinds may be out of order, 100 ns."""
    return max(_DOUBTS[first], _DOUBTS[second])


def _readings(place: int, mail: Mail) -> list[Reading]:
    times = ((kind, getattr(mail, kind)) for kind in KINDS)
    return [Reading(place, kind, at) for kind, at in times if at is not None]
