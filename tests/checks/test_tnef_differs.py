"""A mail against its winmail.dat, read from files."""

import base64
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.checks.test_tnef_in_mail import HEADER
from tests.parsers.mail import tnef_streams as made

SENT = 131332680620000000
"""2017-03-06 10:01:02 UTC, 100 ns since 1601: the Date of the header."""
Archive = Callable[[Iterable[tuple[str, bytes]]], Any]


def stream(*found: bytes, attributes: tuple[bytes, ...] = ()) -> bytes:
    return made.stream(made.head(), *attributes, made.attribute(made.PROPERTIES, made.properties(*found)))


def mail(inner: bytes) -> bytes:
    return HEADER + base64.encodebytes(inner) + b"--b--\n"


def said(archive: Archive, inner: bytes) -> list[str]:
    return [one.bin for one in archive([("a.eml", mail(inner))]).of("case.tnef_differs")]


def same(subject: str = "Figures", identifier: str = "<1@mail.one.example>", sent: int = SENT) -> tuple[bytes, ...]:
    return made.text(0x0037, subject), made.text(0x1035, identifier), made.time(0x0039, sent)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (same(), []),
        (same("Payments"), ["subject"]),
        (same("Payments", "<2@mail.one.example>"), ["message_id"]),
        (same(sent=SENT + 20 * 600_000_000), ["date>2min"]),
        ((*same(), made.text(0x5D01, "zoe@three.example")), ["sender"]),
        ((*same(), made.text(0x5D01, "Anna@One.example")), []),
    ],
)
def test_properties(archive: Archive, found: tuple[bytes, ...], expected: list[str]) -> None:
    assert said(archive, stream(*found)) == expected


def test_older_attributes(archive: Archive) -> None:
    key = made.attribute(0x00018009, b"D1EC61BD002377428FA157C64988836E\0")
    sent = made.attribute(made.SENT, made.date(2017, 3, 6, 18, 1, 2, 1))
    assert said(archive, stream(made.text(0x0037, "Figures"), attributes=(key, sent))) == []


def test_older_attributes_of_another_day(archive: Archive) -> None:
    sent = made.attribute(made.SENT, made.date(2017, 3, 16, 18, 1, 2, 4))
    assert said(archive, stream(made.text(0x0037, "Figures"), attributes=(sent,))) == ["date>1d"]


def test_both_are_cited(archive: Archive) -> None:
    (seen,) = archive([("a.eml", mail(stream(*same("Payments"))))]).of("case.tnef_differs")
    assert [one.location.text.rpartition("/")[2] for one in seen.evidence] == ["a.eml", "a.eml > part:2"]
    assert [one.value for one in seen.evidence] == ["Figures", "Payments"]
    assert [one.location.text for one in seen.subjects] == [seen.evidence[0].location.text]


def test_a_stream_in_no_mail_is_compared_with_none(archive: Archive) -> None:
    judged = archive([("winmail.dat", stream(*same("Payments"))), ("a.eml", HEADER + b"eA==\n--b--\n")])
    assert judged.of("case.tnef_differs") == []
