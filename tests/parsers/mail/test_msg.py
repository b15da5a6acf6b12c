"""Outlook messages: every dialect of the file, every kind of damage, and every byte in its place."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Absence, ClockKind, Timestamp
from forensics.model.items import ChildItem, Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.mail import Message
from forensics.model.time_kinds import TimeKind
from forensics.parsers import decoders, load
from forensics.parsers.identify import identify
from forensics.replay.decoders import decode_range
from forensics.replay.walk import walk
from tests.parsers.compound_files import compound
from tests.parsers.mail.msg_files import HEADER, filetime, message_tree, msg, named

MSG = load("mail.msg")
NOWHERE = Location(())
SUBMITTED = 14_887_944_000_000_000
COMMON = bytes.fromhex("0820060000000000c000000000000046")
SENT = {
    0x001A001F: "IPM.Note",
    0x0037001F: "Minutes",
    0x00390040: filetime(SUBMITTED),
    0x0E060040: filetime(SUBMITTED + 50_000_000),
    0x30070040: filetime(SUBMITTED + 60_000_000),
    0x0C1A001F: "Anna Example",
    0x0C1E001F: "EX",
    0x0C1F001F: "/O=EXAMPLE/OU=X/CN=RECIPIENTS/CN=ANNA",
    0x5D01001F: "anna@example.net",
    0x1000001F: "Grüße \U0001f600 aus dem Büro.\r\n",
    0x1035001F: "<1@example.net>",
    0x3FFA001F: "Anna Example",
}
TO = {0x0C150003: 1, 0x3001001F: "Ben", 0x3002001F: "SMTP", 0x3003001F: "ben@example.org"}


def read(data: bytes, context: ParseContext | None = None) -> list[Any]:
    return list(MSG.parse(MemoryBytes(data), NOWHERE, context or ParseContext()))


def message(data: bytes) -> Message:
    (found,) = [one for one in read(data) if isinstance(one, Message)]
    return found


def codes(data: bytes) -> list[str]:
    return [one.code for one in read(data) if isinstance(one, Notice)]


def children(data: bytes) -> list[ChildItem]:
    return [one for one in read(data) if isinstance(one, ChildItem)]


def bytes_at(data: bytes, place: Locator) -> bytes:
    layer = data
    for step in place.steps:
        layer = b"".join(decode_range(decoders(), step.decoder, MemoryBytes(layer), step.start, step.end))
        assert step.sha256 in ("", hashlib.sha256(layer).hexdigest())
    return b"".join([layer[start:end] for start, end in place.ranges])


def located_facts(found: Message) -> Iterator[tuple[bytes, Locator]]:
    for time in found.timestamps:
        yield time.raw, time.locator
    for fact in (*found.stored, found.subject, found.message_id, found.topic, found.client):
        yield fact.raw, fact.locator
    for hop in found.trace:
        yield hop.raw, hop.locator
        yield hop.id.raw, hop.id.locator
    for field in found.headers:
        yield field.raw, field.locator(0)
    for mark in found.marks:
        yield mark.shown.raw, mark.shown.locator
    for party in found.parties:
        if party.written is not None:
            yield party.written.raw, party.written.locator


@pytest.mark.parametrize("scattered", [False, True])
@pytest.mark.parametrize("header", [HEADER, HEADER * 20])
@pytest.mark.parametrize("wide", [True, False])
def test_every_fact_has_its_bytes(scattered: bool, header: str, wide: bool) -> None:
    tag = 0x007D001F if wide else 0x007D001E
    data = msg(SENT | {tag: header}, [TO], scattered=scattered)
    found = message(data)
    assert found.tree is not None and len(found.headers) == 10 and found.trace[0].by == "mx.example.org"
    places = [(raw, place) for raw, place in located_facts(found) if raw]
    assert len(places) > 25
    for raw, place in places:
        assert place.ranges and bytes_at(data, place) == raw, place
    paths = [time.locator.path for time in found.timestamps]
    assert len(set(paths)) == len(paths)


def test_the_header_that_was_delivered_decides() -> None:
    found = message(msg(SENT | {0x007D001F: HEADER, 0x0037001F: "Other"}, [TO]))
    assert found.subject.value == "Minutes" and isinstance(found.date, Timestamp)
    assert found.date.kind is TimeKind.DATE and found.date.offset_s == 3600
    assert ("mapi.subject", "Other") in [(fact.name, fact.value) for fact in found.stored]
    assert {TimeKind.SUBMITTED, TimeKind.STORED, TimeKind.MAPI_CREATED, TimeKind.HOP} <= found.by_kind.keys()
    assert found.client.value == "Example Mailer 1.0" and "boundary=Exchange" in found.form
    assert [party.address for party in found.parties] == ["anna@example.net", "ben@example.org"]


def test_nothing_is_judged_by_a_body_that_the_store_made() -> None:
    found = message(msg(SENT | {0x007D001F: HEADER}))
    (signature,) = found.signatures
    assert (signature.body_hash, signature.no_body_hash) == ("", "not_kept")
    assert signature.header_digest and not signature.no_digest
    assert found.counts == () and not found.breaks_off and found.tree is not None and found.tree.root.parts == ()
    assert not [one for one in found.form if one.startswith(("transfer=", "flowed=", "part="))]


def test_a_message_without_header_is_told_by_its_properties() -> None:
    data = msg(SENT, [TO, TO | {0x0C150003: 0x10000002, 0x39FE001F: "b@example.org"}, {0x0C150003: 3}])
    found = message(data)
    assert found.tree is None and found.subject.value == "Minutes" and found.message_id.value == "1@example.net"
    assert isinstance(found.date, Timestamp) and found.date.instant == SUBMITTED
    assert found.date.clock is ClockKind.SENDER and found.by_kind[TimeKind.STORED][0].clock is ClockKind.MAILBOX
    told = [(party.field, party.name, party.address, party.valid) for party in found.parties]
    assert told == [
        ("from", "Anna Example", "anna@example.net", True),
        ("to", "Ben", "ben@example.org", True),
        ("cc", "Ben", "ben@example.org", True),
    ]


def test_a_name_in_a_directory_is_never_made_into_an_address() -> None:
    (party,) = message(msg({tag: value for tag, value in SENT.items() if tag != 0x5D01001F})).parties
    assert (party.address, party.domain, party.valid) == ("/O=EXAMPLE/OU=X/CN=RECIPIENTS/CN=ANNA", "", False)


def test_who_sent_for_another() -> None:
    other = {0x0042001F: "Board", 0x0064001F: "SMTP", 0x0065001F: "board@example.net"}
    told = [(one.field, one.address) for one in message(msg(SENT | other)).parties]
    assert told == [("from", "board@example.net"), ("sender", "anna@example.net")]


def test_times_that_are_none() -> None:
    found = message(msg(SENT | {0x00390040: 0, 0x00150040: 0x0CB34557A3DD4000, 0x00300040: (1 << 64) - 1}))
    assert found.date is Absence.NOT_PRESENT
    kinds = {kind: stamps[0].instant for kind, stamps in found.by_kind.items()}
    assert kinds[TimeKind.MAPI_EXPIRY] is Absence.NOT_APPLICABLE
    assert kinds[TimeKind.MAPI_REPLY_BY] is Absence.UNPARSABLE


def test_named_properties() -> None:
    space = bytes.fromhex("2903020000000000c000000000000046")
    names = named((COMMON, 0x8516), (space, "Keywords"))
    found = message(msg(SENT | {0x80000040: filetime(SUBMITTED), 0x8001101F: ["Red", "Blue"]}, names=names))
    (stamp,) = found.by_kind[TimeKind.MAPI_NAMED]
    assert stamp.locator.path == "mapi:0x80000040/{00062008-0000-0000-C000-000000000046}/0x8516"
    assert [fact.value for fact in found.stored if fact.name == "mapi.categories"] == ["Red", "Blue"]


def test_a_conversation_is_dated_as_a_thread_is() -> None:
    index = bytes.fromhex("01d2966a0f8d") + bytes(16)
    alone, beside = (
        message(msg(SENT | {0x00710102: index})),
        message(msg(SENT | {0x00710102: index, 0x007D001F: HEADER})),
    )
    assert TimeKind.THREAD_BEGUN in alone.by_kind and TimeKind.THREAD_BEGUN not in beside.by_kind
    assert TimeKind.CONVERSATION_BEGUN in beside.by_kind


def test_texts_are_read_as_those_of_every_mail() -> None:
    page = "<html><body>Grüße aus dem Büro. <a href='https://a.example'>https://b.example</a></body></html>"
    data = msg(SENT | {0x10130102: page.encode(), 0x3FDE0003: 65001})
    found = message(data)
    assert [part.number for part in found.parts] == ["text", "html"] and found.non_ascii and len(found.twins) == 1
    assert "other_host" in {mark.kind for mark in found.marks}
    assert {mark.shown.locator.path for mark in found.marks} <= {"mapi:0x10130102", "mapi:0x1000001F"}
    assert MSG.text_parts is not None
    texts = MSG.text_parts(MemoryBytes(data), ParseContext())
    assert [text.media_type for text in texts] == ["text/plain", "text/html"] and texts[0].text.startswith("Grüße 😀")
    for text in texts:
        assert bytes_at(data, text.locator)


def test_8_bit_texts_by_their_code_page() -> None:
    values = {0x0037001E: "Протокол".encode("cp1251"), 0x1000001E: "Привет, мир".encode("cp1251"), 0x3FFD0003: 1251}
    found = message(msg(values))
    assert found.subject.value == "Протокол" and found.parts[0].charset == "windows-1251"


def attached() -> bytes:
    inner = message_tree(SENT | {0x0037001F: "Inner", 0x80000040: filetime(SUBMITTED)}, [TO], inner=True)
    middle = message_tree(SENT | {0x0037001F: "Middle"}, [], [({0x37050003: 5}, inner)], inner=True)
    files: list[Any] = [
        (
            {
                0x37050003: 1,
                0x37010102: b"%PDF-1.4 x" * 900,
                0x3707001F: "plan.pdf",
                0x3704001F: "PLAN~1.PDF",
                0x370E001F: "Application/PDF",
                0x0E200003: 9999,
                0x30080040: filetime(SUBMITTED),
            },
            None,
        ),
        ({0x37050003: 5, 0x3001001F: "Middle"}, middle),
        ({0x37050003: 7, 0x370D001F: "https://files.example/x"}, None),
        ({0x37050003: 6}, {"\x01Ole": b"object", "Contents": b"x" * 5000}),
    ]
    return msg(SENT, [TO], files, names=named((COMMON, 0x8516)))


def test_attachments() -> None:
    pdf, middle, link, ole = children(attached())
    assert (pdf.name, pdf.other_names, pdf.declared_type) == (b"plan.pdf", ("PLAN~1.PDF",), "application/pdf")
    assert pdf.content == b"%PDF-1.4 x" * 900 and pdf.times[0].kind is TimeKind.MAPI_ATTACHMENT_MODIFIED
    assert middle.format == "mail.msg" and middle.name == b"Middle"
    assert link.content is None and [one.code for one in link.notices] == ["mapi.attached_elsewhere"]
    assert (
        ole.format == ""
        and isinstance(ole.content, bytes)
        and identify(ole.content, MemoryBytes(ole.content), b"") is None
    )
    part = message(attached()).parts[1]
    assert (part.number, part.filename, part.stated_size) == ("attachment 0", "plan.pdf", None)


def test_messages_in_messages_are_replayed_at_any_depth(tmp_path: Path) -> None:
    data = attached()
    (tmp_path / "m.msg").write_bytes(data)
    where = Location((Step(kind=StepKind.FILE, name="m.msg", start=0, end=len(data)),))
    subjects = []
    stack = [(data, where)]
    while stack:
        held, at = stack.pop()
        for child in children(held):
            place = at.child(child.step)
            with walk(place, tmp_path, decoders()) as layer:
                assert child.content is None or layer.read(0, layer.size) == child.content
            if child.format == "mail.msg" and isinstance(child.content, bytes):
                assert MSG.sniff(child.content[:4096], MemoryBytes(child.content))
                inner = message(child.content)
                subjects.append(inner.subject.value)
                if inner.subject.value == "Inner":
                    assert TimeKind.MAPI_NAMED in inner.by_kind, "names are those of the outermost message"
                    for raw, place_of in located_facts(inner):
                        assert not raw or bytes_at(child.content, place_of) == raw
                stack.append((child.content, place))
    assert subjects == ["Middle", "Inner"]


def test_when_the_file_was_saved() -> None:
    found = message(attached())
    assert len(found.by_kind[TimeKind.OLE_CREATED]) == len(found.by_kind[TimeKind.OLE_MODIFIED]) > 1
    assert found.by_kind[TimeKind.OLE_CREATED][0].locator.path == "ole://created"


def test_bytes_are_accounted_for() -> None:
    found = read(msg(SENT | {0x1000001F: "x" * 9000}, scattered=True))
    (padding,) = [one for one in found if isinstance(one, Padding)]
    assert padding.what == "free" and padding.size > 512
    assert "ole.free" in [one.code for one in found if isinstance(one, Notice)]


def test_other_compound_files_are_not_taken() -> None:
    document = compound({"WordDocument": b"x" * 5000, "Attached": message_tree(SENT, inner=True)})
    assert identify(document[:4096], MemoryBytes(document), b"x.doc") == "document.ole2"
    other = compound({"__properties_version1.0": bytes(32), "x": b"y"})
    assert identify(other[:4096], MemoryBytes(other), b"x.bin") == "mail.msg"
    assert codes(other) == ["msg.other_stream"]


BROKEN = {
    "msg.size": lambda tree: tree | {"__substg1.0_0037001F": "Longer than stated".encode("utf-16-le")},
    "msg.no_value": lambda tree: {name: held for name, held in tree.items() if name != "__substg1.0_0037001F"},
    "msg.properties": lambda tree: tree | {"__properties_version1.0": tree["__properties_version1.0"] + b"odd"},
    "msg.no_properties": lambda tree: {name: held for name, held in tree.items() if "properties" not in name},
    "msg.other_stream": lambda tree: tree | {"Strange": b"bytes"},
}


@pytest.mark.parametrize("code", BROKEN)
def test_what_is_broken_costs_what_is_broken(code: str) -> None:
    data = compound(BROKEN[code](message_tree(SENT)))
    assert code in codes(data)
    assert message(data).parts[0].size > 0


def test_a_chain_that_comes_back_to_itself_ends() -> None:
    data = bytearray(msg(SENT | {0x1000001F: "x" * 9000}))
    fat = len(data) - 512
    for place in range(0, 8):
        data[fat + 4 * place : fat + 4 * place + 4] = (0).to_bytes(4, "little")
    with contextlib.suppress(ParseError):
        read(bytes(data))


def test_streams_that_claim_the_same_bytes() -> None:
    data = bytearray(attached())
    name = "Contents".encode("utf-16-le")
    at = data.index(name)
    pdf = data.index("__substg1.0_37010102".encode("utf-16-le"))
    data[at + 116 : at + 128] = data[pdf + 116 : pdf + 128]
    for place in range(0, len(data) - 128, 128):
        if data[place + 66 : place + 67] == b"\x02" and place != pdf:
            data[place + 116 : place + 128] = data[pdf + 116 : pdf + 128]
    found = read(bytes(data))
    held = sum([len(one.content) for one in found if isinstance(one, ChildItem) and isinstance(one.content, bytes)])
    assert held <= 3 * len(data)


@pytest.mark.parametrize("cut", range(0, 5))
def test_a_file_that_breaks_off(cut: int) -> None:
    data = attached()
    short = data[: len(data) * cut // 5 + 700]
    try:
        found = read(short)
    except ParseError:
        return
    assert [one for one in found if isinstance(one, Message)]


@given(st.binary(max_size=2000))
def test_any_bytes(data: bytes) -> None:
    for head in (b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0OLE storage/1\0\0"):
        source = MemoryBytes(head + data)
        MSG.sniff(source.data[:4096], source)
        with contextlib.suppress(ParseError):
            list(MSG.parse(source, NOWHERE, ParseContext()))


@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=30))
def test_any_mutation_of_a_good_file(changes: list[tuple[int, int]]) -> None:
    data = bytearray(attached())
    for at, value in changes:
        data[at % len(data)] = value
    try:
        found = read(bytes(data))
    except ParseError:
        return
    (whole,) = [one for one in found if isinstance(one, Message)]
    for raw, place in located_facts(whole):
        assert not raw or not place.ranges or bytes_at(bytes(data), place) == raw


def real(corpora: Path) -> list[Path]:
    return sorted([*corpora.glob("outlook/**/*.msg"), *corpora.glob("outlook/**/*.oft")])


def test_real_messages(corpora: Path) -> None:
    """Facts stand where they say; nothing is lost."""
    files = real(corpora)
    assert len(files) > 50
    for path in files:
        data = path.read_bytes()
        assert identify(data[:4096], MemoryBytes(data), b"") == "mail.msg", path
        for raw, place in located_facts(message(data)):
            assert not raw or bytes_at(data, place) == raw, (path, place)


def test_an_attached_message_that_is_larger_than_memory_is_spooled() -> None:
    inner = message_tree(SENT | {0x1000001F: "x" * 40_000}, inner=True)
    data = msg({0x0037001F: "Outer"}, [], [({0x37050003: 5}, inner)])
    small = Limits(memory_bytes=50_000)
    (child,) = [one for one in read(data, ParseContext(limits=small)) if isinstance(one, ChildItem)]
    assert child.content is None and [one.code for one in child.notices] == ["msg.memory_limit"]
    spool = ParseContext(limits=small, spool=lambda blocks: MemoryBytes(b"".join(blocks)))
    (kept,) = [one for one in read(data, spool) if isinstance(one, ChildItem)]
    assert isinstance(kept.content, MemoryBytes)
    assert hashlib.sha256(kept.content.data).hexdigest() == kept.step.sha256
    assert [one.content for one in children(data)] == [kept.content.data]


def test_a_large_attachment_is_read_where_it_stands() -> None:
    data = msg(SENT, [], [({0x37050003: 1, 0x37010102: bytes(range(256)) * 8192}, None)], scattered=True)
    (child,) = children(data)
    assert not isinstance(child.content, bytes | None) and child.content.size == 256 * 8192
    digest = hashlib.sha256(child.content.read(0, child.content.size)).hexdigest()
    step = child.step
    replayed = b"".join(decode_range(decoders(), step.decoder, MemoryBytes(data), step.start, step.end))
    assert digest == step.sha256 == hashlib.sha256(replayed).hexdigest()
