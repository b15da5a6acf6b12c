"""What a message quotes, with the bytes that say so, whatever carries them."""

from base64 import encodebytes
from quopri import decodestring, encodestring

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Timestamp
from forensics.model.items import Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail import rfc5322

TEXT = "Très bien.\n\nLe lun. 29 avr. 2019 à 10:11, Zoë Roe <zoe@a.test> a\nécrit :\n> un mot\n"


def _read(head: str, body: bytes) -> tuple[Message, bytes]:
    data = f"Subject: Re: A\nFrom: bo@a.test\nDate: Mon, 29 Apr 2019 12:00:00 +0200\n{head}\n\n".encode() + body
    found = list(rfc5322.parse(MemoryBytes(data), Location(()), ParseContext()))
    assert [one for one in found if isinstance(one, Notice) and one.code == "mail.reading_fault"] == []
    return next(one for one in found if isinstance(one, Message)), data


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize(
    ("encoding", "coded"), [("8bit", bytes), ("quoted-printable", encodestring), ("base64", encodebytes)]
)
def test_the_bytes_of_a_line_are_named(charset: str, encoding: str, coded: object) -> None:
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}"
    message, data = _read(head, coded(TEXT.encode(charset)))  # type: ignore[operator]
    (quoted,) = message.quoted
    assert (quoted.name, quoted.address, quoted.style, quoted.part) == ("Zoë Roe", "zoe@a.test", "gmail", "1")
    ((start, end),) = quoted.written.locator.ranges
    assert data[start:end] == quoted.written.raw
    if encoding != "base64":
        raw = decodestring(quoted.written.raw) if encoding == "quoted-printable" else quoted.written.raw
        assert raw.decode(charset).startswith("Le lun.") and raw.decode(charset).endswith("écrit :")


def test_the_time_is_a_fact_of_its_own_and_no_time_of_the_mail() -> None:
    message, _ = _read("Content-Type: text/plain; charset=utf-8", TEXT.encode())
    stamp = message.quoted[0].date
    assert isinstance(stamp, Timestamp) and stamp.kind is TimeKind.QUOTED
    assert TimeKind.QUOTED not in {time.kind for time in message.timestamps}


def test_of_a_text_and_its_page_the_text_is_read() -> None:
    page = "<p>On Tue, Jan 02, 2018 at 04:08:38PM +0100, Paul Roe wrote:</p><blockquote>a</blockquote>"
    alone, data = _read("Content-Type: text/html", page.encode())
    (quoted,) = alone.quoted
    assert quoted.name == "Paul Roe"
    ((start, end),) = quoted.written.locator.ranges
    assert data[start:end] == quoted.written.raw
    both = f"--x\nContent-Type: text/plain\n\nnothing\n--x\nContent-Type: text/html\n\n{page}\n--x--\n"
    assert _read("Content-Type: multipart/alternative; boundary=x", both.encode())[0].quoted == ()


def test_they_stand_in_their_order() -> None:
    text = (
        "From: Al Roe\nSent: Tuesday, April 29, 2025 10:11 AM\nTo: Bo\nSubject: A\n\n"
        "On Tue, Jan 02, 2018 at 04:08:38PM +0100, Paul Roe wrote:\n> a\n"
        "> On 29 Apr 2017, at 10:11, Foo Bar wrote:\n> > b\n"
    )
    quoted = _read("Content-Type: text/plain", text.encode())[0].quoted
    assert [(one.name, one.depth, one.is_block) for one in quoted] == [
        ("Al Roe", 0, True),
        ("Paul Roe", 0, False),
        ("Foo Bar", 1, False),
    ]


def _noted(text: str) -> list[str]:
    data = b"Subject: Re: A\nFrom: bo@a.test\nContent-Type: text/plain\n\n" + text.encode()
    return [
        one.code for one in rfc5322.parse(MemoryBytes(data), Location(()), ParseContext()) if isinstance(one, Notice)
    ]


def test_only_so_many_are_kept_and_that_is_told() -> None:
    line = "On Tue, Jan 02, 2018 at 04:08:38PM +0100, Paul Roe wrote:\n> a\n"
    assert len(_read("Content-Type: text/plain", (line * 150).encode())[0].quoted) == 100
    assert _noted(line * 150) == _noted("a line:\n" * 2001) == ["mail.quoted_limit"]
    assert _noted(line * 100) == []


def test_words_that_stand_nowhere_so_have_no_bytes_and_not_those_of_another_place() -> None:
    page = "<p>On Tue, Jan 02, 2018 at 04:08:38PM +0100, <b>Paul</b> Roe wrote:</p><blockquote>a</blockquote>"
    (quoted,) = _read("Content-Type: text/html", page.encode())[0].quoted
    assert (quoted.name, quoted.written.raw, quoted.written.locator.ranges) == ("Paul Roe", b"", ())
