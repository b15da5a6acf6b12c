"""What the custody log says of a plan: how much there is, how much is left, and what is whole with each unit.

`forensics.casestore.progress` reads it back.
"""

from collections.abc import Sequence

from forensics.engine.reading.units import Unit


def plan_details(units: Sequence[Unit], left: Sequence[Unit]) -> dict[str, str]:
    """Return the details of the ``planned`` line.

    Args:
        units: all units of the sources.
        left: those that are still to be read.
    """
    return {
        "units": str(len(units)),
        "units_left": str(len(left)),
        "files": str(_files(units)),
        "files_left": str(_files(left)),
        "bytes": str(sum(unit.size for unit in units)),
        "bytes_left": str(sum(unit.size for unit in left)),
    }


def _files(units: Sequence[Unit]) -> int:
    return sum(whole_with(unit) for unit in units)


def whole_with(unit: Unit) -> int:
    """Return how many files are whole once this unit is read: one that was cut, with the unit that records it."""
    return len(unit.files) if unit.slice is None else int(unit.slice.last)
