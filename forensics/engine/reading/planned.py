"""What the custody log says of a plan: how much there is, how much is left, and what is whole with each unit.

`forensics.casestore.progress` reads it back.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

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
    """Return the number of files of units: a mailbox that was cut is one."""
    whole = sum(len(unit.files) for unit in units if unit.slice is None)
    return whole + len({_name(unit) for unit in units if unit.slice is not None})


def _name(unit: Unit) -> tuple[str, bytes]:
    return unit.source, unit.files[0].name


class Pieces:
    """Counts the pieces of cut mailboxes that are still to come.

    Args:
        left: the units that are to be read.
    """

    def __init__(self, left: Iterable[Unit]) -> None:
        self._left = Counter(_name(unit) for unit in left if unit.slice is not None)

    def whole_with(self, unit: Unit) -> int:
        """Return how many files are read to their end once this unit is."""
        if unit.slice is None:
            return len(unit.files)
        self._left[_name(unit)] -= 1
        return 0 if self._left[_name(unit)] else 1
