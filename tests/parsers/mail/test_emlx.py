import hashlib
from pathlib import Path

import pytest

from forensics.errors import WrongFormat
from forensics.examples.times import ticks
from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import ClockKind, Description
from forensics.model.items import ChildItem, Limits, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers.identify import identify
from forensics.parsers.mail import emlx

WHERE = Location((Step(kind=StepKind.FILE, name="1.emlx", start=0, end=0, source="s"),))
MAIL = b"From: Ada <ada@one.example>\nTo: ben@two.example\nSubject: x\n\nText.\n"
PLIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
	<key>date-last-viewed</key>
	<integer>0</integer>
	<key>date-received</key>
	<integer>1488794462</integer>
	<key>date-sent</key>
	<real>1488794460.5</real>
	<key>flags</key>
	<integer>8590195713</integer>
</dict>
</plist>
"""


def read(data: bytes, **context: object) -> tuple[ChildItem, list[Notice]]:
    found = list(emlx.parse(MemoryBytes(data), WHERE, ParseContext(**context)))  # type: ignore[arg-type]
    (child,) = [item for item in found if isinstance(item, ChildItem)]
    return child, [item for item in found if isinstance(item, Notice)]


def test_the_message_and_the_mailboxs_own_times() -> None:
    data = b"%d      \n" % len(MAIL) + MAIL + PLIST
    child, notices = read(data)
    assert child.content == MAIL and child.format == "mail.rfc5322" and notices == []
    assert data[child.step.start : child.step.end] == MAIL
    assert child.step.sha256 == hashlib.sha256(MAIL).hexdigest()
    assert [(one.description, one.instant, one.clock) for one in child.times] == [
        (Description.DELIVERED, ticks("2017-03-06T10:01:02+00:00"), ClockKind.MAILBOX),
        (Description.SENT, ticks("2017-03-06T10:01:00+00:00"), ClockKind.MAILBOX),
    ]
    for stamp in child.times:
        ((start, end),) = stamp.locator.ranges
        assert data[start:end] == stamp.raw


def test_a_file_cut_off_gives_what_is_there_and_says_so() -> None:
    child, notices = read(b"999\r\n" + MAIL)
    assert child.content == MAIL and child.times == ()
    assert [one.code for one in notices] == ["emlx.length"]


def test_a_long_tail_is_counted_as_unread() -> None:
    tail = b"<plist>" + b"x" * (1 << 20)
    _, notices = read(b"%d\n" % len(MAIL) + MAIL + tail)
    assert [(one.code, one.unread) for one in notices] == [("emlx.plist", 7)]


def test_what_stands_behind_the_property_list_is_told() -> None:
    data = b"%d\n" % len(MAIL) + MAIL + PLIST + b"hidden\n"
    _, (notice,) = read(data)
    assert (notice.code, notice.unread) == ("emlx.plist", 6)
    assert notice.locator is not None and b"hidden" in data[slice(*notice.locator.ranges[0])]


def test_a_large_message_is_not_held() -> None:
    child, _ = read(b"%d\n" % len(MAIL) + MAIL + PLIST, limits=Limits(memory_bytes=10))
    assert not isinstance(child.content, bytes) and child.content is not None
    assert child.content.read(0, child.content.size) == MAIL


@pytest.mark.parametrize(
    ("data", "parser"),
    [
        (b"67\n" + MAIL + PLIST, "mail.emlx"),
        (b"67\nno mail at all\n", None),
        (MAIL, "mail.rfc5322"),
        (MAIL + PLIST, "mail.emlx"),
    ],
)
def test_what_it_is_told_by(data: bytes, parser: str | None) -> None:
    assert identify(data[:4096], MemoryBytes(data), b"1.emlx") == parser


@pytest.mark.parametrize("stated", [0, 5, len(MAIL) - 1, len(MAIL) + 1, len(MAIL) + 100, 999_999])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("inside", [b"", b'\n<?xml version="1.0"?>\n<plist><dict></dict></plist>\n'])
def test_a_wrong_length_loses_nothing(stated: int, end: bytes, inside: bytes) -> None:
    mail = (MAIL + inside).replace(b"\n", end)
    child, notices = read(b"%d\n" % stated + mail + PLIST)
    assert child.content == mail
    assert len(child.times) == 2
    assert [one.code for one in notices] == ["emlx.length"]


def test_without_a_length_the_message_ends_at_the_property_list() -> None:
    child, notices = read(MAIL + PLIST)
    assert child.content == MAIL and len(child.times) == 2
    assert [one.code for one in notices] == ["emlx.length"]


@pytest.mark.parametrize("rest", [b"", b"\n\n"])
def test_a_right_length_without_a_property_list(rest: bytes) -> None:
    child, notices = read(b"%d\n" % len(MAIL) + MAIL + rest)
    assert child.content == MAIL and notices == []


def test_a_short_length_without_a_property_list_loses_nothing() -> None:
    child, notices = read(b"20\n" + MAIL)
    assert child.content == MAIL and [one.code for one in notices] == ["emlx.length"]


def test_a_property_list_in_the_message_is_text() -> None:
    mail = MAIL + b"<plist><dict></dict></plist>\n"
    for tail in (PLIST, b""):
        child, notices = read(b"%d\n" % len(mail) + mail + tail)
        assert child.content == mail and notices == []


def test_without_a_length_it_is_refused() -> None:
    with pytest.raises(WrongFormat):
        list(emlx.parse(MemoryBytes(MAIL), WHERE, ParseContext()))


def test_a_real_file(corpora: Path) -> None:
    files = list(corpora.rglob("*.emlx"))
    assert files
    for path in files:
        child, notices = read(path.read_bytes())
        assert isinstance(child.content, bytes) and child.content.startswith(b"From:") and notices == []
