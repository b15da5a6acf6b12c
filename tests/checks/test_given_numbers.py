"""Rules on numbers of mailboxes and trackers, on whole archives: what is out of order, and what has no order."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import msgspec

from forensics.casestore import CaseFolder, Queries

LIST = "List-Id: <board.lists.example>\nFrom: anna@one.example\n"
FIRST = datetime(2017, 3, 6, 10, 0, tzinfo=UTC)
Files = Iterable[tuple[str, bytes]]
Archive = Callable[[Files], Any]


def mail(
    day: int, *, dated: int = -1, fields: str = "From: anna@one.example\n", subject: str = "Tea", n: int = 0
) -> bytes:
    at, date = [
        (FIRST + timedelta(days=one)).strftime("%a, %d %b %Y %H:%M:%S +0000")
        for one in (day, day if dated < 0 else dated)
    ]
    head = f"Received: from one.example by mx.two.example with ESMTP id 1{n:05}; {at}\nDate: {date}\n"
    return f"{head}Message-ID: <{n}.{day}@one.example>\nSubject: {subject}\n{fields}\nNote {n}.\n".encode()


def name(uid: int, folder: int) -> str:
    """OfflineIMAP names the folder: the numbers of each are its own."""
    return f"148879{uid:04}_1.7.mail.example,U={uid},FMD5={folder:032}:2,S"


def test_a_mail_that_came_after_those_behind_it(archive: Archive) -> None:
    """A large number on an old mail is a move, and behind the last but a few there are no witnesses."""
    moved: list[tuple[dict[int, int], str]] = [
        ({20: 58}, "off>7d"),
        ({20: 90}, "off>30d"),
        ({20: 31}, "off>1d"),
        ({20: 25}, ""),
        ({40: 2}, ""),
        ({57: 90}, ""),
        ({**{uid: (uid * 7) % 60 for uid in range(6, 60, 6)}, 20: 90}, ""),
        ({uid: 200 - uid for uid in range(61)}, ""),
    ]
    files = [
        (name(uid, folder), mail(days.get(uid, uid), n=100 * folder + uid))
        for folder, (days, _) in enumerate(moved)
        for uid in range(1, 61)
    ]
    expected = {name(next(iter(days)), folder): told for folder, (days, told) in enumerate(moved) if told}
    assert archive(files).by("case.uid_order") == expected


def test_numbers_in_the_fields_of_a_mailbox(archive: Archive) -> None:
    """One mail was put there; another came late into a mailbox that was numbered by Date."""

    def kept(n: int, day: int, dated: int) -> bytes:
        one = mail(day, dated=dated, fields=f"From: anna@one.example\nX-UID: {n + 7}\n", n=n)
        return b"From anna@one.example Mon Mar  6 10:00:00 2017\n" + one + b"\n"

    odd = {20: (58, 58), 40: (90, 40)}
    box = b"".join(kept(n, *odd.get(n, (n, n))) for n in range(60))
    judged = archive([("inbox.mbox", box)])
    found = {one.sentence.values["number"]: one.evidence[1].raw for one in judged.of("case.uid_order")}
    assert found == {"27": b"X-UID: 27\n", "47": b"X-UID: 47\n"}
    told = {("off>7d", frozenset[str]()), ("off>30d", frozenset(["renumbered"]))}
    assert set(judged.explained("case.uid_order")) == told


def test_mails_of_a_mailbox_and_its_copy_are_counted_once(archive: Archive) -> None:
    """Of the ten mails with the next larger numbers two came later; of the next five, twice each, none did."""
    odd = {20: 28}
    box = b"".join(
        b"From anna@one.example Mon Mar  6 10:00:00 2017\n%s\n"
        % mail(odd.get(n, n), fields=f"From: anna@one.example\nX-UID: {n + 7}\n", n=n)
        for n in range(40)
    )
    assert archive([("inbox", box), ("inbox copy", box)]).by("case.uid_order") == {}


def bugs(tracker: int, *about: tuple[int, int], days: Mapping[int, int] = MappingProxyType({})) -> Files:
    """Sixty bugs, told of a day apart each but for some, and mails about a number on a day."""
    fields = f"From: bugs@t{tracker}.example\nX-Bugzilla-Reason: Cc\n"
    for number in range(1, 61):
        told = mail(days.get(number, number), fields=fields, subject=f"[Bug {number}] New: Tea", n=number)
        yield f"{tracker}-new-{number}.eml", told
    for number, day in about:
        yield f"{tracker}-{number}-{day}.eml", mail(day, fields=fields, subject=f"[Bug {number}] Tea", n=number)


def test_a_mail_about_a_bug_of_another_time(archive: Archive) -> None:
    """Mails about old bugs say nothing, nor does a tracker that began anew."""
    files = (
        *bugs(1, (50, 2), (50, 30), (50, 40), (50, 49), (9, 300)),
        *bugs(2, days={20: 58}),
        *bugs(3, days={number: number + 200 for number in range(31)}),
    )
    assert archive(files).by("case.ticket_number") == {
        "1-50-2.eml": "early>30d",
        "1-50-30.eml": "early>7d",
        "1-50-40.eml": "early>1d",
        "2-new-20.eml": "late>7d",
    }


def test_a_number_that_many_share_is_no_count(archive: Archive) -> None:
    tagged = [mail((n * 7) % 60, fields=f"X-ML-Name: board\n{LIST}X-ML-Count: {n // 12}\n", n=n) for n in range(60)]
    assert archive((f"{n}.eml", data) for n, data in enumerate(tagged)).by("case.list_number") == {}


class Seen(msgspec.Struct):
    bin: str
    name: str


def test_files_that_are_not_as_long_as_their_names_say(archive: Archive) -> None:
    text = mail(1)
    size, ends = len(text), text.count(b"\n")
    files = [
        (f"1488794462.M1P2.mail.example,S={size}:2,S", text),
        (f"1488794462.M1P3.mail.example,S={size + ends},W={size + ends}:2,S", mail(1, n=1)),
        (f"1488794462.M1P4.mail.example,S={size - 90}:2,S", mail(1, n=2)),
        (f"1488794462.M1P5.mail.example,S={size + 90}:2,S", mail(1, n=3).replace(b"\n", b"\r\n")),
        (f"1488794462.M1P6.mail.example,S={size + 90}:2,S", mail(1, n=4)),
    ]
    asked = """SELECT o.bin AS bin, p.name AS name FROM observations o JOIN occurrences p USING (sha256)
        WHERE rule = 'mail.named_size' ORDER BY name"""
    with Queries(CaseFolder.open(archive(files)._case)) as queries:
        found = [(one.bin, one.name[14]) for one in queries.rows(asked, {}, Seen)]
    assert found == [("longer", "4"), ("shorter", "5"), ("shorter", "6")]
