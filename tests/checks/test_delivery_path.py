"""`case.delivery_path` on whole mailboxes: what is another way, and what only another time, address or hand."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

FIRST = datetime(2010, 4, 1, 9, tzinfo=UTC)
Archive = Callable[[Iterable[tuple[str, bytes]]], Any]


def mail(
    number: int,
    *,
    at: datetime | None = None,
    reader: str = "bob@example.net",
    servers: Sequence[str] = ("mx.example.net", "store.example.net"),
    delivered: bool = True,
    sender: str = "",
    to: str = "",
    list_id: str = "",
) -> bytes:
    """A mail for Bob, seven hours after the one before it, through their provider; servers in the order of travel."""
    sent = at or FIRST + timedelta(hours=7 * number)
    stamp = sent.strftime("%a, %d %b %Y %H:%M:%S +0000")
    trace = [
        f"Received: from a.example (a.example [192.0.2.1]) by {host} with ESMTP id {place}x{number:05}\n"
        f"\tfor <{reader}>; {stamp}\n"
        for place, host in enumerate(servers)
    ]
    lines = [
        f"Delivered-To: {reader}\n" if delivered else "",
        *reversed(trace),
        f"Message-ID: <m{number}.{sent:%Y}@h{number}.example.com>\nDate: {stamp}\n",
        f"From: {sender or f'p{number}@h{number}.example.com'}\nTo: {to or reader}\nSubject: Note {number}\n",
        f"List-Id: <{list_id}>\n" if list_id else "",
        f"\nNote {number}.\n",
    ]
    return "".join(lines).encode()


def box(*others: tuple[int, bytes], n: int = 130) -> list[tuple[str, bytes]]:
    """Return *n* mails, some of them replaced."""
    mails = {number: mail(number) for number in range(n)} | dict(others)
    return [(f"{number}.eml", data) for number, data in sorted(mails.items())]


def elsewhere(number: int, **changed: Any) -> bytes:
    return mail(number, **{"reader": "bob@other.example", "servers": ("mail.other.example",)} | changed)


def test_mails_to_the_owners_other_address_are_said_to_be_so(archive: Archive) -> None:
    found = archive(box((40, elsewhere(40)), (80, elsewhere(80, delivered=False)))).of("case.delivery_path")
    assert [one.bin for one in found] == ["other_address"] * 2
    assert [one.sentence.values["address"] for one in found] == ["bob@other.example"] * 2


def test_a_mail_to_the_owner_by_servers_of_others(archive: Archive) -> None:
    forged = elsewhere(60, reader="bob@example.net", delivered=False)
    assert archive(box((60, forged))).by("case.delivery_path") == {"60.eml": "other_way"}


def test_mails_of_another_time_are_no_neighbours(archive: Archive) -> None:
    early = [(1000 + n, elsewhere(n, at=datetime(2002, 7, 1, tzinfo=UTC) + timedelta(hours=n))) for n in range(6)]
    late = [(2000 + n, elsewhere(n, at=datetime(2018, 7, 1, tzinfo=UTC) + timedelta(hours=n))) for n in range(6)]
    assert archive(box(*early, *late)).by("case.delivery_path") == {}


def test_a_mail_between_two_times_of_one_way(archive: Archive) -> None:
    """Seven years lie between the mails before it and after it: none of them is its neighbour."""
    old = [(1000 + n, mail(n, at=datetime(2003, 1, 1, tzinfo=UTC) + timedelta(hours=7 * n))) for n in range(130)]
    alone = elsewhere(3000, at=datetime(2006, 7, 1, tzinfo=UTC), reader="bob@example.net", delivered=False)
    assert archive(box(*old, (3000, alone))).by("case.delivery_path") == {}


def test_the_owners_own_mails_come_no_way(archive: Archive) -> None:
    sent = {"sender": "Bob <bob@example.net>", "to": "eve@three.example", "delivered": False, "servers": ()}
    submitted = {"sender": "bob@mail.example.net", "reader": "eve@three.example", "servers": ("out.isp.example",)}
    found = archive(box((30, mail(30, **sent)), (50, mail(50, **submitted)))).explained("case.delivery_path")
    assert sorted(found) == [("no_trace", {"own_copy"}), ("other_address", {"own_copy"})]


def test_a_mail_of_another_without_a_stamp(archive: Archive) -> None:
    made = archive(box((50, mail(50, servers=(), delivered=False)))).explained("case.delivery_path")
    assert made == [("no_trace", frozenset())]


def test_mails_of_an_import_have_ids_of_the_archives_program(archive: Archive) -> None:
    """Nor does it explain a mail whose fields stand in another order."""
    stray = mail(100, servers=(), delivered=False)
    moved = [(n, stray.replace(b"<m100.2010@h100.example.com>", b"<%d@archive>" % n)) for n in range(1000, 1005)]
    kept = stray.replace(b"h100.example.com", b"h101.example.com")
    made = b"MIME-Version: 1.0\n" + stray
    found = archive(box(*moved, (1006, kept), (1007, made), n=200)).explained("case.delivery_path")
    assert sorted(found, key=str) == [("no_trace", frozenset())] + [("no_trace", {"imported"})] * 6


def test_a_change_of_provider(archive: Archive) -> None:
    """Nobody stands out at the edge, nor do mails that still come the old way weeks later."""
    old = {"servers": ("mail.before.example",), "reader": "bob@before.example"}
    before = [(1000 + n, mail(n, at=FIRST - timedelta(hours=7 * (140 - n)), **old)) for n in range(140)]
    late = [(n, mail(n, **old)) for n in (3, 9, 60, 100)]
    kept = mail(70, servers=("mail.before.example",), delivered=False, to="bob@example.net")
    assert archive(box(*before, *late, (70, kept), n=200)).by("case.delivery_path") == {}


def test_a_list_and_a_mail_of_another_list(archive: Archive) -> None:
    def post(number: int, name: str, server: str, reader: str) -> bytes:
        way = (server, "mx.example.net")
        return mail(number, reader=reader, to=f"{name}@{server}", list_id=f"{name}.{server}", servers=way)

    reader = "lists+board@example.net"
    mails = [(f"{n}.eml", post(n, "board", "lists.one.example", reader)) for n in range(130)]
    mails[60] = ("60.eml", post(60, "chess", "lists.two.example", "lists+chess@example.net"))
    mails[90] = ("90.eml", mail(90, reader=reader, servers=("mx.example.net",)))
    assert archive(mails).by("case.delivery_path") == {"60.eml": "other_way"}


@pytest.mark.parametrize(("of_list", "others", "found"), [(1_000, 0, 1), (900, 0, 0), (900, 100, 0), (0, 1_000, 0)])
def test_a_foreign_mail_of_another_time_in_the_archive_of_one_list(
    archive: Archive, of_list: int, others: int, found: int
) -> None:
    def post(number: int) -> bytes:
        way = ("lists.one.example", "mx.example.net")
        return mail(number, to="board@lists.one.example", list_id="board.lists.one.example", servers=way)

    mails = [(f"{n}.eml", post(n) if n < of_list else mail(n)) for n in range(of_list + others)]
    long_before = elsewhere(7, at=datetime(2002, 5, 6, 9, tzinfo=UTC))
    seen = archive([*mails, ("foreign.eml", long_before)]).of("case.delivery_path")
    assert [(one.bin, one.sentence.key) for one in seen if one.subjects[0].location.text.endswith("foreign.eml")] == [
        ("other_way", "rule.case.delivery_path.other_way.of_list")
    ] * found
