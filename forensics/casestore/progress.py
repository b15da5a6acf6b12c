"""How far a case got, computed from its custody log and from nothing else.

A scan writes ``scan_started``, a ``unit`` line for each unit it read (``files``: those that are whole with it), and
``planned`` once it has listed its sources and taken out what no longer belongs to them, which may be while it reads
(``units``, ``files``, ``bytes``, and of each how much was ``..._left`` to read when it started); then a ``stage`` line
for each stage that ran or was ``skipped``, ``case_tables`` when all of them are done, and ``scan_finished``. Whatever
stores keys writes ``keys``, ``skipped`` where they were there already, or ``keys_recovered``; whatever takes them out
``keys_removed``. Units of reference sources have lines of their own, ``reference_unit``, and count nothing here: how
far reading got is about the archive.
"""

from collections.abc import Sequence

from forensics.casestore.case import CaseFolder
from forensics.model.case import CustodyLine
from forensics.model.scanning import Reached

_CHANGES = (
    *("unit", "unit_removed", "reference_unit", "reference_removed", "stage"),
    *("keys", "keys_recovered", "keys_removed"),
)
"""Actions after which the stages have not all seen what is in the tables."""


def reached(case: CaseFolder) -> Reached:
    """Return how far reading and judging of a case got, and whether somebody writes to it."""
    held = case.custody.held()  # asked first: a scan that ends meanwhile is then seen as finished
    return progress_of(case.custody.lines(), held=held)


def progress_of(lines: Sequence[CustodyLine], *, held: bool = False) -> Reached:
    """Return how far reading and judging got.

    Args:
        lines: the whole log, torn lines left out.
        held: whether another process holds the case.
    """
    starts = [index for index, line in enumerate(lines) if line.action == "scan_started"]
    judged = max([index for index, line in enumerate(lines) if line.action == "case_tables"], default=-1)
    run = lines[starts[-1] :] if starts else ()
    actions = {line.action for line in run}
    items = _items(lines)
    plans = [index for index, line in enumerate(run) if line.action == "planned"]
    plan = run[plans[-1]].details if plans else {}
    units = [line for line in run if line.action == "unit"]
    return Reached(
        scans=len(starts),
        finished="scan_finished" in actions,
        judged=judged >= 0 and not any(map(_changes, lines[judged:])),
        interrupted="interrupted" in actions,
        held=held,
        units_planned=_number(plan, "units"),
        units_read=_sum(plan, "units", [1] * len(units)),
        files_planned=_number(plan, "files"),
        files_read=_sum(plan, "files", [_number(line.details, "files") for line in units]),
        bytes_planned=_number(plan, "bytes"),
        bytes_read=_sum(plan, "bytes", [_number(line.details, "size") for line in units]),
        items_read=sum(items.values()),
    )


def _changes(line: CustodyLine) -> bool:
    return line.action in _CHANGES and "skipped" not in line.details


def _items(lines: Sequence[CustodyLine]) -> dict[str, int]:
    """Return the units that are in the tables, with the number of their items."""
    found: dict[str, int] = {}
    for line in lines:
        unit = line.details.get("unit", "")
        if line.action == "unit":
            found[unit] = _number(line.details, "items") or 0
        elif line.action == "unit_removed":
            found.pop(unit, None)
    return found


def _sum(plan: dict[str, str], what: str, since: Sequence[int | None]) -> int | None:
    """Return how much is read: what was not left to this scan, and what it read *since*; ``None``: nobody said."""
    whole, left = _number(plan, what), _number(plan, f"{what}_left")
    if whole is None or left is None:
        return None
    return whole - left + sum([number or 0 for number in since])


def _number(details: dict[str, str], key: str) -> int | None:
    text = details.get(key, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
