from pathlib import Path

import pytest

from forensics.examples.times import ticks
from forensics.model.facts import ClockKind, Description, Precision
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.mailbox_times import facts_of_name, from_line, in_mailbox, maildir_name
from forensics.parsers.mail.tokens.mailbox_ids import gmail_number, mailbox_number


@pytest.mark.parametrize(
    ("name", "time"),
    [
        (b"cur/1488794462.M20046P2137.mail.example,S=4542,W=4642:2,S", "2017-03-06T10:01:02.020046+00:00"),
        (b"1488794462.M941V0000000000000015I0000F303_0.mx1.example,S=1", None),
        (
            b"1488794462.M41850P8566V0000000000000015I00000004F3030E_0.mx1.example:2,",
            "2017-03-06T10:01:02.041850+00:00",
        ),
        (b"1488794462.V801I23764M196461.mail.example:2,S", "2017-03-06T10:01:02.196461+00:00"),
        (b"1488794462.27041_118.mail.example,S=1000;2,RDF,", "2017-03-06T10:01:02+00:00"),
        (b"1488794462.2137.mail.example!2,S", "2017-03-06T10:01:02+00:00"),
        (b"1488794462.txt", None),
        (b"148.M1P2.mail.example", None),
        (b"0000000001.M1P2.mail.example", None),
    ],
)
def test_names_of_maildir(name: bytes, time: str | None) -> None:
    found = maildir_name(name)
    assert [stamp.instant for stamp in found] == ([ticks(time)] if time else [])
    for stamp in found:
        assert (stamp.clock, stamp.description) == (ClockKind.MAILBOX, Description.DELIVERED)
        assert stamp.kind is TimeKind.MAILDIR_NAME
        assert stamp.precision is (Precision.MICROSECOND if "M" in name.decode() else Precision.SECOND)


FOLDER = "883ba13d52aa35908bd3344dc0604026"


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (b"cur/1488794462.M20046P2137.mail.example,S=4542,W=4642:2,S", {"size": "4542", "wire_size": "4642"}),
        (b"1488794462.M41850P8V0015I00A3030E_0.mx1.example,S=7:2,", {"device": "15", "inode": "a3030e", "size": "7"}),
        (b"1488794462.V801I23764M196461.mail.example", {"device": "801", "inode": "23764"}),
        (b"1488794462_2.15371.mail.example,U=3,FMD5=" + FOLDER.encode() + b":2,S", {"uid": "3", "folder": FOLDER}),
        (b"1488794462.15371_2.mail.example,U=12:2,FRS", {"uid": "12"}),
        (b"inbox/7.", {"number": "7"}),
        (b"inbox/7", {"number": "7"}),
        (b"inbox/07", {}),
        (b"7.eml", {}),
        (b"1488794462.M1P2.mail.example,S=:2,S", {}),
    ],
)
def test_what_else_names_say(name: bytes, facts: dict[str, str]) -> None:
    found = facts_of_name(name)
    assert {fact.name.partition(".")[2]: fact.value for fact in found} == facts
    assert all(fact.raw in name for fact in found)


def test_names_of_a_real_maildir(suites: Path) -> None:
    files = [path for path in (suites / "mail-parser-stalwart" / "maildir").rglob("*") if path.is_file()]
    assert len(files) == 6
    assert all(maildir_name(path.name.encode()) for path in files)


def test_gmails_export_numbers_its_separators() -> None:
    line = b"From 1561114141786124345@xxx Mon Mar 06 10:01:02 +0000 2017\n"
    date, number = from_line(line, 500, (500 + 29, 500 + len(line) - 1), in_mailbox(3))
    assert date.instant == ticks("2017-03-06T10:01:02+00:00") and (date.kind, date.index) == (TimeKind.SEPARATOR, 3)
    assert [stamp.locator.path for stamp in (date, number)] == ["mbox:from[3]", "mbox:from[3]/number"]
    assert (number.scheme, number.kind, number.index) == ("Gmail number", TimeKind.SEPARATOR_NUMBER, 3)
    ((start, end),) = number.locator.ranges
    assert line[start - 500 : end - 500] == number.raw == b"1561114141786124345"
    assert abs(number.instant - ticks("2017-03-06T10:01:02+00:00")) < 10_000_000


def test_gmail_numbers_in_both_writings() -> None:
    (hexadecimal,) = gmail_number(b"1732f1fc6ee3a193")
    (decimal,) = gmail_number(b"%d" % 0x1732F1FC6EE3A193)
    assert hexadecimal.time == decimal.time == ticks("2020-07-08T15:51:18.510+00:00")
    assert gmail_number(b"173") == gmail_number(b"99999999999999999999") == ()


def test_the_number_of_an_imap_mailbox_is_when_it_was_made() -> None:
    (made,) = mailbox_number(b"1027336128")
    assert made.time == ticks("2002-07-22T11:08:48+00:00")
    assert mailbox_number(b"1") == ()
