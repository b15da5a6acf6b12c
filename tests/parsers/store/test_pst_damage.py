"""A broken store costs what is broken: it is told with its bytes, and the rest is read."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError, WrongFormat
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ChildItem, Limits, Notice, ParseContext
from forensics.parsers import Yielded
from forensics.parsers.store import _pst_stream, pst
from forensics.parsers.store._pst_layout import Form, checksum, signature
from forensics.parsers.store._pst_message_reading import read_message
from tests.parsers.store import pst_builder as made
from tests.parsers.store.conftest import WHERE, children, codes, held

Read = Callable[..., list[Yielded]]
LITTLE = ParseContext(limits=Limits(expansion=3_000_000, expansion_ratio=10))


def many(count: int = 60) -> made.StoreBuilder:
    """Return a store whose trees have several levels."""
    store = made.StoreBuilder()
    store.folder(made.TOP, "Top")
    store.folder(made.INBOX, "Inbox", made.TOP)
    for number in range(count):
        store.put(made.INBOX, store.message(made.letter(f"number {number}")))
    return store


def page_with(data: bytes, at: int, change: Callable[[bytearray], object]) -> bytes:
    """Return a store with a page changed and its checksum made anew."""
    page = bytearray(data[at : at + 512])
    change(page)
    struct.pack_into("<I", page, 500, checksum(bytes(page[:496])))
    return data[:at] + bytes(page) + data[at + 512 :]


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


def contents(found: list[Yielded]) -> int:
    return sum(isinstance(one, ChildItem) and one.content is not None for one in found)


def test_trees_of_several_levels(read: Read) -> None:
    store = many()
    found = read(store.built())
    assert max(level for _, level in store.pages) >= 1
    assert contents(found) == 60 and codes(found) == codes(found, inside=True) == []


@pytest.mark.parametrize(("kind", "level"), [(0x81, 0), (0x81, 1), (0x80, 0), (0x80, 1)])
def test_a_lost_page_is_told_and_leaf_pages_stand_for_what_was_below(read: Read, kind: int, level: int) -> None:
    store = many()
    data = bytearray(store.built())
    at = store.pages[kind, level][0]
    data[at : at + 512] = bytes(512)
    found = read(bytes(data))
    lost = [one for one in found if isinstance(one, Notice) and one.code == "pst.page" and one.unread]
    assert [(one.locator.ranges, one.unread) for one in lost if one.locator] == [(((at, at + 512),), 512)]
    if level:
        assert contents(found) == 60
    elif kind == 0x81:
        assert contents(found) < 60
    assert contents(found) > 30


def test_a_page_whose_checksum_does_not_hold_is_read_unless_others_stand_for_it(read: Read) -> None:
    store = many(5)
    data = bytearray(store.built())
    at = store.pages[0x81, 0][0]
    data[at + 489] ^= 0xFF
    found = read(bytes(data))
    assert codes(found) == ["pst.page_crc"] and contents(found) == 5


def test_the_roots_of_a_header_that_does_not_hold(read: Read) -> None:
    store = many(20)
    data = bytearray(store.built())
    data[216 + 8 : 216 + 16] = bytes(8)
    found = read(bytes(data))
    assert "pst.header_crc" in codes(found) and "pst.page" in codes(found)
    assert contents(found) == 20


def test_a_tree_that_leads_to_itself_ends(read: Read) -> None:
    store = many()
    data = store.built()
    root = store.pages[0x81, 1][0]
    number = struct.unpack_from("<Q", data, root + 504)[0]

    def turn(page: bytearray) -> None:
        struct.pack_into("<QQ", page, 8, number, root)

    assert "pst.page" in codes(read(page_with(data, root, turn)))

    def level(page: bytearray) -> None:
        page[491] = 7

    assert contents(read(page_with(data, root, level))) == 60, "leaves of another level: found by the scan"

    def twice(page: bytearray) -> None:
        page[32:48] = page[8:24]

    assert "pst.page" in codes(read(page_with(data, root, twice)))


def test_counts_and_strides_of_pages_that_lie(read: Read) -> None:
    store = many(5)
    data = store.built()
    at = store.pages[0x81, 0][0]
    for place, value in ((488, 255), (490, 1), (490, 255)):

        def lie(page: bytearray, place: int = place, value: int = value) -> None:
            page[place] = value

        read(page_with(data, at, lie))


def test_a_page_out_of_order_costs_no_message(read: Read) -> None:
    store = many()

    def swap(page: bytearray) -> None:
        page[:32], page[224:256] = page[224:256], page[:32]

    found = read(page_with(store.built(), store.pages[0x81, 0][2], swap))
    assert contents(found) == 60 and codes(found) == ["pst.order"]


def test_messages_that_their_number_does_not_find_are_found_by_their_blocks(read: Read) -> None:
    store = many()

    def lie(page: bytearray) -> None:
        page[72:80] = (0x200464).to_bytes(8, "little")  # the page below begins with 0x200404

    found = read(page_with(store.built(), store.pages[0x81, 1][0], lie))
    named = [one.step.decoder for one in found if isinstance(one, ChildItem) and one.content is not None]
    assert len(named) == 60 and sum("." in one for one in named) == 3
    nid, data, below = [int(number, 16) for number in named[33].partition(":")[2].split(".")]
    assert store.nodes[nid][:2] == (data, below)


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


@pytest.mark.parametrize("form", Form)
def test_cut_off_anywhere(form: Form) -> None:
    store = made.small(form)
    data = store.built()
    names = set(children(list(pst.parse(MemoryBytes(data), WHERE, ParseContext()))))
    for end in range(600, len(data), 1777):
        try:
            found = list(pst.parse(MemoryBytes(data[:end]), WHERE, ParseContext()))
        except ParseError:
            continue
        assert "pst.truncated" in codes(found)
        assert len(children(found)) <= len(names)
    for end in range(520):
        with pytest.raises(WrongFormat):
            list(pst.parse(MemoryBytes(data[:end][:500]), WHERE, ParseContext()))


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


def test_a_heap_that_is_none_leaves_the_message_to_the_next_reader(read: Read) -> None:
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    store.put(made.INBOX, (store.data(b"nothing of a heap"), 0))
    (one,) = children(read(store.built())).values()
    with pytest.raises(ParseError):
        read_message(MemoryBytes(held(one.content)))


def test_streams_that_were_cut_or_changed_raise_no_other_error(read: Read) -> None:
    for one in children(read(made.small().built())).values():
        data = held(one.content)
        for end in range(0, len(data), 37):
            with pytest.raises(ParseError):
                read_message(MemoryBytes(data[:end]))
        for at in range(0, min(len(data), 3000), 7):
            changed = bytearray(data)
            changed[at] ^= 0xFF
            try:
                read_message(MemoryBytes(bytes(changed)))
            except ParseError:
                continue


SMALL = {form: made.small(form).built() for form in Form}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    form=st.sampled_from(list(Form)),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=12),
    keep=st.floats(0.3, 1),
)
def test_any_change_gives_items_or_a_parse_error(form: Form, changes: list[tuple[float, bytes]], keep: float) -> None:
    data = bytearray(SMALL[form])
    for where, value in changes:
        at = int(where * (len(data) - len(value)))
        data[at : at + len(value)] = value
    check(bytes(data[: int(len(data) * keep)] if keep < 0.9 else data))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_change_below_checksums_that_hold(data: st.DataObject) -> None:
    """Change what blocks and pages hold, and renew what would give it away."""
    store = made.small()
    numbers = sorted(store.stored)
    for _ in range(data.draw(st.integers(1, 4))):
        number = data.draw(st.sampled_from(numbers))
        content, internal = store.stored[number]
        at = data.draw(st.integers(0, len(content) - 1))
        value = data.draw(st.binary(min_size=1, max_size=6))
        store.stored[number] = ((content[:at] + value + content[at + len(value) :])[: len(content)], internal)
    check(store.built())


@given(st.binary(max_size=2000))
def test_any_bytes_behind_the_beginning(rest: bytes) -> None:
    check(b"!BDN" + rest)


def check(data: bytes) -> None:
    try:
        found = list(pst.parse(MemoryBytes(data), WHERE, LITTLE))
    except ParseError:
        return
    for one in found:
        if isinstance(one, ChildItem) and one.content is not None:
            try:
                read_message(MemoryBytes(held(one.content)))
            except ParseError:
                continue


def test_signatures_and_checksums_by_hand() -> None:
    assert checksum(b"") == 0
    assert checksum(b"\x01") == 0x77073096
    assert signature(0x12345678, 0x4) == 0x1234 ^ 0x567C


def test_a_decoder_of_nothing_gives_nothing(tmp_path: Path) -> None:
    decoder, *_ = pst.FORMAT.decoders
    from forensics.model.decoding import Encoded, RangeDecoder

    assert isinstance(decoder, RangeDecoder)
    whole = made.small().built()
    for data, parameter in ((b"", "21"), (b"!BDN", "21"), (whole, "zz"), (whole, ""), (whole, "ffffff")):
        assert list(decoder.decode(Encoded(MemoryBytes(data), 0, len(data), parameter))) == []


@pytest.mark.parametrize("form", Form)
def test_an_encoding_that_lies_is_told_and_an_unknown_one_is_encryption(form: Form, read: Read) -> None:
    data = bytearray(made.small(form, 2).built())
    place, header = (461, 512) if form is Form.ANSI else (513, 564)
    for stated in (0, 1, 0x10):
        data[place] = stated
        found = read(made.renewed(bytes(data[:header].ljust(564, b"\0")), form) + bytes(data[header:]))
        assert codes(found) == ["pst.encoding"] and contents(found) == 6
    store = made.small(form, 0)
    whole = bytearray(store.built())
    for number, (one, kind) in store.stored.items():
        if not kind:
            whole[store.places[number] : store.places[number] + len(one)] = b"\x55" * len(one)
    whole[place] = 0x10
    found = read(made.renewed(bytes(whole[:header].ljust(564, b"\0")), form) + bytes(whole[header:]))
    assert contents(found) == 0 and codes(found, inside=True).count("pst.encrypted") == 6


def test_tables_that_name_more_than_the_store_can_have(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.store._pst_folders._EFFORT", 300)
    store = many(60)
    found = read(store.built()[:])
    assert contents(found) == 60, "what stands in them is read all the same"
    few = made.StoreBuilder()
    ids = few.table([(0x200024 + 32 * number, {}) for number in range(300)])
    for number in range(200):
        few.folder(0x9002 + 32 * number, f"{number}")
        few.nodes[0x900E + 32 * number] = (*ids, 0)
    assert "pst.folders" in codes(read(few.built()))
