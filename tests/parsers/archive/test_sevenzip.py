"""7z archives: facts with their places, names, links, and folders that are decoded once."""

import zlib
from pathlib import Path

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Absence, ClockKind, Description
from forensics.model.items import Notice, Padding, ParseContext
from forensics.model.locations import Location, Step, StepKind, unquote
from forensics.model.time_kinds import TimeKind
from forensics.parsers import decoders
from forensics.parsers.archive import _7z_children, sevenzip
from forensics.parsers.identify import identify
from forensics.replay.walk import walk
from tests.parsers.archive import sevenzips as made
from tests.parsers.archive.replays import bytes_of, codes
from tests.parsers.archive.sevenzips import NAMES, SOLID, TEXTS, WHERE, Folder, Named, read


@pytest.mark.parametrize("encode", [False, True])
def test_names_times_attributes_and_contents(encode: bool) -> None:
    files = [*NAMES, Named("empty", empty=True), Named("folder", empty=True, folder=True, attributes=0x10)]
    facts, children, notices = read(made.archive([made.solid(TEXTS)], files, encode=encode))
    assert not notices
    assert [unquote(member.name) for member in facts.members] == [one.name.encode() for one in files]
    assert [bytes_of(child) for child in children] == [*TEXTS, b""]
    assert [member.size for member in facts.members] == [*map(len, TEXTS), 0, 0]
    assert facts.members[1].crc32 == zlib.crc32(TEXTS[1])
    (stamp,) = facts.members[0].times
    assert (stamp.instant, stamp.kind, stamp.clock) == (
        14677184020000000,
        TimeKind.SEVENZIP_FILETIME,
        ClockKind.FILE_SYSTEM,
    )
    assert stamp.description is Description.MODIFICATION and stamp.offset_s is Absence.NOT_APPLICABLE
    assert [fact.value for fact in facts.members[0].said] == ["LZMA2 (dictionary 262144)", "0x00000020: archive"]
    assert bool(stamp.locator.steps) is encode
    assert "7z.archive.dummy" in [fact.name for fact in facts.properties]
    assert children[0].name == b"first.txt" and children[0].times == (stamp,)


def test_a_solid_folder_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    unpacked = _7z_children.unpacked
    monkeypatch.setattr(_7z_children, "unpacked", lambda *given: runs.append(given[2]) or unpacked(*given))
    texts = [b"%d" % place * 20 for place in range(300)]
    data = made.archive([made.solid(texts[:200]), made.solid(texts[200:])], [Named(f"{place}") for place in range(300)])
    _, children, _ = read(data)
    assert [bytes_of(child) for child in children] == texts
    assert len(runs) == 2 and len({child.outer for child in children}) == 2


def test_a_location_is_walked(tmp_path: Path) -> None:
    path = tmp_path / "a.7z"
    path.write_bytes(SOLID)
    _, children, _ = read(SOLID)
    top = Step(kind=StepKind.FILE, name="a.7z", start=0, end=len(SOLID), source="s")
    location = Location((top, *children[1].outer, children[1].step))
    with walk(location, tmp_path, decoders()) as layer:
        assert layer.read(0, layer.size) == TEXTS[1]
    assert location.text == "a.7z > stream:folder[0] > second.txt"


def test_names_that_mislead() -> None:
    names = ["../x", "/abs", "a\nb", "a\u202eb", "", "\ud800half"]
    files = [Named(name) for name in names]
    _, children, _ = read(made.archive([Folder([b"x"] * 6)], files))
    assert [codes(child) for child in children] == [
        ["7z.name_path"],
        ["7z.name_path"],
        ["7z.name_control"],
        ["7z.name_hidden"],
        ["7z.name_empty"],
        [],
    ]
    assert children[2].step.name == "a%0Ab" and children[5].name == "\ud800half".encode("utf-8", "surrogatepass")


def test_links_and_files_to_be_deleted() -> None:
    link = Named("link", attributes=0x8000 | 0o120777 << 16)
    files = [link, Named("gone", empty=True, anti=True)]
    facts, (child,), _ = read(made.archive([Folder([b"/etc/target"])], files))
    assert codes(child) == ["7z.symlink"] and bytes_of(child) == b"/etc/target"
    assert "lrwxrwxrwx" in facts.members[0].said[1].value
    assert [fact.name for fact in facts.members[1].said] == ["7z.member.attributes", "7z.member.anti"]


def test_bytes_beside_the_structures() -> None:
    packed, described = made.streams([Folder([b"abc"])], position=4)
    header = b"\x01\x04" + described + made.listed([Named("a")]) + b"\0"
    data = made.closed(b"junk" + packed, header) + b"%PDF-1.4 and more"
    facts, children, notices = read(data)
    assert [bytes_of(child) for child in children] == [b"abc", b"%PDF-1.4 and more"]
    assert facts.gaps == ((32, 36), (len(data) - 17, len(data)))
    assert [(notice.code, notice.unread) for notice in notices] == [("7z.gap", 4), ("7z.gap", 0)]


@pytest.mark.parametrize("opening", [b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe"])
def test_an_archive_behind_a_program(opening: bytes) -> None:
    program = opening + bytes(3000) + made.SIGNATURE + bytes(500)
    assert identify(program[:4096], MemoryBytes(program), b"a.exe") is None
    data = program + SOLID
    assert identify(data[:4096], MemoryBytes(data), b"a.exe") == "archive.sevenzip"
    _, children, (notice,) = read(data)
    assert [bytes_of(child) for child in children] == TEXTS
    assert notice.code == "7z.shifted" and notice.unread == len(program)


def test_filling_between_the_structures_is_padding() -> None:
    packed, described = made.streams([Folder([b"abc"])], position=4)
    data = made.closed(bytes(4) + packed, b"\x01\x04" + described + made.listed([Named("a")]) + b"\0")
    found = list(sevenzip.parse(MemoryBytes(data), WHERE, ParseContext()))
    assert [(one.code, one.unread) for one in found if isinstance(one, Notice)] == [("7z.gap", 0)]
    assert [one.size for one in found if isinstance(one, Padding)] == [4]
