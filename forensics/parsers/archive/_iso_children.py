"""The files of a disc as child items, and what is told of every other byte of it.

Source: ECMA-119 6; El Torito 2.2 (images that a machine boots from).
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.errors import WrongFormat
from forensics.intake.windows import RangeBytes, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.documents import ArchiveFacts
from forensics.model.items import Budget, ChildItem, Notice, ParseContext
from forensics.model.locations import Locator, Step, StepKind, quote
from forensics.parsers import Yielded
from forensics.parsers import _beside as beside
from forensics.parsers._beside import Piece
from forensics.parsers._bounded import Unread, over_budget
from forensics.parsers.archive._iso_boot import read_boot
from forensics.parsers.archive._iso_extents import decoder_of
from forensics.parsers.archive._iso_facts import Entry, member_facts, paired, times_of
from forensics.parsers.archive._iso_rest import rest
from forensics.parsers.archive._iso_tree import Node, Tree
from forensics.parsers.archive._iso_volumes import JOLIET, PRIMARY, Volumes, read_volumes
from forensics.parsers.archive._member_names import odd_names
from forensics.parsers.archive.iso9660 import FORMAT

OVERLAPS = 64
"""Files whose bytes reach into others' without being the same are read up to this many and up to ``memory_bytes``."""
_PIECES = 2_000
"""Of one file; more make a step too long to be written."""
_TOLD = 8


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of a disc, its files, and what is told of all other bytes.

    Raises:
        WrongFormat: no descriptor of a volume stands in it.
    """
    volumes = read_volumes(source)
    if not volumes.claimed:
        raise WrongFormat("no volume descriptor", 0)
    disc = _read_trees(source, volumes, context)
    boot = read_boot(source, volumes.boot)
    entries = paired(disc.nodes)
    yield ArchiveFacts(
        format=FORMAT.id,
        members=tuple([member_facts(entry) for entry in entries]),
        properties=(*volumes.facts, *boot.facts),
        timestamps=volumes.times,
    )
    yield from volumes.notices
    yield from disc.notices
    yield from _differences(entries, volumes)
    reader = _Reader(source, context, entries)
    for entry in entries:
        if has_content(entry.node):
            yield reader.child(entry)
    claimed = [*disc.claimed, *reader.claimed, *boot.claimed]
    for number, image in enumerate(boot.images):
        if not any(start <= image.start < end for start, end in claimed):
            yield beside.child(source, Piece(image.start, image.end, "", True), f"boot image {number}")
            claimed.append(image)
    yield from rest(source, volumes, claimed)


class _Disc(NamedTuple):
    """The trees of a disc."""

    nodes: list[list[Node]]
    notices: list[Notice]
    claimed: list[tuple[int, int]]


def _read_trees(source: ByteSource, volumes: Volumes, context: ParseContext) -> _Disc:
    disc = _Disc([], [], [*volumes.claimed])
    order = sorted(volumes.trees, key=lambda one: (one.kind != PRIMARY, one.kind == JOLIET, one.number))
    roots: set[tuple[bool, int]] = set()
    left = context.limits.members
    for volume in order:
        disc.claimed.extend(volume.tables)
        if (volume.kind == JOLIET, volume.root[0]) in roots:
            continue  # an enhanced descriptor, or a copy of one, that names the same tree
        roots.add((volume.kind == JOLIET, volume.root[0]))
        tree = Tree(source, volume, left)
        nodes = list(tree.nodes())
        disc.nodes.append(nodes)
        disc.notices.extend(tree.notices)
        disc.claimed.extend(tree.claimed)
        left = max(0, left - len(nodes))
        if tree.cut:
            text = f"more entries than the limit members={context.limits.members}: the rest of the {volume.kind} tree"
            disc.notices.append(Notice(code="iso.members_limit", text=f"{text} is not listed"))
        _check_tables(source, volume.kind, volume.tables[:1], volume.block, tree, disc.notices)
    return disc


def _check_tables(
    source: ByteSource,
    kind: str,
    tables: Sequence[tuple[int, int]],
    block: int,
    tree: Tree,
    notices: list[Notice],
) -> None:
    """Tell where the path table lists folders that the tree does not lead to."""
    for start, end in tables:
        data, at, strangers = source.read(start, min(end, start + (1 << 24))), 0, list[tuple[int, int]]()
        while at + 8 <= len(data) and data[at]:
            place = (int.from_bytes(data[at + 2 : at + 6], "little") + data[at + 1]) * block
            size = 8 + data[at] + data[at] % 2
            if place not in tree.folders:
                strangers.append((start + at, start + at + size))
            at += size
        if strangers and not tree.cut:
            text = f"the path table of the {kind} tree lists {len(strangers)} folders that the tree does not lead to"
            place_of = Locator(ranges=tuple(strangers[:_TOLD]))
            notices.append(Notice(code="iso.path_table", text=text, locator=place_of))


def _differences(entries: Sequence[Entry], volumes: Volumes) -> Iterator[Notice]:
    """Tell what only one of two trees has, and where they name other bytes for one path."""
    kinds = {volume.kind for volume in volumes.trees}
    if len(kinds) < 2:
        return
    files = [entry for entry in entries if has_content(entry.node) and entry.node.size]
    moved = [entry for entry in files if entry.moved]
    if moved:
        text = f"{len(moved)} entries have a path for which another tree names other bytes: each is read"
        yield Notice(code="iso.trees_contradict", text=text, locator=_places(moved))
    for kind in sorted(kinds):
        alone = [entry for entry in files if entry.node.tree == kind and not entry.others and not entry.moved]
        if alone:
            names = ", ".join([quote(entry.node.path[-80:]) for entry in alone[:3]])
            text = f"{len(alone)} files stand in the {kind} tree alone: {names}"
            yield Notice(code="iso.trees_differ", text=text, locator=_places(alone))


def _places(entries: Sequence[Entry]) -> Locator:
    records = [entry.node.records[0] for entry in entries[:_TOLD]]
    return Locator(ranges=tuple([(record.start, record.start + len(record.data)) for record in records]))


def has_content(node: Node) -> bool:
    """Whether it is a file: no folder, link, device or pipe."""
    return not node.is_folder and (node.size > 0 or node.rock is None or node.rock.is_file)


class _Reader:
    """Gives files their content.

    Attributes:
        claimed: the ranges of all files.
    """

    def __init__(self, source: ByteSource, context: ParseContext, entries: Sequence[Entry]) -> None:
        self._source = source
        self._context = context
        self._budget = context.budget or Budget(context.limits, source.size)
        self._digests: dict[tuple[tuple[int, int], ...], str] = {}
        self._overlaps, self._overlap_bytes = OVERLAPS, context.limits.memory_bytes
        pieces = {entry.node.pieces for entry in entries if has_content(entry.node)}
        self._overlapping = _overlapping(pieces)
        self.claimed = [piece for group in pieces for piece in group]

    def child(self, entry: Entry) -> ChildItem:
        """Return a file as an item."""
        node = entry.node
        notices = [Notice(code=code, text=text) for code, text in odd_names(node.path, "iso")]
        pieces = tuple([(min(start, self._source.size), min(end, self._source.size)) for start, end in node.pieces])
        start, end = (min(one[0] for one in pieces), max(one[1] for one in pieces)) if pieces else (0, 0)
        decoder = "copy/1" if len(pieces) < 2 else ""
        content: bytes | ByteSource | None = None
        sha256 = ""
        try:
            self._check(node, pieces)
            decoder = decoder or decoder_of(pieces)
            content, sha256 = self._content(pieces)
        except Unread as why:
            stored = sum([last - first for first, last in pieces])
            notices.insert(0, Notice(code=why.code, text=str(why), unread=stored))
        missing = node.size - sum([last - first for first, last in pieces])
        if missing and content is not None:
            text = f"its last {missing} bytes are missing: the disc is cut off"
            notices.append(Notice(code="iso.truncated", text=text))
        if node.rock is not None and "ZF" in node.rock.other:
            text = "the disc keeps it compressed (zisofs): its stored bytes are read, not what they stand for"
            notices.append(Notice(code="iso.zisofs", text=text))
        return ChildItem(
            step=Step(
                kind=StepKind.MEMBER,
                name=quote(node.path),
                index=entry.number,
                start=start,
                end=end,
                decoder=decoder or "copy/1",
                sha256=sha256,
            ),
            content=content,
            name=node.base,
            other_names=tuple([one.base.decode("utf-8", "replace") for one in entry.others if one.base != node.base]),
            times=tuple(times_of(entry)),
            notices=tuple(notices),
        )

    def _check(self, node: Node, pieces: tuple[tuple[int, int], ...]) -> None:
        """Refuse what cannot be read as it stands."""
        stored = sum([end - start for start, end in pieces])
        if node.size and not stored:
            raise Unread("iso.truncated", f"all of its {node.size} bytes would stand behind the end of the disc")
        if len(pieces) > _PIECES:
            raise Unread("iso.extents", f"it stands in {len(pieces)} pieces, more than {_PIECES}")
        if any(record.data[26] or record.data[27] for record in node.records) and node.size > 2048:
            raise Unread("iso.interleaved", "its bytes stand between those of other files (interleaved)")
        if node.pieces in self._overlapping and pieces not in self._digests:
            self._overlaps -= 1
            self._overlap_bytes -= stored
            if self._overlaps < 0 or self._overlap_bytes < 0:
                text = "its bytes are in part another file's, too many such files to read them all"
                raise Unread("iso.overlap", text)
        if pieces not in self._digests and stored > self._budget.left:
            raise over_budget("iso", self._budget, stored)

    def _content(self, pieces: tuple[tuple[int, int], ...]) -> tuple[bytes | ByteSource, str]:
        held = sum([end - start for start, end in pieces]) <= self._context.limits.memory_bytes
        content: bytes | ByteSource
        if len(pieces) < 2 and not held:
            content = RangeBytes(self._source, *pieces[0])
        elif held:
            content = b"".join([self._source.read(start, end) for start, end in pieces])
        elif self._context.spool is not None:
            content = self._context.spool(block for piece in pieces for block in blocks(self._source, *piece))
        else:
            text = f"larger than memory_bytes={self._context.limits.memory_bytes} and in several pieces"
            raise Unread("iso.memory_limit", text)
        sha256 = self._digests.get(pieces, "")
        if not sha256:
            running = hashlib.sha256()
            for first, last in pieces:
                for block in blocks(self._source, first, last):
                    running.update(block)
            sha256 = self._digests[pieces] = running.hexdigest()
        return content, sha256


def _overlapping(groups: set[tuple[tuple[int, int], ...]]) -> frozenset[tuple[tuple[int, int], ...]]:
    """Return the files of which bytes are another's too, though not all."""
    found: set[tuple[tuple[int, int], ...]] = set()
    placed = sorted([(start, end, group) for group in groups for start, end in group])
    reach, owner = 0, None
    for start, end, group in placed:
        if start < reach and owner is not None and group != owner:
            found.update((group, owner))
        if end > reach:
            reach, owner = end, group
    return frozenset(found)
