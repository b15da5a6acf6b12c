"""The members of a zip stand in the order of their names, but the last ones, which are newer than all others.

A program that packs a folder takes its files in one order: by name, folders first or last. What stands behind that
order, and behind files of its own folder that the order has later, was put in when the archive was already there, if it
is newer than all others. A file behind folders alone may have been packed so.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from forensics.checks import settle
from forensics.checks._facts import DAY, MINUTE, cite, shown, span
from forensics.checks._packing import name_of
from forensics.checks.archive.patched_member import listed
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import archive
from forensics.model.documents import DATED_FROM, ArchiveFacts, ArchiveMember
from forensics.model.locations import unquote
from forensics.model.presence.archive import ArchiveHas
from forensics.model.rules import (
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="archive.member_appended",
    version=1,
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

LEAST = 8
"""Members that stand in an order: of fewer they do so by chance."""
MOST_PERCENT = 10
"""Members behind them: of more no order was kept."""
_BINS = ((DAY, "later>1d"), (MINUTE, "later>1min"))

_Parts = Sequence[str]


def _folders_last(parts: _Parts) -> list[tuple[int, str]]:
    return [(place < len(parts) - 1, part) for place, part in enumerate(parts)]


def _folders_first(parts: _Parts) -> list[tuple[int, str]]:
    return [(place == len(parts) - 1, part) for place, part in enumerate(parts)]


_ORDERS: Sequence[Callable[[_Parts], object]] = ("/".join, list, _folders_first, _folders_last)
"""Of whole names, of names folder by folder, and of folders before files or behind them."""


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
    )


def _ordered(files: Sequence[ArchiveMember]) -> _Found | None:
    """Return the members behind those in order; None: all are in one, or too many are not."""
    paths = [unquote(entry.name).decode("utf-8", "replace").replace("\\", "/").split("/") for entry in files]
    best: _Found | None = None
    for small in (False, True):
        given = [[part.lower() for part in parts] for parts in paths] if small else paths
        for order in _ORDERS:
            keys: list[object] = [order(parts) for parts in given]
            end = next((at for at in range(1, len(keys)) if keys[at - 1] > keys[at]), len(keys))  # type: ignore[operator]
            left = len(keys) - end
            if not left:
                return None
            behind = left * 100 <= max(MOST_PERCENT * len(keys), 100) and end >= LEAST
            if behind and all(_passed(given, keys, end, at) for at in range(end, len(keys))):
                best = best or _Found(files[:end], files[end:])
    return best


def _passed(paths: Sequence[_Parts], keys: Sequence[object], end: int, at: int) -> bool:
    """Whether a file of its own folder, which the order has behind it, stands in order before it."""
    folder = list(paths[at][:-1])
    return any(list(paths[place][:-1]) == folder and keys[place] > keys[at] for place in range(end))  # type: ignore[operator]


def _wall(entry: ArchiveMember) -> int:
    stamp = entry.packed
    return stamp.wall if stamp is not None and isinstance(stamp.wall, int) else 0


def cases() -> Iterator[Case]:
    """Cases of members in order and behind."""

    def packed(*names: str, last: str, day: str = "2014-03-03") -> ArchiveFacts:
        own = [listed(name, f"2014-03-02T16:10:{place:02}", place) for place, name in enumerate(names)]
        return archive(*own, listed(last, f"{day}T18:00:00", len(own)))

    letters = [f"a/{letter}.txt" for letter in "bcdefghij"]
    yield fires(packed(*letters, last="a/a.txt", day="2014-03-09"), "a week later, out of order", bin="later>1d")
    yield fires(packed(*letters, last="a/a.txt", day="2014-03-02"), "two hours later, out of order", bin="later>1min")
    yield silent(packed(*letters, last="a/k.txt", day="2014-03-09"), "the newest is the last by name too")
    yield silent(packed(*letters, last="0.txt", day="2014-03-09"), "files behind folders")
    yield silent(packed(*letters, last="a/a.txt", day="2014-03-01"), "out of order, and older")
    yield silent(packed(*reversed(letters), last="a/a.txt", day="2014-03-09"), "members in no order")
    yield silent(packed(*letters[:5], last="a/a.txt", day="2014-03-09"), "few members")
