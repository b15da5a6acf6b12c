"""Discs: files, times, files in several pieces, what a machine boots from, and bytes that nothing names."""

from pathlib import Path

import pytest

from forensics.examples.times import ticks
from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Absence, ClockKind, Precision
from forensics.model.time_kinds import TimeKind
from forensics.parsers.identify import identify
from tests.parsers.archive import iso_builder as iso
from tests.parsers.archive.iso_builder import SECTOR, TERMINATOR, Found, descriptor, disc, folder, plain, record
from tests.parsers.archive.replays import walked


def test_files_of_one_tree_and_every_byte(tmp_path: Path) -> None:
    data = plain()
    found = Found(data)
    assert identify(data[:4096], MemoryBytes(data), b"") == "archive.iso9660"
    assert found.named == {"A.TXT;1": b"hello", "SUB/B.DAT;1": b"x" * (SECTOR + 3)}
    assert [child.name for child in found.children] == [b"A.TXT", b"B.DAT"]
    assert [member.name for member in found.facts.members] == ["A.TXT;1", "SUB", "SUB/B.DAT;1"]
    structures, files = 4 * SECTOR, 5 + SECTOR + 3
    assert found.notices == [] and found.padding + structures + files == len(data)
    walked(data, found.children, tmp_path / "d.iso")


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
    walked(data, found.children, tmp_path / "d.iso")
    broken = data.replace(record(b"RUN.;1", 31, 10), bytes(len(record(b"RUN.;1", 31, 10))))
    assert Found(broken).codes == ["iso.extent"]


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
    walked(data, found.children, tmp_path / "d.iso")


def test_a_path_table_with_a_folder_of_its_own() -> None:
    entry = (
        b"\x01\0" + (20).to_bytes(4, "little") + b"\x01\0\0\0" + b"\x04\0" + (33).to_bytes(4, "little") + b"\x01\0HIDE"
    )
    sectors = {19: entry, 20: folder(20)}
    table = descriptor(1, (20, SECTOR), 40, table=19)
    table = table[:132] + iso.both(len(entry), 4) + table[140:]
    assert Found(disc(sectors, table, TERMINATOR)).codes == ["iso.path_table"]
