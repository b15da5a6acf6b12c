"""Marks that readers set: stored in the case, logged without their content; what was judged stays as it is."""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from forensics.casestore import CaseFolder, Queries, write_file, write_unit
from forensics.errors import UsageError
from forensics.model.codec import encode, encode_text
from forensics.model.findings import ItemRef
from forensics.model.mark_lines import Marked
from forensics.model.marks import NAME_CHARACTERS, NOTE_CHARACTERS, UNDONE, Verdict
from forensics.model.paths import AnyPath
from forensics.model.rows.marks import MarkRow
from forensics.reader.lookup import entry_of, meaning
from forensics.reader.reached import settled
from forensics.reader.resolve import is_rank
from forensics.reader.sealing.gate import Gate
from forensics.reader.stored_marks import StandingMarks, key_of

_NAMED = 20
"""Items that a line of the log names; it has the number of all, and the digest of the file that names them."""
_UNIT = re.compile(r"mark-(\d{6,12})")


def mark(
    case: AnyPath,
    item: str | int,
    verdict: str = "",
    *,
    note: str = "",
    by: str = "",
    undo: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Marked:
    """Mark an item, or all items of a rank; or take the marks back that the same reader set on them.

    A mark changes no score and nothing that was judged. Nothing is ever overwritten: of each reader the latest act on
    an item counts, and all are kept.

    Args:
        case: the case folder.
        item: a rank (then all members of its cluster, or the item with its partners), a SHA-256 or its start, or a
            location.
        verdict: ``reviewed``, ``innocent``, ``keep`` or ``question``; empty to undo.
        note: at most 4,000 characters; kept in the case, and of it only its digest in the log.
        by: the reader's name; empty: the examiner of the case.
        undo: take back what this reader said of the items.
        clock: wall clock of the machine, for the mark and the log.

    Raises:
        UsageError: no such verdict, no name, a note that is too long, or nothing to undo.
        UnknownItem: *item* means nothing.
        AmbiguousItem: it means several items, and is no rank.
        NotJudged: it is a rank of a case that is not wholly read and judged.
        CaseStoreError: the folder is no case, is locked, or the disk is full (`StorageFull`).
    """
    word = _act(verdict, undo=undo)
    _known_text("--note", note, NOTE_CHARACTERS)
    folder = CaseFolder.open(Path(case), clock)
    by = name(by, folder)
    with folder.lock(), Queries(folder) as queries:
        refs = entry(folder, queries, item)
        if undo:
            marks = StandingMarks(queries)
            refs = tuple([ref for ref in refs if marks.standing(key_of(ref.sha256, ref.location.text), by)])
        if not refs:
            raise UsageError(f"there is no mark by {by!r} on {str(item)!r} to undo")
        act = _next(folder)
        now = clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        rows = [
            MarkRow(
                act=act,
                sha256=ref.sha256,
                location=encode_text(ref.location),
                location_text=ref.location.text,
                mark=word,
                author=by,
                time=now,
                note=note,
            )
            for ref in refs
        ]
        _store(folder, rows)
        return Marked(act=act, mark=word, by=by, items=Gate(queries).clean(refs), head=folder.custody.head())


def entry(folder: CaseFolder, queries: Queries, item: str | int) -> tuple[ItemRef, ...]:
    """Return the items that a reference means: of a rank all that are in its entry."""
    if is_rank(item, queries):
        settled(folder, partial=False)
    return entry_of(queries, meaning(queries, item, Gate(queries)))


def name(by: str, folder: CaseFolder) -> str:
    """Return the name of who acts; where none is given, the examiner of the case.

    Raises:
        UsageError: there is none, or it cannot be stored as a name.
    """
    found = by.strip() or folder.info.examiner.strip()
    if not found:
        raise UsageError("say who you are: --by NAME (the case names no examiner)")
    _known_text("--by", found, NAME_CHARACTERS)
    if not found.isprintable():
        raise UsageError("--by has control characters; give a name on one line")
    return found


def _act(verdict: str, *, undo: bool) -> str:
    if undo and verdict:
        raise UsageError("--undo takes back whatever was marked: give no verdict with it")
    if not undo and verdict not in set(Verdict):
        raise UsageError(f"no mark {verdict!r}; it is one of {', '.join(Verdict)}")
    return UNDONE if undo else verdict


def _known_text(what: str, text: str, most: int) -> None:
    """Refuse a text that cannot be stored whole.

    Raises:
        UsageError: it is too long, or is not Unicode.
    """
    if len(text) > most:
        raise UsageError(f"{what} has {len(text):,} characters; at most {most:,} are kept")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{what} is not valid UTF-8") from error
    if "\0" in text:
        raise UsageError(f"{what} has a NUL character")


def _next(folder: CaseFolder) -> int:
    """Return the number of the next act: after all that the log names, so that none is ever written again."""
    units = [_UNIT.fullmatch(line.details.get("unit", "")) for line in folder.custody.lines() if line.action == "mark"]
    return max([int(unit[1]) for unit in units if unit], default=0) + 1


def _store(folder: CaseFolder, rows: Sequence[MarkRow]) -> None:
    first = rows[0]
    unit = f"mark-{first.act:06d}"
    made = folder.tmp / unit
    write_file(made, b"".join([encode(row) + b"\n" for row in rows]))
    files = write_unit(folder, unit, {"marks": made})
    made.unlink()
    details = {"unit": unit, "mark": first.mark, "by": first.author, "items": str(len(rows))}
    details |= {"item": " ".join([logged(row.sha256, row.location_text) for row in rows[:_NAMED]])}
    if first.note:
        details["note_sha256"] = hashlib.sha256(first.note.encode()).hexdigest()
    folder.custody.append("mark", details, files)


def logged(sha256: str, place: str) -> str:
    """Name an item in the log, which holds no content: a place is content, as names of folders are."""
    return sha256 or f"place:{hashlib.sha256(place.encode()).hexdigest()}"
