from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Notice, ParseContext
from forensics.model.locations import Location
from forensics.parsers.mail import rfc5322
from forensics.parsers.mail.repeated import MAX_NOTICES

SIGNATURE = b"DKIM-Signature: a=rsa-sha256; d=a.example; s=s; h=from:subject; bh=AA==; b=AA==\n"


def told(raw: bytes) -> list[Notice]:
    found = rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext())
    return [one for one in found if isinstance(one, Notice) and one.code == "mail.field_repeated"]


def test_the_signed_value_is_told() -> None:
    raw = b"Subject: Pay\nFrom: a@a.example\nSubject: Lunch\n" + SIGNATURE + b"\n"
    (notice,) = told(raw)
    assert notice.text == (
        "Subject stands 2 times; here: 'Lunch'; a signature of a.example covers this one; topmost: 'Pay', "
        "no signature covers it"
    )
    assert notice.locator is not None
    ((start, end),) = notice.locator.ranges
    assert raw[start:end] == b"Subject: Lunch\n"


def test_a_name_given_twice_covers_two_fields() -> None:
    twice = SIGNATURE.replace(b"subject", b"subject:subject")
    (notice,) = told(b"Subject: Pay\nSubject: Lunch\n" + twice + b"\n")
    assert notice.text.endswith("topmost: 'Pay', signature of a.example covers it")


def test_each_field_that_may_stand_once() -> None:
    names = ("Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Message-ID", "In-Reply-To", "References")
    for name in names:
        (notice,) = told(f"{name}: <1@a.example>\nX: y\n{name.upper()} : <2@b.example>\n\n".encode())
        assert "<2@b.example>" in notice.text
        assert "<1@a.example>" in notice.text


def test_fields_of_a_route_may_repeat() -> None:
    assert told(b"Received: by a\nReceived: by b\nReturn-Path: <>\nReturn-Path: <>\nSubject: x\n\n") == []


def test_many_are_told_in_short() -> None:
    notices = told(b"Subject: x\n" * 500 + SIGNATURE + b"\n")
    assert len(notices) == MAX_NOTICES + 1
    assert "covers this one" in notices[0].text
