"""Blocks of a store: found, held against their trailers, decoded; and the lists that a node's data or subnodes are.

Source: [MS-PST] 2.2.2.8.
"""

import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.parsers.store._pst_ciphers import decode
from forensics.parsers.store._pst_header import Header
from forensics.parsers.store._pst_heap import HEAP
from forensics.parsers.store._pst_layout import Form, signature, span
from forensics.parsers.store._pst_layout import checksum as crc_of
from forensics.parsers.store._pst_odd import Odd
from forensics.parsers.store._pst_trees import Tree

UNKNOWN = 0xFFFFFFFF
"""Bytes that are missing, and of which nothing says how many they were."""
_HELD_BYTES = 8_000_000
_INTERNAL = 2
_ZLIB = b"\x78"
_MOST_SUBNODES = 200_000
_FAULTS = 10_000
"""Blocks of which it is kept what was odd."""
_LISTS = 20_000
"""Lists of blocks that one node may be spread over."""
MOST_PIECES = 600_000
"""Blocks of one node's data: some 4.9 GB."""


class Piece(NamedTuple):
    """One block of a node's data."""

    number: int
    size: int
    """Bytes that it gives."""
    missing: int = 0
    """Bytes that it should give and does not; `UNKNOWN`: nothing says how many."""


class Subnode(NamedTuple):
    """One entry of a node's list of subnodes."""

    nid: int
    data: int
    below: int


class Blocks:
    """The blocks of one store.

    Args:
        source: the store.
        header: its header.
        tree: where its blocks lie.
        odd: takes what is odd about a block when that is first read.

    Attributes:
        heaps: gives ids of blocks that should begin a heap.
    """

    def __init__(self, source: ByteSource, header: Header, tree: Tree, odd: Odd) -> None:
        self._source = source
        self._layout = header.layout
        self._cipher = header.cipher
        self._tree = tree
        self.odd = odd
        self.heaps: Callable[[], Iterator[int]] = lambda: iter(())
        self._plain: bool | None = None
        self._held: OrderedDict[int, bytes] = OrderedDict()
        self._held_bytes = 0
        self._faults: dict[int, list[tuple[str, str, str, int, int, int]]] = {}

    def offset(self, number: int) -> int | None:
        """Return where a block lies."""
        entry = self._tree.find(number & ~1)
        return entry[1] if entry else None

    def is_encoded_in_place(self, number: int) -> bool:
        """Whether byte n of the decoded block stands in byte n of the stored one."""
        entry = self._tree.find(number & ~1)
        return entry is not None and (self._layout.form is not Form.LARGE or entry[2] == len(self.data(number)))

    def piece(self, number: int) -> Piece:
        """Return how many bytes a data block gives."""
        entry = self._tree.find(number & ~1)
        if entry is None:
            self._note("block", number, 0, 0, "no block of this id is listed: its bytes are missing")
            return Piece(number, 0, UNKNOWN)
        _, offset, size, *_ = entry
        if self._layout.form is Form.LARGE:
            given = len(self.data(number))
            return Piece(number, given, 0 if given else size)
        there = max(0, min(size, self._source.size - offset))
        if there < size:
            text = f"{size - there} of its {size} bytes lie behind the end of the store"
            self._note("block", number, offset, there, text)
        return Piece(number, there, size - there)

    def data(self, number: int) -> bytes:
        """Return the decoded bytes of a block; what of it lies behind the end of the store is missing."""
        held = self._held.get(number)
        if held is not None:
            self._held.move_to_end(number)
            for fault in self._faults.get(number, ()):
                self.odd.note(*fault)
            return held
        self._faults.pop(number, None)
        data = self._read(number)
        self._held[number] = data
        self._held_bytes += len(data)
        while self._held_bytes > _HELD_BYTES and len(self._held) > 1:
            _, oldest = self._held.popitem(last=False)
            self._held_bytes -= len(oldest)
        return data

    def _read(self, number: int) -> bytes:
        entry = self._tree.find(number & ~1)
        if entry is None:
            return b""
        _, offset, size, *_ = entry
        whole = span(self._layout, size)
        stored = self._source.read(offset, offset + whole)
        data, trailer = stored[:size], stored[whole - self._layout.block_trailer.size :]
        decoded = self._checked(number, offset, data, trailer) if len(stored) == whole else 0
        packed = decoded not in (0, size)
        if number & _INTERNAL:
            return self._inflated(number, offset, data, decoded) if packed else data
        if not packed:
            return decode(self._cipher, data, number)
        # Nothing says in which order a block was packed and encoded; most seem to be encoded, then packed.
        if data[:1] != _ZLIB:
            return self._inflated(number, offset, decode(self._cipher, data, number), decoded)
        found = self._inflated(number, offset, data, decoded)
        return found if self._packed_plain() else decode(self._cipher, found, number)

    def _packed_plain(self) -> bool:
        """Whether what is packed is not encoded: a heap of the store, where one is packed, has its mark at once."""
        if self._plain is None:
            self._plain = False
            for number in self.heaps() if self._cipher else ():
                entry = self._tree.find(number & ~1)
                stored = self._source.read(entry[1], entry[1] + entry[2]) if entry else b""
                if stored[:1] == _ZLIB:
                    try:
                        self._plain = zlib.decompressobj().decompress(stored, 4)[2:3] == bytes((HEAP,))
                    except zlib.error:
                        continue
                    break
        return self._plain

    def _checked(self, number: int, offset: int, data: bytes, trailer: bytes) -> int:
        """Hold a block against its trailer; return the decoded bytes that it states, 0 where it states none."""
        layout = self._layout
        size, mark, first, second, *more = layout.block_trailer.unpack(trailer)
        crc, own = (first, second) if layout.trailer_order[0] == 3 else (second, first)
        if own & ~1 != number & ~1:
            text = f"what stands at its place names itself 0x{own:x}; it was read all the same"
            self._note("block_id", number, offset, len(data), text)
        elif size != len(data):
            text = f"its trailer states {size} bytes, the tree of blocks {len(data)}"
            self._note("block_size", number, offset, len(data), text)
        elif crc_of(data) != crc:
            text = "its checksum does not hold; it was read all the same"
            self._note("block_crc", number, offset, len(data), text)
        elif mark != signature(offset, own):
            self._note("block_signature", number, offset, len(data), "its signature is that of another place")
        return more[0] if more else 0

    def _inflated(self, number: int, offset: int, data: bytes, size: int) -> bytes:
        engine = zlib.decompressobj()
        try:
            found = engine.decompress(data, size)
        except zlib.error:
            found = b""
        if len(found) != size:
            text = f"decodes to {len(found)} of {size} stated bytes"
            self._note("block", number, offset, len(data), text, len(data) if not found else 0)
        return found

    def pieces(self, number: int) -> Iterator[Piece]:
        """Yield the data blocks of a node, in order."""
        if not number:
            return
        if not number & _INTERNAL:
            yield self.piece(number)
            return
        stack: list[tuple[int, int]] = [(number, -1)]
        lists, given, stated, count = 0, 0, 0, 0
        while stack:
            one, level = stack.pop()
            if level == 0:
                count += 1
                if count > MOST_PIECES:
                    self._note("count", number, 0, 0, f"more than {MOST_PIECES} blocks: the rest is left out")
                    return
                piece = self.piece(one)
                given += piece.size + (piece.missing if piece.missing != UNKNOWN else 0)
                yield piece
                continue
            lists += 1
            found = self._list(one, level) if lists <= _LISTS else None
            if found is None:
                yield Piece(one, 0, UNKNOWN)
                continue
            own, total, ids = found
            stated = stated or total
            stack += [(below, own - 1) for below in reversed(ids)]
        if given != stated:
            self._note("block_total", number, 0, 0, f"its list states {stated} bytes, its blocks have {given}")

    def _list(self, number: int, level: int) -> tuple[int, int, tuple[int, ...]] | None:
        """Return level, stated bytes and ids of a list of blocks; *level* -1: whatever it says."""
        data = self.data(number)
        if len(data) < 8 or data[0] != 1 or data[1] not in (1, 2) or level not in (-1, data[1]):
            offset = self.offset(number) or 0
            self._note("block", number, offset, len(data), "no list of blocks, or of another level", len(data))
            return None
        count, total = struct.unpack_from("<HI", data, 2)
        width = struct.calcsize(self._layout.id)
        if count > (len(data) - 8) // width:
            self._note("count", number, self.offset(number) or 0, len(data), f"states {count} blocks, more than it has")
            count = (len(data) - 8) // width
        return data[1], total, struct.unpack_from(f"<{count}{self._layout.id}", data, 8)

    def subnodes(self, number: int) -> list[Subnode]:
        """Return the subnodes that a list names, by number."""
        found: dict[int, Subnode] = {}
        stack: list[tuple[int, int]] = [(number, -1)] if number else []
        met: set[int] = set()
        while stack and len(found) < _MOST_SUBNODES:
            one, level = stack.pop()
            data = self.data(one)
            offset = self.offset(one)
            if one in met or len(data) < 8 or data[0] != 2 or data[1] > 1 or level not in (-1, data[1]):
                text = "no list of subnodes, or of another level, or met before: what it should name is missing"
                self._note("block", one, offset or 0, len(data), text, len(data))
                continue
            met.add(one)
            form = struct.Struct(self._layout.subnode_branch if data[1] else self._layout.subnode)
            count = int.from_bytes(data[2:4], "little")
            room = (len(data) - self._layout.sublist_at) // form.size
            if count > room:
                self._note("count", one, offset or 0, len(data), f"states {count} subnodes, more than it has")
                count = room
            at = self._layout.sublist_at
            for entry in form.iter_unpack(data[at : at + count * form.size]):
                if data[1]:
                    stack.append((entry[1], 0))
                else:
                    nid = entry[0] & 0xFFFFFFFF
                    found.setdefault(nid, Subnode(nid, entry[1], entry[2]))
        return [found[nid] for nid in sorted(found)]

    def _note(self, what: str, number: int, offset: int, size: int, text: str, unread: int = 0) -> None:
        code = _CODES[what]
        end = min(offset + size, self._source.size)
        fault = (code, f"block 0x{number:x}: {text}", f"pst:block 0x{number:x}", offset, end, unread)
        # Told to each who reads the block, though it is read once.
        if len(self._faults) < _FAULTS:
            self._faults.setdefault(number, []).append(fault)
        self.odd.note(*fault)


_CODES = {
    "block": "pst.block",
    "block_id": "pst.block_id",
    "block_size": "pst.block_size",
    "block_crc": "pst.block_crc",
    "block_signature": "pst.block_signature",
    "block_total": "pst.block_total",
    "count": "pst.count",
}
