import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.mail.charsets import codec, decode, decode_raw, encode, find_charset, lacks_byte_order
from forensics.parsers.mail.shifts import decode_shifted, masked


def test_codecs_are_charsets_only() -> None:
    assert codec("ISO-8859-1") == "latin_1"
    assert [codec(name) for name in ("punycode", "unicode_escape", "zlib", "../x", "a\0b")] == [""] * 5


def test_charset_of_unknown_text() -> None:
    assert find_charset("ça va très bien".encode()) == "utf-8"
    assert find_charset("Привет, как дела? Всё хорошо, спасибо.".encode("koi8-r")) != "utf-8"


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        (b"\x93ok\x94 \xe9", "iso-8859-1", "\u201cok\u201d \u00e9"),
        (b"caf\xe9", "latin1", "caf\u00e9"),
        (b"\x81", "iso-8859-1", "\x81"),
        (b"\xfe\x85", "iso-8859-9", "\u015f\u2026"),
        (b"\xa1\x91", "tis-620", "\u0e01\u2018"),
        (b"\0a\0b", "utf-16", "ab"),
        (b"\xff\xfea\0", "utf-16", "a"),
        (b"\0\0\0a", "utf-32", "a"),
        (b"\xe9", "us-ascii", None),
        (b"a", "\0", None),
        (b"a", "x\xa0\ud800"[:2], None),
    ],
)
def test_labels_mean_what_their_writers_use(raw: bytes, charset: str, text: str | None) -> None:
    assert decode(raw, charset) == text


def test_raw_text_under_a_claim_of_ascii() -> None:
    assert decode_raw(b"\x93a\x94", "us-ascii") == "\u201ca\u201d"
    assert decode_raw("\u0430\u0431\u0432".encode("koi8-r"), "us-ascii") == "\ufffd" * 3
    assert decode_raw(b"\xe9") == "\ufffd"


def test_text_is_encoded_as_it_was_decoded() -> None:
    assert encode("\u201cok\u201d", "iso-8859-1") == b"\x93ok\x94"
    assert [encode("a", charset) for charset in ("\0", "no-such", "hex")] == [None] * 3


def test_byte_order() -> None:
    assert lacks_byte_order(b"\0a", "UTF-16")
    assert not lacks_byte_order(b"\xfe\xff\0a", "utf-16")
    assert not lacks_byte_order(b"\0a", "utf-16be")


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("\u65e5\u672c a".encode("iso2022_jp"), "", "\u65e5\u672c a"),
        ("\ud55c\uad6d a".encode("iso2022_kr"), "", "\ud55c\uad6d a"),
        ("\ud55c\uad6d a".encode("iso2022_kr").replace(b"\x1b$)C", b""), "ISO-2022-KR", "\ud55c\uad6d a"),
        (b"\x1b$)A\x0eVPND\x0f a", "", "\u4e2d\u6587 a"),
        (b"\x1b$B\x7f\x7f\x1b(B", "", None),
    ],
)
def test_iso_2022_as_it_is_written(raw: bytes, charset: str, text: str | None) -> None:
    assert decode_shifted(raw, charset) == text
    assert decode_raw(raw, charset) == (raw.decode("ascii") if text is None else text)


@given(st.text("\x1b$()ABC\x0e\x0f<,a\n").map(str.encode), st.sampled_from(["", "iso-2022-kr", "iso-2022-cn", "\0"]))
def test_shifts_never_fail_and_keep_places(raw: bytes, charset: str) -> None:
    assert len(masked(raw)) == len(raw)
    decode_raw(raw, charset)
