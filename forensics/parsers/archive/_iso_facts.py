"""What a disc says of its entries, and what its two trees make of each other.

Source: ECMA-119 9.1; RRIP 4.1.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.model.documents import ArchiveMember
from forensics.model.facts import Description, Fact, Timestamp
from forensics.model.locations import Locator, quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers.archive._iso_times import disc_time
from forensics.parsers.archive._iso_tree import ASSOCIATED, FOLDER, Node
from forensics.parsers.archive._iso_volumes import JOLIET, PRIMARY, both

_HIDDEN = 1
_FLAGS = ((_HIDDEN, "hidden"), (FOLDER, "folder"), (ASSOCIATED, "associated"), (8, "record"), (16, "protected"))
_VALUE_BYTES = 1_000


class Entry(NamedTuple):
    """One member of the disc: what the first tree that has it lists, and what the others do."""

    number: int
    """Its position in the archive."""
    node: Node
    others: tuple[Node, ...]
    moved: tuple[Node, ...] = ()
    """Entries of its path in other trees that name other bytes."""


def paired(trees: Sequence[Sequence[Node]]) -> list[Entry]:
    """Put the entries of the trees together: those of the same bytes and path first, then those of the same bytes.

    Folders and empty files have no bytes of their own: they are the same where their paths are.

    Args:
        trees: the nodes of each, the primary one's first.
    """
    found: list[_Found] = []
    for nodes in trees:
        by_path: dict[tuple[object, ...], deque[int]] = {}
        paths: dict[bytes, int] = {}
        for place, one in enumerate(found):
            by_path.setdefault((*_bytes(one.node), _path(one.node)), deque()).append(place)
            if not one.node.is_folder:
                paths[_path(one.node)] = place
        taken: set[int] = set()
        rest = [node for node in nodes if not _take(node, by_path.get((*_bytes(node), _path(node))), found, taken)]
        by_bytes: dict[tuple[object, ...], deque[int]] = {}
        for place, one in enumerate(found):
            if place not in taken and one.node.size and not one.node.is_folder:
                by_bytes.setdefault(_bytes(one.node), deque()).append(place)
        for node in rest:
            if not node.is_folder and node.size and _take(node, by_bytes.get(_bytes(node)), found, taken):
                continue
            same = paths.get(_path(node)) if not node.is_folder else None
            if same is not None:
                found[same].moved.append(node)
            found.append(_Found(node, [], [found[same].node] if same is not None else []))
    return [Entry(number, one.node, tuple(one.others), tuple(one.moved)) for number, one in enumerate(found)]


class _Found(NamedTuple):
    node: Node
    others: list[Node]
    moved: list[Node]


def _bytes(node: Node) -> tuple[object, ...]:
    """Return what entries of the same content share."""
    return ("folder",) if node.is_folder else (node.pieces, node.size)


def _path(node: Node) -> bytes:
    name = node.path if node.tree == JOLIET else node.path.rpartition(b";")[0] or node.path
    return name.rstrip(b".").lower()


def _take(node: Node, places: deque[int] | None, found: list[_Found], taken: set[int]) -> bool:
    """Pair it with the first entry of these that has no partner in its tree; whether there is one."""
    if not places:
        return False
    place = places.popleft()
    taken.add(place)
    found[place].others.append(node)
    return True


def member_facts(entry: Entry) -> ArchiveMember:
    """Return what the records of an entry say."""
    node = entry.node
    return ArchiveMember(
        index=entry.number,
        name=quote(node.path),
        size=0 if node.is_folder else node.size,
        stored_size=0 if node.is_folder else node.size,
        encrypted=False,
        header_start=node.records[0].start,
        times=tuple(times_of(entry)),
        conflicts=tuple(_conflicts(entry)),
        said=tuple(_said(entry)),
    )


def times_of(entry: Entry) -> Iterator[Timestamp]:
    """Yield the times of an entry: of its records in each tree, and those of Rock Ridge."""
    base = f"iso:member[{entry.number}]"
    for number, node in enumerate((entry.node, *entry.others)):
        record = node.records[0]
        kind = TimeKind.DISC_RECORDED if node.tree == PRIMARY else TimeKind.JOLIET_RECORDED
        path = f"{base}.{node.tree}[{number}].recorded"
        stamp = disc_time(record.data[18:25], record.start + 18, (kind, Description.RECORDED), path)
        if stamp is not None:
            yield stamp
        for place, one in enumerate(node.rock.times if node.rock is not None else ()):
            stamp = disc_time(one.raw, one.start, one.what, f"{base}.{node.tree}[{number}].TF[{place}].{one.name}")
            if stamp is not None:
                yield stamp


def _said(entry: Entry) -> Iterator[Fact]:
    node, base = entry.node, f"iso:member[{entry.number}]"
    record = node.records[0]
    yield _fact(f"{base}.tree", "tree", ", ".join([node.tree, *[one.tree for one in entry.others]]), b"", ())
    place = ((record.start + 33, record.start + 33 + len(record.identifier)),)
    if node.rock is not None and node.rock.name is not None:
        yield _fact(f"{base}.identifier", "identifier", quote(record.identifier), record.identifier, place)
    for number, other in enumerate(entry.others):
        if other.path != node.path:
            raw, start = other.identifier, other.records[0].start + 33
            path = f"{base}.{other.tree}[{number}].name"
            yield _fact(path, "other_name", quote(other.path), raw, ((start, start + len(raw)),))
    flags = [name for bit, name in _FLAGS if record.flags & bit and bit != FOLDER]
    if flags:
        where = ((record.start + 25, record.start + 26),)
        yield _fact(f"{base}.flags", "flags", ", ".join(flags), record.data[25:26], where)
    sequence = both(record.data, 28, 2)[0]
    if sequence > 1:
        where = ((record.start + 28, record.start + 32),)
        yield _fact(f"{base}.volume", "volume_of_set", str(sequence), record.data[28:32], where)
    yield from _rock_ridge(node, base)


def _rock_ridge(node: Node, base: str) -> Iterator[Fact]:
    rock = node.rock
    if rock is None:
        return
    for place, (name, value, raw, start) in enumerate(rock.numbers):
        yield _fact(f"{base}.{name}[{place}]", name, value, raw, ((start, start + len(raw)),))
    if rock.target is not None:
        value, raw = quote(rock.target[:_VALUE_BYTES]), rock.target_raw[:_VALUE_BYTES]
        yield _fact(f"{base}.link", "link", value, raw, rock.target_places)
    if rock.other:
        yield _fact(f"{base}.other", "system_use", quote(" ".join(rock.other)[:_VALUE_BYTES].encode()), b"", ())


def _conflicts(entry: Entry) -> Iterator[Fact]:
    node, base = entry.node, f"iso:member[{entry.number}]"
    for record in node.records:
        for name, at in (("place", 2), ("size", 10)):
            little, big = both(record.data, at, 4)
            if little != big:
                yield _fact(
                    f"{base}.{name}[{record.start}]",
                    f"member.{name}",
                    f"little-endian {little}, big-endian {big}",
                    record.data[at : at + 8],
                    ((record.start + at, record.start + at + 8),),
                )
    for number, other in enumerate(entry.moved):
        first = other.records[0]
        value = f"{node.tree} {_places(node)}, {other.tree} {_places(other)}"
        where = ((node.records[0].start + 2, node.records[0].start + 18), (first.start + 2, first.start + 18))
        yield _fact(f"{base}.extents[{number}]", "member.extents", value, b"", where)


def _places(node: Node) -> str:
    return " ".join([f"{start}-{end}" for start, end in node.pieces[:8]]) or "empty"


def _fact(path: str, name: str, value: str, raw: bytes, ranges: tuple[tuple[int, int], ...]) -> Fact:
    return Fact(name=f"iso.{name}", value=value, raw=raw, locator=Locator(ranges=ranges, path=path))
