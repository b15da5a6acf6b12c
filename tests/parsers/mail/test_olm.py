import hashlib
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import parsers
from forensics.errors import ParseError
from forensics.examples.times import ticks
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, ClockKind, Description, Fact, Located, Timestamp
from forensics.model.items import ChildItem, Limits, Notice, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.mail import Message
from forensics.model.time_kinds import TimeKind
from forensics.parsers.identify import identify
from forensics.parsers.mail import olm_items, olm_message
from forensics.parsers.mail._olm_decoder import unescaped
from forensics.replay.decoders import decode_range

WHERE = Location((Step(kind=StepKind.FILE, name="message_00000.xml", start=0, end=0, source="s"),))
SENT, RECEIVED, CHANGED = "2016-07-05T11:33:22", "2016-07-05T11:33:30", "2019-06-15T09:22:56"
HEADER = (
    "Received: from mx.one.example by mx.two.example with ESMTP id 8F2C71C0A1; Tue, 5 Jul 2016 11:33:25 +0000\r\n"
    'From: "Ada & Co" <ada@one.example>\r\nTo: ben@two.example\r\nSubject: Plan\r\n'
    "Date: Tue, 5 Jul 2016 13:33:22 +0200\r\nMessage-ID: <1@one.example>\r\n\r\n"
)
PAGE = "<html><body><p>Dear Ben, the plan of the seven rooms & halls is here: Grüße</p></body></html>"


def element(name: str, text: str) -> str:
    return f'<OPFMessage{name} xml:space="preserve">{escape(text)}</OPFMessage{name}>'


def addresses(name: str, *boxes: tuple[str, str]) -> str:
    inner = "".join(
        [
            f'<emailAddress xml:space="preserve" OPFContactEmailAddressAddress={quoteattr(address)} '
            f"OPFContactEmailAddressName={quoteattr(said)}></emailAddress>"
            for said, address in boxes
        ]
    )
    return f'<OPFMessageCopy{name} xml:space="preserve">{inner}</OPFMessageCopy{name}>'


ATTACHMENT = (
    '<OPFMessageCopyAttachmentList xml:space="preserve"><messageAttachment OPFAttachmentName="plan &amp; map.pdf" '
    'OPFAttachmentContentType="application/pdf" OPFAttachmentURL="Local/com.microsoft.__Attachments/1_0000" '
    'OPFAttachmentContentFileSize="1.2E3"></messageAttachment></OPFMessageCopyAttachmentList>'
)


def message(*elements: str) -> bytes:
    inner = "".join(elements)
    return f'<emails elementCount="1"><email xml:space="preserve">{inner}</email></emails>'.encode()


PLAIN = message(
    element("CopyBody", PAGE),
    element("CopyHTMLBody", PAGE),
    element("CopySubject", "Rooms & halls"),
    element("CopyThreadTopic", "Rooms & halls"),
    element("CopyMessageID", "1@one.example"),
    element("CopySentTime", SENT),
    element("CopyReceivedTime", RECEIVED),
    element("CopyModDate", CHANGED),
    element("CopyThreadIndex", "Acwwbdfg4zal2dAkSmquXn7XCnmcpQ=="),
    addresses("FromAddresses", ("Ada & Co", "ada@one.example")),
    addresses("SenderAddress", ("Cy", "cy@one.example")),
    addresses("ToAddresses", ("Ben", "ben@two.example"), ("", "/O=X/CN=DAN")),
    addresses("CCAddresses", ("Eve", "eve@two.example")),
    ATTACHMENT,
    element("GetIsRead", "1E0"),
    element("GetWasSent", "0E0"),
)
DELIVERED = message(
    element("CopySource", HEADER),
    element("CopyBody", "A plain text, nothing more than that, of some words and a line or two."),
    element("CopySubject", "Another plan"),
    element("CopySentTime", SENT),
    addresses("FromAddresses", ("Ada", "ada@one.example")),
)


def read(data: bytes, **limits: int) -> tuple[Message, list[Notice]]:
    found = list(olm_message.parse(MemoryBytes(data), WHERE, ParseContext(limits=Limits(**limits))))
    (one,) = [item for item in found if isinstance(item, Message)]
    return one, [item for item in found if isinstance(item, Notice)]


def at(data: bytes, place: Locator) -> bytes:
    """Return the bytes that a locator names, its steps replayed."""
    for step in place.steps:
        data = b"".join(decode_range(parsers.decoders(), step.decoder, MemoryBytes(data), step.start, step.end))
        assert hashlib.sha256(data).hexdigest() == step.sha256
    return b"".join([data[start:end] for start, end in place.ranges])


def placed(data: bytes, *facts: Located | Fact | Timestamp) -> None:
    for one in facts:
        assert one.locator.ranges and at(data, one.locator) == one.raw


def test_a_message_without_header() -> None:
    assert identify(PLAIN[:4096], MemoryBytes(PLAIN), b"message_00000.xml") == "mail.olm_message"
    found, notices = read(PLAIN)
    assert notices == [] and found.tree is None and found.is_stored
    assert (found.subject.value, found.message_id.value, found.topic.value) == (
        "Rooms & halls",
        "1@one.example",
        "Rooms & halls",
    )
    assert [(one.field, one.name, one.address) for one in found.parties] == [
        ("from", "Ada & Co", "ada@one.example"),
        ("sender", "Cy", "cy@one.example"),
        ("to", "Ben", "ben@two.example"),
        ("to", "", "/O=X/CN=DAN"),
        ("cc", "Eve", "eve@two.example"),
    ]
    placed(PLAIN, found.subject, found.message_id, *[one.written for one in found.parties if one.written])


def test_its_times() -> None:
    found, _ = read(PLAIN)
    assert isinstance(found.date, Timestamp)
    assert (found.date.kind, found.date.instant) == (TimeKind.SUBMITTED, ticks("2016-07-05T11:33:22+00:00"))
    assert [(one.kind, one.description, one.clock) for one in found.timestamps[:3]] == [
        (TimeKind.SUBMITTED, Description.SENT, ClockKind.SENDER),
        (TimeKind.STORED, Description.DELIVERED, ClockKind.MAILBOX),
        (TimeKind.MAPI_MODIFIED, Description.MODIFICATION, ClockKind.MAILBOX),
    ]
    assert all(one.offset_s is Absence.NOT_PRESENT for one in found.timestamps[:3])
    assert found.by_kind[TimeKind.THREAD_BEGUN][0].scheme == "Outlook"
    placed(PLAIN, *found.timestamps)


def test_its_texts_and_files() -> None:
    found, _ = read(PLAIN)
    assert [(one.number, one.media_type) for one in found.parts] == [
        ("html", "text/html"),
        ("attachment 0", "application/pdf"),
    ]
    page = found.parts[0]
    assert at(PLAIN, page.locator) == PAGE.encode() and page.sha256 == hashlib.sha256(PAGE.encode()).hexdigest()
    assert found.parts[1].filename == "plan & map.pdf" and found.parts[1].stated_size is None
    (text,) = olm_message.text_parts(MemoryBytes(PLAIN), ParseContext())
    assert "rooms & halls" in text.text and text.charset == "utf-8"
    assert olm_message.header_fields(MemoryBytes(PLAIN), ParseContext()) == ()


def test_what_the_program_notes() -> None:
    found, _ = read(PLAIN)
    said = {one.name: one.value for one in found.stored}
    assert (said["olm.is_read"], said["olm.was_sent"]) == ("1E0", "0E0")
    assert said["olm.name"] == "plan & map.pdf"
    assert said["olm.url"] == "Local/com.microsoft.__Attachments/1_0000"
    assert "olm.html_body" not in said and "olm.body" not in said
    placed(PLAIN, *found.stored)
    paths = [one.locator.path for one in found.stored]
    assert len(paths) == len(set(paths))


def test_a_message_with_the_header_that_was_delivered() -> None:
    found, notices = read(DELIVERED)
    assert notices == [] and found.is_stored
    assert (
        found.subject.value == "Plan" and {one.name: one.value for one in found.stored}["olm.subject"] == "Another plan"
    )
    assert isinstance(found.date, Timestamp) and found.date.kind is TimeKind.DATE
    assert (found.date.offset_s, found.trace[0].by) == (7200, "mx.two.example")
    assert [one.field for one in found.parties] == ["from", "to"] and found.parties[0].name == "Ada & Co"
    assert found.by_kind[TimeKind.SUBMITTED][0].instant == found.date.instant
    placed(DELIVERED, found.date, found.subject)
    assert [field.name for field in olm_message.header_fields(MemoryBytes(DELIVERED), ParseContext())][:2] == [
        "Received",
        "From",
    ]
    assert [one.media_type for one in found.parts] == ["text/plain"]


@pytest.mark.parametrize("rest", [b"the parts &amp; more", b"\xff\x01" * 500, b"&amp;" * 200])
def test_what_stands_behind_a_header_is_unread_as_far_as_the_item_has_it(rest: bytes) -> None:
    end = b"</OPFMessageCopySource"
    data = DELIVERED.replace(end, rest + end)
    found, notices = read(data)
    (notice,) = [one for one in notices if one.code == "mapi.header_rest"]
    assert found.subject.value == "Plan" and 0.5 * len(rest) < notice.unread < 1.2 * len(rest)


def test_several_messages_are_items_each() -> None:
    data = b"<emails>" + b"\n".join([PLAIN[25:-9], DELIVERED[25:-9]]) + b"</emails>"
    children = list(olm_message.parse(MemoryBytes(data), WHERE, ParseContext()))
    assert [child.step.name for child in children if isinstance(child, ChildItem)] == ["email[0]", "email[1]"]
    for child in children:
        assert isinstance(child, ChildItem) and isinstance(child.content, bytes)
        assert data[child.step.start : child.step.end] == child.content
        assert identify(child.content[:4096], MemoryBytes(child.content), b"") == "mail.olm_message"
        assert read(child.content)[0].subject.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<emails><email>" + b"<OPFMessage" * 3, "xml.malformed"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + PLAIN, "xml.doctype"),
    ],
)
def test_what_is_no_xml_is_told(data: bytes, code: str) -> None:
    (notice,) = olm_message.parse(MemoryBytes(data), WHERE, ParseContext())
    assert isinstance(notice, Notice) and (notice.code, notice.unread) == (code, len(data))


def test_characters_that_xml_does_not_allow_cost_nothing() -> None:
    data = PLAIN.replace(b"Rooms &amp; halls</OPFMessageCopySubject", b"Rooms \x0b&amp; halls</OPFMessageCopySubject")
    found, (notice,) = read(data)
    whole, _ = read(PLAIN)
    assert (notice.code, notice.unread) == ("olm.damaged", 0) and "1 characters" in notice.text
    assert found.subject.value == "Rooms \x0b& halls"
    assert [(one.field, one.address, one.name) for one in found.parties] == [
        (one.field, one.address, one.name) for one in whole.parties
    ]
    assert [(one.kind, one.instant) for one in found.timestamps] == [
        (one.kind, one.instant) for one in whole.timestamps
    ]
    assert [one.filename for one in found.parts] == [one.filename for one in whole.parts]
    assert [one.name for one in found.stored] == [one.name for one in whole.stored]
    placed(data, found.subject, found.message_id, *found.timestamps)


def test_of_a_message_that_was_cut_off_its_beginning_is_read() -> None:
    cut = PLAIN.index(b"<OPFMessageCopyReceivedTime")
    found, (notice,) = read(PLAIN[: cut + 20])
    assert notice.code == "olm.damaged" and notice.unread
    assert found.subject.value == "Rooms & halls" and isinstance(found.date, Timestamp)
    assert [one.media_type for one in found.parts] == ["text/html"]
    cut = PLAIN.index(b"the plan")
    found, _ = read(PLAIN[:cut].replace(b"<OPFMessageCopyBody", b"<OPFMessageCopyHTMLBody", 1))
    assert found.parts[0].size == len(PAGE[: PAGE.index("the plan")])


def test_what_is_too_large_is_told() -> None:
    (notice,) = olm_message.parse(MemoryBytes(PLAIN), WHERE, ParseContext(limits=Limits(xml_bytes=100)))
    assert isinstance(notice, Notice) and (notice.code, notice.unread) == ("olm.limit", len(PLAIN))
    with pytest.raises(ParseError):
        read(b"<emails></emails>")


def test_values_that_are_none() -> None:
    data = message(
        element("CopySentTime", "soon"), element("CopyModDate", "2016-02-31T11:33:22"), element("CopyX", "y")
    )
    found, _ = read(data)
    assert found.date is Absence.NOT_PRESENT and found.parties == ()
    assert [(one.kind, one.instant) for one in found.timestamps] == [(TimeKind.MAPI_MODIFIED, Absence.UNPARSABLE)]
    assert {one.name for one in found.stored} == {"olm.sent_time", "olm.mod_date", "olm.x"}


def test_references_are_resolved_as_xml_does() -> None:
    assert unescaped(b"a&amp;b&lt;&gt;&quot;&apos;&#228;&#x20AC;\r\nc\rd&other;&#xD800;") == (
        "a&b<>\"'ä€\nc\nd&other;&#xD800;".encode()
    )


def test_other_items() -> None:
    data = (
        b"<contacts><contact><OPFContactCopyDisplayName>Ada &amp; Co</OPFContactCopyDisplayName>"
        b"<OPFContactCopyModDate>2019-06-15T09:22:56</OPFContactCopyModDate></contact></contacts>"
    )
    assert identify(data, MemoryBytes(data), b"Contacts.xml") == "mail.olm_items"
    (facts,) = olm_items.parse(MemoryBytes(data), WHERE, ParseContext())
    assert isinstance(facts, DocumentFacts)
    assert [(one.name, one.value) for one in facts.properties] == [
        ("olm.display_name", "Ada & Co"),
        ("olm.mod_date", "2019-06-15T09:22:56"),
    ]
    (stamp,) = facts.timestamps
    assert (stamp.kind, stamp.instant) == (TimeKind.OLM_ITEM, ticks("2019-06-15T09:22:56+00:00"))
    (notice,) = olm_items.parse(MemoryBytes(data[:-5]), WHERE, ParseContext())
    assert isinstance(notice, Notice) and notice.code == "xml.malformed"


def test_a_real_archive(corpora: Path) -> None:
    path = corpora / "outlook/aspose-email/Examples/Data/Outlook/SampleOLM.olm"
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if "/message_" in name]
        assert len(names) == 22
        for name in names:
            data = archive.read(name)
            found, notices = read(data)
            assert notices == [] and found.parties and isinstance(found.date, Timestamp)
            placed(data, found.subject, found.message_id, *found.timestamps)


@settings(deadline=None)
@given(st.sampled_from([PLAIN, DELIVERED]), st.data())
def test_any_change_gives_a_message_or_a_notice(good: bytes, draw: st.DataObject) -> None:
    start = draw.draw(st.integers(0, len(good)))
    data = good[:start] + draw.draw(st.binary(max_size=6)) + good[draw.draw(st.integers(start, start + 9)) :]
    try:
        found = list(olm_message.parse(MemoryBytes(data), WHERE, ParseContext()))
    except ParseError:
        return
    assert found
