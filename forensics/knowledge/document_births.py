"""When things that documents show came into the world: namespaces, builds, themes, functions, fonts.

Days are whole days since 1970 UTC. ``document_births.toml`` and ``excel_builds.toml`` say where the tables come from.
"""

import csv
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from forensics.knowledge.births import day_of
from forensics.model.document_marks import BUILD_OFFSET

BUILD_SLACK = 90
"""Days before its release at which a build is no surprise: the web and testers run ahead by about a month."""
_DATED = re.compile(r"(?<=/)((?:19|20)\d\d)(?:/(0?[1-9]|1[0-2])(?:/(0?[1-9]|[12]\d|3[01]))?)?(?=/|\Z)")


class Birth(NamedTuple):
    """When a thing was announced or released, and by how much it may have been in use before."""

    born: int
    slack_days: int


def namespace_born(uri: str) -> int:
    """Return the day that a namespace of Microsoft's has in its name; 0: it has none.

    They are named by the year, month or day for which they are meant; testers have them some months before.
    """
    found = _DATED.search(uri)
    if found is None:
        return 0
    year, month, day = found[1], int(found[2] or 1), int(found[3] or 1)
    return day_of(f"{year}-{month:02}-{min(day, 28):02}")


@cache
def births(kind: str) -> Mapping[str, Birth]:
    """Return the births of a kind (``font``, ``theme``, ``feature``, ``function``) by what a document shows."""
    return {mark: Birth(day_of(born), int(slack)) for one, mark, born, slack in _rows("document_births") if one == kind}


def build_born(build: int) -> int:
    """Return the release of the build of Excel that a workbook names as ``rupBuild``; 0: it is not known.

    Of a build that no list has, that of the nearest lower one, which it cannot be older than by much.
    """
    numbers, days = _builds()
    place = bisect_right(numbers, build - BUILD_OFFSET)
    # A number above the list's last is of a build of later, or of none.
    return days[place - 1] if place and build - BUILD_OFFSET <= numbers[-1] else 0


@cache
def _builds() -> tuple[tuple[int, ...], tuple[int, ...]]:
    rows = list(_rows("excel_builds"))
    return tuple([int(build) for build, _ in rows]), tuple([day_of(released) for _, released in rows])


def _rows(name: str) -> Iterator[list[str]]:
    text = resources.files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    return rows
