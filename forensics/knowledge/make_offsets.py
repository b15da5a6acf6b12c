"""Make ``offsets.csv`` from the installed ``tzdata`` package: ``python -m forensics.knowledge.make_offsets``.

For every UTC offset, the spans in which at least one zone used it. Never reads the system's zone files: two machines
must say the same. ``Etc/`` zones belong to no place and are left out. Offsets of local mean time are rounded to the
minute, as mail writes them.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

FIRST, LAST = 1970, 2038
STEP = timedelta(days=7)


def zones() -> Iterator[ZoneInfo]:
    """Yield every zone that belongs to a place."""
    for name in resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split():
        if name.startswith("Etc/"):
            continue
        with resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
            yield ZoneInfo.from_file(file, key=name)


def spans() -> dict[int, list[list[int]]]:
    """Return offset in seconds to sorted, disjoint spans ``[start, end]`` in unix seconds."""
    found: dict[int, list[list[int]]] = {}
    for zone in zones():
        for offset, start, end in _runs(zone):
            found.setdefault(offset, []).append([start, end])
    return {offset: _united(runs) for offset, runs in sorted(found.items())}


def _runs(zone: ZoneInfo) -> list[tuple[int, int, int]]:
    at, end = datetime(FIRST, 1, 1, tzinfo=UTC), datetime(LAST, 1, 1, tzinfo=UTC)
    runs: list[tuple[int, int, int]] = []
    offset, start = _offset(zone, at), at
    while at < end:
        after = min(at + STEP, end)
        if _offset(zone, after) != offset or after == end:
            change = _change(zone, at, after, offset)
            runs.append((offset, int(start.timestamp()), int(change.timestamp())))
            offset, start = _offset(zone, after), change
        at = after
    return runs


def _change(zone: ZoneInfo, before: datetime, after: datetime, offset: int) -> datetime:
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, at: datetime) -> int:
    away = at.astimezone(zone).utcoffset() or timedelta(0)
    return round(away.total_seconds() / 60) * 60


def _united(runs: list[list[int]]) -> list[list[int]]:
    united: list[list[int]] = []
    for start, end in sorted(runs):
        if united and start <= united[-1][1]:
            united[-1][1] = max(united[-1][1], end)
        else:
            united.append([start, end])
    return united


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("offset_s", "start", "end"))
    for offset, runs in spans().items():
        for start, end in runs:
            writer.writerow((offset, start, end))
