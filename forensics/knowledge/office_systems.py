"""When the systems were released that old Office documents name; ``office_systems.toml`` says where it comes from."""

import csv
from datetime import date
from functools import cache
from importlib import resources
from typing import NamedTuple


class System(NamedTuple):
    """An operating system."""

    name: str
    released: int
    """Day on which its makers gave it out, days since 1970."""


def system_of(number: str) -> System | None:
    """Return the system of a number as facts write it (``0x00020105``); ``None``: its release is not known."""
    return _table().get(number)


@cache
def _table() -> dict[str, System]:
    epoch = date(1970, 1, 1)
    with resources.files(__package__).joinpath("office_systems.csv").open(encoding="utf-8") as file:
        return {
            row["number"]: System(row["system"], (date.fromisoformat(row["released"]) - epoch).days)
            for row in csv.DictReader(file)
        }
