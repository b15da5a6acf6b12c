"""What the custody log says of a unit that was read, and which units it says are worth another reading."""

from forensics.casestore import CaseFolder
from forensics.engine.reading.pool import Done


def unit_details(done: Done, files: int) -> dict[str, str]:
    """Return what is logged of a unit.

    Args:
        done: the unit; of failures and the like nothing is said where there were none.
        files: how many files are read to their end with it.
    """
    details = {
        "unit": done.unit.id,
        "source": done.unit.source,
        "items": str(done.items),
        "files": str(files),
        "size": str(done.unit.size),
    }
    counts = {
        "failures": done.failures,
        "watchdog": len(done.skipped),
        "again": done.again,
        "changed": done.changed,
    }
    return details | {name: str(count) for name, count in counts.items() if count}


def passing_units(folder: CaseFolder) -> frozenset[str]:
    """Return the units with items that were left for a reason that may have passed: another scan reads them again."""
    last = {line.details.get("unit", ""): line.details for line in folder.custody.lines() if line.action == "unit"}
    return frozenset(unit for unit, details in last.items() if "again" in details)
