import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.items import Limits
from forensics.model.mail import MimePart
from forensics.parsers.mail.canonical import Canonical, canonical_body, joined
from forensics.parsers.mail.mime import Reader


def root_of(raw: bytes) -> MimePart:
    return Reader(raw, b"\n", Limits()).message(len(raw))


@pytest.mark.parametrize(
    ("body", "relaxed", "simple"),
    [
        (b"", b"", b"\r\n"),
        (b" C \r\nD \t E\r\n\r\n\r\n", b" C\r\nD E\r\n", b" C \r\nD \t E\r\n"),
        (b"a\n b", b"a\r\n b\r\n", b"a\r\n b\r\n"),
        (b"     a     b   c \t \n\n", b" a b c\r\n", b"     a     b   c \t \r\n"),
        (b"   ", b"", b"   \r\n"),
    ],
)
def test_canonical_body_of_rfc_6376(body: bytes, relaxed: bytes, simple: bytes) -> None:
    assert canonical_body(body, True) == relaxed
    assert canonical_body(body, False) == simple


def test_an_empty_name_signs_no_line() -> None:
    data = b"no field\nX: 1\nDKIM-Signature: b=\n\n"
    canonical = Canonical(data, root_of(data))
    assert canonical.signed_block(b"dkim-signature:b=", ("", "x", ""), True) == b"x:1\r\ndkim-signature:b="
    assert canonical.counts(("", "x")) == (0, 1)


def test_a_name_signed_twice_takes_the_field_above_and_then_none() -> None:
    data = b"X: 1\nY: 2\nX: 3\nDKIM-Signature: b=\n\n"
    canonical = Canonical(data, root_of(data))
    block = canonical.signed_block(b"dkim-signature:b=", ("x", "z", "x", "x", "y", "y"), True)
    assert block == b"x:3\r\nx:1\r\ny:2\r\ndkim-signature:b="


@given(st.lists(st.sampled_from([b" ", b"\t", b"\n", b"\r\n", b"\v", b"\f", b"a", b"=", b";"]), max_size=30))
def test_runs_of_white_space_become_one(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    expected = re.sub(rb"[ \t\r\n]+", b" ", raw).strip(b" ")
    assert joined(raw, b" ") == expected
