"""A message's texts: what they say, what keeps them from being read, and what a fault costs."""

from types import ModuleType

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas, presence
from forensics.parsers.mail import bodies, fields, rfc5322, texts

SAME = "one two three four five six seven eight nine ten eleven twelve"
MAIL = (
    "From: a@a.example\r\nTo: b@b.example\r\nSubject: p\u0430y\r\nDate: Tue, 1 Jul 2003 10:52:37 +0200\r\nLines: 3\r\n"
    "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
    f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{SAME} \U0001fae0\r\n"
    f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>{SAME} \U0001fae0\r\n--b--\r\n"
).encode()


def read(raw: bytes) -> tuple[Message, list[Notice]]:
    found = list(rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext()))
    (message,) = [one for one in found if isinstance(one, Message)]
    return message, [one for one in found if isinstance(one, Notice)]


def shows(message: Message, bits: MessageHas) -> bool:
    return presence(message) & bits.value == bits.value


@pytest.mark.parametrize(
    ("module", "reader", "lost"),
    [
        (texts, "read_twins", MessageHas.TWINS),
        (texts, "read_marks", MessageHas.HTML | MessageHas.NON_ASCII),
        (texts, "read_births", MessageHas.TEXT_BIRTH),
        (texts, "read_letters", MessageHas.NOTHING),
        (texts, "text_form", MessageHas.NOTHING),
        (rfc5322, "part_times", MessageHas.NOTHING),
        (rfc5322, "file_times", MessageHas.NOTHING),
        (rfc5322, "form", MessageHas.NOTHING),
    ],
)
def test_a_fault_costs_one_reading(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, reader: str, lost: MessageHas
) -> None:
    whole, none = read(MAIL)
    assert none == [] and shows(whole, lost)

    def fails(*_: object, **__: object) -> None:
        raise ValueError("embedded null character")

    monkeypatch.setattr(module, reader, fails)
    message, notices = read(MAIL)
    (notice,) = notices
    assert notice.code == "mail.reading_fault" and "embedded null character" in notice.text and notice.unread > 0
    assert presence(whole) & ~presence(message) == lost.value
    assert (message.date, message.subject.value, message.parties) == (whole.date, "p\u0430y", whole.parties)


def test_a_fault_costs_one_field(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setitem(fields._READERS, "subject", fails)
    message, (notice,) = read(MAIL)
    assert notice.code == "mail.reading_fault" and "a field Subject" in notice.text and "memory" in notice.text
    assert notice.locator is not None
    assert MAIL[slice(*notice.locator.ranges[0])] == "Subject: p\u0430y\r\n".encode()
    assert message.subject.value == "" and message.twins and shows(message, MessageHas.FROM | MessageHas.DATE_INSTANT)


@pytest.mark.parametrize("charset", ["\0", "utf\0-8", "x-nobody"])
def test_an_odd_charset_is_told_and_all_is_read(charset: str) -> None:
    text = f"Date: Tue, 1 Jan 2018 00:00:00 +0000\nContent-Type: text/plain; charset={charset}\n\n\u0395e hello\n"
    message, notices = read(text.encode())
    assert "mail.charset_unknown" in {notice.code for notice in notices}
    assert [mark.kind for mark in message.marks] == ["mixed_scripts"]
    assert shows(message, MessageHas.DATE_INSTANT | MessageHas.WEEKDAY | MessageHas.NON_ASCII)


def test_an_unknown_charset_of_plain_letters_is_no_matter() -> None:
    assert read(b"Content-Type: text/plain; charset=x-nobody\n\nhello\n")[1] == []


LURE = '<a href="http://evil.test/x">https://bank.example/login</a>'


def page(filling: int) -> bytes:
    head = b"From: a@a.example\nContent-Type: text/html; charset=utf-8\n\n"
    return head + b"<p>words of a page</p>\n" * (filling // 23) + LURE.encode()


def test_a_lure_behind_a_megabyte_is_found() -> None:
    message, notices = read(page(1_200_000))
    assert notices == [] and [mark.kind for mark in message.marks] == ["other_host"]


def test_a_text_that_is_read_in_part_gives_no_power() -> None:
    raw = page(bodies.MAX_BYTES + 1_000)
    message, (notice,) = read(raw)
    assert (
        message.marks == ()
        and not presence(message) & (MessageHas.HTML | MessageHas.NON_ASCII | MessageHas.TWINS).value
    )
    assert (notice.code, notice.unread) == ("mail.text_bytes", len(raw) - raw.index(b"<p>") - bodies.MAX_BYTES)
    found, (notice,) = read(page(0) + page(bodies.MAX_BYTES))
    assert notice.code == "mail.text_bytes" and shows(found, MessageHas.HTML) and len(found.marks) == 1
