import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas, presence
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail import rfc5322

INNER = b"Subject: inner\nFrom: in@a.example\n\nhello\n"
MAIL = (
    b"Received: from a.example by b.example with SMTP id 1;\n\tTue, 1 Jul 2003 10:52:40 +0200\n"
    b"Received: by a.example; Tue, 1 Jul 2003 08:52:38 +0000\n"
    b"DKIM-Signature: a=rsa-sha256; d=a.example; s=s; t=1057049557; h=from; b=AA==\n"
    b"Date: Tue, 1 Jul 2003 10:52:37 +0200\n"
    b"From: =?utf-8?q?J=C3=B6?= <jo@a.example>\nTo: b@b.example, c@c.example\n"
    b"Message-ID: <1@a.example>\nReferences: <0@a.example>\n <00@a.example>\nIn-Reply-To: <0@a.example>\n"
    b"Subject: =?utf-8?q?caf=C3=A9?=\nList-Id: The list <L.a.example>\nX-Mailer: Mail 1.0\n"
    b'Content-Type: multipart/mixed; boundary="b"\n\n'
    b"preamble\n"
    b"--b\n\nplain\n"
    b"--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
    b"Content-Disposition: attachment; filename*=utf-8''caf%C3%A9.pdf;\n"
    b' creation-date="Mon, 30 Jun 2003 09:00:00 +0200"\n\nQUJD\n'
    b"--b\nContent-Type: message/rfc822\n\n" + INNER + b"\n--b--\nepilogue\n"
)


def read(raw: bytes) -> tuple[Message, list[ChildItem], list[Notice]]:
    found = list(rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext()))
    messages = [one for one in found if isinstance(one, Message)]
    assert len(messages) == 1
    return (
        messages[0],
        [one for one in found if isinstance(one, ChildItem)],
        [one for one in found if isinstance(one, Notice)],
    )


def test_facts_of_a_message() -> None:
    message, _, notices = read(MAIL)
    assert notices == []
    start = MAIL.index(b"Tue, 1 Jul 2003 10:52:37")
    assert message.date == Timestamp(
        instant=1057049557 * 10**7,
        wall=1057056757 * 10**7,
        offset_s=7200,
        precision=Precision.SECOND,
        description=Description.SENT,
        clock=ClockKind.SENDER,
        owner="",
        raw=b"Tue, 1 Jul 2003 10:52:37 +0200",
        locator=Locator(ranges=((start, start + 30),), path="header:Date[0]"),
        kind=TimeKind.DATE,
    )
    assert [(one.locator.path, one.kind, one.index, one.clock, one.owner) for one in message.timestamps] == [
        ("header:Received[0]", TimeKind.HOP, 0, ClockKind.SERVER, "b.example"),
        ("header:Received[1]", TimeKind.HOP, 1, ClockKind.SERVER, "a.example"),
        ("header:DKIM-Signature[0]/t", TimeKind.SIGNED, 0, ClockKind.SIGNER, "a.example"),
        ("header:Date[0]", TimeKind.DATE, 0, ClockKind.SENDER, ""),
        ("part:2/Content-Disposition/creation-date", TimeKind.FILE_CREATED, 0, ClockKind.FILE_SYSTEM, ""),
    ]
    for time in message.timestamps:
        assert MAIL[slice(*time.locator.ranges[0])] == time.raw
    assert (message.message_id.value, message.subject.value, message.client.value) == (
        "1@a.example",
        "café",
        "Mail 1.0",
    )
    assert (message.references, message.in_reply_to) == (("0@a.example", "00@a.example"), ("0@a.example",))
    assert message.list_id == "l.a.example"
    assert [(one.field, one.index, one.name, one.address, one.valid) for one in message.parties] == [
        ("from", 0, "Jö", "jo@a.example", True),
        ("to", 0, "", "b@b.example", True),
        ("to", 1, "", "c@c.example", True),
    ]
    assert [(one.index, one.by, one.from_, one.with_, one.id.value) for one in message.trace] == [
        (0, "b.example", "a.example", "SMTP", "1"),
        (1, "a.example", "", "", ""),
    ]


def test_presence_mask() -> None:
    message, _, _ = read(MAIL)
    everything = (
        MessageHas.DATE
        | MessageHas.DATE_INSTANT
        | MessageHas.DATE_OFFSET
        | MessageHas.WEEKDAY
        | MessageHas.TRACE_TIME_1
        | MessageHas.TRACE_TIME_2
    )
    everything |= (
        MessageHas.MESSAGE_ID
        | MessageHas.SIGNATURE
        | MessageHas.MULTIPART
        | MessageHas.NON_ASCII
        | MessageHas.FROM
        | MessageHas.LIST
        | MessageHas.HEADER
    )
    assert (
        presence(message)
        == everything
        | MessageHas.REFERENCES
        | MessageHas.ATTACHMENT
        | MessageHas.SIGNED_TIME
        | MessageHas.CLIENT
        | MessageHas.FILE_DATE
    )
    assert presence(read(b"Date: 1 Jul 2003 10:52\n\nx")[0]) == MessageHas.HEADER | MessageHas.DATE
    assert (
        presence(read(b"Date: Tue, 1 Jul 2003 10:52 -0000\n\nx")[0])
        == MessageHas.HEADER | MessageHas.DATE | MessageHas.DATE_INSTANT | MessageHas.WEEKDAY
    )
    assert presence(read(b"Date: Tue, 31 Jun 2003 10:52 +0000\n\nx")[0]) == MessageHas.HEADER


def test_tree_and_its_ranges() -> None:
    message = read(MAIL)[0]
    assert message.tree is not None
    root = message.tree.root
    assert message.parts == root.parts and message.headers == root.headers and not message.breaks_off
    assert (root.media_type, root.boundary, root.closed) == ("multipart/mixed", b"b", True)
    assert [(one.number, one.media_type) for one in root.parts] == [
        ("1", "text/plain"),
        ("2", "application/pdf"),
        ("3", "message/rfc822"),
    ]
    assert MAIL[slice(*root.preamble)] == b"preamble"
    assert MAIL[slice(*root.epilogue)] == b"epilogue\n"
    assert MAIL[root.parts[0].body_start : root.parts[0].end] == b"plain"
    assert (root.parts[1].filename, root.parts[1].disposition, root.parts[1].size) == ("café.pdf", "attachment", 3)


def test_attachments_are_items() -> None:
    pdf, mail = read(MAIL)[1]
    start = MAIL.index(b"QUJD")
    assert pdf.step == Step(
        kind=StepKind.MIME_PART,
        name="2",
        index=0,
        start=start,
        end=start + 4,
        decoder="base64/2",
        sha256=hashlib.sha256(b"ABC").hexdigest(),
    )
    assert (pdf.content, pdf.name, pdf.declared_type, pdf.format) == (
        b"ABC",
        "café.pdf".encode(),
        "application/pdf",
        "",
    )
    (created,) = pdf.times
    assert (created.description, created.clock, created.offset_s) == (
        Description.CREATION,
        ClockKind.FILE_SYSTEM,
        7200,
    )
    assert MAIL[slice(*created.locator.ranges[0])] == b"Mon, 30 Jun 2003 09:00:00 +0200"
    assert (mail.content, mail.format) == (INNER, "mail.rfc5322")


def test_absence_is_typed() -> None:
    message, _, _ = read(b"Received: from a by b\nSubject:\n\n")
    assert message.date is Absence.NOT_PRESENT
    assert message.trace[0].time is Absence.NOT_PRESENT
    message, _, _ = read(b"Date: yesterday\n\n")
    assert isinstance(message.date, Timestamp)
    assert (message.date.instant, message.date.raw) == (Absence.UNPARSABLE, b"yesterday")


def test_separator_line_of_a_mailbox_is_a_time() -> None:
    message, _, notices = read(b"From u@a.example Fri Nov 21 09:55:06 1997\nSubject: x\n\n")
    assert notices == []
    assert [(one.locator.path, one.clock, one.instant) for one in message.timestamps] == [
        ("header:From_[0]", ClockKind.MAILBOX, Absence.NOT_PRESENT)
    ]


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        (b"Content-Type: multipart/mixed\n\nx", ["mail.boundary_missing"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\nx", ["mail.boundary_not_found"]),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx", ["mail.not_closed"]),
        (b"Content-Type: text\n\nx", ["mail.content_type"]),
        (b"Content-Type: a/b\nContent-Type: c/d\n\nx", ["mail.field_repeated"]),
        (b"Content-Transfer-Encoding: base64\n\n*QUJD\n", ["mail.base64_damaged"]),
        (b"Content-Transfer-Encoding: rot13\n\nx", ["mail.encoding_unknown"]),
        (b"A: 1\njunk\nB: 2\n\nx", ["mail.junk_in_header"]),
        (b'Content-Type: a/b; name="a".zip\n\nx', ["mail.parameter_syntax"]),
        (b"Content-Type: a/b; name=x; name=x\n\nx", ["mail.parameter_repeated"]),
        (b"Content-Type: a/b; name=x.exe\nContent-Disposition: inline; filename=x.png\n\nx", ["mail.names_differ"]),
        (b"Content-Type: a/b; name=x.sig\nContent-Disposition: inline; filename=x\n\nx", []),
        (b"Content-Disposition: inline; filename=u.pdf; filename*=utf-8''%C3%BC.pdf\n\nx", []),
        (b"Content-Type: text/plain; charset=utf-16\n\n\0a", ["mail.nul", "mail.byte_order"]),
    ],
)
def test_broken_input_is_noticed(raw: bytes, codes: list[str]) -> None:
    assert [one.code for one in read(raw)[2]] == codes


def test_a_part_says_where_its_content_and_its_stated_size_stand() -> None:
    raw = b"Content-Disposition: attachment; size=9\nContent-Type: a/b\n\nx"
    (part,) = read(raw)[0].parts
    assert (part.size, part.stated_size, part.size_written.value) == (1, 9, "9")
    for locator, quoted in ((part.locator, b"x"), (part.size_written.locator, part.size_written.raw)):
        ((start, end),) = locator.ranges
        assert raw[start:end] == quoted
    assert quoted == b"Content-Disposition: attachment; size=9\n"


@pytest.mark.parametrize(("end", "breaks_off"), [(b"--b--", False), (b"", True)])
def test_a_message_whose_multipart_is_not_closed_breaks_off(end: bytes, breaks_off: bool) -> None:
    inner = b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--a--\n"
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + inner + b"--b\n\ny\n"
    assert read(raw + end)[0].breaks_off is breaks_off
    assert read(raw.replace(b"--a--\n", b"") + b"--b--")[0].breaks_off is False, "its last part is whole"


def test_every_name_of_a_file_is_kept() -> None:
    raw = b"Content-Type: a/b; name=x.exe\nContent-Disposition: inline; filename=x.png; filename=y.com\n\nx"
    message, (child,), _ = read(raw)
    (part,) = message.parts
    assert (part.filename, part.other_names) == ("x.png", ("y.com", "x.exe"))
    assert (child.name, child.other_names) == (b"x.png", ("y.com", "x.exe"))


def test_raw_header_text_in_the_charset_of_the_first_text() -> None:
    part = b"--b\nContent-Type: text/plain; charset=%s\n\nx\n"
    mail = b"From: J\xfcrgen <j@a.example>\nSubject: Fr\xf6sche\nContent-Type: multipart/mixed; boundary=b\n\n"
    name = b"--b\nContent-Disposition: attachment; filename=\xfc.pdf\n\nx\n--b--\n"
    message, (child,), _ = read(mail + part % b"us-ascii" + part % b"iso-8859-1" + name)
    assert message.sender is not None
    assert (message.sender.name, message.subject.value) == ("J\u00fcrgen", "Fr\u00f6sche")
    assert child.name.decode() == "\u00fc.pdf"


def test_raw_iso_2022_in_the_header() -> None:
    raw = "From: \u65e5\u672c <a@a.example>\nSubject: \u65e5\u672c\n\n".encode("iso2022_jp")
    message, _, notices = read(raw)
    assert message.sender is not None
    assert (message.sender.name, message.sender.address, message.subject.value) == (
        "\u65e5\u672c",
        "a@a.example",
        "\u65e5\u672c",
    )
    assert notices == []


def test_charset_as_claimed_and_as_found() -> None:
    (part,) = read(b"Content-Type: text/plain; charset=US-ASCII\n\n\xc3\xa9")[0].parts
    assert (part.charset, part.charset_found) == ("us-ascii", "utf-8")
    (part,) = read(b"Content-Type: text/plain; charset=iso-8859-1\n\n\xe9")[0].parts
    assert (part.charset, part.charset_found) == ("iso-8859-1", "")


def test_sniff() -> None:
    assert rfc5322.sniff(MAIL[:4096], MemoryBytes(MAIL))
    assert rfc5322.sniff(b"From u Fri Nov 21 09:55:06 1997\nSubject: x\nTo: y\n\n", MemoryBytes(b""))
    for head in (b"", b"To: x\n", b"Note: a\nHint: b\n\n", b"%PDF-1.7\n", b"PK\x03\x04", b"text\nFrom: x\nTo: y\n"):
        assert not rfc5322.sniff(head, MemoryBytes(head))


@given(
    st.lists(
        st.sampled_from(
            [b"From", b"from", b"To", b"X-a", b"Hint", b" ", b"\t", b":", b"x", b"\r\n", b"\n", b"\r", b"From "]
        ),
        max_size=14,
    )
)
def test_sniff_finds_two_known_names_in_the_run_of_fields(pieces: list[bytes]) -> None:
    head = b"".join(pieces)
    run = re.match(
        rb"(?:[\r\n]+|>?From [^\r\n]{1,200}[\r\n]+)?"
        rb"((?:[!-9;-~]{1,100}[ \t]*:[^\r\n]*(?:[\r\n]+[ \t][^\r\n]*)*(?:\r\n|[\r\n]|\Z))+)",
        head,
    )
    known = re.findall(rb"(?im)^(?:From|To|X-[A-Za-z-]{1,60})[ \t]*:", run[1].replace(b"\r", b"\n")) if run else []
    assert rfc5322.sniff(head, MemoryBytes(head)) == (len({name.lower() for name in known}) >= 2)
