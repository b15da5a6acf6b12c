import binascii
import quopri
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forensics.model.byte_sources import MemoryBytes
from forensics.replay.quoted_printable import InBlocks, QuotedPrintable, read


@pytest.mark.parametrize(
    ("raw", "content", "malformed"),
    [
        (b"caf=E9=20=\r\nend", b"caf\xe9 end", 0),
        (b"ab= \ncd\n", b"abcd\n", 0),
        (b"ab=\t \r\ncd", b"abcd", 0),
        (b"ab= ", b"ab", 0),
        (b"ab=", b"ab", 0),
        (b"ab=\rcd=\rhidden\nef", b"abcdhidden\nef", 0),
        (b"a=0Xb=ZZc\n", b"a=0Xb=ZZc\n", 2),
        (b"a==b", b"a==b", 2),
        (b"a==41", b"a=A", 1),
        (b"a= b", b"a= b", 1),
        (b"=c3=a4 \n", b"\xc3\xa4 \n", 0),
        (b"a=4=\n1", b"a=41", 1),
    ],
)
def test_soft_breaks_and_malformed_escapes(raw: bytes, content: bytes, malformed: int) -> None:
    found = read(raw)
    assert (found.content, found.malformed) == (content, malformed)


@given(data=st.binary(max_size=200))
def test_what_is_well_formed_decodes_as_everywhere(data: bytes) -> None:
    encoded = quopri.encodestring(data.replace(b"\r", b""))
    assert read(encoded) == (binascii.a2b_qp(encoded), 0)


@given(data=st.lists(st.sampled_from([b"=", b"=4", b"41", b" ", b"\r", b"\n", b"x"]), max_size=30).map(b"".join))
def test_no_text_is_lost(data: bytes) -> None:
    """Only signs, hexadecimal digits, blanks and line ends can go."""
    assert read(data).content.count(b"x") == data.count(b"x")


def test_malformed_escapes_cost_a_few_bytes_of_memory_for_each_byte() -> None:
    raw = b"=Z" * 100_000
    tracemalloc.start()
    assert read(raw).malformed == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 9 * len(raw)


@given(
    raw=st.lists(st.sampled_from([b"=", b"=3D", b"A", b" ", b"\t", b"\r", b"\n", b"=\r\n"]), max_size=20).map(b"".join),
    block=st.integers(1, 40),
)
@example(raw=b"= A==\r\n", block=1)
@example(raw=b"=      \r\nA=      A", block=2)
def test_blocks_give_what_the_whole_gives_wherever_they_are_cut(raw: bytes, block: int) -> None:
    read_so = InBlocks(MemoryBytes(b"<" + raw + b">"), 1, 1 + len(raw), block)
    content = b"".join(read_so)
    assert QuotedPrintable(content, read_so.malformed) == read(raw)


def test_blanks_behind_a_sign_are_not_held() -> None:
    raw = b"=" + b" " * 8_000_000 + b"A"
    tracemalloc.start()
    assert sum(map(len, InBlocks(MemoryBytes(raw), 0, len(raw), 10_000))) == len(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(raw) / 10
