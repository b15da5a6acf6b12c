"""Large stores are cut into runs of messages, which together give what the whole gives."""

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ChildItem, Limits, ParseContext
from forensics.parsers import Yielded
from forensics.parsers.store import _pst_children, _pst_runs, pst
from tests.parsers.store import pst_builder as made
from tests.parsers.store.conftest import WHERE


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pst_runs, "CUT_BYTES", 100)
    monkeypatch.setattr(_pst_runs, "RUN_MESSAGES", 7)
    monkeypatch.setattr(_pst_children, "RUN_MESSAGES", 7)


def store(count: int) -> bytes:
    made_store = made.StoreBuilder()
    made_store.folder(made.INBOX, "Inbox")
    made_store.folder(made.DELETED, "Deleted Items")
    for number in range(count):
        folder = made.INBOX if number % 3 else made.DELETED
        made_store.put(folder, made_store.message(made.letter(f"number {number}")), associated=number % 5 == 0)
    return made_store.built()


@pytest.mark.parametrize("count", [8, 14, 15, 40])
def test_runs_give_what_the_whole_gives(count: int) -> None:
    source = MemoryBytes(store(count))
    whole = list(pst.parse(source, WHERE, ParseContext()))
    ranges = pst.cut(source, Limits())
    assert len(ranges) == -(-count // 7)
    assert [part.start for part in ranges] == [0, *[part.end for part in ranges[:-1]]]
    assert ranges[-1].end == source.size and all(part.start < part.end for part in ranges)
    pieces: list[Yielded] = list(pst.parse_rest(source, WHERE, ParseContext()))
    for part in ranges:
        found = list(pst.parse_range(source, part, WHERE, ParseContext()))
        assert all(isinstance(one, ChildItem) for one in found)
        first = [one for one in whole if isinstance(one, ChildItem)][part.ordinal]
        assert found[0] == first
        pieces += found
    assert pieces == whole


def test_what_is_small_broken_or_none_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pst.cut(MemoryBytes(store(5)), Limits()) == ()
    data = bytearray(store(40))
    data[5] ^= 1
    assert pst.cut(MemoryBytes(bytes(data)), Limits()) == ()
    assert pst.cut(MemoryBytes(b"!BDN" + bytes(900)), Limits()) == ()
    assert pst.cut(MemoryBytes(store(40)), Limits(items=10, item_bytes=100_000)) == ()
    monkeypatch.setattr(_pst_runs, "CUT_BYTES", 1 << 30)
    assert pst.cut(MemoryBytes(store(40)), Limits()) == ()
