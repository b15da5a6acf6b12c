"""Compressed Rich Text: what a writer of it gives is read again, and of a broken value what came before the damage."""

import struct

import compressed_rtf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.mail.mapi.compressed_rtf import decompress, expand

RICH = b"{\\rtf1\\ansi\\ansicpg1252\\pard Hello, hello, hello.\\par aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}" * 4


@given(st.binary(max_size=3000) | st.lists(st.sampled_from([b"\\pard ", b"abc", b"a" * 40])).map(b"".join))
def test_what_is_compressed_is_read_again(data: bytes) -> None:
    found = decompress(compressed_rtf.compress(data))
    assert (found.data, found.fault) == (data, "")


def test_what_is_kept_as_it_is() -> None:
    raw = compressed_rtf.compress(RICH, compressed=False)
    assert decompress(raw).data == RICH == expand(raw)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"\0" * 15, "too few for the header"),
        (struct.pack("<II4sI", 12, 0, b"what", 0), "kind b'what'"),
        (compressed_rtf.compress(RICH)[:-9], "bytes stated"),
        (compressed_rtf.compress(RICH) + b"more", "bytes stated"),
        (compressed_rtf.compress(RICH)[:12] + b"\0\0\0\0" + compressed_rtf.compress(RICH)[16:], "CRC"),
    ],
)
def test_faults_are_told(raw: bytes, fault: str) -> None:
    assert fault in decompress(raw).fault


def test_what_came_before_the_damage_is_kept() -> None:
    assert RICH.startswith(found := decompress(compressed_rtf.compress(RICH)[:100]).data) and len(found) > 50


def test_the_size_that_some_libraries_state() -> None:
    raw = bytearray(compressed_rtf.compress(RICH))
    raw[4:8] = (len(RICH) + 12).to_bytes(4, "little")
    found = decompress(bytes(raw))
    assert (found.data, found.fault, found.odd_size) == (RICH, "", True)


@given(st.binary(max_size=500))
def test_any_bytes(data: bytes) -> None:
    for head in (b"", struct.pack("<III", len(data), 9, 0x75465A4C)):
        assert len(expand(head + data)) <= 17 * 4 * (len(data) + 16)
