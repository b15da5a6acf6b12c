"""Compressed files of every format: one content of all streams, what follows them, damage, and bombs."""

import lzma
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Limits, ParseContext
from forensics.model.locations import Location
from forensics.parsers import decoders, load
from forensics.parsers.identify import identify
from forensics.replay import compressed_files as streams

Packed = Any
"""Of the fixture of that name: it packs and reads."""
KINDS = ("gzip", "bzip2", "xz", "zstd", "lz4", "lzma", "zlib")
SEVERAL = ("gzip", "bzip2", "xz", "zstd", "lz4")
TEXT = b"".join(b"line %d of a text\n" % number for number in range(5_000))
NOISE = random.Random(3).randbytes(300_000)


def found(data: bytes, name: bytes = b"") -> str | None:
    return identify(data[:4096], MemoryBytes(data), name)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", [b"", b"x", TEXT, NOISE])
def test_a_file_is_recognized_and_decoded(packed: Packed, kind: str, content: bytes) -> None:
    data = packed.PACK[kind](content)
    if content or kind not in ("lzma", "zlib"):
        assert found(data) == f"archive.{kind}"
    read = packed.read(kind, data)
    assert read.content == content and not read.notices and not read.of_child and not read.padding
    assert [member.size for member in read.facts.members] == [len(content)]
    assert (read.child.step.start, read.child.step.end, read.child.step.name) == (0, len(data), kind)


@pytest.mark.parametrize(
    "lc, lp, pb, size", [(4, 0, 2, 1 << 23), (3, 0, 2, 4096), (0, 4, 4, 3 << 19), (0, 0, 0, 1 << 16)]
)
def test_lzma_of_other_settings_is_recognized(packed: Packed, lc: int, lp: int, pb: int, size: int) -> None:
    filters = [{"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": size}]
    data = lzma.compress(TEXT, format=lzma.FORMAT_ALONE, filters=filters)
    assert found(data) == "archive.lzma" and packed.read("lzma", data).content == TEXT
    assert found(data[:1] + (0x00700000).to_bytes(4, "little") + data[5:]) is None
    assert found(b"\xe1" + data[1:]) is None and found(data[:13] + b"\1" + data[14:]) is None


@pytest.mark.parametrize("kind", SEVERAL)
def test_streams_that_follow_each_other_are_one_content(packed: Packed, kind: str) -> None:
    pack = packed.PACK[kind]
    data = pack(b"one ") + pack(b"") + pack(TEXT) + pack(b"end")
    read = packed.read(kind, data)
    assert read.content == b"one " + TEXT + b"end" and not read.notices
    assert [member.size for member in read.facts.members] == [4, 0, len(TEXT), 3]
    assert [fact.value for fact in read.facts.properties] == ["4"]
    assert [member.header_start for member in read.facts.members] == [
        0, len(pack(b"one ")), len(pack(b"one ") + pack(b"")), len(data) - len(pack(b"end")),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_the_last_stream_is_told(packed: Packed, kind: str) -> None:
    data = packed.PACK[kind](TEXT)
    read = packed.read(kind, data + bytes(700))
    assert read.content == TEXT and read.padding == 700 and not read.notices
    read = packed.read(kind, data + b"\0\0garbage of no form")
    assert read.content == TEXT and read.codes == [f"{kind}.trailing"] and read.notices[0].unread == 18
    read = packed.read(kind, data + b"%PDF-1.4 a document")
    assert [child.content for child in read.more] == [b"%PDF-1.4 a document"] and read.notices[0].unread == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", [TEXT, NOISE])
def test_a_file_that_is_cut_off_gives_what_came_before(packed: Packed, kind: str, content: bytes) -> None:
    data = packed.PACK[kind](content)
    for end in (20, len(data) // 3, len(data) // 2, len(data) - 9, len(data) - 1):
        read = packed.read(kind, data[:end])
        whole = read.content or b""
        assert content.startswith(whole) and f"{kind}.damaged" in read.codes and f"{kind}.damaged" in read.of_child
        if end == len(data) - 1:
            assert len(whole) >= len(content) - (1 << 16) or kind in ("bzip2", "zstd", "lz4")


@pytest.mark.parametrize("kind", KINDS)
def test_damage_leaves_what_came_before_and_is_counted(packed: Packed, kind: str) -> None:
    data = bytearray(packed.PACK[kind](NOISE))
    middle = 2 * len(data) // 3
    data[middle : middle + 64] = bytes(64)
    read = packed.read(kind, bytes(data))
    told = [*read.codes, *read.of_child]
    assert f"{kind}.damaged" in told or f"{kind}.crc" in told
    unread = sum(notice.unread for notice in read.notices)
    assert read.child.step.end + unread == len(data) or read.content is None or read.more


@pytest.mark.parametrize("kind", SEVERAL)
def test_damage_in_a_later_stream_keeps_those_before(packed: Packed, kind: str) -> None:
    pack = packed.PACK[kind]
    read = packed.read(kind, pack(TEXT) + pack(NOISE)[:1000])
    assert (read.content or b"").startswith(TEXT) and "stream 2" in read.child.notices[0].text


@pytest.mark.parametrize("kind", SEVERAL)
def test_streams_behind_a_damaged_one_are_found(packed: Packed, kind: str) -> None:
    pack = packed.PACK[kind]
    broken = bytearray(pack(NOISE))
    broken[len(broken) // 2 :] = b"\xff" * (len(broken) - len(broken) // 2)
    read = packed.read(kind, pack(TEXT) + bytes(broken) + pack(b"the rest") + pack(b" of it"))
    assert (read.content or b"").startswith(TEXT) and read.of_child == [f"{kind}.damaged"]
    (rest,) = read.more
    assert packed.read(kind, rest.content).content == b"the rest of it"
    assert read.child.step.end + read.notices[0].unread == rest.step.start


@pytest.mark.parametrize("kind", SEVERAL)
def test_damage_behind_the_content_of_a_short_stream(packed: Packed, kind: str) -> None:
    good = packed.PACK[kind](b"a short text " * 20)
    for at in range(20, len(good)):
        broken = bytearray(good)
        broken[at] ^= 0x10
        read = packed.read(kind, bytes(broken) + packed.PACK[kind](b"the rest"))
        assert all(notice.unread >= 0 for notice in read.notices)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("lz4", bytes.fromhex("04224d186f31300422")),  # a size and a dictionary
        ("zstd", bytes.fromhex("28b52ffd0300")),  # a dictionary
        ("zstd", bytes.fromhex("28b52ffd803001")),  # a size
    ],
)
def test_fields_of_which_the_file_has_a_part_are_not_said(packed: Packed, kind: str, data: bytes) -> None:
    read = packed.read(kind, data)
    assert read.content is None and read.facts.members[0].size == 0
    assert {fact.name.rpartition(".")[2] for fact in read.facts.members[0].said} <= {"checksum", "window"}


def test_what_came_before_the_damage_comes_again_from_its_step(packed: Packed) -> None:
    good = packed.PACK["bzip2"](TEXT)
    broken = good[:-10] + b"\0" + good[-9:]
    read = packed.read("bzip2", broken + packed.PACK["bzip2"](b"the rest"))
    assert read.content and TEXT.startswith(read.content) and read.of_child == ["bzip2.damaged"]
    assert [child.step.start for child in read.more] == [len(broken)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_stops_at_the_limits(packed: Packed, kind: str) -> None:
    data = packed.PACK[kind](bytes(16 << 20))
    for limits, code in (
        (Limits(memory_bytes=1 << 20, ratio=1 << 30), "memory_limit"),
        (Limits(memory_bytes=1 << 20, ratio=2), "ratio_limit"),
        (Limits(expansion=1 << 20, expansion_ratio=1), "expansion_limit"),
    ):
        read = packed.read(kind, data, limits=limits)
        assert read.content is None and read.of_child == [f"{kind}.{code}"]
        assert read.child.notices[0].unread == len(data)


@pytest.mark.parametrize(
    ("kind", "name", "inside"),
    [
        ("gzip", "a/mail.TGZ", b"mail.tar"),
        ("gzip", "mail.mbox.gz", b"mail.mbox"),
        ("bzip2", "mail.tbz2", b"mail.tar"),
        ("xz", "mail.txz", b"mail.tar"),
        ("zstd", "mail.tzst", b"mail.tar"),
        ("lz4", "mail.tar.lz4", b"mail.tar"),
        ("lzma", "mail.tar.lzma", b"mail.tar"),
        ("zlib", "mail.deflatez", b"mail"),
        ("gzip", "mail", b""),
        ("gzip", ".gz", b""),
        ("gzip", "%C3%A9.gz", "é".encode()),
    ],
)
def test_the_content_has_the_name_without_what_says_how_it_is_packed(
    packed: Packed, kind: str, name: str, inside: bytes
) -> None:
    assert packed.read(kind, packed.PACK[kind](b"x"), name).child.name == inside


def test_the_first_form_of_lz4_is_read(packed: Packed) -> None:
    data = packed.lz4_old(TEXT)
    assert found(data) == "archive.lz4"
    assert (
        packed.read("lz4", data + packed.lz4_old(b"more") + packed.PACK["lz4"](b" end")).content == TEXT + b"more end"
    )
    assert packed.read("lz4", data[:-1]).of_child == ["lz4.damaged"]
    assert packed.read("lz4", data + b"\xff\xff\xff\xfftail").codes == ["lz4.trailing"]


@pytest.mark.parametrize("kind", ["zstd", "lz4"])
def test_frames_that_are_to_be_skipped_are(packed: Packed, kind: str) -> None:
    skipped = b"\x53\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    data = skipped + packed.PACK[kind](TEXT) + skipped + packed.PACK[kind](b"end")
    assert found(data) == f"archive.{kind}"
    assert packed.read(kind, data).content == TEXT + b"end"
    assert found(skipped + b"nothing that is known") is None


def test_zeros_between_streams_of_xz_belong_to_it(packed: Packed) -> None:
    pack = packed.PACK["xz"]
    read = packed.read("xz", pack(TEXT) + bytes(8) + pack(b"end"))
    assert read.content == TEXT + b"end" and not read.notices
    assert read.said == {"xz.check": "CRC-32", "xz.blocks": "1"}


def test_sizes_that_lie_are_told(packed: Packed) -> None:
    data = bytearray(packed.PACK["zlib"](TEXT))
    data[-1] ^= 1
    assert packed.read("zlib", bytes(data)).of_child == ["zlib.damaged"]
    data = bytearray(packed.PACK["gzip"](b"one") + packed.PACK["gzip"](b"two"))
    data[-1] ^= 1
    read = packed.read("gzip", bytes(data))
    assert read.content == b"onetwo" and read.of_child == ["gzip.crc"]
    assert [fact.name for fact in read.facts.members[1].conflicts] == ["gzip.member.size"]


def test_a_disk_image_that_begins_as_a_stream_is_none(packed: Packed) -> None:
    data = packed.PACK["zlib"](TEXT)
    assert found(data) == "archive.zlib"
    assert found(data + b"koly" + bytes(508)) is None


@pytest.mark.parametrize(
    "text", [b"x\x01 marks the spot\n" * 300, b"x^2 + y^2\n" * 500, b"x\x9cis no stream", b"x\xda"]
)
def test_text_is_no_stream(text: bytes) -> None:
    assert found(text) is None


def test_streams_are_kept_and_decoded_up_to_limits(packed: Packed, monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed.PACK["gzip"](b"x") * 40
    monkeypatch.setattr(streams, "KEPT", 10)
    monkeypatch.setattr("forensics.parsers.archive._single.KEPT", 10)
    read = packed.read("gzip", data)
    assert read.content == b"x" * 40 and len(read.facts.members) == 10 and read.codes == ["gzip.streams_limit"]
    monkeypatch.setattr(streams, "MOST", 30)
    monkeypatch.setattr("forensics.parsers.archive._single.MOST", 30)
    read = packed.read("gzip", data)
    assert read.content == b"x" * 30 and sum(one.unread for one in read.notices) == len(data) // 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [1, 7, 500, 5_000, 1 << 20])
def test_output_does_not_depend_on_blocks(packed: Packed, kind: str, size: int) -> None:
    data = bytearray(packed.PACK[kind](TEXT[:20_000] + NOISE[:20_000]) * 2)
    data[-1000:-990] = bytes(10)
    for whole in (bytes(data[:30_000]), bytes(data)):
        name = next(one.name for one in [*load(f"archive.{kind}").FORMAT.decoders, decoders()["zlib/1"]])
        decoder: Any = decoders()[name]
        blocks = [whole[at : at + size] for at in range(0, len(whole), size)]
        assert b"".join(decoder.stream(iter(blocks))) == decoder.whole(whole)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_any_change_is_read_to_its_end(kind: str, data: st.DataObject) -> None:
    packed = BUILDER[0]
    whole = bytearray(packed.PACK[kind](TEXT[: data.draw(st.integers(0, 3_000))]) * data.draw(st.integers(1, 3)))
    for _ in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    found(cut)
    list(load(f"archive.{kind}").parse(MemoryBytes(cut), Location(()), ParseContext(limits=Limits())))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(KINDS), st.binary(max_size=500))
def test_any_bytes_are_read_to_their_end(kind: str, data: bytes) -> None:
    begins = load(f"archive.{kind}").FORMAT.begins[0]
    for whole in (data, begins + data):
        found(whole)
        list(load(f"archive.{kind}").parse(MemoryBytes(whole), Location(()), ParseContext()))


BUILDER: list[Any] = []


@pytest.fixture(autouse=True)
def builder(packed: Packed) -> None:
    BUILDER[:] = [packed]
