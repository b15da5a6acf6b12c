import pytest

from forensics.model.items import Limits
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.fields import identifier, identifiers, read_fields
from forensics.parsers.mail.mime import Reader
from forensics.parsers.mail.reading import Reading


def reading_of(raw: bytes, field_bytes: int = 1000) -> Reading:
    return read_fields(raw, Reader(raw, b"\n", Limits()).message(len(raw)), "", field_bytes)


@pytest.mark.parametrize(
    ("body", "first", "all_ids"),
    [
        (b" <a@b>\n", "a@b", ("a@b",)),
        (b" <a@b>\n <c@d> \n", "a@b", ("a@b", "c@d")),
        (b" a@b \n", "a@b", ("a@b",)),
        (b" Your message of Friday\n", "Your message of Friday", ()),
        (b" <>\n", "", ()),
    ],
)
def test_identifiers(body: bytes, first: str, all_ids: tuple[str, ...]) -> None:
    assert (identifier(body), identifiers(body)) == (first, all_ids)


def test_of_repeated_fields_the_topmost_counts() -> None:
    reading = reading_of(
        b"Subject: 1\nSubject: 2\nMessage-ID: <1@a>\nMessage-ID: <2@a>\n"
        b"Date: 1 Jan 2001 00:00 Z\nDate: 2 Jan 2001 00:00 Z\nX-Mailer: m\nUser-Agent: u\n\n"
    )
    assert (reading.subject.value, reading.message_id.value, reading.client.value) == ("1", "1@a", "u")
    assert reading.subject.raw == b"Subject: 1\n" and reading.client.raw == b"User-Agent: u\n"
    assert [one.locator.path for one in reading.timestamps] == ["header:Date[0]", "header:Date[1]"]
    assert reading.date == reading.timestamps[0]


def test_positions_of_mailboxes_run_over_all_fields_of_a_name() -> None:
    raw = b"From: a@a.example, b@b.example\nCc: c@c.example\nFrom: D <d@d.example>\n\n"
    parties = reading_of(raw).parties
    assert [(one.field, one.index, one.written and one.written.raw) for one in parties] == [
        ("from", 0, b"a@a.example"),
        ("from", 1, b"b@b.example"),
        ("cc", 0, None),
        ("from", 2, b"D <d@d.example>"),
    ]
    written = [one.written for one in parties if one.written is not None]
    assert [raw[slice(*one.locator.ranges[0])] for one in written] == [one.raw for one in written]
    assert [one.locator.path for one in written] == ["header:From[0]", "header:From[0]", "header:From[1]"]


def test_a_quoted_from_is_read_where_there_is_no_other() -> None:
    raw = b">From: Ann <a@a.example>\nSubject: x\n\n"
    reading = reading_of(raw)
    (party,) = reading.parties
    assert (party.field, party.name) == ("from", "Ann") and party.written is not None
    assert raw[slice(*party.written.locator.ranges[0])] == party.written.raw == b"Ann <a@a.example>"
    both = reading_of(b">From: Ann <a@a.example>\nFrom: Bob <b@b.example>\n\n")
    assert [one.address for one in both.parties] == ["b@b.example"]
    assert [one.code for one in (*reading.notices, *both.notices)] == ["mail.quoted_from"] * 2


def test_two_readings_of_an_address_field_are_told_once_each() -> None:
    raw = b"From: Miller, Ann <a@a.example>\nTo: Roe, Jo <j@a.example>, Doe, Al <d@a.example>\n\n"
    reading = reading_of(raw)
    assert [one.name for one in reading.parties] == ["Miller, Ann", "Roe, Jo", "Doe, Al"]
    assert [(one.code, one.text.split(":")[0]) for one in reading.notices] == [
        ("mail.address_syntax", "From"),
        ("mail.address_syntax", "To"),
    ]


def test_a_giant_field_is_kept_and_noticed() -> None:
    reading = reading_of(b"Subject: " + b"x" * 2000 + b"\nTo: a@a.example\n\n")
    assert [(one.code, one.unread) for one in reading.notices] == [("mail.field_bytes", 2010)]
    assert (reading.subject.value, len(reading.parties)) == ("", 1)


def test_signatures_beyond_the_limit_have_no_digests() -> None:
    reading = reading_of(b"DKIM-Signature: a=rsa-sha256; h=from; b=AA==\n" * 100 + b"\n")
    assert {bool(one.header_digest) for one in reading.signatures} == {True}


def test_other_dates_of_a_message() -> None:
    raw = b"X-Received: by a.example with SMTP id 1;\n Mon, 1 Jan 2001 00:00:00 -0800 (PST)\nDelivery-Date: x\n\n"
    times = reading_of(raw).timestamps
    assert [(one.locator.path, one.owner, one.description.name) for one in times] == [
        ("header:X-Received[0]", "a.example", "RECORDED"),
        ("header:Delivery-Date[0]", "", "DELIVERED"),
    ]


def test_a_signature_of_the_platform_is_kept_and_gives_no_time() -> None:
    own = b"DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; t=1500000000; h=from; bh=AA==; b=AA==\n"
    reading = reading_of(
        b"X-Google-" + own + own + b"Received-SPF: pass receiver=mx.example; helo=x\nFrom: a@a.example\n\n"
    )
    assert [(one.kind, one.index, one.time) for one in reading.signatures] == [
        ("google", 0, 1500000000),
        ("dkim", 0, 1500000000),
    ]
    assert [time.kind for time in reading.timestamps] == [TimeKind.SIGNED]
    assert [(one.server, one.method, one.result) for one in reading.results] == [("mx.example", "spf", "pass")]
