import bz2
import io
import lzma
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.model.decoding import Decoder
from forensics.replay import decoders
from forensics.replay.decoders import DECODERS, decode_range
from forensics.replay.streams import OUTPUT_BYTES, Inflater, deflate_length

STREAMS = sorted(name for name, one in DECODERS.items() if one.stream)


def deflated(data: bytes) -> bytes:
    engine = zlib.compressobj(6, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush()


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("name", STREAMS)
@given(data=st.binary(max_size=200), size=st.integers(1, 50))
def test_streams_are_total_and_equal_the_decoder_of_their_name(name: str, data: bytes, size: int) -> None:
    one = DECODERS[name]
    assert one.stream is not None
    assert b"".join(one.stream(pieces(data, size))) == one.whole(data)


@given(data=st.binary(max_size=3000), flips=st.lists(st.integers(0, 2999), max_size=3), size=st.integers(1, 4000))
def test_damaged_deflate_is_cut_at_the_same_place_for_every_reader(data: bytes, flips: list[int], size: int) -> None:
    broken = bytearray(deflated(data * 3))
    for place in flips:
        broken[place % len(broken)] ^= 0x55
    whole = decoders.deflate(bytes(broken))
    assert b"".join(decoders.inflate(pieces(bytes(broken), size))) == whole


@given(data=st.binary(max_size=2000), cut=st.integers(0, 2000))
def test_cut_deflate_gives_a_beginning(data: bytes, cut: int) -> None:
    assert data.startswith(decoders.deflate(deflated(data)[:cut]))


def test_large_output_comes_in_bounded_blocks() -> None:
    stored = deflated(bytes(20_000_000))
    blocks = list(decoders.inflate([stored]))
    assert max(len(block) for block in blocks) <= OUTPUT_BYTES
    assert sum(len(block) for block in blocks) == 20_000_000


def test_inflater_knows_where_its_stream_ended() -> None:
    stored = deflated(b"abc" * 100)
    inflater = Inflater()
    assert b"".join(inflater.decode([stored + b"rest"])) == b"abc" * 100
    assert (inflater.consumed, inflater.ended, inflater.damaged) == (len(stored), True, False)
    assert deflate_length([stored + b"rest"], 1000, 250) == (len(stored), 300)


def test_other_methods() -> None:
    data = bytes(range(256)) * 500
    source = bz2.compress(data)
    assert b"".join(decode_range(DECODERS, "bzip2/1", MemoryBytes(source), 0, len(source))) == data
    source = lzma.compress(data)
    assert b"".join(decode_range(DECODERS, "xz/1", MemoryBytes(source), 0, len(source))) == data


def test_zip_lzma_with_and_without_end_marker() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("x", b"text of it" * 50)
        info = archive.infolist()[0]
    raw = file.getvalue()
    start = info.header_offset + 31
    stored = raw[start : start + info.compress_size]
    source = MemoryBytes(stored)
    assert b"".join(decode_range(DECODERS, "zip-lzma/1", source, 0, len(stored))) == b"text of it" * 50
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}]
    alone = lzma.compress(b"text of it" * 50, lzma.FORMAT_RAW, filters=filters)
    bare = MemoryBytes(b"\x09\x04\x05\0\x5d\0\0\1\0" + alone)
    assert b"".join(decode_range(DECODERS, "zip-lzma/1:500", bare, 0, bare.size)) == b"text of it" * 50
    assert b"".join(decode_range(DECODERS, "zip-lzma/1", MemoryBytes(b"short"), 0, 5)) == b""


def test_ranges_of_every_decoder() -> None:
    source = MemoryBytes(b"..aGVsbG8=..")
    assert b"".join(decode_range(DECODERS, "copy/1", source, 2, 10)) == b"aGVsbG8="
    assert b"".join(decode_range(DECODERS, "base64/1", source, 2, 10)) == b"hello"
    with pytest.raises(KeyError):
        list(decode_range(DECODERS, "unknown/1", source, 0, 1))
    shouted = Decoder(name="loud/1", whole=bytes.upper)
    assert b"".join(decode_range({"loud/1": shouted}, "loud/1", source, 2, 4)) == b"AG"


@given(data=st.binary(max_size=60))
def test_every_decoder_is_total(data: bytes) -> None:
    for decode in DECODERS.values():
        assert isinstance(decode.whole(data), bytes)


@pytest.mark.parametrize("name", ["base64/2", "quoted-printable/2"])
def test_a_large_range_comes_in_blocks_and_is_the_same(name: str) -> None:
    raw = b"QUJDREVGR0hJSktM=\r\n" * 300_000
    source = MemoryBytes(b"<" + raw + b">")
    found = list(decode_range(DECODERS, name, source, 1, 1 + len(raw)))
    assert b"".join(found) == DECODERS[name].whole(raw)
    assert max(map(len, found)) <= 2 * OUTPUT_BYTES


@given(data=st.binary(max_size=200) | st.text().map(lambda text: text.encode("utf-16-le")), size=st.integers(1, 9))
def test_texts_of_16_bit_units(data: bytes, size: int) -> None:
    text = data[: len(data) & ~1].decode("utf-16-le", "surrogatepass")
    assert b"".join(decoders.utf_16le(pieces(data, size))) == text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("size", [OUTPUT_BYTES - 1, OUTPUT_BYTES, OUTPUT_BYTES + 1, 2 * OUTPUT_BYTES, 3 * OUTPUT_BYTES])
def test_where_a_deflate_stream_ends_though_the_output_was_just_full(size: int) -> None:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    stored = engine.compress(bytes(size)) + engine.flush()
    for behind in (b"", b"what follows it" * 50):
        assert deflate_length([stored + behind], 0, 1 << 30) == (len(stored), size)
