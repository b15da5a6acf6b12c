"""Stores that were cut off or changed anywhere give items, or say that they cannot be read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError, WrongFormat
from forensics.model.byte_sources import MemoryBytes
from forensics.model.decoding import Encoded, RangeDecoder
from forensics.model.items import ChildItem, ParseContext
from forensics.parsers import Yielded
from forensics.parsers.store import pst
from forensics.parsers.store._pst_layout import Form, checksum, signature
from forensics.parsers.store._pst_message_reading import read_message
from tests.parsers.store import pst_builder as made
from tests.parsers.store.conftest import LITTLE, WHERE, children, codes, held

Read = Callable[..., list[Yielded]]


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
    for end in range(512 if form is Form.ANSI else 528):
        with pytest.raises(WrongFormat):
            list(pst.parse(MemoryBytes(data[:end]), WHERE, ParseContext()))


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
    assert isinstance(decoder, RangeDecoder)
    whole = made.small().built()
    for data, parameter in ((b"", "21"), (b"!BDN", "21"), (whole, "zz"), (whole, ""), (whole, "ffffff")):
        assert list(decoder.decode(Encoded(MemoryBytes(data), 0, len(data), parameter))) == []
