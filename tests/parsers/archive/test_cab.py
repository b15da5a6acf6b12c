import os
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.examples.times import ticks
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import Absence, ClockKind, Precision
from forensics.model.items import Budget, ChildItem, Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.time_kinds import TimeKind
from forensics.parsers.archive import cab
from forensics.parsers.archive._cab_blocks import Blocks, checksum
from forensics.parsers.identify import identify
from tests.parsers.archive.cab_builder import File, cabinet, mszip, stored
from tests.parsers.archive.replays import walked

WHERE = Location((Step(kind=StepKind.FILE, name="c.cab", start=0, end=0, source="s"),))
TEXT = b"".join([b"line %d of a text that repeats itself\n" % number for number in range(3_000)])
ONE, TWO = TEXT[:70_000], TEXT[70_000:]
FILES = [File(b"one.txt", len(ONE), 0), File(b"sub\\two.txt", len(TWO), len(ONE), attributes=0x41)]


class Found:
    """What the parser yields, by kind."""

    def __init__(self, data: bytes, budget: Budget | None = None, **limits: int) -> None:
        context = ParseContext(limits=Limits(**limits), budget=budget)
        every = list(cab.parse(MemoryBytes(data), WHERE, context))
        (self.facts,) = [one for one in every if isinstance(one, ArchiveFacts)]
        self.children = [one for one in every if isinstance(one, ChildItem)]
        self.notices = [one for one in every if isinstance(one, Notice)]
        self.padding = sum([one.size for one in every if isinstance(one, Padding)])

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.notices]

    @property
    def contents(self) -> list[object]:
        return [child.content for child in self.children]

    @property
    def why(self) -> list[list[str]]:
        return [[one.code for one in child.notices] for child in self.children]


@pytest.mark.parametrize(("method", "blocks"), [(0, stored), (1, mszip)])
@pytest.mark.parametrize("of_block", [0, 4])
def test_files_of_a_folder(method: int, blocks, of_block: int, tmp_path: Path) -> None:
    data = cabinet([(method, blocks(TEXT))], FILES, reserve=b"own" if of_block else None, of_block=of_block)
    assert identify(data[:4096], MemoryBytes(data), b"") == "archive.cab"
    found = Found(data)
    assert found.contents == [ONE, TWO] and found.notices == [] and found.why == [[], []]
    assert [child.step.name for child in found.children] == ["one.txt", "sub\\two.txt"]
    assert [child.name for child in found.children] == [b"one.txt", b"two.txt"]
    assert found.children[0].outer == found.children[1].outer
    assert found.children[0].outer[0].decoder == ("cab-stored/1", "cab-mszip/1")[method] + (":4" if of_block else "")
    walked(data, found.children, tmp_path / "c.cab")


def test_what_entries_say() -> None:
    found = Found(cabinet([(1, mszip(TEXT))], FILES))
    (stamp,) = found.facts.members[0].times
    assert (stamp.wall, stamp.instant, stamp.offset_s) == (
        ticks("2016-03-04T05:06:08+00:00"),
        Absence.NOT_AVAILABLE,
        Absence.NOT_PRESENT,
    )
    assert (stamp.clock, stamp.precision, stamp.kind) == (
        ClockKind.PACKER,
        Precision.TWO_SECONDS,
        TimeKind.CABINET_DOS,
    )
    said = {one.name: one.value for one in found.facts.members[1].said}
    assert said == {
        "cab.attributes": "read-only, run after extraction",
        "cab.folder": "0",
        "cab.offset": "70000",
        "cab.method": "MSZIP",
    }
    paths = [one.locator.path for member in found.facts.members for one in (*member.said, *member.times)]
    assert len(paths) == len(set(paths))


def test_times_that_are_none() -> None:
    files = [FILES[0]._replace(date=0, time=0), FILES[0]._replace(date=0xFFFF)]
    found = Found(cabinet([(0, stored(TEXT))], files))
    assert found.facts.members[0].times[0].wall is Absence.NOT_PRESENT
    assert [one.wall for one in found.facts.members[1].times] == [Absence.UNPARSABLE]


@pytest.mark.parametrize(("method", "name"), [(2, "Quantum"), (3 | 21 << 8, "LZX"), (9, "method 9")])
def test_methods_that_are_not_read_are_listed(method: int, name: str) -> None:
    found = Found(cabinet([(method, stored(b"x" * 900))], [File(b"a", 5_000, 0), File(b"b", 10, 5_000)]))
    assert found.contents == [None, None] and found.why == [["cab.method"], ["cab.method"]]
    assert name in found.children[0].notices[0].text
    assert [(one.code, one.unread) for one in found.notices] == [("cab.method", 908)]


def test_a_damaged_block_costs_what_follows_it(tmp_path: Path) -> None:
    blocks = mszip(TEXT)
    raw, size = blocks[2]
    blocks[2] = b"XX" + raw[2:], size
    data = cabinet([(1, blocks)], FILES)
    found = Found(data)
    assert found.contents == [ONE[:65_536], None] and found.why == [["cab.damaged"], ["cab.damaged"]]
    assert [one.code for one in found.notices] == ["cab.damaged"] and found.notices[0].unread
    walked(data, found.children, tmp_path / "c.cab")
    blocks[2] = raw[:40] + b"\xff" * (len(raw) - 40), size
    found = Found(cabinet([(1, blocks)], FILES))
    assert all("cab.damaged" in why for why in found.why)


def test_checksums_are_compared() -> None:
    data = bytearray(cabinet([(0, stored(TEXT))], FILES))
    data[-1] ^= 1
    found = Found(bytes(data))
    assert found.codes == ["cab.checksum"] and found.contents[0] == ONE
    assert found.why == [[], ["cab.checksum"]]
    assert Found(cabinet([(0, stored(TEXT))], FILES, sums=False)).codes == []


def test_the_checksum_is_that_of_the_specification() -> None:
    def plainly(data: bytes) -> int:
        total, whole = 0, len(data) & ~3
        for at in range(0, whole, 4):
            total ^= struct.unpack_from("<I", data, at)[0]
        return total ^ int.from_bytes(data[whole:], "big")

    for size in (0, 1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 100, 1_023, 32_768):
        data = os.urandom(size)
        assert checksum(data) == plainly(data)


@pytest.mark.parametrize("cut", [0, 20, 40, 50, 70, 100, 300, 700])
def test_a_cabinet_that_was_cut_off(cut: int, tmp_path: Path) -> None:
    data = cabinet([(1, mszip(TEXT))], FILES)[: cut or -1]
    if len(data) < 36:
        with pytest.raises(ParseError):
            Found(data)
        return
    found = Found(data)
    assert {"cab.size", "cab.truncated"} <= set(found.codes)
    assert all(child.notices for child in found.children if child.content not in (ONE, TWO))
    walked(data, found.children, tmp_path / "c.cab")


def test_places_and_counts_that_lie() -> None:
    files = [File(b"far", 10, 4_000_000_000), File(b"long", 4_000_000_000, 5), File(b"nowhere", 5, 0, folder=7)]
    found = Found(cabinet([(0, stored(b"hello world"))], files))
    assert found.contents == [None, b" world", None]
    assert found.why == [["cab.truncated"], ["cab.truncated"], ["cab.no_folder"]]
    data = bytearray(cabinet([(0, stored(b"hello"))], [File(b"a", 5, 0)]))
    data[28:30] = b"\xff\xff"
    assert "cab.truncated" in Found(bytes(data)).codes
    data[26:28] = b"\xff\xff"
    assert "cab.truncated" in Found(bytes(data)).codes


def test_a_set_of_cabinets() -> None:
    files = [
        File(b"before", 9, 0, folder=0xFFFD),
        File(b"same", 4, 9),
        File(b"whole", 5, 0, folder=1),
        File(b"after", 90, 5, folder=0xFFFE),
    ]
    folders = [(0, stored(b"tailsame")), (0, stored(b"wholepart"))]
    found = Found(cabinet(folders, files, previous=b"a.cab\0Disk 1\0", following=b"c.cab\0Disk 3\0"))
    assert found.contents == [None, None, b"whole", b"part"]
    assert found.why == [["cab.continued"], ["cab.continued"], [], ["cab.continued"]]
    said = {one.name: one.value for one in found.facts.properties}
    assert (said["cab.previous_cabinet"], said["cab.next_disk"]) == ("a.cab", "Disk 3")
    assert found.codes == ["cab.continued"]


def test_bytes_beside_the_structures(tmp_path: Path) -> None:
    data = cabinet([(0, stored(b"hello"))], [File(b"a", 5, 0)])
    found = Found(data + b"\0" * 100)
    assert (found.codes, found.padding) == (["cab.size"], 100)
    assert [(one.code, one.unread) for one in Found(data + b"surplus").notices[1:]] == [("cab.gap", 7)]
    found = Found(data + b"%PDF-1.4\n%")
    assert found.children[-1].content == b"%PDF-1.4\n%"
    signed = cabinet([(0, stored(b"hello"))], [File(b"a", 5, 0)], reserve=bytes(20))
    place = struct.pack("<II", len(signed), 30)
    signed = signed[:40] + b"\0\0\x10\0" + place + signed[52:] + b"\x30\x1c" + b"s" * 28
    found = Found(signed)
    assert found.children[-1].step.name == "signature" and found.children[-1].content == signed[-30:]
    walked(signed, found.children, tmp_path / "c.cab")


def test_a_folder_without_files() -> None:
    found = Found(cabinet([(0, stored(b"hello")), (0, stored(b"hidden"))], [File(b"a", 5, 0)]))
    assert [(one.code, one.unread) for one in found.notices] == [("cab.folder_unused", 14)]


def test_names_that_lead_out() -> None:
    found = Found(cabinet([(0, stored(b"hello"))], [File(b"..\\x", 5, 0), File(b"C:\\x", 5, 0), File(b"", 5, 0)]))
    assert found.why == [["cab.name_path"], ["cab.name_path"], ["cab.name_empty"]]


def test_files_that_share_bytes_spend_the_budget() -> None:
    data = cabinet([(1, mszip(b"a" * 1_000_000))], [File(b"%d" % number, 1_000_000, 0) for number in range(50)])
    limits = Limits(expansion=3_000_000, expansion_ratio=1)
    found = Found(data, budget=Budget(limits, len(data)))
    assert [child.spent for child in found.children] == [True] + [False] * 49
    found = Found(data, budget=Budget(Limits(expansion=100_000, expansion_ratio=1), len(data)))
    assert set(found.contents) == {None} and found.codes == ["cab.expansion_limit"]


def test_folders_that_share_blocks_end() -> None:
    data = bytearray(cabinet([(0, stored(b"x", 1) * 500)] * 200, [File(b"a", 1, 0, number) for number in range(200)]))
    first = data[36:44]
    for number in range(200):
        data[36 + 8 * number : 44 + 8 * number] = first
    found = Found(bytes(data))
    assert len(found.children) == 200


def test_limits() -> None:
    data = cabinet([(1, mszip(TEXT))], FILES)
    assert Found(data, members=1).codes[0] == "cab.members_limit"
    found = Found(data, memory_bytes=1_000)
    assert found.contents == [None, None] and found.codes == ["cab.memory_limit"]


def test_the_decoder_gives_the_same_in_any_pieces() -> None:
    raw = cabinet([(1, mszip(TEXT))], [])[44:]
    whole = b"".join(Blocks(1, 0).decode([raw]))
    assert whole == TEXT
    for cut in (1, 7, 1_000):
        assert b"".join(Blocks(1, 0).decode([raw[at : at + cut] for at in range(0, len(raw), cut)])) == whole


def test_a_real_cabinet(corpora: Path) -> None:
    (path,) = corpora.glob("archive/tika/**/test-documents.cab")
    found = Found(path.read_bytes())
    assert len(found.children) == 9 and found.notices == []
    assert all(child.content is not None and not child.notices for child in found.children)


def test_what_a_cabinet_has_no_bytes_for_is_not_said() -> None:
    data = bytearray(cabinet([(1, mszip(TEXT))], FILES, reserve=b"own", previous=b"a.cab\0disk\0"))
    data[36:38] = b"\xff\xff"
    found = Found(bytes(data[:60_000]))
    assert not [fact for fact in found.facts.properties if fact.name.startswith("cab.previous")]
    data = bytearray(cabinet([(0x1503, stored(TEXT[:9]))], [File(b"a", 9, 0)]))
    (member,) = Found(bytes(data)).facts.members
    (method,) = [fact for fact in member.said if fact.name == "cab.method"]
    ((start, end),) = method.locator.ranges
    assert method.value == "LZX" and data[start:end] == method.raw == b"\x03\x15"


def test_folders_that_share_their_blocks_are_followed_once() -> None:
    count = 50
    data = bytearray(
        cabinet([(0, stored(b"x" * 900))] + [(0, [])] * (count - 1), [File(b"a", 900, 0, at) for at in range(count)])
    )
    for number in range(1, count):
        data[36 + 8 * number : 44 + 8 * number] = data[36:44]
    found = Found(bytes(data))
    assert found.contents[0] == b"x" * 900
    read = [content for content in found.contents if content is not None]
    assert len(read) * 900 <= len(data) + 900 and len(found.contents) == count


GOOD = [
    cabinet([(1, mszip(TEXT[:3_000]))], [File(b"a", 3_000, 0)]),
    cabinet([(0, stored(b"hello")), (0, stored(b"world"))], [File(b"a", 5, 0), File(b"b", 5, 0, 1)], reserve=b"own"),
]


@settings(deadline=None)
@given(st.sampled_from(GOOD), st.data())
def test_any_change_gives_items_or_an_error(good: bytes, draw: st.DataObject) -> None:
    data = bytearray(good[: draw.draw(st.integers(0, len(good)) | st.just(len(good)))])
    for at, value in draw.draw(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6)):
        if at < len(data):
            data[at] = value
    try:
        found = Found(bytes(data), memory_bytes=100_000)
    except ParseError:
        return
    for child in found.children:
        assert (child.content is None) == (child.step.sha256 == "")
        assert child.content is not None or child.notices
