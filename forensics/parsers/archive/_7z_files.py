"""The list of files in a 7z header: names, times, attributes, each with its place.

Source: 7zFormat.txt of the 7-Zip sources, "FilesInfo".
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from forensics.errors import Malformed, ParseError
from forensics.parsers.archive._7z_cursor import Cursor

_END = 0
EMPTY_STREAM, EMPTY_FILE, ANTI, NAMES, CREATED, ACCESSED, MODIFIED = 14, 15, 16, 17, 18, 19, 20
ATTRIBUTES, COMMENT, START, DUMMY = 21, 22, 24, 25


class Files(NamedTuple):
    """What the header says of files."""

    total: int = 0
    names: Sequence[tuple[int, int]] = ()
    """Range of each name, its end mark left out."""
    empty: Sequence[bool] = ()
    """Whether it has no stream."""
    file: Sequence[bool] = ()
    """Of those without stream: whether it is an empty file, not a folder."""
    anti: Sequence[bool] = ()
    """Of those without stream: whether it says that something is to be deleted."""
    created: Sequence[int | None] = ()
    accessed: Sequence[int | None] = ()
    modified: Sequence[int | None] = ()
    attributes: Sequence[int | None] = ()
    starts: Sequence[int | None] = ()
    dummies: tuple[tuple[int, int], ...] = ()
    """Ranges of filling."""
    others: tuple[tuple[int, int, int], ...] = ()
    """Kind and range of properties that are not read."""
    faults: tuple[tuple[str, int], ...] = ()
    """What was odd, and where."""


def read_files(cursor: Cursor) -> Files:
    """Read the list of files, its kind before it already read; a property that is damaged costs itself alone."""
    count = cursor.number()
    if count > cursor.left:
        raise Malformed(f"{count} files are stated where {cursor.left} bytes are left", cursor.at)
    files = Files(count, empty=[False] * count)
    faults: list[tuple[str, int]] = []
    while True:
        if not cursor.left:
            faults.append(("the list of files has no end", cursor.at))
            break
        if (kind := cursor.byte()) == _END:
            break
        inside = cursor.inside(cursor.number())
        start = inside.at
        try:
            files = _property(files, kind, inside)
        except ParseError as error:
            faults.append((f"property {kind:#x} of its files: {error}", start))
            continue
        if inside.left and kind in _READ:
            faults.append((f"{inside.left} bytes behind property {kind:#x} of its files", inside.at))
    return files._replace(faults=tuple(faults))


_READ = frozenset({EMPTY_STREAM, EMPTY_FILE, ANTI, NAMES, CREATED, ACCESSED, MODIFIED, ATTRIBUTES, START})


def _property(files: Files, kind: int, inside: Cursor) -> Files:
    if kind == EMPTY_STREAM:
        return files._replace(empty=inside.bits(files.total))
    if kind == EMPTY_FILE:
        return files._replace(file=inside.bits(sum(files.empty)))
    if kind == ANTI:
        return files._replace(anti=inside.bits(sum(files.empty)))
    if kind == NAMES:
        return files._replace(names=_names(inside, files.total))
    if kind in _COLUMNS:
        return _COLUMNS[kind](files, inside)
    if kind == DUMMY:
        return files._replace(dummies=(*files.dummies, (inside.at, inside.end)))
    return files._replace(others=(*files.others, (kind, inside.at, inside.end)))


_COLUMNS: dict[int, Callable[[Files, Cursor], Files]] = {
    CREATED: lambda files, inside: files._replace(created=_column(inside, files.total, 8)),
    ACCESSED: lambda files, inside: files._replace(accessed=_column(inside, files.total, 8)),
    MODIFIED: lambda files, inside: files._replace(modified=_column(inside, files.total, 8)),
    ATTRIBUTES: lambda files, inside: files._replace(attributes=_column(inside, files.total, 4)),
    START: lambda files, inside: files._replace(starts=_column(inside, files.total, 8)),
}


def _external(inside: Cursor) -> None:
    if inside.byte():
        raise Malformed("it stands elsewhere, which 7-Zip never writes", inside.at - 1)


def _names(inside: Cursor, count: int) -> list[tuple[int, int]]:
    _external(inside)
    found = []
    data, at, end = inside.data, inside.at, inside.end
    for _ in range(count):
        stop = data.find(b"\0\0", at, end)
        while stop >= 0 and (stop - at) % 2:
            stop = data.find(b"\0\0", stop + 1, end)
        if stop < 0:
            # The names before are good; who asks for one that is missing is told that it has none.
            break
        found.append((at, stop))
        at = stop + 2
    inside.at = at
    return found


def _column(inside: Cursor, count: int, width: int) -> list[int | None]:
    defined = inside.defined(count)
    _external(inside)
    places: list[int | None] = []
    for there in defined:
        if there:
            places.append(inside.at)
            inside.take(width)
        else:
            places.append(None)
    return places
