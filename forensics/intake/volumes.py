"""Files that were cut into parts, told by the names in a folder: ``.001``, ``.part1.rar``, ``.r00``, ``.z01``.

Parts are not joined: each file of a source is evidence by itself, and every place leads into one.

Source: the names that 7-Zip, WinRAR and PKZIP give (APPNOTE 8.2; the manuals of the others).
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from forensics.model.locations import quote

_NEW_RAR, _OLD_RAR, _ZIP, _CUT = range(4)
_NAMES = re.compile(
    rb"(?s)(?P<stem>.+?)\.(?:part(?P<new>\d{1,5})\.(?:rar|exe)|(?P<letter>[r-y])(?P<old>\d\d)|z(?P<zip>\d{2,3})"
    rb"|(?P<cut>\d{3,4}))",
    re.IGNORECASE,
)
_CONTAINER = re.compile(rb"(?si).*\.(?:7z|zip|rar|tar|tgz|tbz2?|gz|bz2|xz|zst|iso|pst|ost|dd|img|raw)")
"""What is commonly cut: the next part of any other name may be the next file of a program that numbers its files."""
_LEAST = 3
"""Parts by whose sizes a file is known that was cut, where its name does not tell: all but the last are equal."""
_SHOWN = 5
"""Missing parts that are named."""
_KEEP = "and scan that. Keep the parts: they are the evidence"


class _Part(NamedTuple):
    number: int
    name: bytes


def parts(names: Sequence[bytes], size: Callable[[bytes], int]) -> dict[bytes, str]:
    """Return what is to be said of each file of a folder that is a part of one that was cut.

    Args:
        names: of all its files.
        size: of a file by its name.
    """
    sets: dict[tuple[int, bytes], list[_Part]] = {}
    for name in names:
        if name[-1:].isdigit() or b".part" in name[-16:].lower():
            found = _NAMES.fullmatch(name)
            if found:
                kind, number = _numbered(found)
                sets.setdefault((kind, found["stem"].lower()), []).append(_Part(number, name))
    if not sets:
        return {}
    by_lower = {name.lower(): name for name in names}
    said: dict[bytes, str] = {}
    for (kind, stem), group in sets.items():
        first = by_lower.get(stem + b".rar") if kind == _OLD_RAR else None
        last = by_lower.get(stem + b".zip") if kind == _ZIP else None
        group += [_Part(1, first)] if first is not None else []
        group.sort()
        if _is_cut(kind, stem, group, last, size):
            said |= _told(kind, group, last)
    return said


def _numbered(found: re.Match[bytes]) -> tuple[int, int]:
    if found["new"]:
        return _NEW_RAR, int(found["new"])
    if found["old"]:  # the first is .rar, the hundred and second .s00
        return _OLD_RAR, 2 + 100 * (found["letter"].lower()[0] - ord("r")) + int(found["old"])
    return (_ZIP, int(found["zip"])) if found["zip"] else (_CUT, int(found["cut"]))


def _is_cut(kind: int, stem: bytes, group: Sequence[_Part], last: bytes | None, size: Callable[[bytes], int]) -> bool:
    numbers = [part.number for part in group]
    if len(set(numbers)) < len(numbers):
        return False
    if kind == _NEW_RAR:
        return any(part.name.lower().endswith(b".rar") for part in group)
    if kind == _OLD_RAR:
        return numbers[0] <= 2
    if kind == _ZIP:
        return last is not None or numbers[0] == 1
    if numbers[0] <= 1 and _CONTAINER.fullmatch(stem):
        return True
    if len(group) < _LEAST or numbers != list(range(numbers[0], numbers[0] + len(group))) or numbers[0] > 1:
        return False
    sizes = [size(part.name) for part in group]
    return 0 < sizes[-1] <= sizes[0] and len(set(sizes[:-1])) == 1


def _told(kind: int, group: Sequence[_Part], last: bytes | None) -> dict[bytes, str]:
    """Say of each part what it is a part of, which are there, which are missing, and how to read them."""
    start = min(group[0].number, 1)
    there = {part.number for part in group}
    lacking = [number for number in range(start, group[-1].number) if number not in there]
    said = f"in the source: {_ranges(sorted(there))}"
    if last is not None:
        said += f" and the last, {quote(last)}"
    elif kind == _ZIP:
        said += "; the last, which ends in .zip and has the directory, is missing"
    if lacking:
        names = [_named(kind, group[0].name, number) for number in lacking[:_SHOWN]]
        more = f" and {len(lacking) - _SHOWN} more" if len(lacking) > _SHOWN else ""
        said += f"; missing: {', '.join(names)}{more}"
    advice = _advice(kind, group, last)
    found = {
        part.name: f"by its name part {part.number} of what was cut into several files; {said}. {advice}"
        for part in group
    }
    if last is not None:
        found[last] = f"by its name the last part of what was cut into several files; {said}. {advice}"
    return found


def _ranges(numbers: Sequence[int]) -> str:
    """Return numbers in words: ``parts 1 to 3, 5``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(first) if first == last else f"{first} to {last}" for first, last in runs[:_SHOWN]]
    more = " and others" if len(runs) > _SHOWN else ""
    return f"part{'s' if len(numbers) > 1 else ''} {', '.join(shown)}{more}"


def _named(kind: int, like: bytes, number: int) -> str:
    """Return the name of another part of a set."""
    if kind == _OLD_RAR:
        letter, digits = divmod(number - 2, 100)
        ending = "rar" if number == 1 else f"{chr(ord('r') + letter)}{digits:02}"
        return f"{quote(like.rpartition(b'.')[0])}.{ending}"
    digits_at = list(re.finditer(rb"\d+", like))[-1]
    written = b"%0*d" % (digits_at.end() - digits_at.start(), number)
    return quote(like[: digits_at.start()] + written + like[digits_at.end() :])


def _advice(kind: int, group: Sequence[_Part], last: bytes | None) -> str:
    first = quote(group[0].name) if group[0].number == 1 else _named(kind, group[0].name, 1)
    if kind == _CUT:
        return f"To read it, join all parts in their order (`cat PARTS > JOINED`) in another folder, {_KEEP}"
    if kind == _ZIP:
        whole = quote(last) if last is not None else "NAME.zip"
        return f"To read it, join the parts in another folder (`zip -s 0 {whole} --out JOINED.zip`), {_KEEP}"
    return f"To read it, unpack the first part into another folder (`unrar x {first}` finds the others), {_KEEP}"
