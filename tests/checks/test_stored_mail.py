"""Rules on messages of stores, read from files: what a store wrote itself, and what was done to many of its mails."""

from collections.abc import Callable, Iterable
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import pytest

from forensics import check
from forensics.casestore import CaseFolder, Queries
from forensics.checks import load, load_explainer
from forensics.checks._facts import DAY, MINUTE
from forensics.examples.cases import context, observation
from forensics.examples.times import ticks
from forensics.model.rules import State
from forensics.stages.explain import run_explainers
from forensics.stages.observed import Observed
from forensics.stages.outlines import spooled
from tests.parsers.mail.msg_files import HEADER, filetime, msg
from tests.parsers.store import pst_builder as made

Archive = Callable[[Iterable[tuple[str, bytes]]], Any]
SUBJECT, HEADERS, CLASS = 0x0037001F, 0x007D001F, 0x001A001F
SUBMITTED, DELIVERED, MADE, CHANGED = 0x00390040, 0x0E060040, 0x30070040, 0x30080040
OWNER, CREATOR, MODIFIER, FLAGS = 0x0040001F, 0x3FF8001F, 0x3FFA001F, 0x0E070003
SENT = ticks("1999-08-16T11:23:16+00:00")
SAVED = (
    "From: Anna Example\r\nTo: ben@example.org\r\nSubject: Minutes\r\nDate: Mon, 16 Aug 1999 11:23:16 -0000\r\n"
    "Message-ID: <1@example.net>\r\nMIME-Version: 1.0\r\nX-Mailer: Microsoft Outlook 15.0\r\n"
    'Content-Type: multipart/mixed;\r\n\tboundary="----=_NextPart_000_0000_01D06555.EE9F30A0"\r\n\r\n'
)
"""What Outlook wrote on 2015-03-23, when it saved a mail of 1999."""


class Item(msgspec.Struct):
    sha256: str


def saved(made: str, changed: str = "2015-03-23T09:41:34+00:00", header: str = SAVED, **more: int) -> bytes:
    times = {SUBMITTED: SENT, DELIVERED: SENT, MADE: ticks(made), CHANGED: ticks(changed)}
    stored = {tag: filetime(at) for tag, at in times.items()}
    return msg({CLASS: "IPM.Note", SUBJECT: "Minutes", HEADERS: header, FLAGS: more.get("flags", 1), **stored})


def state(archive: Archive, data: bytes, rule: str = "mail.boundary_time", name: str = "later>1d") -> list[State]:
    """Return what the explainer says of an observation of the file."""
    judged = archive([("a.msg", data)])
    with Queries(CaseFolder.open(judged._case)) as queries:
        (sha256,) = [row.sha256 for row in queries.rows("SELECT sha256 FROM flat.items ORDER BY sha256", {}, Item)]
        seen = Observed(rule=load(rule).RULE, observation=observation(rule, bin=name, sha256=sha256))
        found, faults = run_explainers(queries.rows, spooled([seen]), context(), [load_explainer("store_header")])
    assert not faults
    return [one.state for _, one in found]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (saved("2006-06-07T12:15:10+00:00"), [State.EXPLAINS]),
        (saved("2015-03-23T09:41:30+00:00"), [State.OPEN]),  # copy and header were made at once
        (saved("2006-06-07T12:15:10+00:00", "2011-06-07T12:15:10+00:00"), [State.OPEN]),  # saved at another time
        (saved("2006-06-07T12:15:10+00:00", flags=9), []),  # a draft
        (saved("2006-06-07T12:15:10+00:00", header=HEADER), []),  # servers' fields stand in it
    ],
)
def test_a_header_that_the_store_wrote(archive: Archive, data: bytes, expected: list[State]) -> None:
    assert state(archive, data) == expected


def test_what_the_store_takes_from_the_mail_is_not_explained(archive: Archive) -> None:
    data = saved("2006-06-07T12:15:10+00:00")
    assert state(archive, data, "mail.mark_after_date", "domain") == []


def test_a_later_program_without_a_boundary(archive: Archive) -> None:
    header = SAVED.replace(SAVED[SAVED.index("Content-Type") :], "\r\n")
    data = saved("2006-06-07T12:15:10+00:00", header=header)
    assert state(archive, data, "mail.mark_after_date", "program") == [State.EXPLAINS]


def touched(number: int, **changed: Any) -> bytes:
    """A mail of one month after the other, all changed within minutes of a day of the next year."""
    delivered = ticks("2017-03-06T10:00:05+00:00") + number * 30 * DAY
    values = {
        CLASS: "IPM.Note",
        SUBJECT: f"Minutes {number}",
        HEADERS: HEADER.replace("Minutes", f"Minutes {number}"),
        SUBMITTED: filetime(delivered),
        DELIVERED: filetime(delivered),
        MADE: filetime(delivered),
        CHANGED: filetime(ticks("2018-05-04T10:00:00+00:00") + number * MINUTE),
        OWNER: "Ben Dahl",
        MODIFIER: "Zoe Zander",
    }
    return msg({**values, **{globals()[name]: value for name, value in changed.items()}})


def bins(archive: Archive, *, count: int = 9, **changed: Any) -> list[str]:
    files = [(f"{number}.msg", touched(number, **changed)) for number in range(count)]
    return [one.bin for one in archive(files).of("case.store_touched")]


def test_mails_of_a_store_changed_together(archive: Archive) -> None:
    assert bins(archive) == ["8+mails"] * 9


@pytest.mark.parametrize(
    "changed", [{"count": 7}, {"MODIFIER": "Dahl, Ben"}, {"CREATOR": "Zoe Zander"}, {"CLASS": "IPM.Appointment"}]
)
def test_too_few_the_owner_an_import_appointments(archive: Archive, changed: dict[str, Any]) -> None:
    assert bins(archive, **changed) == []


def test_who_changed_it_is_quoted(archive: Archive) -> None:
    files = [(f"{number}.msg", touched(number)) for number in range(8)]
    for seen in archive(files).of("case.store_touched"):
        quoted = {one.label: (one.value, one.locator.path, one.raw) for one in seen.evidence}
        assert quoted["last changed by"] == ("Zoe Zander", "mapi:0x3FFA001F", "Zoe Zander".encode("utf-16-le"))
        assert seen.cluster == "Zoe Zander, 2018-05-04 10:00"


def store(numbers: Iterable[int], inside: Iterable[int] = (), title: str = "Minutes") -> bytes:
    """Return an Outlook store with such mails, some of them in a message that says nothing."""

    def values(number: int) -> dict[int, bytes | int]:
        delivered = 1_488_794_405 + number * 30 * 86_400
        return made.letter(f"{title} {number}", delivered) | {
            CHANGED: made.filetime(1_525_428_000 + number * 60),
            OWNER: made.text("Ben Dahl"),
            MODIFIER: made.text("Zoe Zander"),
        }

    built = made.StoreBuilder()
    built.folder(made.TOP, "Top of Personal Folders")
    built.folder(made.INBOX, "Inbox", made.TOP)
    for number in numbers:
        built.put(made.INBOX, built.message(values(number)))
    for number in inside:
        outer = built.message(made.letter(f"outside {number}"), [built.embedded(built.message(values(number)))])
        built.put(made.INBOX, outer)
    return built.built()


def zipped(files: dict[str, bytes]) -> bytes:
    whole = BytesIO()
    with ZipFile(whole, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


@pytest.mark.parametrize("packed", [False, True])
def test_each_store_is_one_by_itself(archive: Archive, packed: bool) -> None:
    files = {"one.pst": store(range(5)), "two.pst": store(range(5, 10))}
    found = archive([("stores.zip", zipped(files))] if packed else files.items())
    assert found.of("case.store_touched") == []


@pytest.mark.parametrize("packed", [False, True])
def test_a_mail_inside_a_mail_is_of_its_store(archive: Archive, packed: bool) -> None:
    files = {"one.pst": store(range(6), range(6, 9)), "two.pst": store(range(7), title="Letters")}
    found = archive([("stores.zip", zipped(files))] if packed else files.items()).of("case.store_touched")
    assert [one.bin for one in found] == ["8+mails"] * 9
    assert all("one.pst" in one.subjects[0].location.text for one in found)


def test_a_store_that_is_attached_to_a_mail_is_one_by_itself(archive: Archive) -> None:
    def mail(data: bytes) -> bytes:
        found = EmailMessage()
        found["From"], found["Subject"] = "anna@example.org", "The store"
        found.add_attachment(data, maintype="application", subtype="octet-stream", filename="mailbox.pst")
        return found.as_bytes()

    files = [("one.eml", mail(store(range(5)))), ("two.eml", mail(store(range(5, 10))))]
    found = archive([*files, ("all.eml", mail(store(range(8), title="Letters")))]).of("case.store_touched")
    assert [one.subjects[0].location.steps[0].name for one in found] == ["all.eml"] * 8


def test_alone_a_stored_mail_is_no_more_than_weak(tmp_path: Path) -> None:
    (tmp_path / "a.msg").write_bytes(saved("2015-03-23T09:41:30+00:00"))
    found = {one.rule: one.strength for one in check(tmp_path / "a.msg").findings}
    assert found["mail.mark_after_date"] == "weak"
    assert set(found.values()) <= {"weak", "context"}
