import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers.identify import identify
from forensics.parsers.mail import rfc5322
from forensics.parsers.mail.headers import Block, behind_junk, line_end, split
from forensics.parsers.mail.layout import ranges


def cut(raw: bytes, root: bool = True, limit: int = 100) -> Block:
    return split(raw, 0, len(raw), line_end(raw), limit, root=root)


def test_fields_keep_every_byte() -> None:
    raw = b"Subject: a\r\n\tb\r\nX-Y :\r\n\r\nbody"
    block = cut(raw)
    assert [(field.name, field.key, field.raw, field.start) for field in block.fields] == [
        ("Subject", "subject", b"Subject: a\r\n\tb\r\n", 0),
        ("X-Y", "x-y", b"X-Y :\r\n", 16),
    ]
    assert (block.end, block.body_start, block.junk, block.cut) == (23, 25, False, 0)
    assert block.fields[0].body == b" a\r\n\tb\r\n"


@pytest.mark.parametrize(
    ("raw", "names", "body"),
    [
        (b"From u Fri Nov 21 09:55:06 1997\nTo: x\n\nb", ["", "To"], b"b"),
        (b"\xef\xbb\xbfTo: x\n\nb", ["", "To"], b"b"),
        (b"\r\n\r\nTo: x\r\n\r\nb", ["", "To"], b"b"),
        (b"To: x\njunk\nCc: y\n\nb", ["To", "", "Cc"], b"b"),
        (b"To: x\rCc: y\r\rb", ["To", "Cc"], b"b"),
        (b"To: x\nno blank line\nb", ["To"], b"no blank line\nb"),
        (b"To: x\n--b\nCc: y\n\nb", ["To"], b"--b\nCc: y\n\nb"),
        (b"no field\nat all\n\nb", [], b"no field\nat all\n\nb"),
        (b"To: x", ["To"], b""),
        (b"\nbody", [], b"body"),
        (b"", [], b""),
    ],
)
def test_broken_blocks(raw: bytes, names: list[str], body: bytes) -> None:
    block = cut(raw)
    assert [field.name for field in block.fields] == names
    assert raw[block.body_start :] == body
    assert b"".join([field.raw for field in block.fields]) == raw[: block.end]


def test_a_part_begins_with_its_body_where_no_field_is() -> None:
    assert cut(b"text\n\nmore", root=False).body_start == 0
    assert cut(b"\ntext", root=False).body_start == 1
    assert [field.name for field in cut(b"junk\nContent-Type: a/b\n\nx", root=False).fields] == ["", "Content-Type"]


def test_fields_beyond_the_limit_are_one_range() -> None:
    block = cut(b"A: 1\nB: 2\nC: 3\nD: 4\n\n", limit=2)
    assert [(field.name, field.raw) for field in block.fields] == [
        ("A", b"A: 1\n"),
        ("B", b"B: 2\n"),
        ("", b"C: 3\nD: 4\n"),
    ]
    assert block.cut == 10


HEADER = b"Return-Path: <a@a.example>\nFrom: Ann <a@a.example>\nSubject: Hello\nDate: 1 Jan 2001 00:00 Z\n\nBody\n"
JUNK = {
    "a line": b"Re\n",
    "lines": b"saved by\nthe archive\n",
    "a paragraph": b"This mail was saved by the archive\n\n",
    "a line with a colon": b"Note: saved\n\n",
    "CRLF": b"Re\r\n\r\n",
}


@pytest.mark.parametrize("name", JUNK)
def test_a_mail_behind_other_text(name: str) -> None:
    raw = JUNK[name] + (HEADER.replace(b"\n", b"\r\n") if name == "CRLF" else HEADER)
    assert behind_junk(raw) == len(JUNK[name])
    assert identify(raw, MemoryBytes(raw), b"a.eml") == "mail.rfc5322"
    found = list(rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext()))
    (message,) = [one for one in found if isinstance(one, Message)]
    assert (message.subject.value, message.sender.address if message.sender else "") == ("Hello", "a@a.example")
    assert b"".join([raw[start:end] for start, end in ranges(message)]) == raw
    assert {one.code for one in found if not isinstance(one, Message)} == {"mail.junk_in_header"}


def test_a_text_is_no_mail() -> None:
    quoted = b"Hello,\n\nFrom: Ann\nTo: Bob\nDate: Monday\nSubject: Hello\n\nYes.\n"
    assert behind_junk(quoted) == 0
    assert identify(quoted, MemoryBytes(quoted), b"a.txt") is None
    declared = b"See:\n\n" + HEADER
    assert identify(declared, MemoryBytes(declared), b"", "text/plain") is None
    assert behind_junk(b"x\n" * 40 + HEADER) == 0
    assert behind_junk(b"") == 0
