"""Numbers as columns hold them."""

from typing import NewType

from forensics.model.facts import Absence

_INT64 = 1 << 63

Unsigned = NewType("Unsigned", int)
"""An unsigned 64-bit number as a container states it; every other integer fits a signed one."""

MOST = _INT64 - 1


def storable(value: int | Absence | None) -> int | None:
    """Return a number that a column can hold: hostile input states others, and its bytes are kept beside them."""
    return value if isinstance(value, int) and -_INT64 <= value < _INT64 else None
