import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.replay.yenc import Stated, stated, yenc


def encoded(data: bytes, width: int = 40) -> bytes:
    out, line = bytearray(), bytearray()
    for byte in data:
        code = (byte + 42) & 255
        line += bytes((61, (code + 64) & 255)) if code in (0, 10, 13, 61) else bytes((code,))
        if len(line) >= width:
            out += line + b"\r\n"
            line.clear()
    return bytes(out + line + b"\r\n")


@given(data=st.binary(max_size=300))
def test_what_was_encoded_comes_back(data: bytes) -> None:
    text = b"=ybegin line=40 size=%d name=a\r\n%s=yend size=%d\r\n" % (len(data), encoded(data), len(data))
    assert yenc(text) == data


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"=ybegin line=128 size=3 name=a b.bin \nxyz\n=yend size=3\n", (b"a b.bin", 55, 3, None, "", True)),
        (b"=ybegin line=1 size=3 name=a\nxyz\n", (b"a", 33, 3, None, "", False)),
        (b"=ybegin line=1 size=3 name=a\nx\n=ybegin line=1 size=1 name=b\n", (b"a", 31, 3, None, "", False)),
        (
            b"=ybegin part=2 total=3 line=1 size=9 name=a\n=ypart begin=4 end=6\nxyz\n=yend size=3 part=2 pcrc32=ab\n",
            (b"a", 99, 3, 0xAB, "2", True),
        ),
        (b"=ybegin line=1 size=x name=\n=yend crc32=zz\n", (b"", 43, None, None, "", True)),
    ],
)
def test_control_lines(text: bytes, said: tuple[object, ...]) -> None:
    assert stated(text, 0) == Stated(*said)


def test_no_control_line() -> None:
    assert stated(b"=ybeginning of a text\n", 0) is None
    assert zlib.crc32(yenc(b"")) == 0
