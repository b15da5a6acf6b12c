"""What the custody log says of a plan: how much there is, how much is left, and what is whole with each unit.

`forensics.casestore.progress` reads it back.
"""

from collections.abc import Iterable, Iterator

from forensics.engine.reading.units import Unit


class Tally:
    """Counts units as they pass, their files and their bytes."""

    def __init__(self) -> None:
        self.units = self.files = self.size = 0

    def counting(self, units: Iterable[Unit]) -> Iterator[Unit]:
        """Yield the units that are given."""
        for unit in units:
            self.units += 1
            self.files += whole_with(unit)
            self.size += unit.size
            yield unit


def plan_details(whole: Tally, left: Tally) -> dict[str, str]:
    """Return the details of the ``planned`` line.

    Args:
        whole: of all units of the sources.
        left: of those that this scan has to read, or has read before all were known.
    """
    return {
        "units": str(whole.units),
        "units_left": str(left.units),
        "files": str(whole.files),
        "files_left": str(left.files),
        "bytes": str(whole.size),
        "bytes_left": str(left.size),
    }


def whole_with(unit: Unit) -> int:
    """Return how many files are whole once this unit is read: one that was cut, with the unit that records it."""
    return unit.count if unit.slice is None else int(unit.slice.last)
