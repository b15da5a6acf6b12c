import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.mail.words import decode_text, without_comments


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b" a\r\n\t b \r\n", "a b"),
        (b"=?utf-8?q?caf=C3=A9_au?= lait", "café au lait"),
        (b"=?utf-8?b?4oI=?= =?utf-8?b?rA==?=", "\u20ac"),
        (b"=?iso-8859-1*fr?q?=E9t=E9?=", "été"),
        (b"=?iso-8859-1?q?=E9?=\r\n =?utf-8?q?=C3=A9?=", "éé"),
        (b"=?no-such?q?=E9?=", "=?no-such?q?=E9?="),
        (b"=?hex?q?41?=", "=?hex?q?41?="),
        ("été".encode(), "été"),
        (b"\xe9t\xe9", "\ufffdt\ufffd"),
        (b"=?iso-8859-1?Q?It=92s_=93ok=94?=", "It\u2019s \u201cok\u201d"),
        (b"=?us-ascii?Q?=93a=94?=", "\u201ca\u201d"),
        (b"=?iso-8859-9?Q?=FE=92?=", "\u015f\u2019"),
        (b"=?utf-16?b?AGEALgB6?=", "a.z"),
    ],
)
def test_text(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


def test_raw_bytes_in_the_charset_of_the_message() -> None:
    assert decode_text(b"\xe9t\xe9", "iso-8859-1") == "été"


@given(st.binary(max_size=200) | st.text("=?utf-8bqQB_ ;*'\"%\r\n\\()a0", max_size=120).map(str.encode))
def test_never_fails(raw: bytes) -> None:
    decode_text(raw)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b"a(b(c)d)e", b"a e"),
        (b'"a(b)"(c)', b'"a(b)" '),
        (b"a(b\\)c)d", b"a d"),
        (b"a(b", b"a(b"),
        (b"a)b", b"a)b"),
    ],
)
def test_comments(raw: bytes, kept: bytes) -> None:
    assert without_comments(raw) == kept


def test_unclosed_are_linear() -> None:
    raw = b"(\\(" * 300_000
    assert without_comments(raw) == raw
