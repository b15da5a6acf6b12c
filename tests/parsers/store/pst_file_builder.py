"""Lays out what Outlook stores of every form consist of, by the specification: heaps, blocks, pages, the header."""

import struct
import zlib
from collections.abc import Sequence

from forensics.parsers.store._pst_ciphers import encode
from forensics.parsers.store._pst_layout import LAYOUTS, Form, Layout, checksum, signature, span


class HeapBuilder:
    """Allocations of one heap; `blocks` lays them out, a block more where one is full."""

    def __init__(self, layout: Layout, client: int, room: int | None = None) -> None:
        self.layout = layout
        self.client = client
        self.room = room or layout.block_bytes - 200
        self.pieces: list[list[bytes]] = [[]]
        self.root = 0

    def add(self, data: bytes) -> int:
        used = sum(map(len, self.pieces[-1])) + 2 * len(self.pieces[-1])
        if self.pieces[-1] and used + len(data) > self.room:
            self.pieces.append([])
        self.pieces[-1].append(data)
        return (len(self.pieces) - 1) << self.layout.hid_shift | len(self.pieces[-1]) << 5

    def tree(self, key: int, size: int, records: Sequence[bytes], per_leaf: int = 0) -> int:
        levels, root = 0, 0
        if records:
            each = per_leaf or 3000 // (key + size)
            leaves = [records[at : at + each] for at in range(0, len(records), each)]
            hids = [self.add(b"".join(leaf)) for leaf in leaves]
            root = hids[0]
            if len(hids) > 1:
                levels = 1
                root = self.add(
                    b"".join([leaf[0][:key] + struct.pack("<I", hid) for leaf, hid in zip(leaves, hids, strict=True)])
                )
        return self.add(struct.pack("<BBBBI", 0xB5, key, size, levels, root))

    def blocks(self) -> list[bytes]:
        found = []
        for index, pieces in enumerate(self.pieces):
            if index == 0:
                lead = 12
            else:
                lead = 66 if index >= 8 and (index - 8) % 128 == 0 else 2
            places, data = [lead], b""
            for piece in pieces:
                data += piece
                places.append(lead + len(data))
            data += b"\0" * (len(data) % 2)
            at = lead + len(data)
            head = struct.pack("<H", at)
            if index == 0:
                head += struct.pack("<BBI4x", 0xEC, self.client, self.root)
            found.append(
                head.ljust(lead, b"\0")
                + data
                + struct.pack("<HH", len(pieces), 0)
                + struct.pack(f"<{len(places)}H", *places)
            )
        return found


class FileBuilder:
    """One file of blocks and nodes; `built` gives its bytes."""

    def __init__(self, form: Form = Form.UNICODE, cipher: int = 1, compress: bool = False) -> None:
        self.layout = LAYOUTS[form]
        self.form = form
        self.cipher = cipher
        self.compress = compress
        self.packed_plain = False
        """Whether what is packed is not encoded."""
        self.stored: dict[int, tuple[bytes, int]] = {}
        self.nodes: dict[int, tuple[int, int, int]] = {}
        self.places: dict[int, int] = {}
        """Where each block lies, once built."""
        self.pages: dict[tuple[int, int], list[int]] = {}
        """Where pages lie, by type and level, once built."""
        self._next = 4

    # blocks

    def block(self, data: bytes, internal: bool = False) -> int:
        number = self._next | (2 if internal else 0)
        self._next += 4
        self.stored[number] = (data, internal)
        return number

    def blocks(self, pieces: Sequence[bytes]) -> int:
        """Return the id of data in these blocks."""
        ids = [self.block(piece) for piece in pieces]
        if len(ids) == 1:
            return ids[0]
        most = (self.layout.block_bytes - 8) // struct.calcsize(self.layout.id)
        lists = [self._list(1, ids[at : at + most]) for at in range(0, len(ids), most)]
        return lists[0] if len(lists) == 1 else self._list(2, lists)

    def _list(self, level: int, ids: Sequence[int]) -> int:
        total = sum([self.size_of(one) for one in ids])
        packed = struct.pack(f"<{len(ids)}{self.layout.id}", *ids)
        return self.block(struct.pack("<BBHI", 1, level, len(ids), total) + packed, internal=True)

    def size_of(self, number: int) -> int:
        data, internal = self.stored[number]
        return struct.unpack_from("<I", data, 4)[0] if internal else len(data)

    def data(self, content: bytes) -> int:
        each = self.layout.block_bytes
        return self.blocks([content[at : at + each] for at in range(0, len(content), each)] or [b""])

    def subnodes(self, entries: Sequence[tuple[int, int, int]]) -> int:
        if not entries:
            return 0
        lead = 4 if self.form is Form.ANSI else 8
        most = (self.layout.block_bytes - lead) // struct.calcsize(self.layout.subnode)
        lists = []
        for at in range(0, len(entries), most):
            part = sorted(entries)[at : at + most]
            packed = b"".join([struct.pack(self.layout.subnode, *entry) for entry in part])
            head = struct.pack("<BBH", 2, 0, len(part)).ljust(lead, b"\0")
            lists.append((part[0][0], self.block(head + packed, internal=True)))
        if len(lists) == 1:
            return lists[0][1]
        packed = b"".join([struct.pack(self.layout.subnode_branch, *entry) for entry in lists])
        return self.block(struct.pack("<BBH", 2, 1, len(lists)).ljust(lead, b"\0") + packed, internal=True)

    # the file

    def built(self) -> bytes:
        layout = self.layout
        out = bytearray(layout.first_map + 2 * layout.page_bytes)

        def room(size: int, align: int) -> int:
            at = -(-len(out) // align) * align
            past = (at - layout.first_map) % layout.map_bytes
            if past < 2 * layout.page_bytes or past + size > layout.map_bytes:
                turn = (at - layout.first_map + (size if past >= 2 * layout.page_bytes else 0)) // layout.map_bytes
                at = layout.first_map + turn * layout.map_bytes + 2 * layout.page_bytes
            out.extend(bytes(at - len(out)))
            return at

        entries = []
        for number, (data, internal) in sorted(self.stored.items()):
            stored, size = self._encoded(number, data, bool(internal))
            whole = span(layout, len(stored))
            at = room(whole, layout.align)
            self.places[number] = at
            out += stored.ljust(whole - layout.block_trailer.size, b"\0") + self._trailer(number, at, stored, size)
            fields = [number, at, len(stored), 2]
            entries.append(struct.pack(layout.block, *fields))
        nodes = [struct.pack(layout.node, nid, *entry) for nid, entry in sorted(self.nodes.items())]
        roots = []
        for kind, packed in ((0x81, nodes), (0x80, entries)):
            roots.append(self._tree(out, room, kind, packed))
        for at in range(layout.first_map, len(out), layout.map_bytes):
            out[at : at + layout.page_bytes] = self._page(bytes(layout.trailer_at), 0x84, at, at)
        header = self._header(len(out), *roots)
        out[: len(header)] = header
        return bytes(out)

    def _encoded(self, number: int, data: bytes, internal: bool) -> tuple[bytes, int]:
        if internal:
            return data, len(data)
        if self.compress and len(data) > 100:
            plain = data if self.packed_plain else encode(self.cipher, data, number)
            return zlib.compress(plain), len(data)
        return encode(self.cipher, data, number), len(data)

    def _trailer(self, number: int, at: int, stored: bytes, size: int) -> bytes:
        fields = [len(stored), signature(at, number), checksum(stored), number]
        if self.form is Form.ANSI:
            fields[2:] = fields[:1:-1]
        if self.form is Form.LARGE:
            fields.append(size)
        return self.layout.block_trailer.pack(*fields)

    def _tree(self, out: bytearray, room, kind: int, entries: list[bytes]) -> tuple[int, int]:  # type: ignore[no-untyped-def]
        layout, level = self.layout, 0
        key = struct.calcsize(layout.id)
        while True:
            most = layout.counts_at // max(len(entries[0]), 1)
            above, number, at = [], 0, 0
            for first in range(0, len(entries), most):
                part = entries[first : first + most]
                data = b"".join(part).ljust(layout.counts_at, b"\0")
                counts = layout.counts.pack(
                    len(part), most & 0xFF if self.form is not Form.LARGE else most, len(part[0]), level
                )
                at = room(layout.page_bytes, layout.page_bytes)
                number = self._next | 2
                self._next += 4
                out += self._page((data + counts).ljust(layout.trailer_at, b"\0"), kind, at, number)
                self.pages.setdefault((kind, level), []).append(at)
                above.append(part[0][:key] + struct.pack(f"<2{layout.id}", number, at))
            if len(above) == 1:
                return number, at
            entries, level = above, level + 1

    def _page(self, data: bytes, kind: int, at: int, number: int) -> bytes:
        fields = [kind, kind, signature(at, number), checksum(data), number & 0xFFFFFFFF]
        if self.form is Form.ANSI:
            fields[3:] = fields[:2:-1]
        return data + self.layout.trailer.pack(*fields)

    def _header(self, size: int, nodes: tuple[int, int], blocks: tuple[int, int]) -> bytes:
        version = {Form.UNICODE: 23, Form.ANSI: 15, Form.LARGE: 36}[self.form]
        out = bytearray(564)
        struct.pack_into(
            "<4sI2sHHBBII", out, 0, b"!BDN", 0, b"SO" if self.form is Form.LARGE else b"SM", version, 19, 1, 1, 0, 0
        )
        if self.form is Form.ANSI:
            struct.pack_into("<III", out, 24, self._next, self._next, 1)
            struct.pack_into("<IIIIIIIIB", out, 168, size, self.layout.first_map, 0, 0, *nodes, *blocks, 2)
            out[460:462] = bytes((0x80, self.cipher))
        else:
            struct.pack_into("<Q", out, 32, self._next)
            struct.pack_into("<QQQQQQQQB", out, 184, size, self.layout.first_map, 0, 0, *nodes, *blocks, 2)
            out[512:514] = bytes((0x80, self.cipher))
            struct.pack_into("<Q", out, 516, self._next)
        return renewed(bytes(out), self.form)


def renewed(header: bytes, form: Form = Form.UNICODE) -> bytes:
    """Return a header with its checksums made anew."""
    out = bytearray(header)
    if form is not Form.ANSI:
        struct.pack_into("<I", out, 524, checksum(bytes(out[8 : 8 + 516])))
    struct.pack_into("<I", out, 4, checksum(bytes(out[8 : 8 + 471])))
    return bytes(out) if form is not Form.ANSI else bytes(out[:512])
