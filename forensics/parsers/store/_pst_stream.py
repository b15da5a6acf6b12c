"""The stream of a node: all of its data and subnodes one after the other, as one layer that can be read alone.

A frame for the node, and within it one for each of its subnodes, by number, at all depths. Little-endian:

    magic       8   89 'P' 'S' 'T' 'N' 'O' 'D' 'E'
    nid         4
    form        2   0: Unicode, 1: ANSI, 2: Unicode with pages of 4096 bytes
    reserved    2   0
    codepage    4   of the store's 8-bit strings, 0 where it does not say
    blocks      4   number of blocks of data
    subnodes    4   number of frames that stand in this one, at the first depth
    names       4   bytes of the part of names
    data        8   bytes of data
    frame       8   bytes of the whole frame
    per block   8   bytes that it gives, bytes of it that are missing (all ones: nothing says how many)
    data            the blocks, decoded, without anything between them
    names           for each number of 0x8000 and above that the data's own properties or columns have and the store
                    names: number (2), kind (2; 0: a number, 1: a keyword), property set (16), number (4) or length of
                    the keyword (4), keyword in UTF-16
    frames          of the subnodes

So the data of a subnode, an attachment's for one, is one range, and an embedded message is one range that can be read
as any message.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from forensics.errors import ParseError
from forensics.intake.windows import RangeBytes
from forensics.model.decoding import Encoded
from forensics.parsers.store._pst_blocks import UNKNOWN, Piece
from forensics.parsers.store._pst_heap import CONTEXT, Heap, numbers
from forensics.parsers.store._pst_store import FIRST_NAMED, Node, Store, StoreNode
from forensics.parsers.store._pst_tables import TABLE, Table

MAGIC = b"\x89PSTNODE"
HEAD = struct.Struct("<8sIHHIIIIQQ")
_PIECE = struct.Struct("<II")
_NAME = struct.Struct("<HH16sI")
MOST_FRAMES = 30_000
MOST_DEPTH = 1_000
"""Of one node: what goes beyond is left out, and said."""
_PIECE_COST = 64
"""Bytes that a block is reckoned to have at least: a list may name a million that are missing."""
WHOLE_BYTES = 4_000_000
"""A longer stream is read from the store as it is asked for."""
_OUT_BYTES = 1 << 20


class _Frame:
    """One frame while its stream is planned."""

    __slots__ = ("data", "names", "nid", "node", "pieces", "subs", "total")

    def __init__(self, nid: int, node: StoreNode, names: bytes) -> None:
        self.nid = nid
        self.node = node
        self.pieces = pieces = node.pieces
        self.names = names
        self.subs: list[_Frame] = []
        self.data = sum([piece.size for piece in pieces])
        self.total = 0


class Part(NamedTuple):
    """Bytes of a stream that stand together: written here, or of a block."""

    start: int
    size: int
    block: int
    """Id of the block; -1: ``data`` has them."""
    data: bytes


class Plan(NamedTuple):
    """A stream before its blocks are read."""

    size: int
    parts: list[Part]
    top: StoreNode
    """The node itself."""
    own: int
    """Bytes of its data."""
    missing: int
    """Bytes that are known to be missing."""


class TooLarge(Exception):
    """The stream of a node is larger than was asked for.

    Attributes:
        size: what had been counted of it.
    """

    def __init__(self, size: int) -> None:
        super().__init__(f"more than {size} bytes")
        self.size = size


def plan(store: Store, node: Node, most: int | None = None) -> Plan:
    """Lay out the stream of a node; what is odd is noted where the store's blocks note it.

    Args:
        store: that it stands in.
        node: of the message.
        most: bytes that the stream may have.

    Raises:
        TooLarge: it has more.
    """
    frames = _frames(store, node, most)
    for frame in reversed(frames):
        below = sum([one.total for one in frame.subs])
        frame.total = HEAD.size + 8 * len(frame.pieces) + frame.data + len(frame.names) + below
    codepage, form = store.codepage, store.layout.form
    parts: list[Part] = []
    at = missing = 0

    def put(size: int, block: int, data: bytes = b"") -> None:
        nonlocal at
        if size:
            parts.append(Part(at, size, block, data))
            at += size

    for frame in frames:
        head = HEAD.pack(
            MAGIC,
            frame.nid,
            form,
            0,
            codepage,
            len(frame.pieces),
            len(frame.subs),
            len(frame.names),
            frame.data,
            frame.total,
        )
        head += b"".join([_PIECE.pack(piece.size, piece.missing) for piece in frame.pieces])
        put(len(head), -1, head)
        for piece in frame.pieces:
            put(piece.size, piece.number)
            missing += piece.missing if piece.missing != UNKNOWN else 0
        put(len(frame.names), -1, frame.names)
    return Plan(at, parts, frames[0].node, frames[0].data, missing)


def _frames(store: Store, node: Node, most: int | None) -> list[_Frame]:
    """Return the frames in the order of the stream; a list of subnodes that leads to itself is cut where it does."""
    blocks, odd, path = store.blocks, store.blocks.odd, f"pst:node 0x{node.nid:x}"
    found: list[_Frame] = []
    size = 0
    # What is to be entered: node, the frame that it belongs to, and the lists of subnodes that led there.
    stack: list[tuple[int, int, int, _Frame | None, tuple[int, ...]]] = [(node.nid, node.data, node.below, None, ())]
    while stack:
        nid, data, below, above, led = stack.pop()
        if len(found) >= MOST_FRAMES:
            odd.add("pst.subnodes", f"more than {MOST_FRAMES} subnodes in one item: the rest is left out", path)
            break
        pieces: list[Piece] = []
        for piece in blocks.pieces(data):
            pieces.append(piece)
            size += max(piece.size, _PIECE_COST)
            if most is not None and size > most:
                raise TooLarge(size)
        one = StoreNode(blocks, store.layout, data, below, tuple(pieces))
        frame = _Frame(nid, one, _names(store, one))
        size += HEAD.size + len(frame.names)
        found.append(frame)
        if above is not None:
            above.subs.append(frame)
        if below and below in led:
            odd.add("pst.loop", f"the subnodes of 0x{nid:x} lead back to themselves: left out", path)
        elif below and len(led) >= MOST_DEPTH:
            odd.add("pst.subnodes", f"subnodes more than {MOST_DEPTH} deep are left out", path)
        elif below:
            inside = (*led, below)
            stack += [(sub.nid, sub.data, sub.below, frame, inside) for sub in reversed(blocks.subnodes(below))]
    return found


def _names(store: Store, node: StoreNode) -> bytes:
    """Return the names of the named properties of a node's own heap."""
    if not node.count or node.block(0)[2:4] not in (b"\xec\xbc", b"\xec\x7c"):
        return b""
    heap = Heap(node)
    if heap.client == CONTEXT:
        found = [number for number in numbers(heap) if number >= FIRST_NAMED]
    else:
        table = Table(heap) if heap.client == TABLE else None
        found = [one.tag >> 16 for one in table.columns if one.tag >> 16 >= FIRST_NAMED] if table else []
    written = []
    for number, name in store.names(found) if found else ():
        keyword = name.keyword
        value = name.number if keyword is None else len(keyword)
        written.append(_NAME.pack(number, keyword is not None, name.group, value) + (keyword or b""))
    return b"".join(written)


def read_names(data: bytes) -> dict[int, str]:
    """Return the names of a frame's part of names: ``{property set}/0x8233`` or ``{property set}/keyword``."""
    found: dict[int, str] = {}
    at = 0
    while at + _NAME.size <= len(data):
        number, kind, group, value = _NAME.unpack_from(data, at)
        at += _NAME.size
        if kind:
            name = data[at : at + value].decode("utf-16-le", "replace")
            at += value
        else:
            name = f"0x{value:04X}"
        found.setdefault(number, f"{group_text(group)}/{name}")
    return found


@lru_cache(256)
def group_text(group: bytes) -> str:
    """Return a property set in its usual form."""
    first, second, third = struct.unpack_from("<IHH", group)
    return f"{{{first:08X}-{second:04X}-{third:04X}-{group[8:10].hex().upper()}-{group[10:].hex().upper()}}}"


class NodeStream:
    """The stream of a node as a source: each read takes the blocks that it needs from the store."""

    def __init__(self, store: Store, planned: Plan) -> None:
        self._blocks = store.blocks
        self._parts = planned.parts
        self._starts = [part.start for part in planned.parts]
        self._size = planned.size

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self._size

    def read(self, start: int, end: int) -> bytes:
        """Return ``start:end``."""
        end = min(end, self._size)
        found, at = [], max(0, bisect_right(self._starts, start) - 1)
        while start < end:
            part = self._parts[at]
            found.append(self._bytes(part)[start - part.start : end - part.start])
            start = part.start + part.size
            at += 1
        return b"".join(found)

    def _bytes(self, part: Part) -> bytes:
        # A block that cannot be read again as it was planned gives zeros, so that all behind it keeps its place.
        return part.data if part.block < 0 else self._blocks.data(part.block)[: part.size].ljust(part.size, b"\0")

    def stream(self) -> Iterator[bytes]:
        """Yield all, in bounded blocks."""
        held: list[bytes] = []
        size = 0
        for part in self._parts:
            data = self._bytes(part)
            held.append(data)
            size += len(data)
            if size >= _OUT_BYTES:
                yield b"".join(held)
                held, size = [], 0
        if held:
            yield b"".join(held)


@lru_cache(1)
def _opened(encoded: Encoded) -> Store:
    """Open a store; the last one is kept, for items of one store are asked for one after the other."""
    return Store(RangeBytes(encoded.source, encoded.start, encoded.end))


def decode_node(encoded: Encoded) -> Iterator[bytes]:
    """Yield the stream of the node that the parameter names, in hex, of the store that the range is.

    It names its number alone, or, where the tree of nodes is out of order, the ids of its data and of its subnodes too.
    All of the layer is the store: nothing beside the range is read, and nothing at all where it is none.
    """
    try:
        store = _opened(encoded._replace(parameter="", passwords=()))
        numbers = [int(number, 16) for number in encoded.parameter.split(".")]
        node = Node(numbers[0], numbers[1], numbers[2], 0) if len(numbers) == 3 else store.find(numbers[0])
    except (ParseError, ValueError):
        return
    if node is not None:
        yield from NodeStream(store, plan(store, node)).stream()
