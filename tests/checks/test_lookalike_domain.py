"""`case.lookalike_domain` on a whole mailbox: who bears the name that looks alike."""

from typing import Any

import pytest


def mail(number: int, sender: str = "anna@parliament.example", to: str = "bob@house.example", more: str = "") -> bytes:
    day = f"{1 + number % 28:02} Mar 2017 10:{number % 60:02}:00 +0000"
    head = f"From: {sender}\nTo: {to}\n{more}Subject: Note {number}\nDate: {day}\n"
    return f"{head}Message-ID: <{number}@parliament.example>\n\nNote {number}.\n".encode()


@pytest.mark.parametrize(
    ("odd", "bins"),
    [
        (mail(90, sender="anna@parliarnent.example"), 1),
        (mail(90, more="Reply-To: anna@parliarnent.example\n"), 1),
        (mail(90, to="carl@parliarnent.example"), 0),
        (mail(90, more="Cc: carl@parliarnent.example\n"), 0),
    ],
    ids=["from", "answers", "to", "cc"],
)
def test_a_slip_in_a_readers_address_is_no_disguise(archive: Any, odd: bytes, bins: int) -> None:
    files = [(f"{number}.eml", mail(number)) for number in range(30)]
    assert len(archive([*files, ("odd.eml", odd)]).of("case.lookalike_domain")) == bins
