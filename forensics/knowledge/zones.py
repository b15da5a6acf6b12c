"""Which UTC offsets the world used, and when; from a table made of the packaged tz database, never the system's."""

import csv
from bisect import bisect_right
from enum import Enum
from functools import cache, lru_cache
from importlib import resources

from forensics.errors import KnowledgeError
from forensics.model.facts import TICKS_PER_SECOND

SLACK_S = 7 * 86_400
"""Rules of zones change at short notice, and computers learn of it before or after the day."""
OFFERED = frozenset({-12 * 3600})
"""Offsets that systems offer for a setting although no land uses them: "International Date Line West" of Windows, and
``Etc/GMT+12`` of the tz database (file ``etcetera``). Of the zones at sea, all others are some land's too."""
FIRST_S, LAST_S = 0, 2_145_916_800
"""The table covers 1970 to 2037; outside it nothing is known to be unused."""


class Use(Enum):
    """Whether any zone used an offset."""

    THEN = "then"
    OTHER_TIMES = "other times"
    NEVER = "never"


@cache
def offset_spans() -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return offset in seconds to the starts and ends of its spans, sorted and disjoint.

    Raises:
        KnowledgeError: the table is not sorted or a span is empty.
    """
    text = resources.files(__package__).joinpath("offsets.csv").read_text(encoding="utf-8")
    found: dict[int, tuple[list[int], list[int]]] = {}
    for row in csv.DictReader(text.splitlines()):
        starts, ends = found.setdefault(int(row["offset_s"]), ([], []))
        start, end = int(row["start"]), int(row["end"])
        if end <= start or (ends and start <= ends[-1]):
            raise KnowledgeError(f"offsets.csv: span {start} of offset {row['offset_s']} is empty or out of order")
        starts.append(start)
        ends.append(end)
    return {offset: (tuple(starts), tuple(ends)) for offset, (starts, ends) in found.items()}


@cache
def zone_names() -> dict[str, frozenset[int]]:
    """Return name of a zone (``CEST``) to the offsets for which any place used it, in seconds east."""
    text = resources.files(__package__).joinpath("zone_names.csv").read_text(encoding="utf-8")
    found: dict[str, set[int]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["name"], set()).add(int(row["offset_s"]))
    return {name: frozenset(offsets) for name, offsets in found.items()}


def offset_use(offset_s: int, instant: int) -> Use:
    """Tell whether any zone used an offset within a week of an instant.

    Args:
        offset_s: seconds east of UTC.
        instant: 100 ns since 1970 UTC; outside the table's years every offset that was ever used counts as in use.
    """
    return _use(offset_s, instant // TICKS_PER_SECOND // 86_400)


def half_meant(offset_s: int, instant: int) -> int | None:
    """Return the offset in use that a program means which writes half an hour as 50 (``+0550`` for 5.5 hours)."""
    hours, minutes = divmod(abs(offset_s) // 60, 60)
    meant = (hours * 60 + 30) * (-60 if offset_s < 0 else 60)
    return meant if minutes == 50 and offset_use(meant, instant) is Use.THEN else None


@lru_cache(4096)
def _use(offset_s: int, day: int) -> Use:
    spans = offset_spans().get(offset_s)
    if spans is None:
        return Use.NEVER
    starts, ends = spans
    at = day * 86_400
    if not FIRST_S <= at < LAST_S:
        return Use.THEN
    place = bisect_right(starts, at + 86_400 + SLACK_S) - 1
    return Use.THEN if place >= 0 and ends[place] > at - SLACK_S else Use.OTHER_TIMES
