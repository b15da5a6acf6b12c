import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.decoding import Decoder
from forensics.parsers.mail import _mbox_quoting
from forensics.parsers.mail._mbox_quoting import MBOXO, MBOXRD

LINES = st.lists(st.sampled_from([b">", b"From ", b"\n", b"\r\n", b"text", b" "]), max_size=40).map(b"".join)


def streamed(decoder: Decoder, text: bytes, size: int) -> bytes:
    assert decoder.stream is not None
    return b"".join(decoder.stream([text[start : start + size] for start in range(0, len(text), size)]))


@given(text=LINES, size=st.integers(1, 30))
def test_unquoting_by_blocks_equals_unquoting_the_whole(text: bytes, size: int) -> None:
    for decoder in (MBOXRD, MBOXO):
        assert streamed(decoder, text, size) == decoder.whole(text)


def test_unquoting_a_line_longer_than_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mbox_quoting, "_HELD_BYTES", 100)
    text = b">From " + b"x" * 1000 + b">From \n>>From y\n"
    assert streamed(MBOXRD, text, 64) == MBOXRD.whole(text)


@pytest.mark.parametrize(
    ("decoder", "expected"),
    [
        (MBOXRD, b"From a\r\n>From b\r\n > From c\r\nx >From d\r\n"),
        (MBOXO, b"From a\r\n>>From b\r\n > From c\r\nx >From d\r\n"),
    ],
)
def test_variants_of_quoting(decoder: Decoder, expected: bytes) -> None:
    assert decoder.whole(b">From a\r\n>>From b\r\n > From c\r\nx >From d\r\n") == expected
