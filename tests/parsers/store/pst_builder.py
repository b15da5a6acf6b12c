"""Writes small Outlook stores of every form, by the specification; people and domains in them are invented."""

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence

from forensics.parsers.store._pst_ciphers import encode
from forensics.parsers.store._pst_layout import LAYOUTS, Form, Layout, checksum, signature, span

FIXED = {0x0002: 2, 0x0003: 4, 0x000A: 4, 0x000B: 1}
IN_ROW = {**FIXED, 0x0005: 8, 0x0014: 8, 0x0040: 8}
CLASS, SUBJECT, NAME, BODY = 0x001A001F, 0x0037001F, 0x3001001F, 0x1000001F
SENT, DELIVERED, MODIFIED = 0x00390040, 0x0E060040, 0x30080040
FLAGS, SIZE = 0x0E070003, 0x0E080003
FILE_NAME, METHOD, CONTENT, EMBEDDED = 0x3707001F, 0x37050003, 0x37010102, 0x3701000D
ROW, VERSION = 0x67F20003, 0x67F30003
Values = Mapping[int, bytes | int]


def text(words: str) -> bytes:
    return words.encode("utf-16-le")


def filetime(seconds: int) -> bytes:
    return struct.pack("<Q", seconds * 10_000_000 + 116_444_736_000_000_000)


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
            each = per_leaf or len(records)
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


class StoreBuilder:
    """One store; `built` gives its bytes."""

    def __init__(self, form: Form = Form.UNICODE, cipher: int = 1, compress: bool = False) -> None:
        self.layout = LAYOUTS[form]
        self.form = form
        self.cipher = cipher
        self.compress = compress
        self.packed_plain = False
        """Whether what is packed is not encoded."""
        self.stored: dict[int, tuple[bytes, int]] = {}
        self.nodes: dict[int, tuple[int, int, int]] = {}
        self.names: list[tuple[bytes, int | str]] = []
        self.places: dict[int, int] = {}
        """Where each block lies, once built."""
        self.pages: dict[tuple[int, int], list[int]] = {}
        """Where pages lie, by type and level, once built."""
        self._next = 4
        self._next_nid = 0x200024
        self.listed: dict[int, list[tuple[int, Values]]] = {}
        self.folders: dict[int, tuple[str, int]] = {}
        self.store_values: dict[int, bytes | int] = {NAME: text("Post of Ada"), 0x0FF90102: bytes(range(16))}

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

    # what is laid in heaps

    def context(
        self, values: Values, subs: Iterable[tuple[int, int, int]] = (), *, per_leaf: int = 0, room: int | None = None
    ) -> tuple[int, int]:
        """Return ids of data and subnodes of a node with these properties; long values become subnodes."""
        heap, below = HeapBuilder(self.layout, 0xBC, room), list(subs)
        records = []
        for tag, value in sorted(values.items()):
            records.append(struct.pack("<HHI", tag >> 16, tag & 0xFFFF, self._value(heap, below, tag, value)))
        heap.root = heap.tree(2, 6, records, per_leaf)
        return self.blocks(heap.blocks()), self.subnodes(below)

    def _value(self, heap: HeapBuilder, below: list[tuple[int, int, int]], tag: int, value: bytes | int) -> int:
        if isinstance(value, int):
            return value
        if tag & 0xFFFF in FIXED:
            return int.from_bytes(value, "little")
        if not value:
            return 0
        if len(value) <= 3580:
            return heap.add(value)
        nid = 0x1F + 32 * (0x700 + len(below))
        below.append((nid, self.data(value), 0))
        return nid

    def table(
        self, rows: Sequence[tuple[int, Values]], columns: Sequence[int] = (), *, in_subnode: bool = False
    ) -> tuple[int, int]:
        """Return ids of data and subnodes of a table."""
        tags = sorted({ROW, VERSION, *columns, *[tag for _, values in rows for tag in values]})
        heap, below = HeapBuilder(self.layout, 0x7C), list[tuple[int, int, int]]()
        order = [ROW, VERSION, *[tag for tag in tags if tag not in (ROW, VERSION)]]
        widths = {tag: IN_ROW.get(tag & 0xFFFF, 4) for tag in order}
        by_width = [tag for size in (8, 4, 2, 1) for tag in order if widths[tag] == size]
        by_width.sort(key=lambda tag: 0 if widths[tag] >= 4 else 1 if widths[tag] == 2 else 2)
        by_width = [ROW, VERSION, *[tag for tag in by_width if tag not in (ROW, VERSION)]]
        at, places = 0, {}
        for tag in by_width:
            places[tag] = at
            at += widths[tag]
        ends = [0, 0, 0]
        for tag in by_width:
            for index, least in enumerate((4, 2, 1)):
                if widths[tag] >= least:
                    ends[index] = max(ends[index], places[tag] + widths[tag])
        ends[1], ends[2] = max(ends[0], ends[1]), max(ends[0], ends[1], ends[2])
        bits = {tag: index for index, tag in enumerate(order)}
        width = ends[2] + (len(order) + 7) // 8
        matrix = []
        for number, values in rows:
            row = bytearray(width)
            for tag, value in {ROW: number, VERSION: 1, **values}.items():
                stored = self._cell(heap, below, tag, value)
                row[places[tag] : places[tag] + widths[tag]] = stored
                row[ends[2] + bits[tag] // 8] |= 1 << (7 - bits[tag] % 8)
            matrix.append(bytes(row))
        form = "<II" if self.layout.row_index == 4 else "<IH"
        index = sorted(
            [struct.pack(form, number, place) for place, (number, _) in enumerate(rows)],
            key=lambda one: struct.unpack(form, one),
        )
        index_hid = heap.tree(4, self.layout.row_index, index)
        matrix_id = 0
        if matrix and not in_subnode:
            matrix_id = heap.add(b"".join(matrix))
        elif matrix:
            each = self.layout.block_bytes // width
            pieces = [b"".join(matrix[at : at + each]) for at in range(0, len(matrix), each)]
            pieces = [*[piece.ljust(self.layout.block_bytes, b"\0") for piece in pieces[:-1]], pieces[-1]]
            matrix_id = 0x1F + 32 * 0x600
            below.append((matrix_id, self.blocks(pieces), 0))
        described = b"".join([struct.pack("<IHBB", tag, places[tag], widths[tag], bits[tag]) for tag in sorted(order)])
        info = struct.pack("<BB4HIII", 0x7C, len(order), *ends, width, index_hid, matrix_id, 0)
        heap.root = heap.add(info + described)
        return self.blocks(heap.blocks()), self.subnodes(below)

    def _cell(self, heap: HeapBuilder, below: list[tuple[int, int, int]], tag: int, value: bytes | int) -> bytes:
        width = IN_ROW.get(tag & 0xFFFF)
        if width is None:
            return struct.pack("<I", self._value(heap, below, tag, value))
        return (value.to_bytes(width, "little") if isinstance(value, int) else value)[:width]

    # nodes

    def folder(self, nid: int, name: str, parent: int = 0x122) -> int:
        self.folders[nid] = (name, parent)
        self.listed.setdefault(nid, [])
        return nid

    def named(self, group: bytes, name: int | str) -> int:
        self.names.append((group, name))
        return 0x8000 + len(self.names) - 1

    def attachment(self, name: str, content: bytes) -> tuple[int, int]:
        return self.context({FILE_NAME: text(name), METHOD: 1, CONTENT: content})

    def embedded(self, message: tuple[int, int]) -> tuple[int, int]:
        """Return an attachment that is a message."""
        nid = 0x2004
        heap_value = struct.pack("<II", nid, 0)
        return self.context({METHOD: 5, EMBEDDED: heap_value}, [(nid, *message)])

    def message(
        self,
        values: Values,
        attachments: Sequence[tuple[int, int]] = (),
        recipients: Sequence[Values] = (),
        **more: int,
    ) -> tuple[int, int]:
        """Return ids of data and subnodes of a message."""
        subs = []
        if recipients:
            subs.append((0x692, *self.table(list(enumerate(recipients)))))
        nids = [0x8025 + 32 * index for index in range(len(attachments))]
        if attachments:
            subs.append((0x671, *self.table([(nid, {METHOD: 1}) for nid in nids])))
        subs += [(nid, *one) for nid, one in zip(nids, attachments, strict=True)]
        return self.context(values, subs, per_leaf=more.get("per_leaf", 0), room=more.get("room"))

    def put(
        self,
        folder: int,
        message: tuple[int, int],
        row: Values | None = None,
        *,
        associated: bool = False,
        listed: bool = True,
    ) -> int:
        """Put a message into a folder; return its number."""
        nid = self._next_nid & ~0x1F | (8 if associated else 4)
        self._next_nid += 32
        self.nodes[nid] = (*message, folder)
        if listed:
            self.listed.setdefault(folder | (1 << 40 if associated else 0), []).append((nid, row or {}))
        return nid

    # the file

    def _finish_nodes(self) -> None:
        self.nodes[0x21] = (*self.context(self.store_values), 0)
        self.nodes[0x61] = (*self._name_map(), 0)
        self.folders.setdefault(0x122, ("", 0x122))
        for nid, (name, parent) in self.folders.items():
            rows = self.listed.get(nid, [])
            self.nodes.setdefault(
                nid, (*self.context({NAME: text(name), 0x36020003: len(rows), 0x36030003: 0}), parent)
            )
            below = [(one, {NAME: text(title)}) for one, (title, above) in self.folders.items() if above == nid != one]
            for kind, entries in (
                (0x0D, below),
                (0x0E, rows),
                (0x0F, self.listed.get(nid | 1 << 40, [])),
            ):
                big = len(entries) > 40
                self.nodes.setdefault(nid & ~0x1F | kind, (*self.table(entries, (NAME,), in_subnode=big), 0))

    def _name_map(self) -> tuple[int, int]:
        groups, texts, entries = b"", b"", b""
        for index, (group, name) in enumerate(self.names):
            place = len(groups) // 16 + 3
            groups += group
            if isinstance(name, int):
                entries += struct.pack("<IHH", name, place << 1, index)
            else:
                raw = text(name)
                entries += struct.pack("<IHH", len(texts), place << 1 | 1, index)
                texts += struct.pack("<I", len(raw)) + raw
        return self.context({0x00010003: 251, 0x00020102: groups, 0x00030102: entries, 0x00040102: texts})

    def built(self) -> bytes:
        self._finish_nodes()
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


INBOX, DELETED, TOP = 0x8082, 0x8062, 0x8022
GROUP = bytes.fromhex("0820060000000000c000000000000046")


def letter(words: str, at: int = 1_500_000_000) -> dict[int, bytes | int]:
    """Return the properties of a plain message."""
    return {
        CLASS: text("IPM.Note"),
        SUBJECT: text("\x01\x01" + words),
        BODY: text(f"Dear Ben,\r\n{words}\r\n"),
        SENT: filetime(at),
        DELIVERED: filetime(at + 60),
        MODIFIED: filetime(at + 90),
        FLAGS: 1,
        0x0C1A001F: text("Ada"),
        0x0C1F001F: text("ada@one.example"),
    }


def small(form: Form = Form.UNICODE, cipher: int = 1, compress: bool = False) -> StoreBuilder:
    """Return a store with folders, messages, attachments, a message in a message, and one without a folder."""
    made = StoreBuilder(form, cipher, compress)
    made.folder(TOP, "Top of Personal Folders")
    made.folder(INBOX, "Inbox", TOP)
    made.folder(DELETED, "Deleted Items", TOP)
    recipients = [{0x3001001F: text("Ben"), 0x39FE001F: text("ben@two.example"), 0x0C150003: 1}]
    plain = letter("first")
    named = made.named(GROUP, 0x8552), made.named(GROUP, "Keyword")
    plain |= {named[0] << 16 | 0x1F: text("16.0"), named[1] << 16 | 0x1F: text("red")}
    row = {tag: plain[tag] for tag in (CLASS, SENT, DELIVERED, MODIFIED, FLAGS)}
    made.put(INBOX, made.message(plain, recipients=recipients), row)
    files = [made.attachment("note.txt", b"a note\n"), made.attachment("long.bin", bytes(range(256)) * 200)]
    made.put(INBOX, made.message(letter("with files"), files, recipients))
    inner = made.message(letter("inside"), [made.attachment("deep.txt", b"deep\n")], recipients)
    made.put(INBOX, made.message(letter("outside"), [made.embedded(inner)], recipients))
    made.put(DELETED, made.message(letter("gone")))
    made.put(0x9992, made.message(letter("stray")), listed=False)
    made.put(INBOX, made.message({CLASS: text("IPM.Rule")}), associated=True)
    return made
