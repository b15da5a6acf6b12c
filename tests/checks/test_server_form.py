"""`case.server_form` and `case.list_number` on whole lists: what the servers write into every mail, and its count."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

FIRST = datetime(2017, 3, 6, 10, 0, tzinfo=UTC)
Archive = Callable[[Iterable[tuple[str, bytes]]], Any]
LIST = "List-Id: <board.lists.example>\nList-Post: <mailto:board@lists.example>\n"


def stamp(number: int) -> str:
    return (FIRST + timedelta(days=number)).strftime("%a, %d %b %Y %H:%M:%S +0000")


def mail(number: int, *, above: str = "", fold: str = "\t", blank: str = " ", block: str = LIST, at: int = -1) -> bytes:
    """One of the mails of a list, a day apart each; *at*: the day on which it is stamped."""
    day = stamp(number if at < 0 else at)
    return (
        f"Return-Path: <board+bounces-{number + 7}-ben=two.example@lists.example>\n{above}"
        f"Received: from lists.example\n{fold}by mx.two.example with ESMTP id 1{number:05};\n{fold}{day}\n"
        f"Date: {day}\nFrom:{blank}Anna <anna@one.example>\nTo: board@lists.example\nSubject: number {number}\n"
        f"Message-ID: <{number}.7@one.example>\n{block}\nNote {number}.\n"
    ).encode()


def many(changed: dict[int, bytes], n: int = 130) -> list[tuple[str, bytes]]:
    return [(f"{number}.eml", changed.get(number, mail(number))) for number in range(n)]


def test_what_every_mail_of_a_list_has(archive: Archive) -> None:
    results = "Authentication-Results: mx.two.example; dkim=pass header.d=one.example\n"
    changed = {
        40: mail(40, above=results),
        50: mail(50, fold=" "),
        60: mail(60, block=LIST.partition("\n")[0] + "\n"),
        70: mail(70, blank="  "),
        80: mail(80, block=f"{LIST}X-Note: 1\nList-Id: <chess.three.example>\n"),
        5: mail(5, above=results),
    }
    found = archive(many(changed)).by("case.server_form")
    assert found == {"40.eml": "above", "50.eml": "stamp", "60.eml": "list", "70.eml": "blanks"}


def test_a_form_that_several_mails_have(archive: Archive) -> None:
    """It is a way of the server's too."""
    changed = {number: mail(number, above="X-Spam: no\n") for number in (20, 50, 80, 110)}
    assert archive(many(changed)).by("case.server_form") == {}


def test_senders_write_as_they_like(archive: Archive) -> None:
    """Blanks behind the colon are no server's where no list wrote the header."""
    changed = {70: mail(70, blank="  ", block="")}
    files = [(f"{number}.eml", changed.get(number, mail(number, block=""))) for number in range(130)]
    assert archive(files).by("case.server_form") == {}


@pytest.mark.parametrize(("day", "told"), [(20, "off>30d"), (47, "off>1d"), (55, ""), (72, "off>1d")])
def test_a_mail_between_those_of_another_time(day: int, told: str, archive: Archive) -> None:
    found = archive(many({60: mail(60, at=day)})).by("case.list_number")
    assert found == ({"60.eml": told} if told else {})


def test_a_run_of_mails_out_of_order_accuses_none_of_their_neighbours(archive: Archive) -> None:
    run = range(60, 75)
    found = archive(many({number: mail(number, at=number - 40) for number in run})).by("case.list_number")
    assert set(found) <= {f"{number}.eml" for number in run}
