import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.mail.charsets import codec, find_charset
from forensics.parsers.mail.parameters import parse_value
from forensics.parsers.mail.words import decode_text


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
    ],
)
def test_text(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


def test_raw_bytes_in_the_charset_of_the_message() -> None:
    assert decode_text(b"\xe9t\xe9", "iso-8859-1") == "été"


@pytest.mark.parametrize(
    ("raw", "value", "parameters"),
    [
        (b' Text/Plain; charset="UTF-8" (a; b)', "text/plain", {"charset": "UTF-8"}),
        (b"attachment; filename=my file.pdf; size=3", "attachment", {"filename": "my file.pdf", "size": "3"}),
        (b"a/b; name*0*=utf-8''caf%C3; name*1*=%A9; name*2=.txt", "a/b", {"name": "café.txt"}),
        (b'a/b; name="=?utf-8?q?caf=C3=A9?="', "a/b", {"name": "café"}),
        (b'a/b; name="x\\"y"', "a/b", {"name": 'x"y'}),
        (b"a/b charset=x", "a/b", {"charset": "x"}),
        (b"a/b; charset=x; charset=y", "a/b", {"charset": "x"}),
        (b"", "", {}),
    ],
)
def test_value(raw: bytes, value: str, parameters: dict[str, str]) -> None:
    read = parse_value(raw)
    assert (read.value, read.parameters) == (value, parameters)


def test_codecs_are_charsets_only() -> None:
    assert codec("ISO-8859-1") == "latin_1"
    assert [codec(name) for name in ("punycode", "unicode_escape", "zlib", "../x", "a\0b")] == [""] * 5


def test_charset_of_unknown_text() -> None:
    assert find_charset("ça va très bien".encode()) == "utf-8"
    assert find_charset("Привет, как дела? Всё хорошо, спасибо.".encode("koi8-r")) != "utf-8"


@given(st.binary(max_size=200) | st.text("=?utf-8bqQB_ ;*'\"%\r\n\\()a0", max_size=120).map(str.encode))
def test_never_fails(raw: bytes) -> None:
    decode_text(raw)
    parse_value(raw)
