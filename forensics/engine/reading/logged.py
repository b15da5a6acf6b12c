"""What the custody log says of a unit that was read, and which units it says are worth another reading."""

from forensics.casestore import CaseFolder
from forensics.engine.reading.parts import CLEAN, Part
from forensics.engine.reading.planned import whole_with
from forensics.engine.reading.pool import Done
from forensics.model.codec import decode, encode_text


def unit_details(done: Done) -> dict[str, str]:
    """Return what is logged of a unit; of failures and the like nothing is said where there were none."""
    details = {
        "unit": done.unit.id,
        "source": done.unit.source,
        "items": str(done.items),
        "files": str(whole_with(done.unit)),
        "size": str(done.unit.size),
    }
    counts = {
        "failures": done.failures,
        "watchdog": len(done.skipped),
        "again": done.again,
        "changed": done.changed,
    }
    part = {"part": encode_text(done.part)} if done.part != CLEAN else {}
    return details | {name: str(count) for name, count in counts.items() if count} | part


def passing_units(folder: CaseFolder, action: str) -> frozenset[str]:
    """Return the units with items that were left for a reason that may have passed: another scan reads them again."""
    return frozenset(unit for unit, details in _last(folder, action).items() if "again" in details)


def logged_parts(folder: CaseFolder, action: str) -> dict[str, Part]:
    """Return by unit what the log says that reading it gave of a file of which it is a part."""
    found = {unit: details["part"] for unit, details in _last(folder, action).items() if "part" in details}
    return {unit: decode(text, Part) for unit, text in found.items()}


def _last(folder: CaseFolder, action: str) -> dict[str, dict[str, str]]:
    return {line.details.get("unit", ""): line.details for line in folder.custody.lines() if line.action == action}
