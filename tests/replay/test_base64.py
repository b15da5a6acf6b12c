import base64
import itertools
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.replay.base64 import Base64, InBlocks, piece_starts, read


@pytest.mark.parametrize(
    ("raw", "read_as"),
    [
        (b"", Base64(b"", 0)),
        (b"QUJD\r\nREVG\r\n", Base64(b"ABCDEF", 12)),
        (b"QUJDRA==\nRUZHSA==\nSUpL\n", Base64(b"ABCDEFGHIJK", 23, pieces=3)),
        (b"QUI=QUI=\r\n", Base64(b"ABAB", 10, pieces=2)),
        (b"QU!JD*\n", Base64(b"ABC", 7, foreign=2)),
        (b"QUJDR", Base64(b"ABC", 5, torn=1)),
        (b"QUJDRA", Base64(b"ABCD", 6, torn=2)),
        (b"QUJDREU", Base64(b"ABCDE", 7, torn=3)),
        (b"QUJDRA=", Base64(b"ABCD", 7, torn=2)),
        (b"QUJDRA===", Base64(b"ABCD", 9, foreign=1)),
        (b"QUJDRA==\n\n-- \nlist footer\n", Base64(b"ABCD", 10)),
        (b"QUJDRA==\nRUZ", Base64(b"ABCD", 9)),
        (b"QUJDRA==\nRU!ZHSA==\n", Base64(b"ABCD", 9)),
    ],
)
def test_pieces_tears_and_foreign_characters(raw: bytes, read_as: Base64) -> None:
    assert read(raw) == read_as


@given(pieces=st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5))
def test_padded_pieces_give_all_bytes_and_their_places(pieces: list[bytes]) -> None:
    encoded = [base64.encodebytes(piece) for piece in pieces]
    raw = b"".join(encoded)
    assert read(raw).content == b"".join(pieces)
    # A piece without padding runs on into the next one.
    starts, decoded, letters = [(0, 0)], 0, 0
    for piece, text in itertools.pairwise(zip(pieces, encoded, strict=True)):
        decoded += len(piece[0])
        letters += len(piece[1].replace(b"\n", b"").rstrip(b"="))
        if piece[1].rstrip().endswith(b"="):
            starts.append((decoded, letters))
        assert text
    assert piece_starts(raw) == starts


def test_garbage_costs_a_few_bytes_of_memory_for_each_byte() -> None:
    raw = b"A!" * 1_000_000
    tracemalloc.start()
    found = read(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.foreign == 1_000_000 and len(found.content) == 750_000
    assert peak < 4 * len(raw)


@given(
    raw=st.lists(st.sampled_from([b"A", b"QUJD", b"QQ==", b"QUI=", b"=", b"\r\n", b" ", b"!"]), max_size=20).map(
        b"".join
    ),
    block=st.integers(1, 40),
)
@example(raw=b"QUJD=", block=1)
@example(raw=b"QQ==QUJDQUJDQ", block=4)
def test_blocks_give_what_the_whole_gives_wherever_they_are_cut(raw: bytes, block: int) -> None:
    read_so = InBlocks(MemoryBytes(b"<" + raw + b">"), 1, 1 + len(raw), block)
    content = b"".join(read_so)
    assert Base64(content, read_so.stop, read_so.pieces, read_so.foreign, read_so.torn) == read(raw)


def test_blocks_hold_little_whatever_stands_in_them() -> None:
    raw = b"QQ==" + b"QUJD" * 2_000_000 + b"!"
    tracemalloc.start()
    assert sum(map(len, InBlocks(MemoryBytes(raw), 0, len(raw)))) == 1, "the second piece has a fault at its very end"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(raw)
