from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from forensics.knowledge.zones import Use, offset_spans, offset_use
from forensics.model.facts import TICKS_PER_SECOND


def _instant(year: int, month: int = 7, day: int = 1) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * TICKS_PER_SECOND


def test_table_loads_fast(loads_fast: Callable[[Any], bool]) -> None:
    assert loads_fast(offset_spans)


@pytest.mark.parametrize(
    ("offset_min", "year", "expected"),
    [
        (0, 2000, Use.THEN),
        (-300, 1975, Use.THEN),
        (345, 2010, Use.THEN),
        (510, 2017, Use.THEN),
        (510, 2012, Use.OTHER_TIMES),
        (-270, 2010, Use.THEN),
        (-270, 2020, Use.OTHER_TIMES),
        (840, 2020, Use.THEN),
        (840, 1993, Use.OTHER_TIMES),
        (75, 2010, Use.NEVER),
        (-960, 2002, Use.NEVER),
        (75, 1960, Use.NEVER),
        (840, 1960, Use.THEN),
    ],
)
def test_offset_use(offset_min: int, year: int, expected: Use) -> None:
    assert offset_use(offset_min * 60, _instant(year)) is expected


def test_a_week_of_doubt_at_both_ends() -> None:
    first, last = datetime(2015, 8, 15, tzinfo=UTC), datetime(2018, 5, 4, tzinfo=UTC)
    for day, expected in (
        (first - timedelta(days=6), Use.THEN),
        (first - timedelta(days=10), Use.OTHER_TIMES),
        (last + timedelta(days=6), Use.THEN),
        (last + timedelta(days=10), Use.OTHER_TIMES),
    ):
        assert offset_use(510 * 60, int(day.timestamp()) * TICKS_PER_SECOND) is expected


@pytest.mark.parametrize(
    "name",
    ["Europe/Paris", "America/St_Johns", "Asia/Kathmandu", "Pacific/Chatham", "Australia/Lord_Howe", "Asia/Tehran"],
)
def test_table_agrees_with_the_packaged_zones(name: str) -> None:
    with resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        zone = ZoneInfo.from_file(file, key=name)
    at = datetime(1971, 1, 1, tzinfo=UTC)
    while at.year < 2030:
        offset = at.astimezone(zone).utcoffset()
        assert offset is not None
        seconds = round(offset.total_seconds() / 60) * 60
        assert offset_use(seconds, int(at.timestamp()) * TICKS_PER_SECOND) is Use.THEN, (name, at)
        at += timedelta(days=11)
