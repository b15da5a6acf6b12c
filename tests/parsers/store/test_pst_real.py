"""Real stores: item by item and value by value as a second reader has them, and the same after they are re-encoded."""

import struct
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.parsers.mail.mapi.properties import Properties, Property, StoredMessage
from forensics.parsers.store import pst
from forensics.parsers.store._pst_ciphers import decode, encode
from forensics.parsers.store._pst_layout import checksum, span
from forensics.parsers.store._pst_message_reading import read_message
from forensics.parsers.store._pst_store import Store
from tests.parsers.store.conftest import WHERE, held
from tests.parsers.store.pst_file_builder import renewed

DAMAGED = "AddingBulkMessagesWithImprovedPerformance.pst"
"""Its header and its tree of blocks are overwritten in part; the second reader does not open it."""
REFUSED = {"Test_part1.pst": 12}
"""Messages that the second reader refuses: a property of each has number 0 and type 0, which it does not know."""
PLAIN_ITEMS = {"Outlook.pst": 1}
"""Messages without a class, which the second reader does not take for messages: a free/busy record."""


def stores(corpora: Path) -> list[Path]:
    found = sorted(one for one in (corpora / "outlook").rglob("*") if one.suffix.lower() in (".pst", ".ost"))
    if not found:
        pytest.skip("no stores")
    return found


def read(data: bytes) -> dict[int, ChildItem]:
    """Return the items by the number of their node."""
    items = [one for one in pst.parse(MemoryBytes(data), WHERE, ParseContext()) if isinstance(one, ChildItem)]
    return {int(one.step.decoder.partition(":")[2], 16): one for one in items}


def value(one: Property | None) -> bytes:
    if one is None:
        return b""
    return one.data if isinstance(one.data, bytes) else one.data.read(0, one.data.size)


def by_tag(properties: Properties) -> dict[int, bytes]:
    return {one.tag: value(one) for one in properties if one.id < 0x8000}


def messages_of(folder: Any) -> Iterator[tuple[int, Any]]:
    """Yield number of the folder and message; ``None`` for one that the second reader refuses."""
    for index in range(folder.get_number_of_sub_messages()):
        try:
            yield folder.get_identifier(), folder.get_sub_message(index)
        except OSError:
            yield folder.get_identifier(), None
    for index in range(folder.get_number_of_sub_folders()):
        yield from messages_of(folder.get_sub_folder(index))


def entries(item: Any) -> dict[int, bytes]:
    found = {}
    for index in range(item.get_number_of_record_sets()):
        record_set = item.get_record_set(index)
        for number in range(record_set.get_number_of_entries()):
            entry = record_set.get_entry(number)
            if entry.get_entry_type() is not None and entry.get_entry_type() < 0x8000:
                found[entry.get_entry_type() << 16 | entry.get_value_type()] = entry.get_data() or b""
        break
    return found


def differing(message: StoredMessage, theirs: dict[int, bytes]) -> list[str]:
    mine = by_tag(message.properties)
    found = []
    for tag in mine.keys() | theirs.keys():
        one, other = mine.get(tag), theirs.get(tag)
        if tag >> 16 == 0x0037 and other and other[:1] == b"\1":
            other = other[4:] if tag & 0xFFFF == 0x1F else other[2:]
        if tag & 0xFFFF == 0x000B and other is not None:
            other = other[:1]  # a truth value takes four bytes in a record, one of which is its own
        if one != other:
            found.append(f"0x{tag:08X}: {one!r:.60} {other!r:.60}")
    return found


def test_items_by_folder_and_every_value_as_a_second_reader_has_them(corpora: Path) -> None:
    pypff = pytest.importorskip("pypff")
    compared = 0
    for path in stores(corpora):
        mine = read(path.read_bytes())
        if path.name == DAMAGED:
            assert len(mine) == 1
            continue
        opened = pypff.file()
        opened.set_ascii_codepage("cp1252")  # has to be set before it is opened
        opened.open(str(path))
        theirs, refused, plain = defaultdict(set), 0, 0
        for folder, message in messages_of(opened.get_root_folder()):
            if message is None:
                refused += 1
                continue
            number = message.get_identifier()
            theirs[folder].add(number)
            if type(message).__name__ != "message":
                plain += 1
            stored = read_message(MemoryBytes(held(mine[number].content)))
            assert differing(stored, entries(message)) == [], (path.name, hex(number))
            if type(message).__name__ == "message":
                attachments(stored, message)
            compared += 1
        assert refused == REFUSED.get(path.name, 0) and plain == PLAIN_ITEMS.get(path.name, 0)
        ours = defaultdict(set)
        tree = Store(MemoryBytes(path.read_bytes())).node_tree
        for number in mine:
            entry = tree.find(number)
            assert entry is not None
            if number & 0x1F == 4:  # associated messages are not among its messages
                ours[entry[3]].add(number)
        missing = {folder: numbers - theirs[folder] for folder, numbers in ours.items() if numbers - theirs[folder]}
        assert sum(map(len, missing.values())) == refused
        for number in [number for numbers in missing.values() for number in numbers]:
            assert by_tag(read_message(MemoryBytes(held(mine[number].content))).properties)[0] == b""
        assert all(theirs[folder] <= ours[folder] for folder in theirs)
        opened.close()
    assert compared >= 300


def attachments(stored: StoredMessage, message: Any) -> None:
    assert message.get_number_of_attachments() == len(stored.attachments)
    for index, mine in enumerate(stored.attachments):
        if mine.format:
            continue  # messages in messages are not given by it
        theirs = message.get_attachment(index)
        data = held(mine.content)
        assert theirs.get_size() == len(data)
        assert (theirs.read_buffer(len(data)) if data else b"") == data


def encoded(data: bytes, cipher: int) -> bytes:
    """Return a store with its data blocks encoded otherwise, checksums renewed."""
    store, out = Store(MemoryBytes(data)), bytearray(data)
    for number, (_, offset, size, *_) in store.block_tree.entries():
        if not number & 2:
            content = encode(cipher, decode(store.header.cipher, data[offset : offset + size], number), number)
            out[offset : offset + size] = content
            struct.pack_into("<I", out, offset + span(store.layout, size) - 12, checksum(content))
    out[513] = cipher
    out[:564] = renewed(bytes(out[:564]))
    return bytes(out)


@pytest.mark.parametrize("cipher", [0, 2])
def test_re_encoded_stores_give_the_same(corpora: Path, cipher: int) -> None:
    pypff = pytest.importorskip("pypff")
    count = 0
    for path in stores(corpora):
        data = path.read_bytes()
        if path.name == DAMAGED:
            continue
        mine, other = read(data), read(encoded(data, cipher))
        assert {number: (one.step.sha256, one.step.name) for number, one in mine.items()} == {
            number: (one.step.sha256, one.step.name) for number, one in other.items()
        }
        assert [one.notices for one in mine.values()] == [one.notices for one in other.values()]
        count += len(other)
    assert count >= 340
    assert pypff.get_version()


def test_what_is_told_of_whole_stores(corpora: Path) -> None:
    codes: dict[str, list[str]] = defaultdict(list)
    for path in stores(corpora):
        found = list(pst.parse(MemoryBytes(path.read_bytes()), WHERE, ParseContext()))
        assert [one.format for one in found if isinstance(one, ArchiveFacts)] == ["mail.pst"]
        for one in found:
            if isinstance(one, Notice):
                codes[one.code].append(path.name)
    assert codes.pop("pst.password") == ["passwordprotectedPST.pst"]
    assert {name for names in codes.values() for name in names} == {DAMAGED}
