import pytest

from forensics.model.items import MemoryBytes, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers.identify import identify
from forensics.parsers.mail import rfc5322
from forensics.parsers.mail.layout import ranges
from forensics.parsers.mail.start import behind_junk

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
