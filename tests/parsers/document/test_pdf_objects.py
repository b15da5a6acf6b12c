import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.document._pdf_objects import Unlocated, dictionary, next_token, object_start, stream_start


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b"(plain)", b"plain"),
        (b"(a(b)c)", b"a(b)c"),
        (rb"(\(\)\\\n\q)", b"()\\\nq"),
        (rb"(\101\1012\7x)", b"AA2\x07x"),
        (b"(a\\\r\nb\r\nc\rd)", b"ab\nc\nd"),
        (b"<41 4 2>", b"AB"),
        (b"<4>", b"@"),
        (b"<>", b""),
        (b"()", b""),
    ],
)
def test_strings(written: bytes, value: bytes) -> None:
    token = next_token(b" % note\n" + written + b" /x", 0)
    assert (token.kind, token.value) == ("string", value)
    assert (b" % note\n" + written)[token.start : token.end] == written


def test_dictionary_keeps_plain_values() -> None:
    data = b"<</A(one)/B<</A(two)>>/C[(three)]/D 4 0 R/E/Name/F#41 <41>>>rest"
    values, end = dictionary(data, 0)
    assert data[end:] == b"rest"
    assert {key: data[token.start : token.end] for key, token in values.items()} == {
        b"A": b"(one)",
        b"D": b"4",
        b"E": b"/Name",
        b"FA": b"<41>",
    }


def test_a_key_that_stands_twice_is_not_located() -> None:
    assert dictionary(b"<</A(one)/A(two)/B(x)>>", 0)[0].keys() == {b"B"}


@pytest.mark.parametrize("data", [b"", b"<<", b"<</A(", b"<</A<zz>>>", b"[]", b"<</A(x)"])
def test_what_is_no_dictionary(data: bytes) -> None:
    with pytest.raises(Unlocated):
        dictionary(data, 0)


def test_object_and_stream_headers() -> None:
    data = b"\n12 0 obj <</Length 3>>\nstream\r\nabc"
    start = object_start(data, 0, 12, 0)
    _, end = dictionary(data, start)
    assert data[stream_start(data, end) :] == b"abc"
    with pytest.raises(Unlocated):
        object_start(data, 0, 12, 1)
    with pytest.raises(Unlocated):
        stream_start(data, 0)


@given(st.binary())
def test_any_bytes_are_tokens_or_unlocated(data: bytes) -> None:
    with contextlib.suppress(Unlocated):
        dictionary(b"<<" + data, 0)
