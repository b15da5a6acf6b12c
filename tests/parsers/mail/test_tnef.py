"""TNEF as a format: the message that its properties and older attributes make, and its attachments."""

import hashlib
from pathlib import Path
from typing import Any

import compressed_rtf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.errors import Truncated
from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Absence, Timestamp
from forensics.model.items import ChildItem, Notice, Padding, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers.identify import identify
from forensics.parsers.mail import tnef
from tests.parsers.mail import tnef_streams as made

MONDAY = 131332680620000000
"""2017-03-06 10:01:02 UTC as a FILETIME."""


def parse(data: bytes) -> list[Yielded]:
    return list(tnef.parse(MemoryBytes(data), Location(()), ParseContext()))


def message(data: bytes) -> Message:
    (found,) = [one for one in parse(data) if isinstance(one, Message)]
    return found


def whole() -> bytes:
    inner = made.stream(made.head(), made.attribute(made.SUBJECT, b"Inner\0"))
    return made.stream(
        made.head(),
        made.attribute(made.SENT, made.date(2017, 3, 6, 11, 1, 2, 1)),
        made.attribute(made.SUBJECT, b"Figures, older\0"),
        made.attribute(
            made.PROPERTIES,
            made.properties(
                made.text(0x0037, "Figures"),
                made.text(0x1035, "<1@mail.one.example>"),
                made.time(0x0039, MONDAY),
                made.text(0x0C1A, "Anna Berg"),
                made.text(0x0C1E, "SMTP"),
                made.text(0x0C1F, "anna@one.example"),
                made.text(0x1000, "The figures are attached.\r\n"),
            ),
        ),
        made.attribute(made.RECIPIENTS, made.rows([made.number(0x0C15, 1), made.text(0x39FE, "ben@two.example")])),
        made.rendering(),
        made.attribute(made.TITLE, b"figures.txt\0"),
        made.attribute(made.CREATED, made.date(2017, 3, 1, 9, 0, 0, 3)),
        made.attribute(made.DATA, b"1, 2, 3"),
        made.rendering(),
        made.attribute(
            made.ATTACHMENT,
            made.properties(
                made.number(0x3705, 5), made.prop(0x3701, made.OBJECT, made.counted(made.IID_MESSAGE + inner))
            ),
        ),
    )


def test_it_is_told_by_its_signature_whatever_its_name() -> None:
    data = whole()
    for name, declared in (
        (b"winmail.dat", "application/ms-tnef"),
        (b"win.dat", ""),
        (b"", ""),
        (b"a.eml", "text/plain"),
    ):
        assert identify(data[:4096], MemoryBytes(data), name, declared) == "mail.tnef"
    assert identify(b"\x78\x9f\x3e\x23" + data[4:], MemoryBytes(data), b"winmail.dat") is None
    with pytest.raises(Truncated):
        parse(made.SIGNATURE + b"\1")


def test_what_a_message_says() -> None:
    data = whole()
    found = message(data)
    assert (found.subject.value, found.message_id.value) == ("Figures", "1@mail.one.example")
    assert [(one.field, one.name, one.address) for one in found.parties] == [
        ("from", "Anna Berg", "anna@one.example"),
        ("to", "", "ben@two.example"),
    ]
    date = found.date
    assert isinstance(date, Timestamp)
    assert (date.kind, date.instant) == (TimeKind.SUBMITTED, 14887944620000000)
    sent = found.by_kind[TimeKind.TNEF_SENT][0]
    assert (sent.instant, sent.wall, sent.offset_s) == (Absence.NOT_PRESENT, 14887980620000000, Absence.NOT_PRESENT)
    assert [one.locator.path for one in found.by_kind[TimeKind.TNEF_ATTACHMENT_CREATED]] == [
        "tnef:attachment[0]/attAttachCreateDate"
    ]
    # What an older attribute says otherwise stands beside the property.
    assert [one.value for one in found.stored if one.name == "tnef.subject"] == ["Figures, older"]
    paths = [one.locator.path for one in found.timestamps]
    assert len(set(paths)) == len(paths)
    for one in found.timestamps:
        if one.locator.ranges and not one.locator.steps:
            assert data[one.locator.ranges[0][0] : one.locator.ranges[0][1]] == one.raw
    (text,) = tnef.text_parts(MemoryBytes(data), ParseContext())
    assert text.text.strip() == "The figures are attached."
    assert tnef.header_fields(MemoryBytes(data), ParseContext()) == ()


def test_a_message_of_older_attributes_alone() -> None:
    found = message(
        made.stream(
            made.head(),
            made.attribute(made.FROM, made.sender(b"Anna Berg", b"SMTP:anna@one.example")),
            made.attribute(made.SUBJECT, b"Figures\0"),
            made.attribute(made.SENT, made.date(2017, 3, 6, 11, 1, 2, 1)),
            made.attribute(made.BODY, b"See you.\0"),
        )
    )
    assert (found.subject.value, found.subject.locator.path) == ("Figures", "tnef:attSubject")
    assert [(one.field, one.name, one.address) for one in found.parties] == [("from", "Anna Berg", "anna@one.example")]
    date = found.date
    assert isinstance(date, Timestamp)
    assert (date.kind, date.instant, date.wall) == (TimeKind.TNEF_SENT, Absence.NOT_PRESENT, 14887980620000000)
    assert [one.media_type for one in found.parts] == ["text/plain"]


def test_attachments_are_children_and_an_attached_message_is_one_of_the_format(replayed_child: Any) -> None:
    data = whole()
    first, second = [one for one in parse(data) if isinstance(one, ChildItem)]
    assert (first.name, first.content, first.format) == (b"figures.txt", b"1, 2, 3", "")
    assert TimeKind.TNEF_ATTACHMENT_CREATED in [one.kind for one in first.times]
    assert second.format == "mail.tnef"
    for child in (first, second):
        assert replayed_child(data, child) == child.content
    assert isinstance(second.content, bytes)
    assert message(second.content).subject.value == "Inner"


def test_a_note_beside_an_attached_message_is_a_file_of_its_own() -> None:
    inner = made.stream(made.head())
    held = made.properties(
        made.number(0x3705, 5), made.prop(0x3701, made.OBJECT, made.counted(made.IID_MESSAGE + inner))
    )
    data = made.stream(
        made.rendering(),
        made.attribute(made.DATA, b"not supported by this program"),
        made.attribute(made.ATTACHMENT, held),
    )
    note, attached = [one for one in parse(data) if isinstance(one, ChildItem)]
    assert (note.format, attached.format, attached.content) == ("", "mail.tnef", inner)


def test_damage_of_an_attachment_is_told_of_it() -> None:
    data = made.stream(made.rendering(), made.attribute(made.DATA, b"1, 2, 3", checksum=1), made.head(), bytes(5))
    found = parse(data)
    (child,) = [one for one in found if isinstance(one, ChildItem)]
    assert [one.code for one in child.notices] == ["tnef.checksum"]
    assert [one for one in found if isinstance(one, Notice)] == []
    assert [one for one in found if isinstance(one, Padding)] == [Padding(size=5, what="filler")]


@given(st.data())
def test_any_change_of_a_good_stream_is_read(data: st.DataObject) -> None:
    changed = bytearray(whole())
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(6, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(changed[: data.draw(st.integers(6, len(changed)))])
    for one in parse(cut):
        if isinstance(one, ChildItem) and one.content is not None:
            content = one.content if isinstance(one.content, bytes) else one.content.read(0, one.content.size)
            assert cut[one.step.start : one.step.end] == content
            assert one.step.sha256 == hashlib.sha256(content).hexdigest()


SUITE = {
    "IPM-DistList": (0x1708, [89, 19965], "rtf"),
    "MAPI_ATTACH_DATA_OBJ": (0x1AF, [61952, 213685, 68919], "rtf"),
    "MAPI_OBJECT": (0x08, [628224], "rtf"),
    "bad_checksum": (0x5784, [1533127], "html"),
    "body": (0x1125, [], "html"),
    "data-before-name": (0x0D, [0, 0, 289], "rtf"),
    "duplicate_filename": (0x1AF, [61952, 213685, 68919], "rtf"),
    "garbage-at-end": (0x415, [], ""),
    "long-filename": (0x1422, [279], "rtf"),
    "minimal_attachment": (0, [16], ""),
    "missing-filenames": (0x601, [61210, 33792, 34304, 33792], "rtf"),
    "multi-name-property": (0xC6C7, [], ""),
    "multi-value-attribute": (0x1512, [10656], "rtf"),
    "one-file": (0x237, [244], ""),
    "rtf": (0xC02, [], "rtf"),
    "triples": (0xEA64, [], "rtf"),
    "two-files": (0x237, [244, 893], ""),
    "umlaut": (0xA2E, [44764, 1001, 14], "rtf"),
    "unicode-mapi-attr": (0x408F, [1024], "html"),
    "unicode-mapi-attr-name": (0x69EC, [8387, 3815, 3573, 3792], "html"),
}
"""Key, sizes of attachments and richest body. What tnefparse expects is the same but for the attached message of
IPM-DistList, of which it gives the note for other programs alone, and that it takes the preview (PidTagPreview) of two
messages for a text body."""


def test_suite_of_tnefparse(suites: Path) -> None:
    files = {path.stem: path for path in (suites / "tnefparse" / "tests" / "examples").glob("*.tnef")}
    assert files.keys() == SUITE.keys()
    for name, (key, sizes, body) in SUITE.items():
        data = files[name].read_bytes()
        found = message(data)
        assert [one.value for one in found.stored if one.name == "tnef.key"] == [f"{key:04x}"], name
        children = [one for one in parse(data) if isinstance(one, ChildItem)]
        assert [one.step.end - one.step.start for one in children] == sizes, name
        assert all(one.content is not None for one in children)
        bodies = [part.number for part in found.parts if not part.number.startswith("attachment")]
        assert (bodies or [""])[-1] == body, name


def test_streams_of_other_programs(corpora: Path) -> None:
    files = [path for path in corpora.rglob("*") if path.suffix == ".tnef" or "winmail" in path.name.lower()]
    assert len(files) >= 5
    for path in files:
        assert isinstance(message(path.read_bytes()), Message), path.name


def test_a_page_that_rich_text_carries_stands_where_its_locator_says(quoted: Any) -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}\uc1\pard\plain\deftab360 \f0\fs24 "
        rb"{\*\htmltag19 <html>}{\*\htmltag50 <body>}caf\'e9, {\*\htmltag84 <a href=\'22http://one.example/x\'22>}"
        rb"two words{\*\htmltag92 </a>}{\*\htmltag58 </body>}{\*\htmltag27 </html>}}"
    )
    held = made.prop(0x1009, made.BINARY, made.counted(compressed_rtf.compress(rtf)))
    data = made.stream(made.head(), made.attribute(made.PROPERTIES, made.properties(held)))
    (page,) = [part for part in message(data).parts if part.media_type == "text/html"]
    expected = '<html><body>café, <a href="http://one.example/x">two words</a></body></html>'
    assert quoted(data, page.locator) == expected.encode()
    assert [step.decoder for step in page.locator.steps] == ["rtf-compressed/1", "rtf-encapsulated/1"]
