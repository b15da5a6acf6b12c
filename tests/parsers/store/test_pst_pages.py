"""A broken page or header costs what is broken: other pages stand for it."""

import struct
from collections.abc import Callable

import pytest

from forensics.model.items import ChildItem, Notice
from forensics.parsers import Yielded
from forensics.parsers.store._pst_layout import Form, checksum
from tests.parsers.store import pst_builder as made
from tests.parsers.store.conftest import codes, contents
from tests.parsers.store.pst_file_builder import renewed

Read = Callable[..., list[Yielded]]


def page_with(data: bytes, at: int, change: Callable[[bytearray], object]) -> bytes:
    """Return a store with a page changed and its checksum made anew."""
    page = bytearray(data[at : at + 512])
    change(page)
    struct.pack_into("<I", page, 500, checksum(bytes(page[:496])))
    return data[:at] + bytes(page) + data[at + 512 :]


def test_trees_of_several_levels(read: Read) -> None:
    store = made.many()
    found = read(store.built())
    assert max(level for _, level in store.pages) >= 1
    assert contents(found) == 60 and codes(found) == codes(found, inside=True) == []


@pytest.mark.parametrize(("kind", "level"), [(0x81, 0), (0x81, 1), (0x80, 0), (0x80, 1)])
def test_a_lost_page_is_told_and_leaf_pages_stand_for_what_was_below(read: Read, kind: int, level: int) -> None:
    store = made.many()
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
    store = made.many(5)
    data = bytearray(store.built())
    at = store.pages[0x81, 0][0]
    data[at + 489] ^= 0xFF
    found = read(bytes(data))
    assert codes(found) == ["pst.page_crc"] and contents(found) == 5


def test_the_roots_of_a_header_that_does_not_hold(read: Read) -> None:
    store = made.many(20)
    data = bytearray(store.built())
    data[216 + 8 : 216 + 16] = bytes(8)
    found = read(bytes(data))
    assert "pst.header_crc" in codes(found) and "pst.page" in codes(found)
    assert contents(found) == 20


def test_a_tree_that_leads_to_itself_ends(read: Read) -> None:
    store = made.many()
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
    store = made.many(5)
    data = store.built()
    at = store.pages[0x81, 0][0]
    for place, value in ((488, 255), (490, 1), (490, 255)):

        def lie(page: bytearray, place: int = place, value: int = value) -> None:
            page[place] = value

        read(page_with(data, at, lie))


@pytest.mark.parametrize("kind", [0x80, 0x81])
def test_a_page_that_leads_to_no_other_is_none(read: Read, kind: int) -> None:
    store = made.many()

    def empty(page: bytearray) -> None:
        page[488:490] = bytes(2)

    data = page_with(store.built(), store.pages[kind, 1][0], empty)
    for broken in (data, data[:8] + b"\xff" + data[9:]):
        found = read(broken)
        assert "pst.page" in codes(found) and contents(found) == 60


def test_a_page_out_of_order_costs_no_message(read: Read) -> None:
    store = made.many()

    def swap(page: bytearray) -> None:
        page[:32], page[224:256] = page[224:256], page[:32]

    found = read(page_with(store.built(), store.pages[0x81, 0][2], swap))
    assert contents(found) == 60 and codes(found) == ["pst.order"]


def test_messages_that_their_number_does_not_find_are_found_by_their_blocks(read: Read) -> None:
    store = made.many()

    def lie(page: bytearray) -> None:
        page[72:80] = (0x200464).to_bytes(8, "little")  # the page below begins with 0x200404

    found = read(page_with(store.built(), store.pages[0x81, 1][0], lie))
    named = [one.step.decoder for one in found if isinstance(one, ChildItem) and one.content is not None]
    assert len(named) == 60 and sum("." in one for one in named) == 3
    nid, data, below = [int(number, 16) for number in named[33].partition(":")[2].split(".")]
    assert store.nodes[nid][:2] == (data, below)


@pytest.mark.parametrize("form", Form)
def test_an_encoding_that_lies_is_told_and_an_unknown_one_is_encryption(form: Form, read: Read) -> None:
    data = bytearray(made.small(form, 2).built())
    place, header = (461, 512) if form is Form.ANSI else (513, 564)
    for stated in (0, 1, 0x10):
        data[place] = stated
        found = read(renewed(bytes(data[:header].ljust(564, b"\0")), form) + bytes(data[header:]))
        assert codes(found) == ["pst.encoding"] and contents(found) == 6
    store = made.small(form, 0)
    whole = bytearray(store.built())
    for number, (one, kind) in store.stored.items():
        if not kind:
            whole[store.places[number] : store.places[number] + len(one)] = b"\x55" * len(one)
    whole[place] = 0x10
    found = read(renewed(bytes(whole[:header].ljust(564, b"\0")), form) + bytes(whole[header:]))
    assert contents(found) == 0 and codes(found, inside=True).count("pst.encrypted") == 6
