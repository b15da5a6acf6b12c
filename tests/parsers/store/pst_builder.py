"""Writes small Outlook stores with folders and messages; people and domains in them are invented."""

import struct
from collections.abc import Iterable, Mapping, Sequence

from forensics.parsers.store._pst_layout import Form
from tests.parsers.store.pst_file_builder import FileBuilder, HeapBuilder

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


class StoreBuilder(FileBuilder):
    """One store; `built` gives its bytes."""

    def __init__(self, form: Form = Form.UNICODE, cipher: int = 1, compress: bool = False) -> None:
        super().__init__(form, cipher, compress)
        self.names: list[tuple[bytes, int | str]] = []
        self._next_nid = 0x200024
        self.listed: dict[int, list[tuple[int, Values]]] = {}
        self.folders: dict[int, tuple[str, int]] = {}
        self.store_values: dict[int, bytes | int] = {NAME: text("Post of Ada"), 0x0FF90102: bytes(range(16))}

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

    # the store

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
        return super().built()


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


def many(count: int = 60) -> StoreBuilder:
    """Return a store whose trees have several levels."""
    store = StoreBuilder()
    store.folder(TOP, "Top")
    store.folder(INBOX, "Inbox", TOP)
    for number in range(count):
        store.put(INBOX, store.message(letter(f"number {number}")))
    return store
