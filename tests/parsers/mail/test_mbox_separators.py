import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ChildItem, Limits, Notice, ParseContext, Range
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers.mail import mbox
from forensics.parsers.mail._mbox_separators import Form, evidence, read_line

WHERE = Location((Step(kind=StepKind.FILE, name="a.mbox", start=0, end=0, source="s"),))
DATED = b"From ada@one.example Tue Jul  5 11:33:22 2016\n"
PATCH = b"From " + b"0123456789" * 4 + b" Mon Sep 17 00:00:00 2001\n"
MAIL = b"Return-Path: <ada@one.example>\nFrom: Ada <ada@one.example>\nSubject: %d\n\nText.\n"


def read(data: bytes) -> tuple[list[bytes], list[str]]:
    assert mbox.sniff(data[:4096], MemoryBytes(data))
    found = list(mbox.parse(MemoryBytes(data), WHERE, ParseContext()))
    notices = [item.code for item in found if isinstance(item, Notice)]
    return [item.content for item in found if isinstance(item, ChildItem)], notices  # type: ignore[misc]


def mails(*lines: bytes, blank: bytes = b"\n") -> bytes:
    return b"".join(line + MAIL % number + blank for number, line in enumerate(lines))


UNDATED = [
    b"From \n",
    b"From -\n",
    b"From - \n",
    b"From ben@two.example\n",
    b'From "ben b"@two.example\n',
    b"From ben at two.example\n",
    b"From MAILER-DAEMON\n",
    b"From Ben Bee <ben@two.example>\n",
    b"From ben@two.example 2016-07-05 11:33:22\n",
    b"From ben@two.example 2016-07-05T11:33:22+02:00\n",
    b"From - 05.07.2016 11:33:22\n",
    b"From ben@two.example 7/5/16 11:33\n",
    b"From ben@two.example Di Jul 05 11:33:22 2016\n",
    b"From ben@two.example 1467711202\n",
    b"From Ben Bee of Two\n",
]


@pytest.mark.parametrize("line", UNDATED)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_separators_of_two_kinds_in_one_file(line: bytes, end: bytes) -> None:
    for lines in ((DATED, line, DATED), (line, DATED, line), (DATED, line, line)):
        data = mails(*lines).replace(b"\n", end)
        contents, notices = read(data)
        assert contents == [(MAIL % number).replace(b"\n", end) for number in range(3)]
        assert "mbox.separator_form" in notices
        assert ("mbox.bare_cr" in notices) is (end == b"\r")


@pytest.mark.parametrize("line", [line for line in UNDATED if b" Bee of " not in line and b"DAEMON" not in line])
def test_separators_without_dates_and_blank_lines(line: bytes) -> None:
    for first in (line, DATED):
        contents, notices = read(mails(first, line, line, blank=b""))
        assert contents == [MAIL % number for number in range(3)]
        assert "mbox.no_blank_line" in notices


@pytest.mark.parametrize(
    "text",
    [
        b"From now on all is well.\n",
        b"From the desk of Ada\nNote: see below\n",
        b"From ben@two.example I heard:\nall is well\n",
        b"From: ben@two.example\nSubject: x\nReceived: y\n",
        b"From\nSubject: x\n",
        b"From Ada\nSubject: a book\nTo: all\n",
    ],
)
def test_text_that_begins_with_from_is_text(text: bytes) -> None:
    contents, _ = read(DATED + MAIL % 0 + b"\n" + text + b"\n" + DATED + MAIL % 1)
    assert contents == [MAIL % 0 + b"\n" + text, MAIL % 1]


def test_words_before_a_header_that_people_write_are_told() -> None:
    text = b"From Ada and Ben\nSubject: a book\nTo: all\n"
    assert read(DATED + MAIL % 0 + b"\n" + text)[1] == ["mbox.from_line_inside"]


def test_a_patch_in_a_body_is_text_and_told() -> None:
    patch = PATCH + b"From: Carol <carol@three.example>\nSubject: [PATCH] fix\n\n---\n a.c | 2 +-\n"
    contents, notices = read(DATED + MAIL % 0 + b"\n" + patch + b"\n" + DATED + MAIL % 1)
    assert contents == [MAIL % 0 + b"\n" + patch, MAIL % 1]
    assert notices == ["mbox.from_line_inside"]


@pytest.mark.parametrize("name", [b"0123456789" * 4, b"0123456789abcdef" * 4])
def test_a_file_of_patches_is_split(name: bytes) -> None:
    line = b"From " + name + b" Mon Sep 17 00:00:00 2001\n"
    contents, notices = read(mails(line, line, line))
    assert contents == [MAIL % number for number in range(3)] and notices == []


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("zeros", [1, 5, 70_000])
@pytest.mark.parametrize("blank", [b"\n", b""])
def test_nul_bytes_before_a_separator(end: bytes, zeros: int, blank: bytes) -> None:
    one, hole = DATED + MAIL % 0 + blank, b"\0" * zeros
    data = one.replace(b"\n", end) + hole + mails(DATED, b"From -\n").replace(b"\n", end)
    contents, notices = read(data)
    assert contents[0] == (MAIL % 0 + blank).replace(b"\n", end) + hole
    assert [content.count(b"Subject") for content in contents] == [1, 1, 1]
    assert "mbox.nul_hole" in notices


def test_nul_bytes_at_the_beginning() -> None:
    contents, notices = read(b"\0" * 100 + mails(DATED, DATED))
    assert len(contents) == 2 and notices == ["mbox.leading_blank"]


def test_nul_bytes_at_the_end_belong_to_the_last_message() -> None:
    contents, _ = read(DATED + MAIL % 0 + b"\0\0")
    assert contents == [MAIL % 0 + b"\0\0"]


def test_a_date_that_cannot_be_read_is_told_with_its_place() -> None:
    data = mails(DATED, b"From - 05.07.2016 11:33:22\n")
    found = list(mbox.parse(MemoryBytes(data), WHERE, ParseContext()))
    (note,) = [item for item in found if isinstance(item, Notice) and item.code == "mbox.date_unparsable"]
    assert note.locator is not None
    assert [data[slice(*one)] for one in note.locator.ranges] == [b"05.07.2016 11:33:22"]


def test_forms() -> None:
    assert read_line(DATED, 0, False).form is Form.DATED  # type: ignore[union-attr]
    assert read_line(PATCH, 0, False).form is Form.PATCH  # type: ignore[union-attr]
    assert read_line(b"From x", 0, False) is None
    assert read_line(b"From : x\n", 0, False) is None


def test_evidence_counts_names_once() -> None:
    said = evidence(b"X-A: 1\n continued\nx-a: 2\nNote: y\n\nFrom: z\n")
    assert (said.known, said.by_programs, said.strong) == (1, 1, False)
    assert evidence(b"To: a\nDate: b\nReceived: c\n").strong
    assert not evidence(b"To: a\nDate: b\nSubject: c\n").strong


PARTS = [*UNDATED, DATED, PATCH, MAIL, b"\n", b"\0", b"\r", b">From x\n", b"From x\n", b"To: a\n", b"text\n"]


@settings(max_examples=100, deadline=2000)
@given(st.lists(st.sampled_from(PARTS), max_size=30), st.integers(1, 300))
def test_ranges_give_what_the_whole_gives(parts: list[bytes], target: int) -> None:
    data = DATED + MAIL % 0 + b"".join(parts)
    source = MemoryBytes(data)
    cuts = mbox.cut(source, Limits(), target) or [Range(start=0, end=len(data), ordinal=0)]
    split = [item for cut in cuts for item in mbox.parse_range(source, cut, WHERE, ParseContext())]
    whole = list(mbox.parse(source, WHERE, ParseContext()))
    assert [item for item in split if isinstance(item, ChildItem)] == [
        item for item in whole if isinstance(item, ChildItem)
    ]
    assert {item.code for item in split if isinstance(item, Notice)} == {
        item.code for item in whole if isinstance(item, Notice)
    }


@pytest.mark.parametrize(
    "unit",
    [
        b"\0From a@b\n",
        b"\0\0\0\0From \n",
        b"From \nX-A: 1\n",
        b"From a@b\nTo: 1\n",
        b"\rFrom ",
        b"From ",
        PATCH + b"To: a\n",
    ],
)
def test_hostile_lines_take_bounded_time(unit: bytes) -> None:
    started = time.process_time()
    list(mbox.parse(MemoryBytes(mails(DATED) + unit * (250_000 // len(unit))), WHERE, ParseContext()))
    assert time.process_time() - started < 3
