import pytest

from forensics.model.facts import Absence
from forensics.model.mail import MimePart
from forensics.parsers.mail.field_times import DATES, timestamp
from forensics.parsers.mail.form import form
from forensics.parsers.mail.headers import split


def form_of(raw: bytes, date: bytes = b"", boundary: bytes | None = None) -> set[str]:
    fields = split(raw, 0, len(raw), b"\n", 100, root=True).fields
    root = MimePart(number="", start=0, body_start=0, end=0, headers=fields, media_type="text/plain", boundary=boundary)
    written, _ = timestamp(date, 0, DATES["Date"], "Date", 0)
    return set(form(root, written if date else Absence.NOT_PRESENT, ()))


def test_names_keep_their_case_and_order_whatever_servers_put_between() -> None:
    raw = b"Received: x\nMessage-Id: <A@b>\nX-Spam: no\nDate: x\nFrom: a@b\nDate: y\nMime-Version: 1.0\n\n"
    assert form_of(raw) == {
        "order=message-id date from mime-version",
        "id-name=Message-Id",
        "id=other",
        "mime-name=Mime-Version",
        "has=mime-version",
    }


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (b"Mon, 6 Mar 2017 10:00:00 +0100", {"date-zone=offset", "date-weekday=yes", "date-day=bare"}),
        (b"Mon, 06 Mar 2017 10:00:00 +0000 (UTC)", {"date-zone=comment", "date-weekday=yes", "date-day=zero"}),
        (b"Mon,  6 Mar 2017 10:00:00 GMT", {"date-zone=name", "date-weekday=yes", "date-day=space"}),
        (b"16 Mar 2017 10:00 -0000", {"date-zone=offset", "date-weekday=no"}),
        (b"yesterday", {"date=other"}),
    ],
)
def test_style_of_dates(date: bytes, expected: set[str]) -> None:
    assert {one for one in form_of(b"From: a\n\n", date) if one.startswith("date")} == expected


@pytest.mark.parametrize(
    ("value", "style", "fold"),
    [
        (b"text/plain; charset=us-ascii", "bare lower", "space"),
        (b'text/plain;\n\tcharset="UTF-8"; format=flowed', "quoted upper", "tab"),
        (b"text/plain;\n  charset=Shift_JIS", "bare mixed", "line"),
        (b"text/plain;charset=utf-8", "bare lower", "none"),
    ],
)
def test_style_of_charset(value: bytes, style: str, fold: str) -> None:
    assert {f"charset={style}", f"charset-fold={fold}"} <= form_of(b"Content-Type: " + value + b"\n\n")


@pytest.mark.parametrize(
    ("identifier", "structure"),
    [
        (b"CACPK8X" + b"a" * 44 + b"@mail.gmail.com", "Gmail"),
        (b"AM0PR05MB4866ABCDEF0123456789ABCDEF012@AM0PR05MB4866.eurprd05.prod.outlook.com", "Exchange Online"),
        (b"8F1B6C1A-0B5E-4F0A-9C3B-1D2E3F405162@example.org", "UUID upper"),
        (b"8f1b6c1a-0b5e-4f0a-9c3b-1d2e3f405162@example.org", "UUID lower"),
        (b"x@example.org", "other"),
    ],
)
def test_structure_of_message_ids(identifier: bytes, structure: str) -> None:
    assert f"id={structure}" in form_of(b"Message-ID: <" + identifier + b">\n\n")


def test_family_of_boundaries() -> None:
    assert "boundary=Gmail" in form_of(b"From: a\n\n", boundary=b"000000000000b6809105a0ae7b18")
    assert "boundary=Exchange" in form_of(b"From: a\n\n", boundary=b"_000_AM0PR05MB4866x_")
    assert "boundary=other" in form_of(b"From: a\n\n", boundary=b"x")
