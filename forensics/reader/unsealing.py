"""Items that are opened although a list of the case names them: stored, and one line of the log."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from forensics.casestore import CaseFolder, Queries, write_file, write_unit
from forensics.errors import UsageError
from forensics.model.codec import encode, encode_text
from forensics.model.paths import AnyPath
from forensics.model.restricting import RestrictionState, Unsealed
from forensics.model.rows.restrictions import UnsealedRow
from forensics.reader.case import open_case
from forensics.reader.marking import entry, logged, name
from forensics.reader.sealing.items import read_sealed

_NAMED = 20
_LIST = re.compile(r"restrict-(\d{6,12})")
_UNIT = re.compile(r"unseal-(\d{6,12})")


def unseal(
    case: AnyPath, item: str | int, *, by: str = "", clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Unsealed:
    """Open an item that may not be quoted, with all that is inside it, until another list is given.

    Args:
        case: the case folder.
        item: a rank (then all items of its entry), a SHA-256 or its start, or a location.
        by: who opens it; empty: the examiner of the case.
        clock: wall clock of the machine, for the log.

    Raises:
        UsageError: nobody is named, or the item is not restricted.
        UnknownItem: *item* means nothing.
        AmbiguousItem: it means several items, and is no rank.
        NotJudged: it is a rank of a case that is not wholly read and judged.
        CaseStoreError: the folder is no case, is locked, or the disk is full (`StorageFull`).
    """
    folder = CaseFolder.open(Path(case), clock)
    by = name(by, folder)
    with folder.lock(), Queries(folder) as queries:
        sealed = read_sealed(queries)
        refs = entry(folder, queries, item)
        closed = [ref for ref in refs if sealed is not None and sealed.seals(ref.sha256, ref.location)]
        if not closed:
            raise UsageError(f"{str(item)!r} is not restricted: there is nothing to unseal")
        lines = folder.custody.lines()
        act = 1 + _last(_UNIT, [line.details.get("unit", "") for line in lines if line.action == "unseal"])
        number = _last(_LIST, [line.details.get("unit", "") for line in lines if line.action == "restrict"])
        now = clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        rows = [
            UnsealedRow(
                list=number,
                act=act,
                sha256=ref.sha256,
                location=encode_text(ref.location),
                location_text=ref.location.text,
                author=by,
                time=now,
            )
            for ref in closed
        ]
        unit = f"unseal-{act:06d}"
        made = folder.tmp / unit
        write_file(made, b"".join([encode(row) + b"\n" for row in rows]))
        files = write_unit(folder, unit, {"unsealed": made})
        made.unlink()
        named = " ".join([logged(row.sha256, row.location_text) for row in rows[:_NAMED]])
        folder.custody.append("unseal", {"unit": unit, "by": by, "items": str(len(rows)), "item": named}, files)
        return Unsealed(items=tuple(closed), by=by, head=folder.custody.head())


def restriction(case: AnyPath) -> RestrictionState:
    """Return what of a case may not be quoted: the list in force, and how many items that are.

    Raises:
        CaseStoreError: the folder is no case.
    """
    with open_case(case) as opened:
        return opened.restriction()


def _last(form: re.Pattern[str], units: list[str]) -> int:
    return max([int(found[1]) for unit in units if (found := form.fullmatch(unit))], default=0)
