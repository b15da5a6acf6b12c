"""Streams of other libraries: exact ends, what came before damage, the same for every reader."""

import random
import struct
from collections.abc import Callable

import inflate64
import pyppmd
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from forensics.replay.careful_streams import Inflater64, ZipPpmd, Zstandard
from forensics.replay.streams import OUTPUT_BYTES, Stream

TEXT = b"".join([b"line %d of a text that packs well, line after line\n" % number for number in range(3000)])
NOISE = random.Random(4).randbytes(200_000)


def deflate64(data: bytes) -> bytes:
    engine = inflate64.Deflater()
    return bytes(engine.deflate(data) + engine.flush())


def zstandard(data: bytes) -> bytes:
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})


def ppmd(data: bytes, *, marked: bool = True) -> bytes:
    engine = pyppmd.Ppmd8Encoder(6, 1 << 20, 0)
    return struct.pack("<H", 5) + bytes(engine.encode(data) + engine.flush(marked))


def decoded(stream: Stream, data: bytes, size: int = 1 << 20) -> bytes:
    out = b""
    for block in stream.decode([data[start : start + size] for start in range(0, len(data), size)]):
        assert len(block) <= OUTPUT_BYTES
        out += block
    return out


KINDS = pytest.mark.parametrize(
    ("make", "pack"),
    [(Inflater64, deflate64), (Zstandard, zstandard), (ZipPpmd, ppmd)],
    ids=["deflate64", "zstd", "ppmd"],
)
Make = Callable[[], Stream]
Pack = Callable[[bytes], bytes]


@KINDS
@pytest.mark.parametrize("size", [1, 7, 32, 1000, 1 << 20])
def test_a_whole_stream_ends_where_it_ends(make: Make, pack: Pack, size: int) -> None:
    for data in (TEXT[:9000], NOISE[:5000], b"x"):
        stored = pack(data)
        stream = make()
        assert decoded(stream, stored + b"what follows", size) == data
        assert (stream.consumed, stream.ended, stream.damaged) == (len(stored), True, False)


@KINDS
def test_a_cut_stream_gives_its_beginning(make: Make, pack: Pack) -> None:
    stored = pack(TEXT)
    for cut in (0, 1, 3, 8, 40, len(stored) // 2, len(stored) - 1):
        stream = make()
        found = decoded(stream, stored[:cut])
        assert TEXT.startswith(found)
        assert not stream.ended or found == TEXT


def test_what_came_before_damage_is_kept() -> None:
    stored = bytearray(zstandard(NOISE + TEXT))
    stored[-2] ^= 1  # in the checksum behind the last block
    stream = Zstandard()
    assert decoded(stream, bytes(stored)) == NOISE + TEXT
    assert stream.damaged and not stream.ended
    broken = bytearray(deflate64(NOISE))
    broken[150_000:] = b"\xff" * (len(broken) - 150_000)
    stream64 = Inflater64()
    found = decoded(stream64, bytes(broken))
    # What is left are blocks that are stored as they are, up to the one whose header is broken.
    assert NOISE.startswith(found[:140_000]) and len(found) >= 140_000


@KINDS
@given(
    data=st.binary(max_size=2000),
    flips=st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 255)), max_size=4),
    cut=st.integers(0, 4000),
    size=st.integers(1, 3000),
)
def test_any_damage_is_read_the_same_by_every_reader(
    make: Make, pack: Pack, data: bytes, flips: list[tuple[int, int]], cut: int, size: int
) -> None:
    broken = bytearray(pack(data * 3 + TEXT[:200]))
    for place, change in flips:
        broken[place % len(broken)] ^= change
    if make is ZipPpmd:
        broken[1] &= 0x0F  # of its memory: a hundred decoders of 256 MB are slow
    stored = bytes(broken[: max(1, cut)])
    one, other = make(), make()
    found = b"".join(_some(one, stored, len(stored)))
    assert found == b"".join(_some(other, stored, size))
    assert (one.consumed, one.ended, one.damaged) == (other.consumed, other.ended, other.damaged)
    assert 0 <= one.consumed <= len(stored)


def _some(stream: Stream, stored: bytes, size: int) -> list[bytes]:
    """Take at most some blocks: damage may make a bomb."""
    found: list[bytes] = []
    for block in stream.decode([stored[start : start + size] for start in range(0, len(stored), size)]):
        found.append(block)
        if len(found) > 5000:
            break
    return found


def test_zstandard_frames_follow_each_other() -> None:
    skipped = b"\x5a\x2a\x4d\x18" + struct.pack("<L", 3) + b"abc"
    stored = zstandard(b"one") + skipped + zstandard(TEXT)
    for size in (1, 5, 1 << 20):
        stream = Zstandard()
        assert decoded(stream, stored + b"\0\0\0\0tail", size) == b"one" + TEXT
        assert (stream.consumed, stream.ended) == (len(stored), True)


def test_a_bomb_comes_in_bounded_blocks() -> None:
    for make, pack in ((Inflater64, deflate64), (Zstandard, zstandard)):
        most = total = 0
        for block in make().decode([pack(bytes(30_000_000))]):
            most, total = max(most, len(block)), total + len(block)
        assert total == 30_000_000 and most <= OUTPUT_BYTES


def test_ppmd_without_a_mark_ends_at_its_size() -> None:
    stored = ppmd(TEXT, marked=False)
    stream = ZipPpmd(len(TEXT))
    assert decoded(stream, stored) == TEXT
    assert stream.ended and not stream.damaged


def test_ppmd_that_is_left_early_does_no_harm() -> None:
    stored = ppmd(TEXT * 5)
    for _ in range(20):
        blocks = ZipPpmd().decode([stored[:3000]])
        next(blocks)
        blocks.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("head", [b"", b"\x05", b"\x05\0abc", b"\x00\x00aaaaaaaa", b"\xff\xffaaaaaaaaa"])
def test_properties_that_are_none(head: bytes) -> None:
    stream = ZipPpmd()
    assert decoded(stream, head) == b"" and not stream.ended
