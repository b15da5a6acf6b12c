import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import parsers
from forensics.errors import ParseError, WrongFormat
from forensics.examples.times import ticks
from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.facts import Absence, ClockKind, Precision
from forensics.model.items import ChildItem, Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.model.time_kinds import TimeKind
from forensics.parsers.archive import iso9660
from forensics.parsers.identify import identify
from forensics.replay.walk import walk
from tests.parsers.archive import iso_builder as iso
from tests.parsers.archive.iso_builder import SECTOR, SP, TERMINATOR, ce, descriptor, disc, folder, nm, px, record, susp

WHERE = Location((Step(kind=StepKind.FILE, name="d.iso", start=0, end=0, source="s"),))
JOLIET = b"%/E"


class Found:
    """What the parser yields, by kind."""

    def __init__(self, data: bytes, **limits: int) -> None:
        self.data = data
        every = list(iso9660.parse(MemoryBytes(data), WHERE, ParseContext(limits=Limits(**limits))))
        (self.facts,) = [one for one in every if isinstance(one, ArchiveFacts)]
        self.children = [one for one in every if isinstance(one, ChildItem)]
        self.notices = [one for one in every if isinstance(one, Notice)]
        self.padding = sum([one.size for one in every if isinstance(one, Padding)])

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.notices]

    @property
    def named(self) -> dict[str, object]:
        return {child.step.name: child.content for child in self.children}

    def said(self, index: int) -> dict[str, str]:
        return {one.name: one.value for one in self.facts.members[index].said}


def plain(**changes: bytes) -> bytes:
    """A disc with one tree, a folder in it, two files."""
    root = folder(20, record(b"A.TXT;1", 22, 5), record(b"SUB", 21, SECTOR, 2))
    sub = folder(21, record(b"B.DAT;1", 23, SECTOR + 3), parent=20)
    sectors = {20: root, 21: sub, 22: b"hello", 23: b"x" * (SECTOR + 3)}
    return disc(sectors, descriptor(1, (20, SECTOR), 40), TERMINATOR, **changes)  # type: ignore[arg-type]


def rock(*uses: bytes, more: dict[int, bytes] | None = None) -> bytes:
    """A disc whose files have these system use areas."""
    records = [record(b"F%d.;1" % number, 22, 5, 0, use) for number, use in enumerate(uses)]
    return disc(
        {20: folder(20, *records, use=SP), 22: b"hello", **(more or {})},
        descriptor(1, (20, SECTOR), 40),
        TERMINATOR,
    )


def joliet(primary: list[bytes], other: list[bytes]) -> bytes:
    """A disc with two trees."""
    sectors = {20: folder(20, *primary), 21: folder(21, *other), 22: b"hello"}
    if any(record[2] == 23 for record in (*primary, *other)):
        sectors[23] = b"world"
    return disc(
        sectors,
        descriptor(1, (20, SECTOR), 40),
        descriptor(2, (21, SECTOR), 40, escape=JOLIET, volume="Größe".encode("utf-16-be")),
        TERMINATOR,
    )


def replayed(data: bytes, children: list[ChildItem], path: Path) -> None:
    """Walk to every child and compare."""
    path.write_bytes(data)
    file = Step(kind=StepKind.FILE, name=path.name, start=0, end=len(data), source="s")
    for child in children:
        if child.content is not None:
            with walk(Location((file, child.step)), path, parsers.decoders()) as layer:
                assert hashlib.sha256(layer.read(0, layer.size)).hexdigest() == child.step.sha256
                assert layer.read(0, layer.size) == child.content


def test_files_of_one_tree_and_every_byte(tmp_path: Path) -> None:
    data = plain()
    found = Found(data)
    assert identify(data[:4096], MemoryBytes(data), b"") == "archive.iso9660"
    assert found.named == {"A.TXT;1": b"hello", "SUB/B.DAT;1": b"x" * (SECTOR + 3)}
    assert [child.name for child in found.children] == [b"A.TXT", b"B.DAT"]
    assert [member.name for member in found.facts.members] == ["A.TXT;1", "SUB", "SUB/B.DAT;1"]
    structures, files = 4 * SECTOR, 5 + SECTOR + 3
    assert found.notices == [] and found.padding + structures + files == len(data)
    replayed(data, found.children, tmp_path / "d.iso")


def test_times_of_the_volume_and_its_files() -> None:
    found = Found(plain())
    assert [(one.kind, one.instant, one.offset_s) for one in found.facts.timestamps] == [
        (TimeKind.VOLUME_CREATED, ticks("2016-03-04T04:06:07.42+00:00"), 3600),
        (TimeKind.VOLUME_MODIFIED, ticks("2016-03-04T04:06:07.42+00:00"), 3600),
    ]
    (stamp,) = found.facts.members[0].times
    assert (stamp.instant, stamp.offset_s) == (ticks("2016-03-04T04:06:07+00:00"), 3600)
    assert (stamp.clock, stamp.precision, stamp.kind) == (
        ClockKind.PACKER,
        Precision.SECOND,
        TimeKind.DISC_RECORDED,
    )
    assert found.data[slice(*stamp.locator.ranges[0])] == stamp.raw == iso.TIME
    assert found.children[0].times == (stamp,)


@pytest.mark.parametrize(
    ("raw", "instant", "offset"),
    [
        (bytes((116, 2, 31, 5, 6, 7, 0)), Absence.UNPARSABLE, 0),
        (bytes((116, 3, 4, 5, 6, 7, 100)), Absence.UNPARSABLE, Absence.UNPARSABLE),
        (bytes((116, 3, 4, 5, 6, 7, 256 - 20)), ticks("2016-03-04T10:06:07+00:00"), -18_000),
    ],
)
def test_times_that_cannot_be(raw: bytes, instant: object, offset: object) -> None:
    (stamp,) = (
        Found(plain().replace(record(b"A.TXT;1", 22, 5), record(b"A.TXT;1", 22, 5, time=raw))).facts.members[0].times
    )
    assert (stamp.instant, stamp.offset_s, stamp.raw) == (instant, offset, raw)


def test_a_time_of_zeros_is_none() -> None:
    data = plain().replace(record(b"A.TXT;1", 22, 5), record(b"A.TXT;1", 22, 5, time=bytes(7)))
    assert Found(data).facts.members[0].times == ()


def test_rock_ridge_names_owners_links_and_times(tmp_path: Path) -> None:
    stamps = susp(b"TF", b"\x0a" + iso.TIME + bytes((116, 3, 5, 0, 0, 0, 0)))
    long_stamps = susp(b"TF", b"\x82" + iso.long_time())
    link = susp(b"SL", b"\0" + b"\x08\0" + b"\0\x03etc" + b"\x04\0" + b"\x01\x02pa" + b"\0\x04sswd")
    pipe, device = px(0o010644), px(0o020644) + susp(b"PN", iso.both(4, 4) + iso.both(1, 4))
    data = rock(
        nm(b"Na", 1) + nm(b"me.eml") + px(0o100640) + stamps,
        nm(b"link") + px(0o120777) + link,
        nm(b"tty") + device,
        nm(b"pipe") + pipe,
        long_stamps,
    )
    data = data.replace(iso.both(5, 4) + iso.TIME, iso.both(0, 4) + iso.TIME).replace(
        record(b"F0.;1", 22, 0)[2:18], record(b"F0.;1", 22, 5)[2:18], 1
    )
    found = Found(data)
    assert found.notices == []
    assert list(found.named) == ["Name.eml", "F4.;1"]
    assert found.said(0) | {"iso.mode": "100640", "iso.uid": "1000", "iso.identifier": "F0.;1"} == found.said(0)
    assert [(one.kind, one.instant) for one in found.facts.members[0].times[1:]] == [
        (TimeKind.ROCK_RIDGE_MODIFIED, ticks("2016-03-04T04:06:07+00:00")),
        (TimeKind.ROCK_RIDGE_CHANGED, ticks("2016-03-05T00:00:00+00:00")),
    ]
    assert found.said(1)["iso.link"] == "/etc/../passwd"
    assert (found.said(2)["iso.device_high"], found.said(2)["iso.device_low"]) == ("4", "1")
    assert found.facts.members[4].times[1].precision is Precision.MILLISECOND
    paths = [one.locator.path for member in found.facts.members for one in (*member.times, *member.said)]
    assert len(paths) == len(set(paths))
    replayed(data, found.children, tmp_path / "d.iso")


def test_names_that_continue_elsewhere() -> None:
    area = nm(b"y" * 100)
    found = Found(rock(nm(b"x" * 100, 1) + ce(24, 10, len(area)), more={24: b"\0" * 10 + area}))
    assert list(found.named) == ["x" * 100 + "y" * 100] and found.codes == []


def test_continuations_in_a_circle_and_beyond_the_disc_end() -> None:
    found = Found(rock(ce(24, 0, 28), ce(4_000_000, 0, 28), b"PX\xff\x01", more={24: ce(24, 0, 28)}))
    assert found.codes == ["iso.system_use"] and len(found.children) == 3


def test_folders_that_run_in_a_circle_are_read_once() -> None:
    root = folder(20, record(b"SUB", 21, SECTOR, 2), record(b"SELF", 20, SECTOR, 2))
    sub = folder(21, record(b"UP", 20, SECTOR, 2), record(b"A.;1", 22, 5))
    found = Found(disc({20: root, 21: sub, 22: b"hello"}, descriptor(1, (20, SECTOR), 40), TERMINATOR))
    assert list(found.named) == ["SUB/A.;1"] and found.codes == ["iso.loop"]


def test_a_folder_that_was_moved_is_entered_where_it_belongs() -> None:
    child = susp(b"CL", iso.both(23, 4))
    root = folder(
        20,
        record(b"DEEP.;1", 24, 0, 0, nm(b"deep") + child),
        record(b"MOVED", 21, SECTOR, 2, nm(b"rr_moved")),
        use=SP,
    )
    moved = folder(21, record(b"DEEP", 23, SECTOR, 2, nm(b"deep") + susp(b"RE", b"")))
    deep = folder(23, record(b"A.;1", 22, 5, 0, nm(b"a")))
    data = disc({20: root, 21: moved, 22: b"hello", 23: deep}, descriptor(1, (20, SECTOR), 40), TERMINATOR)
    assert list(Found(data).named) == ["deep/a"]
    lost = data.replace(child, susp(b"XX", iso.both(23, 4)))
    assert list(Found(lost).named) == ["deep", "rr_moved/deep/a"]


def wide(name: str) -> bytes:
    return name.encode("utf-16-be")


def test_two_trees_of_the_same_files() -> None:
    found = Found(
        joliet(
            [record(b"PLAN__.PDF;1", 22, 5), record(b"EMPTY.;1", 0, 0)],
            [record(wide("Pläne für uns.exe"), 22, 5), record(wide("empty"), 0, 0)],
        )
    )
    assert found.codes == [] and list(found.named) == ["PLAN__.PDF;1", "EMPTY.;1"]
    assert found.children[0].other_names == ("Pläne für uns.exe",)
    assert found.said(0)["iso.tree"] == "primary, joliet"
    assert [one.kind for one in found.facts.members[0].times] == [TimeKind.DISC_RECORDED, TimeKind.JOLIET_RECORDED]
    volumes = [one.value for one in found.facts.properties if one.name == "iso.volume"]
    assert volumes == ["VOLUME", "Größe"]


def test_what_only_one_tree_lists_is_read_and_told() -> None:
    found = Found(joliet([record(b"A.;1", 22, 5)], [record(wide("b"), 23, 5)]))
    assert found.named == {"A.;1": b"hello", "b": b"world"}
    assert found.codes == ["iso.trees_differ", "iso.trees_differ"]


def test_empty_files_and_copies_are_paired_by_their_paths_alone() -> None:
    found = Found(
        joliet(
            [record(b"A.PNG;1", 0, 0), record(b"B.EXE;1", 0, 0), record(b"C.TXT;1", 22, 5), record(b"D.TXT;1", 22, 5)],
            [
                record(wide("b.exe"), 0, 0),
                record(wide("x.exe"), 0, 0),
                record(wide("d.txt"), 22, 5),
                record(wide("c.txt"), 22, 5),
            ],
        )
    )
    assert found.codes == []
    assert [(child.step.name, child.other_names) for child in found.children] == [
        ("A.PNG;1", ()),
        ("B.EXE;1", ("b.exe",)),
        ("C.TXT;1", ("c.txt",)),
        ("D.TXT;1", ("d.txt",)),
        ("x.exe", ()),
    ]


def test_two_trees_that_name_other_bytes_for_one_path() -> None:
    found = Found(joliet([record(b"A.TXT;1", 22, 5)], [record(wide("a.txt"), 23, 5)]))
    assert found.named == {"A.TXT;1": b"hello", "a.txt": b"world"}
    assert found.codes == ["iso.trees_contradict"]
    (conflict,) = found.facts.members[1].conflicts
    assert conflict.value == f"joliet {23 * SECTOR}-{23 * SECTOR + 5}, primary {22 * SECTOR}-{22 * SECTOR + 5}"


def test_files_in_several_pieces(tmp_path: Path) -> None:
    more = 0x80
    pieces = [
        record(b"BIG.;1", 30, SECTOR, more),
        record(b"BIG.;1", 31, 10, more),
        record(b"BIG.;1", 25, 4),
        record(b"RUN.;1", 30, SECTOR, more),
        record(b"RUN.;1", 31, 10),
    ]
    sectors = {20: folder(20, *pieces), 25: b"tail", 30: b"a" * SECTOR + b"b" * 10}
    data = disc(sectors, descriptor(1, (20, SECTOR), 40), TERMINATOR)
    found = Found(data)
    assert found.named == {"BIG.;1": b"a" * SECTOR + b"b" * 10 + b"tail", "RUN.;1": b"a" * SECTOR + b"b" * 10}
    assert found.children[0].step.decoder == "iso-extents/1:10240+2058,0+4"
    assert found.children[1].step.decoder == "copy/1"
    replayed(data, found.children, tmp_path / "d.iso")
    broken = data.replace(record(b"RUN.;1", 31, 10), bytes(len(record(b"RUN.;1", 31, 10))))
    assert Found(broken).codes == ["iso.extent"]


def test_numbers_that_are_written_in_two_ways() -> None:
    data = bytearray(plain())
    at = bytes(data).find(record(b"A.TXT;1", 22, 5)) + 2
    data[at + 4 : at + 8] = (23).to_bytes(4, "big")
    found = Found(bytes(data))
    assert found.codes == ["iso.both_endian"] and found.named["A.TXT;1"] == b"hello"
    assert [one.value for one in found.facts.members[0].conflicts] == ["little-endian 22, big-endian 23"]


def test_a_disc_that_was_cut_off() -> None:
    data = plain()[: 23 * SECTOR + 100]
    found = Found(data)
    assert found.codes == ["iso.size"]
    assert found.named["SUB/B.DAT;1"] == b"x" * 100
    assert [(one.code, one.unread) for one in found.children[1].notices] == [("iso.truncated", 0)]
    found = Found(plain()[: 22 * SECTOR])
    assert found.named == {"A.TXT;1": None, "SUB/B.DAT;1": None}
    assert {one.notices[0].code for one in found.children} == {"iso.truncated"}
    assert Found(plain()[: 20 * SECTOR]).codes == ["iso.size", "iso.truncated"]
    assert Found(plain()[: 17 * SECTOR]).codes == ["iso.size", "iso.descriptors", "iso.truncated"]


def test_bytes_that_nothing_names() -> None:
    gap = disc({30: b"secret"}, size=40)[30 * SECTOR : 31 * SECTOR]
    data = bytearray(plain(system=b"\xeb" * 510 + b"\x55\xaa"))
    data[30 * SECTOR : 31 * SECTOR] = gap
    data[22 * SECTOR + 10 : 22 * SECTOR + 13] = b"end"
    found = Found(bytes(data))
    assert [(one.code, one.unread) for one in found.notices] == [
        ("iso.system_area", 512),
        ("iso.slack", SECTOR - 5),
        ("iso.gap", SECTOR),
    ]
    assert "MBR" in found.notices[0].text
    data[30 * SECTOR : 30 * SECTOR + 9] = b"%PDF-1.4\n"
    found = Found(bytes(data))
    assert found.children[-1].step.name.startswith("beside the files, at ")


def test_a_disc_with_udf_says_so() -> None:
    root = folder(20, record(b"A.;1", 22, 5))
    data = disc({20: root, 22: b"hello", 18: iso.UDF[:SECTOR], 19: iso.UDF[SECTOR : 2 * SECTOR], 25: b"udf"},
                descriptor(1, (20, SECTOR), 40), TERMINATOR)  # fmt: skip
    found = Found(data)
    assert [(one.code, one.unread) for one in found.notices] == [("iso.udf", SECTOR)]


def test_what_a_machine_boots_from(tmp_path: Path) -> None:
    boot = bytearray(b"\0CD001\x01EL TORITO SPECIFICATION".ljust(SECTOR, b"\0"))
    boot[71:75] = (25).to_bytes(4, "little")
    catalog = bytearray(SECTOR)
    catalog[0:2], catalog[4:9], catalog[30:32] = b"\x01\0", b"Maker", b"\x55\xaa"
    catalog[32:64] = b"\x88\0\0\0\0\0\x04\0" + (26).to_bytes(4, "little") + bytes(20)
    sectors = {20: folder(20), 25: bytes(catalog), 26: b"boot" * 512}
    data = disc(sectors, descriptor(1, (20, SECTOR), 40), bytes(boot), TERMINATOR)
    found = Found(data)
    assert found.named == {"boot image 0": b"boot" * 512} and found.notices == []
    said = {one.name: one.value for one in found.facts.properties}
    assert (said["iso.boot_maker"], said["iso.boot_platform"]) == ("Maker", "PC")
    replayed(data, found.children, tmp_path / "d.iso")


def test_a_path_table_with_a_folder_of_its_own() -> None:
    entry = (
        b"\x01\0" + (20).to_bytes(4, "little") + b"\x01\0\0\0" + b"\x04\0" + (33).to_bytes(4, "little") + b"\x01\0HIDE"
    )
    sectors = {19: entry, 20: folder(20)}
    table = descriptor(1, (20, SECTOR), 40, table=19)
    table = table[:132] + iso.both(len(entry), 4) + table[140:]
    assert Found(disc(sectors, table, TERMINATOR)).codes == ["iso.path_table"]


def test_names_that_lead_out_and_hide() -> None:
    found = Found(rock(nm(b"../../etc/x\n"), nm("a\u202etxt".encode())))
    assert [one.code for one in found.children[0].notices] == ["iso.name_path", "iso.name_control"]
    assert [one.code for one in found.children[1].notices] == ["iso.name_hidden"]
    assert found.children[0].step.name == "../../etc/x%0A"


def test_files_that_overlap_are_bounded() -> None:
    records = [record(b"F%03d.;1" % number, 22, 10 * SECTOR - number) for number in range(200)]
    root = b"".join(records)
    per = (SECTOR - 100) // len(records[0])
    rows = [records[at : at + per] for at in range(0, len(records), per)]
    sectors = {20: folder(20, *rows[0])}
    for number, row in enumerate(rows[1:], 21):
        sectors[number + 30] = b"".join(row).ljust(SECTOR, b"\0")
    folder_bytes = sectors.pop(20) + b"".join(sectors.values())
    data = disc({50: folder_bytes}, descriptor(1, (50, len(folder_bytes)), 80), TERMINATOR, size=80)
    found = Found(data)
    unread = [child for child in found.children if child.content is None]
    assert len(found.children) == 200 and len(unread) == 200 - 64
    assert {child.notices[0].code for child in unread} == {"iso.overlap"}
    assert len(root) > SECTOR


def test_limits() -> None:
    found = Found(plain(), members=4)
    assert "iso.members_limit" in found.codes
    with pytest.raises(WrongFormat):
        Found(b"\0" * 40_000)


def test_records_that_do_not_fit() -> None:
    data = bytearray(plain())
    at = bytes(data).find(record(b"A.TXT;1", 22, 5))
    data[at + 32] = 200
    found = Found(bytes(data))
    assert found.codes[0] == "iso.record" and found.notices[0].unread
    assert found.children == []


def test_a_real_disc_that_was_cut_off(corpora: Path) -> None:
    found = Found((corpora / "image/exiftool/t/images/ISO.iso").read_bytes())
    assert found.codes.count("iso.size") == 2 and found.facts.timestamps
    assert re.search("MBR", found.notices[-1].text)


def test_folders_that_share_sectors_or_lie_behind_the_end() -> None:
    shared = [record(b"D%d" % number, 21, SECTOR * number, 2) for number in range(1, 4)] + [record(b"E", 22, SECTOR, 2)]
    sectors = {20: folder(20, *shared, record(b"F", 99, SECTOR, 2)), 21: b"\x05" * SECTOR, 22: b"\x05" * SECTOR}
    data = disc(sectors, descriptor(1, (20, SECTOR), 40), TERMINATOR)
    found = Found(data)
    for notice in found.notices:
        assert 0 <= notice.unread <= 2 * SECTOR + len(data) * (notice.code != "iso.record")
        if notice.locator is not None:
            assert all(start <= end <= len(data) for start, end in notice.locator.ranges)
    assert {"iso.record", "iso.truncated"} <= set(found.codes)


GOOD = [
    plain(),
    rock(nm(b"Name") + px(0o100644) + susp(b"TF", b"\x0e" + iso.TIME * 3)),
    joliet([record(b"A.;1", 22, 5)], [record(wide("a"), 22, 5)]),
]


@settings(deadline=None)
@given(
    st.sampled_from(GOOD), st.lists(st.tuples(st.integers(16 * SECTOR, 22 * SECTOR), st.integers(0, 255)), max_size=8)
)
def test_any_change_gives_items_or_an_error(good: bytes, changes: list[tuple[int, int]]) -> None:
    data = bytearray(good)
    for at, value in changes:
        data[at] = value
    try:
        found = Found(bytes(data))
    except ParseError:
        return
    for child in found.children:
        assert (child.content is None) == (child.step.sha256 == "")
        assert child.content is not None or child.notices


@settings(deadline=None)
@given(st.sampled_from(GOOD), st.integers(0, 40 * SECTOR))
def test_any_cut_gives_items_or_an_error(good: bytes, size: int) -> None:
    try:
        Found(good[:size])
    except ParseError:
        return
