"""The heads that were written down, and what the log says after them."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from forensics.casestore import DERIVED
from forensics.casestore.case import LOG_FILE, TABLES_FOLDER
from forensics.casestore.custody import Entry
from forensics.model.rows import BY_READERS, TABLES
from forensics.model.verification import LaterLine
from forensics.reader.verifying.gathered import Gathered

_NAMED = 5
"""Lines that a problem names; the others are counted, and each is listed by itself."""


def find_heads(entries: Sequence[Entry], heads: Sequence[str], gathered: Gathered) -> int | None:
    """Return the number of the last line whose digest was written down; a head that is no line is a problem."""
    numbers = {entry.digest: entry.number for entry in entries if not entry.torn}
    for head in heads:
        if head not in numbers:
            text = f"the head {head[:16]}... that was written down is no line of this log: it was cut, or written anew"
            gathered.problem("custody.head", LOG_FILE, text)
    return max([numbers[head] for head in heads if head in numbers], default=None)


def lines_after(entries: Sequence[Entry], head_line: int | None) -> tuple[LaterLine, ...]:
    """Return every whole line after a head, with what it did to the files of the case."""
    if head_line is None:
        return ()
    files = _files(entries[:head_line])
    found = []
    for entry in entries[head_line:]:
        if entry.torn:
            continue
        line = entry.line
        if line is None:
            found.append(LaterLine(number=entry.number))
            continue
        done: dict[str, list[str]] = {"added": [], "replaced": [], "removed": []}
        for path, digest in sorted(line.files.items()):
            if digest == files.get(path, ""):
                continue
            done["removed" if not digest else "replaced" if files.get(path) else "added"].append(path)
        files.update(line.files)
        found.append(
            LaterLine(
                number=entry.number,
                time=line.time,
                action=line.action,
                **{what: tuple(paths) for what, paths in done.items()},
            )
        )
    return tuple(found)


def compare_with_head(
    entries: Sequence[Entry], head_line: int | None, later: Sequence[LaterLine], gathered: Gathered
) -> tuple[str, ...]:
    """Note what the case no longer holds, or holds beside, since a head was written down.

    A report, or any file that is in no table, may be added, and what readers noted. What stood at the head may not be
    replaced or removed, and nothing may be added to another table: either changes what the case says. What later lines
    undo again does not count, nor does an index that was made anew: the case says the same without it.

    Returns:
        The tables and files that are not those of the head, sorted.
    """
    if head_line is None:
        return ()
    before, now = _files(entries[:head_line]), _files(entries)
    changed = {
        path
        for path in (before.keys() | now.keys()) - DERIVED
        if before.get(path, "") != now.get(path, "") and (before.get(path) or _judged(path))
    }
    by_subject: dict[str, set[str]] = {}
    for path in changed:
        by_subject.setdefault(_table(path) or path, set()).add(path)
    for subject, paths in sorted(by_subject.items()):
        gathered.problem("custody.later", subject, _told(paths, later))
    return tuple(sorted(by_subject))


def _told(paths: set[str], later: Sequence[LaterLine]) -> str:
    """Say which lines did what to some files."""
    said = []
    for what, verb in (("replaced", "replaced"), ("removed", "removed"), ("added", "added to")):
        lines = [f"{line.number} ({line.action})" for line in later if paths.intersection(getattr(line, what))]
        if lines:
            more = f" and {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
            said.append(f"{verb} by line{'s' if len(lines) > 1 else ''} {', '.join(lines[:_NAMED])}{more}")
    return f"after the head that was written down: {'; '.join(said)}"


def _files(entries: Sequence[Entry]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in entries:
        if entry.line is not None and not entry.torn:
            found.update(entry.line.files)
    return found


def _table(path: str) -> str:
    """Return the table that a path belongs to; empty if none."""
    parts = PurePosixPath(path).parts
    return parts[1] if len(parts) > 2 and parts[0] == TABLES_FOLDER and parts[1] in TABLES else ""


def _judged(path: str) -> bool:
    """Whether a path is of a table that results may rest on, or hold."""
    table = _table(path)
    return bool(table) and table not in BY_READERS
