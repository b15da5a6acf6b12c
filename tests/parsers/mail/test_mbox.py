import contextlib
import hashlib
import mailbox
import re
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError, WrongFormat
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision
from forensics.model.items import ChildItem, Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import decoders
from forensics.parsers.mail import mbox
from forensics.replay.decoders import decode_range

WHERE = Location((Step(kind=StepKind.FILE, name="a.mbox", start=0, end=0, source="s"),))
FROM = b"From ada@one.example Tue Jul  5 11:33:22 2016\n"
MAIL = b"From: Ada <ada@one.example>\nSubject: x\n\n"


def read(data: bytes, **context: object) -> tuple[list[ChildItem], list[Notice]]:
    found = list(mbox.parse(MemoryBytes(data), WHERE, ParseContext(**context)))  # type: ignore[arg-type]
    children = [item for item in found if isinstance(item, ChildItem)]
    for child in children:
        layer: ByteSource = MemoryBytes(data)
        for step in (*child.outer, child.step):
            decoded = b"".join(decode_range(decoders(), step.decoder, layer, step.start, step.end))
            assert hashlib.sha256(decoded).hexdigest() == step.sha256
            layer = MemoryBytes(decoded)
        assert child.content is not None
        content = child.content if isinstance(child.content, bytes) else child.content.read(0, child.content.size)
        assert content == layer.read(0, layer.size)
        for stamp in child.times:
            (start, end), *_ = stamp.locator.ranges
            assert data[start:end] == stamp.raw
    return children, [item for item in found if isinstance(item, Notice)]


def contents(data: bytes) -> list[object]:
    return [child.content for child in read(data)[0]]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_messages_without_separator_and_its_blank_line(end: bytes) -> None:
    one, two = MAIL + b"one\n", MAIL + b"two\n\n"
    data = (FROM + one + b"\n" + FROM + two + b"\n").replace(b"\n", end)
    children, notices = read(data)
    assert [child.content for child in children] == [one.replace(b"\n", end), two.replace(b"\n", end)]
    assert [(child.step.kind, child.step.index) for child in children] == [
        (StepKind.MBOX_MESSAGE, 0),
        (StepKind.MBOX_MESSAGE, 1),
    ]
    assert {child.format for child in children} == {"mail.rfc5322"}
    assert notices == []


@pytest.mark.parametrize(
    ("line", "wall", "instant", "offset"),
    [
        (b"a@b.example Tue Jul  5 11:33:22 2016", 1_467_718_402, None, None),
        (b"- Tue Jul 05 11:33:22 2016", 1_467_718_402, None, None),
        (b"a at b.example  Tue Jul  5 11:33 2016", 1_467_718_380, None, None),
        (b"1@xxx Tue Jul 05 11:33:22 +0200 2016", 1_467_718_402, 1_467_711_202, 7200),
        (b"a@b.example Tue Jul  5 11:33:22 GMT 2016", 1_467_718_402, 1_467_718_402, 0),
        (b"a@b.example Tue, 5 Jul 2016 11:33:22 -0100", 1_467_718_402, 1_467_722_002, -3600),
        (b"a Tue Jul  5 11:33:22 2016 remote from host", 1_467_718_402, None, None),
    ],
)
def test_time_of_the_separator(line: bytes, wall: int, instant: int | None, offset: int | None) -> None:
    (child,), _ = read(b"From " + line + b"\n" + MAIL)
    (stamp,) = child.times
    assert stamp.wall == wall * TICKS_PER_SECOND
    if instant is None:
        assert isinstance(stamp.instant, Absence) and isinstance(stamp.offset_s, Absence)
    else:
        assert (stamp.instant, stamp.offset_s) == (instant * TICKS_PER_SECOND, offset)
    assert (stamp.description, stamp.clock) == (Description.DELIVERED, ClockKind.MAILBOX)
    assert stamp.precision in (Precision.SECOND, Precision.MINUTE)
    assert stamp.locator.path == "mbox:from[0]"


def test_impossible_date_still_separates() -> None:
    children, _ = read(FROM + MAIL + b"\nFrom a@b.example Tue Feb 31 11:33:22 2016\n" + MAIL)
    assert len(children) == 2
    assert isinstance(children[1].times[0].wall, Absence)


def test_from_lines_in_bodies_do_not_separate() -> None:
    body = b"text\n\nFrom now on all is well.\n\nFrom ada@one.example Tue Jul  5 11:33:22 2016\nwas written by her\n"
    children, notices = read(FROM + MAIL + body + b"\n" + FROM + MAIL + b"x\n")
    assert [child.content for child in children] == [MAIL + body, MAIL + b"x\n"]
    assert [(notice.code, len(notice.locator.ranges)) for notice in notices if notice.locator] == [
        ("mbox.from_line", 1)
    ]


def test_separator_without_blank_line_is_taken_and_noted() -> None:
    children, notices = read(FROM + MAIL + b"one\n" + FROM + MAIL + b"two\n")
    assert [child.content for child in children] == [MAIL + b"one\n", MAIL + b"two\n"]
    assert [notice.code for notice in notices] == ["mbox.no_blank_line"]


def test_quoted_lines_are_a_second_layer() -> None:
    stored = MAIL + b">From me\n>>From you\n"
    (plain, child), notices = read(FROM + MAIL + b"\n" + FROM + stored + b"\n")
    assert plain.outer == ()
    assert child.content == MAIL + b"From me\n>From you\n"
    (outer,) = child.outer
    assert (outer.kind, outer.index, outer.decoder) == (StepKind.MBOX_MESSAGE, 1, "copy/1")
    assert (child.step.kind, child.step.decoder, child.step.name) == (StepKind.UNQUOTED, "mboxrd/1", "mboxrd")
    assert (child.step.start, child.step.end) == (0, len(stored))
    assert notices == []


def test_quotations_left_alone_show_mboxo() -> None:
    stored = MAIL + b">> so\n>>From there\n>> on\n>From me\n"
    (child,), notices = read(FROM + stored + b"\n")
    assert child.content == MAIL + b">> so\n>>From there\n>> on\nFrom me\n"
    assert child.step.decoder == "mboxo/1" and notices == []


def test_quotations_quoted_again_show_mboxrd() -> None:
    stored = MAIL + b"> so\n>>From there\n> on\n"
    (child,), notices = read(FROM + stored + b"\n")
    assert child.content == MAIL + b"> so\n>From there\n> on\n"
    assert child.step.decoder == "mboxrd/1" and notices == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"> so\n>>From there\n> on\n\n>> so\n>>From there\n", b"> so\n>From there\n> on\n\n>> so\n>From there\n"),
        (b"From me\n>From you\n", b"From me\n>From you\n"),
    ],
)
def test_contradicting_evidence_is_noted(body: bytes, expected: bytes) -> None:
    (child,), notices = read(FROM + MAIL + body + b"\n")
    assert child.content == MAIL + expected
    assert [notice.code for notice in notices] == ["mbox.quoting"]


def test_content_length_covers_what_looks_like_a_separator() -> None:
    inner = FROM + MAIL + b"inner\n\n"
    body = b"text\n\n" + inner
    head = b"Subject: x\nContent-Length: %d\n\n" % len(body)
    children, notices = read(FROM + head + body + b"\n" + FROM + MAIL + b"last\n")
    assert [child.content for child in children] == [head + body, MAIL + b"inner\n\n", MAIL + b"last\n"]
    assert [notice.code for notice in notices] == ["mbox.from_line_inside"]
    (odd,) = children[1].notices
    assert odd.code == "mbox.cut_otherwise" and odd.locator is not None
    assert children[1].times[0].locator.path.startswith("mbox:inside[")
    assert [child.step.index for child in children] == [0, None, 1]


def test_of_many_mails_in_a_message_the_first_are_kept_as_others_cut_them() -> None:
    body = b"text\n\n" + (FROM + MAIL + b"inner\n\n") * 100
    head = b"Subject: x\nContent-Length: %d\n\n" % len(body)
    children, (notice,) = read(FROM + head + body + b"\n" + FROM + MAIL + b"last\n")
    assert len(children) == 2 + 64 and notice.text.startswith("100 ")
    inner = [child.step for child in children[1:-1]]
    assert {step.end - step.start for step in inner} == {len(MAIL + b"inner\n\n")}


def test_blank_lines_between_mails_hold_nothing() -> None:
    data = b"\n\n" + FROM + MAIL + b"one\n\n" + FROM + MAIL + b"two\n\n"
    found = list(mbox.parse(MemoryBytes(data), WHERE, ParseContext()))
    assert [one.size for one in found if isinstance(one, Padding)] == [2, 2]


@pytest.mark.parametrize("length", [b"3", b"999999", b"junk", b"9" * 14])
def test_stale_content_length_is_not_believed(length: bytes) -> None:
    head = b"Subject: x\nContent-Length: " + length + b"\n\n"
    assert contents(FROM + head + b"one two\n\n" + FROM + MAIL + b"x\n") == [head + b"one two\n", MAIL + b"x\n"]


def test_separators_without_dates() -> None:
    data = b"From a@b.example\n" + MAIL + b"From here\n\nFrom a@b.example\n" + MAIL + b"x\n"
    children, _ = read(data)
    assert [child.content for child in children] == [MAIL + b"From here\n", MAIL + b"x\n"]
    assert children[0].times == ()


def test_bytes_before_the_first_separator_are_kept() -> None:
    lead = b"end of a mail\n--b--\n\n"
    (leading, child), (notice,) = read(lead + FROM + MAIL + b"x\n")
    assert leading.content == lead and leading.step.name == "leading" and leading.format == ""
    assert child.step.index == 0 and child.content == MAIL + b"x\n"
    assert notice.code == "mbox.leading"
    assert not mbox.sniff(lead, MemoryBytes(lead + FROM + MAIL))
    assert mbox.sniff_named(lead, MemoryBytes(lead + FROM + MAIL))


def test_cut_in_the_middle_is_noted() -> None:
    children, notices = read(FROM + MAIL + b"one\n\n" + FROM + b"Subj")
    assert [child.content for child in children] == [MAIL + b"one\n", b"Subj"]
    assert [notice.code for notice in notices] == ["mbox.no_final_newline"]


@pytest.mark.parametrize(
    "data", [b"From : Ada <ada@one.example>\n\n", b"From: a\n", b"From me to you\nwith love\n", b"F", b""]
)
def test_what_is_no_mailbox(data: bytes) -> None:
    assert not mbox.sniff(data[:4096], MemoryBytes(data))
    with pytest.raises(WrongFormat):
        list(mbox.parse(MemoryBytes(data), WHERE, ParseContext()))


def test_message_larger_than_memory_is_a_view_or_spooled() -> None:
    large = MAIL + b">From x\n" + b"line of text\n" * 10_000
    data = FROM + MAIL + b"\n" + FROM + large + b"\n" + FROM + MAIL
    limits = Limits(memory_bytes=50_000)
    children, _ = read(data, limits=limits)
    view = children[1].content
    assert view is not None and not isinstance(view, bytes)
    assert view.read(0, 300_000) == large
    assert [notice.code for notice in children[1].notices] == ["mbox.memory_limit"]

    def spool(chunks: Iterable[bytes]) -> ByteSource:
        return MemoryBytes(b"".join(chunks))

    children, _ = read(data, limits=limits, spool=spool)
    assert children[1].outer and children[1].step.decoder == "mboxrd/1"


@pytest.mark.parametrize("target", [1, 150, 5_000])
def test_ranges_give_what_the_whole_gives(target: int) -> None:
    mails = [MAIL + b"number %d\n>From x\n" % number * (number % 7) for number in range(60)]
    data = b"".join(FROM + mail + b"\n" for mail in mails)
    source = MemoryBytes(data)
    cuts = mbox.cut(source, Limits(), target)
    assert [cut.start for cut in cuts] + [len(data)] == [0] + [cut.end for cut in cuts]
    parts = [item for cut in cuts for item in mbox.parse_range(source, cut, WHERE, ParseContext())]
    assert _kept(parts) == _kept(mbox.parse(source, WHERE, ParseContext()))


def _kept(found: Iterable[object]) -> tuple[list[object], int]:
    """Return what is found, and how many bytes hold nothing."""
    both = list(found)
    return [one for one in both if not isinstance(one, Padding)], sum(
        [one.size for one in both if isinstance(one, Padding)]
    )


class Windows:
    """A source that counts what is asked of it."""

    def __init__(self, unit: bytes, times: int) -> None:
        self.unit, self.size, self.most = unit, len(unit) * times, 0

    def read(self, start: int, end: int) -> bytes:
        end = min(end, self.size)
        self.most = max(self.most, end - start)
        first = start % len(self.unit)
        return (self.unit * ((end - start) // len(self.unit) + 2))[first : first + max(end - start, 0)]


def test_a_large_mailbox_is_read_in_windows() -> None:
    source = Windows(FROM + MAIL + b"x" * 99_000 + b"\n\n", 1000)
    count = sum(isinstance(one, ChildItem) for one in mbox.parse(source, WHERE, ParseContext()))
    assert count == 1000
    assert source.most <= mbox.SAMPLE_BYTES
    assert len(mbox.cut(source, Limits(), 10_000_000)) == 10


@pytest.mark.parametrize(
    "unit",
    [
        b"From a\n",
        FROM,
        FROM + b"Content-Length: 60000\n\n",
        b"\nFrom " + b"Tue " * 200,
        b"From Tue Jul  5 11:33:22 " + b"1" * 900 + b"\n",
        b">" * 1000,
    ],
)
def test_hostile_lines_take_bounded_time(unit: bytes) -> None:
    data = FROM + MAIL + b"\n" + unit * (250_000 // len(unit))
    started = time.process_time()
    with contextlib.suppress(ParseError):
        list(mbox.parse(MemoryBytes(data), WHERE, ParseContext()))
    assert time.process_time() - started < 3


PARTS = [FROM, MAIL, b"\n", b"\r\n", b">From x\n", b"From x\n", b"From ", b"Content-Length: 12\n", b"\xff\0", b"text\n"]


@settings(max_examples=100, deadline=2000)
@given(st.lists(st.sampled_from(PARTS) | st.binary(max_size=20), max_size=25))
def test_any_bytes_are_accounted_for(parts: list[bytes]) -> None:
    data = b"".join(parts)
    with contextlib.suppress(ParseError):
        children, notices = read(data)
        outer = [child.outer[0] if child.outer else child.step for child in children]
        at = max((n.locator.ranges[0][1] for n in notices if n.code == "mbox.leading_blank" and n.locator), default=0)
        for step in outer:
            # Between the messages stand separators and blank lines, nothing else.
            between = data[at : step.start]
            assert not between.strip(b"\r\n") or re.fullmatch(rb"\s*(?:\xef\xbb\xbf)?\s*From [^\n]*\n?", between)
            at = step.end
        assert not data[at:].strip(b"\r\n")


def test_real_mailboxes_agree_with_the_standard_library(corpora: Path) -> None:
    messages = 0
    for path in sorted((corpora / "mail").rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if not mbox.sniff(data[:4096], MemoryBytes(data)):
            continue
        children, _ = read(data)
        messages += len(children)
        theirs = mailbox.mbox(path, create=False)
        assert len(theirs) == len(children), path
        for number, child in enumerate(children):
            step = child.outer[0] if child.outer else child.step
            got = theirs.get_bytes(number)
            # They take only LF for the blank line before a separator.
            assert got.rstrip(b"\r\n") == data[step.start : step.end].rstrip(b"\r\n"), path
        theirs.close()
    assert messages > 400


@pytest.mark.parametrize("quoted", [re.compile(rb"(?m)^(>*From )"), re.compile(rb"(?m)^(From )")])
def test_real_mails_come_out_of_a_mailbox_as_they_went_in(corpora: Path, quoted: re.Pattern[bytes]) -> None:
    mails = []
    for path in sorted((corpora / "mail").rglob("*.eml"))[:1500]:
        data = path.read_bytes().replace(b"\r\n", b"\n")
        if re.match(rb"[!-9;-~]+:", data):
            mails.append(data if data.endswith(b"\n") else data + b"\n")
    data = b"".join(FROM + quoted.sub(rb">\1", mail) + b"\n" for mail in mails)
    assert len(mails) > 1000
    children, _ = read(data)
    assert len(children) == len(mails)
    differing = [number for number, mail in enumerate(mails) if children[number].content != mail]
    assert len(differing) <= 2  # mboxo cannot be undone where a mail itself had the quoted form
