"""Numbers that lists give to their mails."""

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers.mail import rfc5322


@pytest.mark.parametrize(
    ("fields", "by", "number"),
    [
        ("Return-Path: <board+bounces-3215-ben=two.example@Lists.example>\n", "board@lists.example", "3215"),
        ("Return-Path: <board-return-17-ben=two.example@lists.example>\n", "board@lists.example", "17"),
        ("Return-Path: <board-bounces@lists.example>\n", "", ""),
        ("Return-Path: <board+bounces-12345678901-b=c@lists.example>\n", "", ""),
        ("X-archive-position: 5636\nX-list: board\n", "x-archive-position board", "5636"),
        ("X-Mail-Count: 00042\nX-ML-Name: Board\n", "x-mail-count board", "42"),
        ("X-Sequence: 7\n", "x-sequence ", "7"),
        ("X-Sequence: seven\n", "", ""),
        ("Subject: 7\n", "", ""),
        ("Return-Path: <b+bounces-9-c=d@e.example>\nX-Sequence: 7\nX-Sequence: 8\n", "x-sequence ", "7"),
    ],
)
def test_numbers(fields: str, by: str, number: str, where: Location) -> None:
    data = f"{fields}From: a@b.example\n\nHello.\n".encode()
    read = rfc5322.parse(MemoryBytes(data), where, ParseContext())
    message = next(one for one in read if isinstance(one, Message))
    found = message.list_number
    assert (message.numbered_by, found.value) == (by, number)
    assert bool(found.raw) is bool(number)
    for start, end in found.locator.ranges:
        assert data[start:end] == found.raw
