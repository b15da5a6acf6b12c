"""The members of a zip stand in the order of their names, but the last ones, which are newer than all others.

A program that packs a folder takes its files in one order: by name, folders first or last. What stands behind that
order, and behind files of its own folder that the order has later, was put in when the archive was already there, if it
is newer than all others. A file behind folders alone may have been packed so.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, product
from typing import Any, NamedTuple

from forensics.checks import settle
from forensics.checks._facts import DAY, MINUTE, cite, settled, shown, span
from forensics.checks._packing import name_of
from forensics.checks.archive.patched_member import listed
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import archive
from forensics.model.documents import DATED_FROM, ArchiveFacts, ArchiveMember
from forensics.model.locations import unquote
from forensics.model.presence.archive import ArchiveHas
from forensics.model.rules import (
    BenignState,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="archive.member_appended",
    version=2,
    title="The last members of a ZIP stand out of order and are newer than the rest",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.TWO_LISTED,
    bins=nested("later>1min", "later>1d"),
    group="packer",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.WEAK,
    benign=("member_added", "packing_order"),
    settle=settle.ARCHIVE,
    references=("kb:ARC-6",),
)

_SAID = says(
    "rule.archive.member_appended.said",
    one=(
        "Of {members} members all but the last stand in the order of their names; {name} stands behind them, out of "
        "order, and is dated {time}, {span} later than the newest of the others."
    ),
    many=(
        "Of {members} members all but the last {n} stand in the order of their names; {name} begins those behind, out "
        "of order, of which each is dated {span} later than the newest of the others, or more; it is of {time}."
    ),
)

_BY_TIME = says(
    "note.packed_by_time", one="All members stand in the order of their times: a program may have packed them by these."
)

LEAST = 8
"""Members that stand in an order: of fewer they do so by chance."""
MOST_PERCENT = 10
"""Members behind them: of more no order was kept."""
_BINS = ((DAY, "later>1d"), (MINUTE, "later>1min"))

_Key = tuple[str, ...]
"""How a part of a name stands in an order."""
_Parts = Sequence[_Key]


def _folders_last(parts: _Parts) -> list[tuple[int, _Key]]:
    return [(place < len(parts) - 1, part) for place, part in enumerate(parts)]


def _folders_first(parts: _Parts) -> list[tuple[int, _Key]]:
    return [(place == len(parts) - 1, part) for place, part in enumerate(parts)]


def _whole(parts: _Parts) -> _Key:
    """Names with their slashes among the letters, numbers and letters by turns."""
    joined = list(parts[0])
    for part in parts[1:]:
        joined[-1] += f"/{part[0]}"
        joined += part[1:]
    return tuple(joined)


_ORDERS: Sequence[Callable[[_Parts], Any]] = (_whole, list, _folders_first, _folders_last)
"""Of whole names, of names folder by folder, and of folders before files or behind them."""
_NUMBER = re.compile("([0-9]+)")


def _plain(part: str) -> _Key:
    return (part,)


def _numbered(part: str) -> _Key:
    """Numbers by what they count: page 9 stands before page 10 in windows of folders."""
    keys = _NUMBER.split(part)
    keys[1::2] = [f"{len(digits):06}{digits}" for digits in [one.lstrip("0") for one in keys[1::2]]]
    return tuple(keys)


_FORMS: Sequence[Callable[[str], str]] = (str, str.lower, str.upper)
"""As it is written, and as systems that take small and large letters for the same compare it."""


class _Found(NamedTuple):
    """Members in order, and those behind."""

    head: Sequence[ArchiveMember]
    tail: Sequence[ArchiveMember]


def check(facts: ArchiveFacts, context: Context) -> Iterator[Observation]:
    """Look for an order that all but the last members keep."""
    files = [entry for entry in facts.members if entry.listed_at is not None and not entry.name.endswith("/")]
    if facts.format != "zip" or len(files) <= LEAST or any(_wall(entry) < DATED_FROM for entry in files):
        return
    files.sort(key=lambda entry: entry.header_start)
    found = _ordered(files)
    if found is None:
        return
    newest = max(found.head, key=_wall)
    first = min(found.tail, key=_wall)
    later = _wall(first) - _wall(newest)
    name = next((name for least, name in _BINS if later > least), "")
    if not name:
        return
    stamp, before = first.packed, newest.packed
    assert stamp is not None and before is not None
    yield Observation(
        sentence=_SAID(
            len(found.tail),
            members=str(len(files)),
            name=name_of(found.tail[0]),
            time=shown(found.tail[0].packed or stamp),
            span=span(later),
        ),
        bin=name,
        evidence=(cite("member behind", stamp, Role.SUSPECT), cite("newest of the others", before, Role.WITNESS)),
        suspect=stamp.locator.path,
        benign=_by_time(files),
    )


def _ordered(files: Sequence[ArchiveMember]) -> _Found | None:
    """Return the members behind those in order; None: all are in one, or too many are not."""
    paths = [unquote(entry.name).decode("utf-8", "replace").replace("\\", "/").split("/") for entry in files]
    best: _Found | None = None
    for form, cut in product(_FORMS, (_plain, _numbered)):
        keyed = [[cut(form(part)) for part in parts] for parts in paths]
        for order in _ORDERS:
            end, behind = _end(keyed, order)
            if end == len(files):
                return None
            if behind:
                best = best or _Found(files[:end], files[end:])
    return best


def _end(paths: Sequence[_Parts], order: Callable[[_Parts], Any]) -> tuple[int, bool]:
    """Return where an order ends, and whether those behind are few and the order has passed all of them.

    It has passed one where a file of its own folder, which the order has behind it, stands before it.
    """
    last: dict[tuple[_Key, ...], Any] = {}
    before, end = None, len(paths)
    for at, parts in enumerate(paths):
        key = order(parts)
        if before is not None and before > key:
            end = at
            break
        last[tuple(parts[:-1])] = before = key
    left = len(paths) - end
    if end < LEAST or left * 100 > max(MOST_PERCENT * len(paths), 100):
        return end, False
    behind = [last.get(tuple(parts[:-1])) for parts in paths[end:]]
    keys = [order(parts) for parts in paths[end:]]
    return end, all(one is not None and one > key for one, key in zip(behind, keys, strict=True))


def _by_time(files: Sequence[ArchiveMember]) -> tuple[BenignState, ...]:
    """Explain members that stand in the order of their times as well, most of which are different."""
    walls = [_wall(entry) for entry in files]
    if 2 * len(set(walls)) > len(walls) and all(one <= other for one, other in pairwise(walls)):
        return (settled("packing_order", State.EXPLAINS, _BY_TIME()),)
    return ()


def _wall(entry: ArchiveMember) -> int:
    stamp = entry.packed
    return stamp.wall if stamp is not None and isinstance(stamp.wall, int) else 0


def cases() -> Iterator[Case]:
    """Cases of members in order and behind."""

    def packed(*names: str, last: str, day: str = "2014-03-03", apart: int = 0) -> ArchiveFacts:
        own = [listed(name, f"2014-03-02T16:10:{place * apart:02}", place) for place, name in enumerate(names)]
        return archive(*own, listed(last, f"{day}T18:00:00", len(own)))

    letters = [f"a/{letter}.txt" for letter in "bcdefghij"]
    yield fires(packed(*letters, last="a/a.txt", day="2014-03-09"), "a week later, out of order", bin="later>1d")
    yield fires(packed(*letters, last="a/a.txt", day="2014-03-02"), "two hours later, out of order", bin="later>1min")
    yield silent(packed(*letters, last="a/k.txt", day="2014-03-09"), "the newest is the last by name too")
    yield silent(packed(*letters, last="0.txt", day="2014-03-09"), "files behind folders")
    yield silent(packed(*letters, last="a/a.txt", day="2014-03-01"), "out of order, and older")
    yield silent(packed(*reversed(letters), last="a/a.txt", day="2014-03-09"), "members in no order")
    yield silent(packed(*letters[:5], last="a/a.txt", day="2014-03-09"), "few members")
    pages = [f"a/Page {number}.txt" for number in range(1, 10)]
    yield silent(packed(*pages, last="a/page 010.txt", day="2014-03-09"), "pages by their numbers")
    yield silent(packed(*letters, last="a/_.txt", day="2014-03-09"), "the order of NTFS, which compares large letters")
    timed = packed(*letters, last="a/a.txt", day="2014-03-09", apart=2)
    yield explained(timed, "members by the times of their changes", by="packing_order")
