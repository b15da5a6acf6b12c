"""Archives made to cost more than they weigh, broken ones, and those of others."""

import contextlib
import random
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.errors import ParseError
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import ChildItem, Limits, ParseContext
from forensics.parsers.archive import zip as archive_zip


def test_members_larger_than_memory_go_to_the_spool(zips: Any) -> None:
    spooled: list[bytes] = []

    def spool(chunks: Iterable[bytes]) -> ByteSource:
        spooled.append(b"".join(chunks))
        return MemoryBytes(spooled[-1])

    data = zips.build([zips.Member(b"x", random.Random(3).randbytes(3_000_000), method=0), zips.Member(b"y", b"1")])
    limits = Limits(memory_bytes=1_000_000)
    _, children, _ = zips.read(data, limits=limits, spool=spool)
    assert len(spooled[0]) == 3_000_000 and children[1].content == b"1"
    _, children, _ = zips.read(data, limits=limits)
    assert children[0].content is None and zips.codes(children[0]) == ["zip.memory_limit"]
    assert children[1].content == b"1"


def test_bomb_of_ten_gigabytes_is_left_early(zips: Any) -> None:
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    part = block.compress(bytes(10_000_000)) + block.flush(zlib.Z_FULL_FLUSH)
    stored = part * 1000
    bomb = zips.Member(b"bomb", b"", stored=stored, size=0xFFFFFFFE, local_size=0xFFFFFFFE)
    data = zips.build([bomb, zips.Member(b"y", b"1")])
    sizes: list[int] = []

    def spool(chunks: Iterable[bytes]) -> ByteSource:
        sizes.append(sum(len(chunk) for chunk in chunks))
        return MemoryBytes(b"")

    started = time.process_time()
    tracemalloc.start()
    found = list(archive_zip.parse(MemoryBytes(data), zips.WHERE, ParseContext(spool=spool)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    children = [item for item in found if isinstance(item, ChildItem)]
    assert children[0].content is None and zips.codes(children[0]) == ["zip.ratio_limit"]
    assert children[1].content == b"1"
    assert peak < 150_000_000 and time.process_time() - started < 10


def test_overlapping_members_are_not_all_expanded(zips: Any) -> None:
    kernel = zips.Member(b"kernel", bytes(20_000_000))
    overlaps = []
    for number in range(1000):
        other = zips.Member(b"%d" % number, b"", stored=kernel.stored, at=0, size=20_000_000)
        other.central["crc32"] = kernel.fields["crc32"]
        overlaps.append(other)
    data = zips.build([kernel, *overlaps])
    started = time.process_time()
    found = list(archive_zip.parse(MemoryBytes(data), zips.WHERE, ParseContext()))
    assert time.process_time() - started < 10
    children = [item for item in found if isinstance(item, ChildItem)]
    assert len(children) == 1001
    assert sum(child.content is not None for child in children) == 4
    assert zips.codes(children[-1])[0] == "zip.overlap"


def test_expansion_limit_of_the_whole_archive(zips: Any) -> None:
    data = zips.build([zips.Member(b"%d" % number, bytes(1000)) for number in range(10)])
    _, children, _ = zips.read(data, limits=Limits(expansion=3500, expansion_ratio=1))
    assert [child.content is not None for child in children] == [True] * 3 + [False] * 7
    assert zips.codes(children[3]) == ["zip.expansion_limit"]


def test_member_limit_is_noted(zips: Any) -> None:
    data = zips.build([zips.Member(b"%d" % number, b"1") for number in range(10)])
    facts, children, notices = zips.read(data, limits=Limits(members=4))
    assert len(facts.members) == len(children) == 4
    assert "zip.members_limit" in [notice.code for notice in notices]


def test_hostile_local_headers_take_bounded_time(zips: Any) -> None:
    header = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 8, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    started = time.process_time()
    for unit in (header, header[:8] + b"\x08" + header[9:] + b"\3\0", header + b"PK\7\x08" * 4):
        list(archive_zip.parse(MemoryBytes(unit * 8_000), zips.WHERE, ParseContext()))
    assert time.process_time() - started < 8


@settings(max_examples=200, deadline=2000)
@given(st.data())
def test_flipped_and_cut_archives_only_raise_parse_errors(zips: Any, data: st.DataObject) -> None:
    broken = bytearray(zips.SAMPLE)
    for _ in range(data.draw(st.integers(0, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    start = data.draw(st.integers(0, len(broken) // 4))
    end = data.draw(st.integers(start, len(broken)))
    with contextlib.suppress(ParseError):
        zips.read(bytes(broken[start:end]), passwords=(b"p",))


@settings(max_examples=200, deadline=2000)
@given(
    st.lists(
        st.sampled_from([b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\7\x08"]) | st.binary(max_size=60)
    )
)
def test_arbitrary_bytes_only_raise_parse_errors(zips: Any, parts: list[bytes]) -> None:
    with contextlib.suppress(ParseError):
        zips.read(b"".join(parts))


def _zips(folder: Path) -> list[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(4096)
            if head.startswith(b"PK") and archive_zip.sniff(head, MemoryBytes(head)):
                found.append(path)
    return found


def test_real_archives_replay_and_agree_with_the_standard_library(zips: Any, corpora: Path, suites: Path) -> None:
    files = equal = only_them = 0
    for path in _zips(corpora) + _zips(suites / "zip-slip"):
        data = path.read_bytes()
        files += 1
        _, children, _ = zips.read(data)
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError):
            continue
        ours = {child.step.index: child for child in children}
        for index, info in enumerate(archive.infolist()):
            try:
                theirs = archive.read(info)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
                continue
            child = ours.get(index)
            if child is None:
                assert info.is_dir()
            elif child.content == theirs:
                equal += 1
            else:
                # Where the stored range is longer than the stated size they cut, we keep and say so.
                assert "zip.size" in zips.codes(child), path
                only_them += 1
        archive.close()
    assert files > 250 and equal > 3500 and only_them <= 2
