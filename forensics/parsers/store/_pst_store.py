"""A store, opened: its header, its trees, its nodes, and the names of its named properties.

Source: [MS-PST] 2.2 and 2.4.
"""

import hashlib
import struct
from array import array
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.locations import Locator, Step, StepKind
from forensics.parsers.store import _pst_trees as trees
from forensics.parsers.store._pst_blocks import Blocks, Piece, Subnode
from forensics.parsers.store._pst_ciphers import CIPHERS, decoder_name
from forensics.parsers.store._pst_header import read_header
from forensics.parsers.store._pst_heap import Heap, Record, Value, records, value_of
from forensics.parsers.store._pst_layout import Layout
from forensics.parsers.store._pst_odd import Odd

STORE, NAMES, ROOT_FOLDER = 0x21, 0x61, 0x122
MESSAGE, ASSOCIATED = 0x04, 0x08
"""Types of nodes that are items."""
FOLDER, SEARCH_FOLDER = 0x02, 0x03
HIERARCHY, CONTENTS, ASSOCIATED_CONTENTS, SEARCH_CONTENTS = 0x0D, 0x0E, 0x0F, 0x10
FIRST_NAMED = 0x8000
MOST_NAMES = 65_536
_MOST_PIECES = 50_000
"""Blocks of a folder's table: some 400 MB."""
_KEYWORD_BYTES = 2048
_MAP_BYTES = 8_000_000
_HEAPS = 100


class Node(NamedTuple):
    """One entry of the tree of nodes."""

    nid: int
    data: int
    below: int
    parent: int

    @property
    def kind(self) -> int:
        """Type of the node."""
        return self.nid & 0x1F


class Name(NamedTuple):
    """The name of a named property: its set, and a number or a keyword."""

    group: bytes
    number: int
    keyword: bytes | None
    """UTF-16, as it stands."""


_KNOWN_SETS = {
    0: bytes(16),
    1: bytes.fromhex("2803020000000000c000000000000046"),
    2: bytes.fromhex("2903020000000000c000000000000046"),
}


class StoreNode:
    """Data and subnodes of a node of the store; positions are those of the store's file."""

    def __init__(
        self, blocks: Blocks, layout: Layout, data: int, below: int, pieces: tuple[Piece, ...] | None = None
    ) -> None:
        """Take the node of these ids; *pieces* are its blocks where they are known."""
        self._blocks = blocks
        self.layout = layout
        self._pieces = tuple(islice(blocks.pieces(data), _MOST_PIECES)) if pieces is None else pieces
        self._below = below
        self._subnodes: dict[int, Subnode] | None = None
        self._index, self._held = -1, b""

    @property
    def count(self) -> int:
        """Blocks of data."""
        return len(self._pieces)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The blocks."""
        return self._pieces

    def block(self, index: int) -> bytes:
        """Return the data of a block."""
        if index != self._index:
            piece = self._pieces[index]
            self._index, self._held = index, self._blocks.data(piece.number)[: piece.size]
        return self._held

    def locator(self, index: int, start: int, end: int, path: str) -> Locator:
        """Return where a range of a block stands in the store, by a step where the store encodes its blocks."""
        number = self._pieces[index].number
        offset = self._blocks.offset(number)
        if offset is None or not self._blocks.is_encoded_in_place(number):
            return Locator(path=path)
        decoder = decoder_name(self._blocks.cipher, number, start)
        if decoder is None:
            return Locator(ranges=((offset + start, offset + end),), path=path)
        digest = hashlib.sha256(self.block(index)[start:end]).hexdigest()
        step = Step(
            kind=StepKind.STREAM,
            name="decoded",
            start=offset + start,
            end=offset + end,
            decoder=decoder,
            sha256=digest,
        )
        return Locator(ranges=((0, end - start),), path=path, steps=(step,))

    def subnode(self, nid: int) -> "StoreNode | None":
        """Return a subnode."""
        if self._subnodes is None:
            self._subnodes = {one.nid: one for one in self._blocks.subnodes(self._below)}
        found = self._subnodes.get(nid)
        return StoreNode(self._blocks, self.layout, found.data, found.below) if found else None


class Store:
    """One store.

    Args:
        source: its bytes.

    Attributes:
        odd: what was odd so far.
        encrypted: whether its blocks are encoded in a way that it does not hold the key of.

    Raises:
        WrongFormat: it is none.
    """

    def __init__(self, source: ByteSource) -> None:
        self.source = source
        self.odd = Odd()
        self.header = read_header(source, self.odd)
        layout = self.layout = self.header.layout
        scan = trees.Scan(source, layout)
        self.block_tree = trees.Tree(source, layout, trees.BLOCKS, self.header.blocks, scan, self.odd)
        self.node_tree = trees.Tree(source, layout, trees.NODES, self.header.nodes, scan, self.odd)
        self.block_tree.doubtful = self.node_tree.doubtful = not self.header.whole
        self.blocks = Blocks(source, self.header, self.block_tree, self.odd)
        # Not a method of our own: a store that leads back to itself stays in memory, with all its bytes.
        self.blocks.heaps = partial(_heaps, self.node_tree)
        self.encrypted = not self._settle_cipher()
        self._names: _Names | None = None
        self._codepage: int | None = None

    def _settle_cipher(self) -> bool:
        """Hold the encoding that the header states against blocks that should be heaps; whether one fits."""
        stated = self.header.cipher
        for number in self.blocks.heaps():
            fitting = [cipher for cipher in CIPHERS if self.blocks.begins_heap(number, cipher)]
            if not fitting:
                continue
            if stated not in fitting:
                text = f"the header states encoding {stated}, its blocks have {fitting[0]}: read by that"
                self.odd.add("pst.encoding", text, "pst:header/encoding")
                self.blocks.cipher = fitting[0]
            return True
        return stated in CIPHERS

    def find(self, nid: int) -> Node | None:
        """Return the entry of a node."""
        entry = self.node_tree.find(nid)
        return Node(nid, *entry[1:4]) if entry else None

    def open(self, node: Node) -> StoreNode:
        """Return the data of a node."""
        return StoreNode(self.blocks, self.layout, node.data, node.below)

    def heap(self, nid: int) -> Heap | None:
        """Return the heap of a node; ``None``: there is no such node, or it is none."""
        node = self.find(nid)
        heap = Heap(self.open(node)) if node else None
        return heap if heap and heap.client else None

    @property
    def codepage(self) -> int:
        """Code page of its 8-bit strings, as it says itself; 0: it does not."""
        if self._codepage is None:
            heap = self.heap(STORE)
            found = {one.id: one for one in records(heap)} if heap else {}
            pages = [found[number].value for number in (0x66C3, 0x3FFD) if number in found and found[number].type == 3]
            self._codepage = next((page for page in pages if 0 < page < 0x10000), 0)
        return self._codepage

    def names(self, numbers: Iterable[int]) -> list[tuple[int, Name]]:
        """Return the names of those numbers that have one, ascending."""
        if self._names is None:
            self._names = _Names(self.heap(NAMES))
        found = self._names
        return [(number, name) for number in sorted(set(numbers)) if (name := found.find(number)) is not None]


def bytes_at(heap: Heap, record: Record, most: int = 1 << 20) -> bytes:
    """Return the bytes of a property, wherever they stand, up to so many."""
    place = value_of(heap, record)
    return bytes_of(heap, place, most) if place else b""


def _heaps(nodes: trees.Tree) -> Iterator[int]:
    """Yield ids of blocks that should begin a heap."""
    for place, (nid, entry) in enumerate(nodes.entries()):
        if place == _HEAPS:
            return
        if nid & 0x1F in (1, FOLDER, MESSAGE, CONTENTS) and entry[1] and not entry[1] & 2:
            yield entry[1]


def bytes_of(heap: Heap, place: Value, most: int = 1 << 20) -> bytes:
    """Return the bytes at a place of a heap, or of a subnode, up to so many."""
    if place.block >= 0:
        return heap.bytes_of(place)[:most]
    node = heap.node.subnode(place.nid)
    found = b""
    for index in range(node.count if node else 0):
        assert node is not None
        found += node.block(index)
        if len(found) >= most:
            break
    return found[:most]


class _Names:
    """The map from numbers to names."""

    def __init__(self, heap: Heap | None) -> None:
        found = {one.id: one for one in records(heap)} if heap else {}
        streams = [
            bytes_at(heap, found[number], _MAP_BYTES) if heap and number in found else b"" for number in (2, 3, 4)
        ]
        self._groups, entries, self._texts = streams
        whole = entries[: min(len(entries) // 8, MOST_NAMES) * 8]
        self._entries = list(struct.iter_unpack("<IHH", whole))
        self._at = array("i", [-1]) * MOST_NAMES
        for place, (_, _, index) in enumerate(self._entries):
            if self._at[index] < 0:
                self._at[index] = place

    def find(self, number: int) -> Name | None:
        """Return the name of a number."""
        place = self._at[number - FIRST_NAMED] if FIRST_NAMED <= number < FIRST_NAMED + MOST_NAMES else -1
        if place < 0:
            return None
        value, group, _ = self._entries[place]
        index = group >> 1
        name = _KNOWN_SETS.get(index, self._groups[(index - 3) * 16 : (index - 2) * 16] if index >= 3 else b"")
        if len(name) != 16:
            return None
        if not group & 1:
            return Name(name, value, None)
        size = int.from_bytes(self._texts[value : value + 4], "little")
        text = self._texts[value + 4 : value + 4 + size] if size <= _KEYWORD_BYTES else b""
        return Name(name, 0, text) if size and len(text) == size else None
