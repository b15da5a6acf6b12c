"""Stores of every form and encoding give the same messages, each by a step that can be walked again."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.decoding import Encoded, RangeDecoder
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import ClockKind
from forensics.model.items import ChildItem, Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.mail import Message
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded, decoders
from forensics.parsers.identify import identify
from forensics.parsers.mail.mapi.properties import Properties, StoredMessage
from forensics.parsers.store import _pst_ciphers as ciphers
from forensics.parsers.store import _pst_stream, pst, pst_message
from forensics.parsers.store._pst_facts import _shown
from forensics.parsers.store._pst_layout import Form
from forensics.parsers.store._pst_message_reading import read_message
from forensics.parsers.store._pst_stream import MAGIC
from forensics.replay.walk import walk
from tests.parsers.store import pst_builder as made
from tests.parsers.store.conftest import children, codes, held

Read = Callable[..., list[Yielded]]
FORMS = [
    (Form.UNICODE, 0, False),
    (Form.UNICODE, 1, False),
    (Form.UNICODE, 2, False),
    (Form.ANSI, 1, False),
    (Form.ANSI, 2, False),
    (Form.LARGE, 0, True),
    (Form.LARGE, 1, True),
    (Form.LARGE, 2, True),
    (Form.LARGE, 1, False),
]
IN = "Top of Personal Folders/Inbox"
NAMES = [
    f"{IN}/0x200024",
    f"{IN}/0x200044",
    f"{IN}/0x200064",
    "Top of Personal Folders/Deleted Items/0x200084",
    "without folder/0x2000a4",
    f"{IN}/0x2000c8",
]


def plain(one: Properties) -> list[tuple[int, str, bytes]]:
    found = []
    for each in one:
        assert isinstance(each.data, bytes)
        found.append((each.tag, each.name, each.data))
    return found


def told(message: StoredMessage) -> object:
    """Everything that a message says, without the places, which differ by form."""
    assert message.notices == ()
    attachments = []
    for one in message.attachments:
        inner = told(read_message(MemoryBytes(held(one.content)))) if one.format else held(one.content)
        own = [each for each in plain(one.properties) if each[0] not in (made.EMBEDDED, made.CONTENT)]
        attachments.append((own, inner, one.notices))
    return plain(message.properties), [plain(one) for one in message.recipients], attachments


def all_told(found: list[Yielded]) -> dict[str, object]:
    return {name: told(read_message(MemoryBytes(held(one.content)))) for name, one in children(found).items()}


@pytest.mark.parametrize(("form", "cipher", "packed"), FORMS)
def test_every_form_gives_the_same_messages(read: Read, form: Form, cipher: int, packed: bool) -> None:
    found = read(made.small(form, cipher, packed).built())
    assert list(children(found)) == NAMES
    assert codes(found) == []
    assert sorted(codes(found, inside=True)) == ["pst.deleted_items", "pst.no_folder"]
    assert all_told(found) == all_told(read(made.small().built()))
    assert {one.format for one in found if isinstance(one, ChildItem)} == {"store.pst_message"}


def test_what_is_packed_and_not_encoded_is_read_too(read: Read) -> None:
    store = made.small(Form.LARGE, 1, True)
    store.packed_plain = True
    assert all_told(read(store.built())) == all_told(read(made.small().built()))


def test_a_message_says_what_was_put_in(read: Read) -> None:
    first = read_message(MemoryBytes(held(children(read(made.small().built()))[NAMES[0]].content)))
    subject = first.properties.get(0x0037)
    assert subject is not None and subject.data == made.text("first"), "the length of the prefix is no text"
    named = first.properties.named("{00062008-0000-0000-C000-000000000046}/0x8552")
    keyword = first.properties.named("{00062008-0000-0000-C000-000000000046}/Keyword")
    assert named is not None and named.data == made.text("16.0")
    assert keyword is not None and keyword.data == made.text("red")
    assert [one.get(0x39FE).data for one in first.recipients] == [made.text("ben@two.example")]  # type: ignore[union-attr]


@pytest.mark.parametrize("form", Form)
def test_each_value_stands_where_its_locator_says(read: Read, form: Form) -> None:
    for one in children(read(made.small(form).built())).values():
        data = held(one.content)
        message = read_message(MemoryBytes(data))
        objects = [message.properties, *message.recipients, *[each.properties for each in message.attachments]]
        paths = [each.locator.path for properties in objects for each in properties]
        assert len(paths) == len(set(paths)) and all(path.startswith("mapi:") for path in paths)
        for properties in objects:
            for each in properties:
                ((start, end),) = each.locator.ranges
                assert data[start:end] == each.data
        for attachment in message.attachments:
            step = attachment.step
            assert step.decoder == "copy/1" and data[step.start : step.end] == held(attachment.content)


def test_a_message_in_a_message_is_a_message_of_its_own(read: Read) -> None:
    outer = read_message(MemoryBytes(held(children(read(made.small().built()))[NAMES[2]].content)))
    (inside,) = outer.attachments
    assert inside.format == "store.pst_message"
    inner = read_message(MemoryBytes(held(inside.content)))
    assert inner.properties.get(0x0037).data == made.text("inside")  # type: ignore[union-attr]
    assert [held(one.content) for one in inner.attachments] == [b"deep\n"]


def test_a_large_attachment_is_read_from_the_store_as_it_is_asked_for(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_pst_stream, "WHOLE_BYTES", 1000)
    monkeypatch.setattr("forensics.parsers.store._pst_children.WHOLE_BYTES", 1000)
    store = made.StoreBuilder()
    store.folder(made.INBOX, "Inbox")
    content = bytes(range(256)) * 40_000
    assert len(content) > 1020 * 8176, "two lists of blocks under one"
    store.put(made.INBOX, store.message(made.letter("x"), [store.attachment("big", content)]))
    (one,) = children(read(store.built())).values()
    assert one.content is not None and not isinstance(one.content, bytes)
    message = read_message(one.content)
    (attachment,) = message.attachments
    assert held(attachment.content) == content
    assert one.content.read(attachment.step.end - 3, attachment.step.end + 1)[:3] == content[-3:]


def test_facts_of_the_store_and_of_its_folders(read: Read) -> None:
    store = made.small()
    store.store_values[0x67FF0003] = 0x12345678
    found = read(store.built())
    (facts,) = [one for one in found if isinstance(one, ArchiveFacts)]
    said = {fact.name: fact.value for fact in facts.properties}
    assert said["pst.display_name"] == "Post of Ada" and said["pst.version"] == "23" and said["pst.client"] == "PST"
    assert said["pst.password_crc"] == str(0x12345678)
    assert codes(found) == ["pst.password"]
    folders = {member.name: {fact.name: fact.value for fact in member.said} for member in facts.members}
    inbox = folders[f"{IN}/0x8082"]
    assert (inbox["pst.folder.messages"], inbox["pst.folder.associated"]) == ("3", "1")
    assert inbox["pst.folder.messages_stated"] == inbox["pst.folder.listed"] == "3"


def test_free_space_is_padding_and_what_stands_behind_is_told(read: Read) -> None:
    data = made.small().built()
    assert not [one for one in read(data) if isinstance(one, Padding) and one.what == "filler"]
    free = sum(one.size for one in read(data) if isinstance(one, Padding) and one.what == "free")
    assert 0 < free < 0x4400 + 64 * len(made.small().stored) + 512 * 8
    assert [one for one in read(data + bytes(700)) if isinstance(one, Padding)][-1] == Padding(size=700, what="filler")
    behind = [one for one in read(data + b"x" * 700) if isinstance(one, Notice)]
    assert [(one.code, one.unread) for one in behind] == [("pst.trailing", 700)]


def test_what_the_table_of_a_folder_says_otherwise(read: Read) -> None:
    store = made.small()
    letter = made.letter("told otherwise")
    row = {made.MODIFIED: made.filetime(1_600_000_000), made.SUBJECT: made.text("another"), made.SIZE: 7}
    nid = store.put(made.INBOX, store.message(letter | {made.SIZE: 9}), row)
    data = store.built()
    one = children(read(data))[f"{IN}/0x{nid:x}"]
    (time,) = one.times
    assert (time.kind, time.clock, time.raw) == (TimeKind.PST_LISTED_MODIFIED, ClockKind.MAILBOX, row[made.MODIFIED])
    assert [step.decoder for step in time.locator.steps] == ["pst-permute/1"]
    assert [(notice.code, "0x0037001F" in notice.text) for notice in one.notices] == [("pst.row_differs", True)]


def test_a_time_that_only_the_table_has(read: Read) -> None:
    store = made.small()
    letter = made.letter("old")
    row = {made.MODIFIED: letter.pop(made.MODIFIED), made.DELIVERED: letter[made.DELIVERED]}
    nid = store.put(made.INBOX, store.message(letter), row)
    one = children(read(store.built()))[f"{IN}/0x{nid:x}"]
    assert [time.kind for time in one.times] == [TimeKind.PST_LISTED_MODIFIED] and one.notices == ()


def test_deleted_and_recoverable_items_and_names_of_folders(read: Read) -> None:
    store = made.small()
    store.folder(0x9002, "Recoverable Items")
    store.folder(0x9022, "a/b > c\nd", 0x9002)
    store.folder(0x9042, "Papierkorb", made.TOP)
    store.folder(0x9062, "old", 0x9042)
    store.store_values[0x35E30102] = bytes(20) + struct.pack("<I", 0x9042)
    first = store.put(0x9022, store.message(made.letter("a")))
    second = store.put(0x9062, store.message(made.letter("b")))
    named = children(read(store.built()))
    one = named[f"Recoverable Items/a%2Fb %3E c%0Ad/0x{first:x}"]
    other = named[f"Top of Personal Folders/Papierkorb/old/0x{second:x}"]
    assert [notice.code for notice in one.notices] == ["pst.recoverable_items"]
    assert [notice.code for notice in other.notices] == ["pst.deleted_items"]


def test_tables_and_nodes_that_disagree(read: Read) -> None:
    store = made.small()
    nid = store.put(made.INBOX, store.message(made.letter("hidden")), listed=False)
    store.listed[made.INBOX].append((0x3000A4, {}))
    found = read(store.built())
    assert codes(found) == ["pst.listed"]
    assert [notice.code for notice in children(found)[f"{IN}/0x{nid:x}"].notices] == ["pst.not_listed"]


def test_folders_that_lead_to_each_other(read: Read) -> None:
    store = made.small()
    store.folder(0x9002, "one", 0x9022)
    store.folder(0x9022, "two", 0x9002)
    nid = store.put(0x9002, store.message(made.letter("lost")))
    assert f"0x{nid:x}" in " ".join(children(read(store.built())))
    assert codes(read(store.built()), inside=True).count("pst.no_folder") == 2


def test_the_budget_of_the_source_file_ends(read: Read) -> None:
    limits = Limits(expansion=4000, expansion_ratio=0)
    found = read(made.small().built(), ParseContext(limits=limits))
    contents = [one.content is not None for one in children(found).values()]
    assert contents[0] and not any(contents[1:]), "what does not fit ends the budget"
    assert codes(found, inside=True).count("pst.expansion_limit") == len(contents) - 1
    assert list(children(found)) == NAMES


def test_formats_are_told_by_their_beginning() -> None:
    data = made.small().built()
    assert identify(data[:4096], MemoryBytes(data), b"x") == "store.pst"
    assert pst.sniff(data, MemoryBytes(data)) and not pst.sniff(b"BDN!", MemoryBytes(b""))
    assert identify(MAGIC + bytes(99), MemoryBytes(MAGIC + bytes(99)), b"") == "store.pst_message"


@pytest.mark.parametrize("number", [0, 0x1234, 0xFFFE, 0x7FFF1234, 0x1_0000_0004])
def test_the_wheels_turn_as_the_specification_says(number: int) -> None:
    data = bytes(range(256)) * 3
    key, slow = (number ^ number >> 16) & 0xFFFF, bytearray()
    for byte in data:
        low, high = key & 0xFF, key >> 8
        turned = ciphers._S[(ciphers._R[(byte + low) & 0xFF] + high) & 0xFF]
        slow.append((ciphers._I[(turned - high) & 0xFF] - low) & 0xFF)
        key = (key + 1) & 0xFFFF
    assert ciphers.decode(2, data, number) == bytes(slow)
    for cipher in (0, 1, 2):
        assert ciphers.decode(cipher, ciphers.encode(cipher, data, number), number) == data


def test_a_walk_from_the_file_to_what_is_deepest(tmp_path: Path) -> None:
    path = tmp_path / "a.pst"
    path.write_bytes(made.small(cipher=2).built())
    file = Step(kind=StepKind.FILE, name="a.pst", start=0, end=path.stat().st_size, source="s")
    source = MemoryBytes(path.read_bytes())
    outer = children(list(pst.parse(source, Location((file,)), ParseContext())))[NAMES[2]]

    def inside(content: bytes | ByteSource | None) -> ChildItem:
        found = pst_message.parse(MemoryBytes(held(content)), Location((file,)), ParseContext())
        (one,) = [one for one in found if isinstance(one, ChildItem)]
        return one

    inner = inside(outer.content)
    deepest = inside(inner.content)
    steps = (file, outer.step, *inner.outer, inner.step, *deepest.outer, deepest.step)
    assert [step.kind for step in steps] == [StepKind.FILE, StepKind.NODE, StepKind.NODE, StepKind.STREAM]
    with walk(Location(steps), path, decoders()) as layer:
        assert layer.read(0, layer.size) == b"deep\n"
    assert all(step.sha256 for step in steps[1:])


def test_each_message_becomes_the_facts_of_a_mail(read: Read) -> None:
    for name, one in children(read(made.small(Form.ANSI).built())).items():
        source = MemoryBytes(held(one.content))
        found = list(pst_message.parse(source, Location(()), ParseContext()))
        (message,) = [each for each in found if isinstance(each, Message)]
        if name != NAMES[-1]:
            assert any(time.kind is TimeKind.SUBMITTED for time in message.timestamps)
            assert pst_message.text_parts(source, ParseContext())
        assert pst_message.header_fields(source, ParseContext()) == ()


@pytest.mark.parametrize("form", Form)
def test_more_subnodes_than_one_list_holds(read: Read, form: Form) -> None:
    store = made.StoreBuilder(form)
    store.folder(made.INBOX, "Inbox")
    count = 3000 if form is Form.LARGE else 700
    files = [store.attachment(f"{number}.txt", b"%d" % number) for number in range(count)]
    store.put(made.INBOX, store.message(made.letter("many"), files))
    (one,) = children(read(store.built())).values()
    message = read_message(MemoryBytes(held(one.content)))
    assert [held(each.content) for each in message.attachments] == [b"%d" % number for number in range(count)]
    assert message.notices == one.notices == ()


def test_a_key_that_is_none_decodes_nothing() -> None:
    decoder = decoders()["pst-cyclic/1"]
    assert isinstance(decoder, RangeDecoder)
    data = bytes(range(200)) * 700
    coded = ciphers.encode(2, data[:60_000], 0x1FFF4)
    key = int(str(ciphers.decoder_name(2, 0x1FFF4, 50_000)).partition(":")[2], 16)
    given = decoder.decode(Encoded(MemoryBytes(coded), 50_000, 60_000, f"{key:x}"))
    assert b"".join(given) == data[50_000:60_000]
    assert list(decoder.decode(Encoded(MemoryBytes(coded), 0, 9, "key"))) == []


def test_a_text_of_the_store_can_be_written_down_whatever_it_holds() -> None:
    assert _shown("a\ud800b".encode("utf-16-le", "surrogatepass"), 0x1F, 1252).encode() == "a\ufffdb".encode()
    assert _shown("Привет".encode("koi8_r"), 0x1E, 20866) == "Привет"
