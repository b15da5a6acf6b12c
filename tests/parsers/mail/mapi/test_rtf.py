"""Compressed Rich Text and what was encapsulated in it. The package that compresses is a second reader."""

import struct
from itertools import pairwise

import compressed_rtf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from striprtf import striprtf

from forensics.model.byte_sources import MemoryBytes
from forensics.parsers._rich_words import _without_pictures, rich_words
from forensics.parsers.mail.mapi.rtf import DECODER, checksum, de_encapsulate, decompress
from forensics.replay.decoders import DECODERS, decode_range

LIMIT = 1 << 20
WORDS = rb"{\rtf1\ansi\deff0{\fonttbl{\f0\fswiss Arial;}}\f0 Round round round round the rugged rock\par}"


def packed(
    body: bytes, *, kind: bytes = b"LZFu", size: int | None = None, raw: int = 0, crc: int | None = None
) -> bytes:
    stated = len(body) + 12 if size is None else size
    return struct.pack("<II4sI", stated, raw, kind, checksum(body) if crc is None else crc) + body


def html(body: bytes, fonts: bytes = b"", head: bytes = b"\\ansi\\ansicpg1252") -> str:
    rtf = b"{\\rtf1" + head + b"\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}" + fonts + b"}\n\\uc1 " + body + b"}"
    found = de_encapsulate(rtf)
    assert found is not None
    assert (found.kind, found.notices) == ("html", ())
    return found.text


def codes(data: bytes, limit: int = LIMIT) -> list[str]:
    return [one.code for one in decompress(data, limit).notices]


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("rtf", [b"", b"a", WORDS, WORDS * 200, bytes(range(256)) * 40])
def test_what_was_compressed_comes_back(rtf: bytes, compressed: bool) -> None:
    data = compressed_rtf.compress(rtf, compressed=compressed)
    assert decompress(data, LIMIT) == (rtf, True, ())
    assert b"".join(decode_range(DECODERS, DECODER, MemoryBytes(data), 0, len(data))) == rtf


def test_a_reference_into_what_it_writes() -> None:
    crossing = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert decompress(crossing, LIMIT) == (b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}", True, ())


def test_a_lying_size_is_told_and_allocates_nothing() -> None:
    good = compressed_rtf.compress(WORDS)
    lying = good[:4] + b"\xff\xff\xff\xff" + good[8:]
    found = decompress(lying, LIMIT)
    assert (found.rtf, found.whole, [one.code for one in found.notices]) == (WORDS, True, ["rtf.size"])
    assert f"decodes to {len(WORDS)} bytes, it states 4294967295" in found.notices[0].text
    for size in (0, 11, len(good), 0xFFFFFFFF):
        assert decompress(size.to_bytes(4, "little") + good[4:], LIMIT).rtf == WORDS


def test_the_size_that_some_libraries_state() -> None:
    good = compressed_rtf.compress(WORDS)
    found = decompress(good[:4] + (len(WORDS) + 12).to_bytes(4, "little") + good[8:], LIMIT)
    assert (found.rtf, found.whole, [one.code for one in found.notices]) == (WORDS, True, ["rtf.library_size"])


def test_what_ends_early_gives_what_came_before() -> None:
    good = compressed_rtf.compress(WORDS)
    sizes = []
    for end in range(len(good)):
        found = decompress(good[:end], LIMIT)
        assert WORDS.startswith(found.rtf)
        assert not found.whole or not end
        assert bool(found.notices) == bool(end)
        sizes.append(len(found.rtf))
    assert all(before <= after for before, after in pairwise(sizes))


def test_odd_headers() -> None:
    good = compressed_rtf.compress(WORDS)
    assert codes(good[:12] + b"\0\0\0\0" + good[16:]) == ["rtf.checksum"]
    assert codes(good + b"\0\0\0") == ["rtf.size", "rtf.surplus"]
    unknown = decompress(good[:8] + b"LZFX" + good[12:], LIMIT)
    assert (unknown.rtf, unknown.whole, unknown.notices[0].unread) == (b"", False, len(good))
    plain = compressed_rtf.compress(WORDS, compressed=False)
    assert codes(plain[:12] + b"\1\0\0\0" + plain[16:]) == ["rtf.checksum"]


def test_the_limit_counts_decoded_bytes() -> None:
    for compressed in (True, False):
        data = compressed_rtf.compress(WORDS * 200, compressed=compressed)
        found = decompress(data, 1000)
        assert (found.rtf, found.whole) == ((WORDS * 200)[:1000], False)
        assert [one.code for one in found.notices] == ["rtf.limit"]
        assert 0 < found.notices[0].unread < len(data)


def test_it_cannot_grow_beyond_nine_times() -> None:
    body = b"\0a" + b"\xff" + b"\x0c\xff" * 8 + (b"\xff" + b"\0\x0f" * 8) * 1000
    assert len(decompress(packed(body), 1 << 30).rtf) <= 9 * len(body)


@given(st.binary(max_size=300))
def test_any_tokens_are_read_as_the_package_reads_them(body: bytes) -> None:
    data = packed(body)
    try:
        expected = compressed_rtf.decompress(data)
    except struct.error:  # the package has nothing to say of a reference that is cut off
        expected = None
    found = decompress(data, LIMIT)
    assert expected is None or found.rtf == expected


@given(st.binary(max_size=200), st.integers(0, 400))
def test_any_bytes_decompress_to_something(data: bytes, limit: int) -> None:
    for one in (data, packed(data), packed(data, kind=b"MELA")):
        found = decompress(one, limit)
        assert len(found.rtf) <= limit
        assert found.whole or found.notices


def test_html_is_copied_from_tags_and_text() -> None:
    body = (
        rb"{\*\htmltag19 <html>}{\*\htmltag2 \par }{\*\htmltag64 <p style=\'e9\{\}\\>}\htmlrtf \pard\plain{\htmlrtf0 "
        rb"caf\'e9 {\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0 b\lquote c\rquote\ldblquote d\rdblquote\bullet"
        rb"\endash\emdash\~\_\tab e{\*\mhtmltag64 <p style=old>}\htmlrtf\par}\htmlrtf0"
        b"\n{\\*\\htmltag72 </p>}{\\*\\generator Somebody;}{\\pntext\\'b7\\tab}{\\*\\htmltag27 </html>}"
    )
    assert html(body) == (
        "<html>\r\n<p style=é{}\\>café &lt;b&lsquo;c&rsquo;&ldquo;d&rdquo;&bull;&ndash;&mdash;&nbsp;&shy;\te</p></html>"
    )


def test_code_pages_are_those_of_fonts() -> None:
    fonts = (
        rb"{\f1\fmodern\fcharset128 MS Gothic;}{\f2\fcharset204 Arial;}"
        rb"{\f3\fcharset0\cpg1253 Odd;}{\f4\fcharset2 Wingdings;}"
    )
    body = (
        rb"{\f1 \'82\'a0\'83A\'83\'5c}{\f2 \'ef}{\f3 \'e1}{\f4 \'80}{\f9 \'e9}"
        rb"\htmlrtf\f2\htmlrtf0 \'ef\plain \'e9{\*\htmltag \'e9}"
    )
    assert html(body, fonts) == "あアソпα€éпéé"
    # Of a tag it is the document's, whatever font stands before it.
    assert html(rb"\f1 {\*\htmltag64 \'ff}", fonts, rb"\ansi\ansicpg1251") == "я"
    assert html(rb"\'8e", head=rb"\mac") == "é"
    assert html(rb"\'82", head=rb"\pc") == "é"
    assert html(b"\\'c3\\'a9", head=rb"\ansi\ansicpg65001") == "é"
    assert html(rb"\'81", fonts, rb"\ansi\ansicpg4711") == "\ufffd"


def test_characters_by_number_replace_what_follows() -> None:
    assert html(rb"\u8364?x\uc0\u8364 x{\uc2\u8364 ??x}\u8364 x") == "€x€x€x€x"
    assert html(rb"\uc1\u-10179?\u-8704?") == "\U0001f600"
    assert html(rb"\u-10179?x") == "\ufffdx"
    assert html(rb"\u8364\'80x\u8364\tab x{\u8364}x") == "€x€x€x"


def test_plain_text() -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252\fromtext \deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset161 Arial;}}\uc1\pard\plain"
        + (
            rb"\f0 One \lquote 1\rquote\par"
            + b"\r\n"
            + rb"{\*\htmltag <p>}\htmlrtf hidden\htmlrtf0 \f1\'e1\line last\par }"
            + b"\0"
        )
    )
    found = de_encapsulate(rtf)
    assert found is not None
    assert (found.kind, found.text, found.notices) == ("text", "One \u20181\u2019\r\nα\r\nlast\r\n", ())


@pytest.mark.parametrize(
    "rtf",
    [
        b"",
        WORDS,
        rb"{\rtf1\ansi\fromhtml0 x}",
        rb"{\rtf1\ansi\fromhtml x}",
        rb"{\rtf1 \\fromtext x}",
        rb"{\rtf1{\fonttbl}\fromtext x}",
        rb"\fromtext",
    ],
)
def test_other_rich_text_is_no_encapsulation(rtf: bytes) -> None:
    assert de_encapsulate(rtf) is None


def test_binary_data_and_what_follows_the_end_are_passed_over() -> None:
    assert html(rb"a\bin-3 b\bin99999 c") == "abc"  # no such number of bytes is there
    found = de_encapsulate(rb"{\rtf1\fromtext a{\*\x\bin5 }}}}}}b}c{d}")
    assert found is not None
    assert (found.text, found.notices) == ("ab", ())


def test_damage_is_told() -> None:
    found = de_encapsulate(rb"{\rtf1\fromtext a{b\'")
    assert found is not None
    assert (found.text, [one.code for one in found.notices]) == ("ab", ["rtf.groups"])
    deep = de_encapsulate(rb"{\rtf1\fromtext " + b"{" * 100_000 + b"a" + b"}" * 100_000 + b"b}")
    assert deep is not None
    assert (deep.text, [one.code for one in deep.notices]) == ("ab", ["rtf.depth"])


PIECES = st.sampled_from(
    rb"""{ } \ \' \'e \'82 \'a0 a \htmlrtf{} \htmlrtf0 {\*\htmltag64<p>} \* \u8364? \u-8704 \uc3 \f1 \par \bin3 \fonttbl
    \fcharset128 \cpg65001 \ansicpg932 \ansicpg99999999 \~ \fcharset \plain \-""".split()
)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=4)), max_size=60), st.sampled_from([b"html1", b"text"]))
def test_any_rich_text_gives_text(pieces: list[bytes], kind: bytes) -> None:
    found = de_encapsulate(b"{\\rtf1\\ansi\\from" + kind + b" " + b"".join(pieces))
    assert found is not None
    found.text.encode()


PICTURES = ["\\pict", "{\\pict\\bin3 }}}", "\\bin2 ", "\\bin", "\\bi", "{", "}", "words", "7", "\r\n"]


@given(st.lists(st.sampled_from(PICTURES), max_size=12).map("".join))
def test_pictures_are_taken_out_as_the_library_does(text: str) -> None:
    try:
        expected = striprtf.remove_pict_groups(text)
    except ValueError:  # no number follows
        with pytest.raises(ValueError, match="invalid literal"):
            _without_pictures(text)
    else:
        assert _without_pictures(text) == expected


def test_words_beside_a_binary_picture() -> None:
    assert rich_words(rb"{\rtf1 before {\pict\bin6 }{}\{}}after}").strip() == "before after"
