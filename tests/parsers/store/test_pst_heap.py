"""Heaps over several blocks, trees in them, tables whose rows lie in several blocks; ids and counts that lie."""

import struct
from collections.abc import Callable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.parsers import Yielded
from forensics.parsers.store._pst_heap import Heap, Record, leaves, numbers, records, value_of
from forensics.parsers.store._pst_layout import LAYOUTS, Form
from forensics.parsers.store._pst_message_reading import read_message
from forensics.parsers.store._pst_store import Node, Store, bytes_at, bytes_of
from forensics.parsers.store._pst_tables import Table
from tests.parsers.store import pst_builder as made
from tests.parsers.store.conftest import children, held
from tests.parsers.store.pst_file_builder import HeapBuilder

Read = Callable[..., list[Yielded]]


class Memory:
    """A node whose blocks are held."""

    def __init__(self, blocks: list[bytes], form: Form = Form.UNICODE) -> None:
        self.layout = LAYOUTS[form]
        self._blocks = blocks

    @property
    def count(self) -> int:
        return len(self._blocks)

    def block(self, index: int) -> bytes:
        return self._blocks[index]

    def place(self, index: int, start: int, end: int) -> tuple[int, int] | None:
        return sum(map(len, self._blocks[:index])) + start, sum(map(len, self._blocks[:index])) + end

    def subnode(self, nid: int) -> None:
        return None


def opened(form: Form, ids: tuple[int, int], store: made.StoreBuilder) -> tuple[Store, Heap]:
    store.nodes[0x4001] = (*ids, 0)
    read = Store(MemoryBytes(store.built()))
    heap = read.heap(0x4001)
    assert heap is not None
    return read, heap


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("per_leaf", [0, 7])
def test_properties_spread_over_many_blocks(form: Form, per_leaf: int) -> None:
    store = made.StoreBuilder(form)
    values: dict[int, bytes | int] = {
        (0x1000 + number) << 16 | 0x0102: bytes((number % 251,)) * 300 for number in range(100)
    }
    _, heap = opened(form, store.context(values, per_leaf=per_leaf, room=2000), store)
    assert heap.node.count > 9, "the ninth block has a larger header"
    found = {one.id << 16 | one.type: bytes_at(heap, one) for one in records(heap)}
    assert found == values
    assert list(numbers(heap)) == [one.id for one in records(heap)]


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("in_subnode", [False, True])
def test_rows_of_a_table(form: Form, in_subnode: bool) -> None:
    store = made.StoreBuilder(form)
    count = 3000 if in_subnode and form is not Form.LARGE else 30
    rows: list[tuple[int, made.Values]] = [
        (
            0x200000 + 32 * number | 4,
            {
                made.SENT: made.filetime(number),
                made.FLAGS: number,
                0x0E1F000B: number % 2,
                made.SUBJECT: made.text(f"s{number}"),
            }
            if number % 3
            else {made.FLAGS: number},
        )
        for number in range(count)
    ]
    _, heap = opened(form, store.table(rows, in_subnode=in_subnode), store)
    table = Table(heap)
    assert table.whole and table.rows == count
    if count == 3000:
        node = heap.node.subnode(0x1F + 32 * 0x600)
        assert node is not None and node.count > 5
    for number, values in rows[:: max(1, count // 40)]:
        position = table.at(number)
        assert position is not None
        row = table.cells(position)
        assert row is not None
        found = {
            tag: bytes_of(heap, place) if in_heap else row.node.block(place.block)[place.start : place.end]
            for tag, place, in_heap in row.values()
            if place is not None
        }
        for tag, value in values.items():
            raw = value if isinstance(value, bytes) else value.to_bytes(made.IN_ROW[tag & 0xFFFF], "little")
            assert found[tag] == raw
        assert set(found) == {made.ROW, made.VERSION, *values}
    assert table.at(0x100) is None


def test_rows_that_the_index_does_not_list_are_gone() -> None:
    store = made.StoreBuilder()
    heap = HeapBuilder(store.layout, 0x7C)
    row = struct.pack("<II", 5, 1) + b"\xc0"
    index = heap.tree(4, 4, [struct.pack("<II", 5, 1)])
    matrix = heap.add(struct.pack("<II", 4, 1) + b"\xc0" + row)
    info = struct.pack("<BB4HIII", 0x7C, 2, 8, 8, 8, 9, index, matrix, 0)
    described = struct.pack("<IHBBIHBB", made.ROW, 0, 4, 0, made.VERSION, 4, 4, 1)
    heap.root = heap.add(info + described)
    table = Table(Heap(Memory(heap.blocks())))
    assert list(table.ids()) == [5] and table.at(4) is None
    found = table.cells(0)
    assert found is not None and [tag for tag, _, _ in found.values()] == [made.ROW, made.VERSION]


def test_a_cell_outside_of_its_row_is_said_and_not_read() -> None:
    heap = HeapBuilder(LAYOUTS[Form.UNICODE], 0x7C)
    index = heap.tree(4, 4, [struct.pack("<II", 5, 0)])
    matrix = heap.add(struct.pack("<II", 5, 1) + b"\xe0")
    info = struct.pack("<BB4HIII", 0x7C, 3, 8, 8, 8, 9, index, matrix, 0)
    columns = [
        struct.pack("<IHBB", *one) for one in ((made.ROW, 0, 4, 0), (made.SENT, 4, 8, 1), (made.SUBJECT, 8, 4, 2))
    ]
    heap.root = heap.add(info + b"".join(columns))
    row = Table(Heap(Memory(heap.blocks()))).cells(0)
    assert row is not None
    assert [(tag, place is None) for tag, place, _ in row.values()] == [
        (made.ROW, False),
        (made.SENT, True),
        (made.SUBJECT, True),
    ]


def test_tables_that_lie() -> None:
    heap = HeapBuilder(LAYOUTS[Form.UNICODE], 0x7C)
    index = heap.tree(4, 4, [struct.pack("<II", 5, 7), struct.pack("<II", 6, 0)])
    matrix = heap.add(bytes(9))
    for width, columns, bits, hid in (
        (9, 255, 8, matrix),
        (0, 2, 8, matrix),
        (60_000, 2, 8, matrix),
        (9, 2, 60_000, 0xFFE0),
    ):
        made_info = struct.pack("<BB4HIII", 0x7C, columns, 8, 8, 8, bits + 1, index, hid, 0)
        made_info = made_info[:8] + struct.pack("<HH", bits, width) + made_info[12:]
        heap.root = heap.add(made_info + struct.pack("<IHBB", made.ROW, 0, 4, 255))
        table = Table(Heap(Memory(heap.blocks())))
        for position in range(table.rows):
            row = table.cells(position)
            assert row is None or list(row.values()) == []


def test_heap_ids_out_of_range_name_nothing() -> None:
    builder = HeapBuilder(LAYOUTS[Form.UNICODE], 0xBC)
    hid = builder.add(b"there")
    heap = Heap(Memory(builder.blocks()))
    there = heap.find(hid)
    assert there is not None and heap.bytes_of(there) == b"there"
    for wrong in (0, hid + 32, 0xFFE0, hid | 1 << 16, 0xFFFFFFE0):
        assert heap.find(wrong) is None
    assert value_of(heap, Record(0x37, 0x1F, 0xFFE0, 0, 0)) is None
    empty = value_of(heap, Record(0x37, 0x1F, 0, 0, 8))
    assert empty is not None and empty.start == empty.end


def test_trees_in_heaps_that_lead_to_themselves_end() -> None:
    builder = HeapBuilder(LAYOUTS[Form.UNICODE], 0xBC)
    first = builder.add(struct.pack("<HI", 1, 1 << 5) * 2)
    builder.root = builder.add(struct.pack("<BBBBI", 0xB5, 2, 6, 3, first))
    heap = Heap(Memory(builder.blocks()))
    assert list(records(heap)) == []
    for head in (
        b"",
        b"\xb5\0\6\0",
        struct.pack("<BBBBI", 0xB5, 2, 0, 0, first),
        struct.pack("<BBBBI", 0xB5, 2, 6, 200, first),
    ):
        hid = builder.add(head)
        assert list(leaves(Heap(Memory(builder.blocks())), hid)) == []


def test_maps_of_heaps_that_lie() -> None:
    builder = HeapBuilder(LAYOUTS[Form.UNICODE], 0xBC)
    hid = builder.add(b"there")
    (block,) = builder.blocks()
    at = int.from_bytes(block[:2], "little")
    backwards = block[: at + 4] + struct.pack("<HH", 20, 12)
    beyond = block[: at + 4] + struct.pack("<HH", 12, 60_000)
    many = block[:at] + b"\xff\xff" + block[at + 2 :]
    assert Heap(Memory([backwards])).find(hid) is None
    place = Heap(Memory([beyond])).find(hid)
    assert place is not None and place.end == len(beyond)
    place = Heap(Memory([many])).find(hid)
    assert place is not None and place.start == 12
    for wrong in (b"", block[:8], b"\xff\xff" + block[2:], block[:2] + b"\0" + block[3:]):
        assert Heap(Memory([wrong])).find(hid) is None or Heap(Memory([wrong])).client == 0


def test_values_in_heap_and_in_subnodes_and_several_values(read: Read) -> None:
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    long = bytes(range(256)) * 80
    several = struct.pack("<III", 2, 12, 16) + made.text("ab") + made.text("cd")
    values = {
        made.CLASS: made.text("IPM.Note"),
        made.SUBJECT: made.text("a\0b"),
        0x10130102: long,
        0x8001101F: several,
        0x00170003: 1,
        0x0023000B: 1,
        0x0E060040: made.filetime(1),
    }
    store.put(made.INBOX, store.message(values))
    (one,) = children(read(store.built())).values()
    data = held(one.content)
    message = read_message(MemoryBytes(data))
    found = {each.tag: each for each in message.properties}
    assert {tag: each.data for tag, each in found.items()} == {
        **{tag: value for tag, value in values.items() if isinstance(value, bytes)},
        0x00170003: b"\1\0\0\0",
        0x0023000B: b"\1",
    }
    ((start, end),) = found[0x10130102].locator.ranges
    assert end - start == len(long) and data[start:end] == long


def test_a_value_that_is_not_there_is_told(read: Read) -> None:
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    store.put(made.INBOX, store.message({made.CLASS: 0xFFE0, made.SUBJECT: 0x70001F, made.BODY: made.text("here")}))
    (one,) = children(read(store.built())).values()
    message = read_message(MemoryBytes(held(one.content)))
    assert [notice.code for notice in message.notices] == ["pst.value", "pst.value"]
    assert [each.data for each in message.properties if each.tag == made.BODY] == [made.text("here")]


def test_attachments_that_no_table_lists_and_that_only_a_table_lists(read: Read) -> None:
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    file = store.attachment("beside.txt", b"beside")
    table = store.table([(0x8025, {made.METHOD: 1})])
    store.put(made.INBOX, store.context(made.letter("x"), [(0x671, *table), (0x8045, *file)]))
    (one,) = children(read(store.built())).values()
    message = read_message(MemoryBytes(held(one.content)))
    first, second = message.attachments
    assert first.content is None and [notice.code for notice in first.notices] == ["pst.attachment"]
    assert held(second.content) == b"beside"
    assert [notice.code for notice in second.notices] == ["pst.unlisted_attachment"]


def test_a_code_page_of_the_message_and_of_the_store(read: Read) -> None:
    store = made.StoreBuilder(Form.ANSI)
    store.store_values[0x66C30003] = 1251
    store.folder(made.INBOX, "Inbox")
    store.put(made.INBOX, store.message({0x001A001E: b"IPM.Note"}))
    store.put(made.INBOX, store.message({0x001A001E: b"IPM.Note", 0x3FFD0003: 932}))
    pages = [
        read_message(MemoryBytes(held(one.content))).properties.codepage
        for one in children(read(store.built())).values()
    ]
    assert pages == [1251, 932]


def test_nodes_by_number() -> None:
    store = Store(MemoryBytes(made.small().built()))
    node = store.find(0x21)
    assert isinstance(node, Node) and node.kind == 1
    assert store.find(0x41) is None and store.heap(0x41) is None
    named = store.names([0x8000, 0x8001, 0x8777, 0x37])
    assert [number for number, _ in named] == [0x8000, 0x8001]
