"""Blocks that are broken, missing, or lead to each other: told with their bytes, the rest is read, up to a limit."""

import struct
from collections.abc import Callable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.parsers import Yielded
from forensics.parsers.store import _pst_stream
from forensics.parsers.store._pst_layout import checksum
from forensics.parsers.store._pst_message_reading import read_message
from tests.parsers.store import pst_builder as made
from tests.parsers.store.conftest import LITTLE, children, codes, contents, held

Read = Callable[..., list[Yielded]]


def block_with(store: made.StoreBuilder, data: bytes, number: int, content: bytes) -> bytes:
    """Return a store with another content in a block of the same size, its checksum made anew."""
    at = store.places[number]
    size = len(store.stored[number][0])
    assert len(content) == size
    end = at + -(-(size + 16) // 64) * 64
    out = bytearray(data)
    out[at : at + size] = content
    struct.pack_into("<I", out, end - 12, checksum(content))
    return bytes(out)


def test_a_damaged_block_is_told_with_its_bytes_and_read(read: Read) -> None:
    store = made.small()
    data = bytearray(store.built())
    nid = 0x200024
    number = store.nodes[nid][0]
    at, size = store.places[number], len(store.stored[number][0])
    data[at + size - 40] ^= 1
    one = next(one for name, one in children(read(bytes(data))).items() if name.endswith(f"{nid:x}"))
    told = [notice for notice in one.notices if notice.code == "pst.block_crc"]
    assert [notice.locator.ranges for notice in told if notice.locator] == [((at, at + size),)]
    assert one.content is not None


def test_trailers_that_lie(read: Read) -> None:
    store = made.small()
    data = store.built()
    number = store.nodes[0x200024][0]
    size = len(store.stored[number][0])
    end = store.places[number] + -(-(size + 16) // 64) * 64
    for place, code in ((-16, "pst.block_size"), (-14, "pst.block_signature"), (-7, "pst.block_id")):
        broken = bytearray(data)
        broken[end + place] ^= 0x55
        assert code in codes(read(bytes(broken)), inside=True)


def test_a_node_whose_block_is_not_there_is_an_item_without_content(read: Read) -> None:
    store = made.small()
    nid = store.put(made.INBOX, (0xABC0, 0))
    one = children(read(store.built()))[f"Top of Personal Folders/Inbox/0x{nid:x}"]
    assert one.content is None and one.step.sha256 == ""
    assert {"pst.no_data", "pst.block"} <= {notice.code for notice in one.notices}


def test_a_missing_block_of_an_attachment_leaves_the_rest_in_place(read: Read) -> None:
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    content = bytes(range(256)) * 100
    store.put(made.INBOX, store.message(made.letter("x"), [store.attachment("a.bin", content)]))
    gone = next(n for n, (data, internal) in store.stored.items() if not internal and data == content[8176:16352])
    del store.stored[gone]
    (one,) = children(read(store.built())).values()
    message = read_message(MemoryBytes(held(one.content)))
    (attachment,) = message.attachments
    assert held(attachment.content) == content[:8176] + content[16352:]
    assert "pst.missing" in [notice.code for notice in attachment.notices]
    assert {"pst.block", "pst.block_total"} <= {notice.code for notice in one.notices}


def test_lists_of_blocks_that_lie(read: Read) -> None:
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    store.put(made.INBOX, store.message(made.letter("x"), [store.attachment("a.bin", b"y" * 20_000)]))
    data = store.built()
    number = next(n for n, (content, internal) in store.stored.items() if internal and content[0] == 1)
    content = store.stored[number][0]
    lies = {
        "pst.count": content[:2] + b"\xff\xff" + content[4:],
        "pst.block_total": content[:4] + b"\x01\0\0\0" + content[8:],
        "pst.block": b"\x01\x02" + content[2:],
    }
    for code, lie in lies.items():
        assert code in codes(read(block_with(store, data, number, lie)), inside=True)
    itself = content[:8] + struct.pack("<Q", number) + content[16:]
    assert codes(read(block_with(store, data, number, itself)), inside=True)


def test_subnodes_that_lead_to_themselves_end(read: Read) -> None:
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    body, _ = store.context(made.letter("x"))
    number = store._next | 2
    assert store.subnodes([(0x8025, body, number), (0x8045, body, 0)]) == number
    store.put(made.INBOX, (body, number))
    (one,) = children(read(store.built())).values()
    assert "pst.loop" in [notice.code for notice in one.notices]
    assert len(held(one.content)) < 10_000


def test_lists_of_subnodes_that_multiply_end_at_a_limit(monkeypatch: pytest.MonkeyPatch, read: Read) -> None:
    monkeypatch.setattr(_pst_stream, "MOST_FRAMES", 500)
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    body, below = store.context({made.CLASS: made.text("IPM.Note")})
    for _ in range(12):
        below = store.subnodes([(0x8025 + 32 * index, body, below) for index in range(30)])
    store.put(made.INBOX, (body, below))
    (one,) = children(read(store.built())).values()
    assert "pst.subnodes" in [notice.code for notice in one.notices]


def test_blocks_that_multiply_end_with_the_budget(read: Read) -> None:
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    leaf = store.block(b"z" * 8176)
    inner = store._list(1, [leaf] * 700)
    outer = store._list(2, [inner] * 700)
    for _ in range(3):
        store.put(made.INBOX, (outer, 0))
    found = read(store.built())
    assert codes(found, inside=True).count("pst.expansion_limit") == 3
    assert contents(found) == 0


def test_a_million_blocks_that_are_missing_are_counted_too(read: Read) -> None:
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    inner = store._list(1, [])
    store.stored[inner] = (struct.pack("<BBHI", 1, 1, 1000, 0) + struct.pack("<1000Q", *[0x7770] * 1000), True)
    outer = store._list(2, [inner] * 700)
    store.put(made.INBOX, (outer, 0))
    found = read(store.built(), LITTLE)
    assert "pst.expansion_limit" in codes(found, inside=True)


def test_messages_ten_thousand_deep(read: Read) -> None:
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    message = store.message({made.CLASS: made.text("IPM.Note")})
    for _ in range(10_000):
        message = store.message({made.CLASS: made.text("IPM.Note")}, [store.embedded(message)])
    store.put(made.INBOX, message)
    (one,) = children(read(store.built())).values()
    assert "pst.subnodes" in [notice.code for notice in one.notices]
    found = read_message(MemoryBytes(held(one.content)))
    assert found.attachments[0].format == "store.pst_message"


def test_tables_that_name_more_than_the_store_can_have(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.store._pst_folders._EFFORT", 300)
    store = made.many(60)
    found = read(store.built()[:])
    assert contents(found) == 60, "what stands in them is read all the same"
    few = made.StoreBuilder()
    ids = few.table([(0x200024 + 32 * number, {}) for number in range(300)])
    for number in range(200):
        few.folder(0x9002 + 32 * number, f"{number}")
        few.nodes[0x900E + 32 * number] = (*ids, 0)
    assert "pst.folders" in codes(read(few.built()))
