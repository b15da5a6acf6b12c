from pathlib import Path

from forensics.examples.times import ticks
from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Absence, ClockKind
from forensics.model.items import ChildItem, Limits, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.mail import Message
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail import emlx, rfc5322

TOP = b"From: ada@one.example\nTo: ben@two.example\nSubject: x\nMIME-Version: 1.0\n"
ALTERED = (
    TOP + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nText.\n--b\n"
    b'Content-Type: text/x-moz-deleted; name="Deleted: plan.pdf"\nContent-Transfer-Encoding: 8bit\n'
    b'Content-Disposition: inline; filename="Deleted: plan.pdf"\n'
    b'X-Mozilla-Altered: AttachmentDeleted; date="Fri Apr 10 10:11:12 2020"\n\n'
    b"You deleted an attachment from this message. The original MIME headers for the attachment were:\n"
    b"Content-Type: application/pdf\n--b--\n"
)
PARTIAL = (
    TOP + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nText.\n--b\nContent-Type: application/pdf\n"
    b"Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=plan.pdf; size=5000\n"
    b"X-Apple-Content-Length: 6842\n\n\n--b--\n"
)


def at(*steps: tuple[StepKind, str]) -> Location:
    return Location(tuple([Step(kind=kind, name=name, start=0, end=0, source="s") for kind, name in steps]))


def read(data: bytes, where: Location, **limits: int) -> tuple[Message, list[ChildItem], list[Notice]]:
    found = list(rfc5322.parse(MemoryBytes(data), where, ParseContext(limits=Limits(**limits))))
    (message,) = [one for one in found if isinstance(one, Message)]
    return (
        message,
        [one for one in found if isinstance(one, ChildItem)],
        [one for one in found if isinstance(one, Notice)],
    )


def test_a_file_that_thunderbird_took_out_is_told_with_its_time() -> None:
    message, children, notices = read(ALTERED, at((StepKind.FILE, "Inbox")))
    assert [one.code for one in notices] == ["mail.altered"]
    assert "deleted a file" in notices[0].text
    assert children[0].content is not None
    (stamp,) = message.by_kind[TimeKind.PART_ALTERED]
    assert (stamp.wall, stamp.instant) == (ticks("2020-04-10T10:11:12+00:00"), Absence.NOT_PRESENT)
    assert stamp.clock is ClockKind.MAILBOX and stamp.locator.path == "part:2/X-Mozilla-Altered"
    assert ALTERED[slice(*stamp.locator.ranges[0])] == stamp.raw == b"Fri Apr 10 10:11:12 2020"


def test_a_file_that_thunderbird_put_elsewhere_is_told_with_its_place() -> None:
    field = (
        b'X-Mozilla-External-Attachment-URL: file:///home/ada/plan.pdf\nX-Mozilla-Altered: AttachmentDetached; date="x"'
    )
    data = ALTERED.replace(b'X-Mozilla-Altered: AttachmentDeleted; date="Fri Apr 10 10:11:12 2020"', field)
    message, _, notices = read(data, at((StepKind.FILE, "Inbox")))
    assert [one.code for one in notices] == ["mail.date_unparsable", "mail.altered"]
    assert "detached a file" in notices[1].text and notices[1].text.endswith("file:///home/ada/plan.pdf")
    assert [one.wall for one in message.by_kind[TimeKind.PART_ALTERED]] == [Absence.UNPARSABLE]


def test_a_file_that_apple_mail_keeps_beside_the_mail_is_an_item_without_bytes() -> None:
    where = at((StepKind.FILE, "V2/Inbox.mbox/Messages/17.partial.emlx"), (StepKind.STREAM, "message"))
    message, (child,), notices = read(PARTIAL, where)
    assert child.content is None and child.name == b"plan.pdf" and child.step.sha256 == ""
    assert [one.code for one in child.notices] == ["mail.part_elsewhere"] and notices == list(child.notices)
    assert "6,842 bytes" in child.notices[0].text
    assert child.notices[0].text.endswith("below V2/Inbox.mbox/Attachments/17/2/")
    assert message.parts[1].stated_size == 5000


def test_where_no_place_is_known_none_is_named() -> None:
    for name in ("17.emlx", "a.eml", "x.partial.emlx"):
        _, (child,), _ = read(PARTIAL, at((StepKind.FILE, name)))
        assert "sought" not in child.notices[0].text


def test_a_part_that_has_its_bytes_is_read() -> None:
    data = PARTIAL.replace(b"6842\n\n\n", b"6842\n\nSGVsbG8=\n")
    _, (child,), notices = read(data, at((StepKind.FILE, "17.partial.emlx")))
    assert child.content == b"Hello" and child.notices == () and notices == []


def test_the_same_of_a_mail_that_is_not_held() -> None:
    _, children, notices = read(ALTERED + b"x" * 400_000, at((StepKind.FILE, "Inbox")), memory_bytes=300_000)
    assert "mail.altered" in [one.code for one in notices]
    assert children


def test_in_a_partial_emlx(tmp_path: Path) -> None:
    data = b"%d\n" % len(PARTIAL) + PARTIAL
    where = at((StepKind.FILE, "Messages/17.partial.emlx"))
    (child,) = [one for one in emlx.parse(MemoryBytes(data), where, ParseContext()) if isinstance(one, ChildItem)]
    assert child.content == PARTIAL
