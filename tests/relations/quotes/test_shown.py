"""What a mail shows: the quick way says what the MIME reader does, and places lead back to bytes."""

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Located
from forensics.model.items import Limits
from forensics.parsers import decoders
from forensics.parsers.mail.texts import letters_of
from forensics.relations.quotes.shown import MOST, Shown, _plain, bare, locate, read_pages, read_shown
from forensics.replay.decoders import decode_range
from tests.parsers.mail.msg_files import msg

HEAD = b"From: a@one.example\nSubject: x\n"
LIMITS = Limits()
BODY = "Dear Ben,\n\nthe sum is 1,000 \u20ac for K\u00f6ln.\n"


def _mail(body: bytes, *fields: bytes) -> bytes:
    return HEAD + b"".join([field + b"\n" for field in fields]) + b"\n" + body


@pytest.mark.parametrize(
    "data",
    [
        _mail(b"plain\ntext\n"),
        _mail(b"plain\r\ntext\r\n").replace(b"\n", b"\r\n").replace(b"\r\r", b"\r"),
        _mail(BODY.encode(), b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit"),
        _mail(b"a =\nlong line =C3=A4\n", b"Content-Type: text/plain", b"Content-Transfer-Encoding: quoted-printable"),
        _mail(b"RGVhciBCZW4=\n", b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: base64"),
    ],
)
def test_the_quick_way_says_the_same(data: bytes) -> None:
    quick = _plain(data)
    slow, _ = read_shown(b"X-Odd\n" + data, LIMITS)
    assert quick is not None
    assert quick == slow.text


@pytest.mark.parametrize(
    "data",
    [
        _mail(b"x\n", b"Content-Type: text/html"),
        _mail(b"x\n", b"Content-Type: text/plain; charset=koi8-r"),
        _mail(b"x\n", b"Content-Type: text/plain", b"Content-Type: text/html"),
        _mail(b"x\n", b"Content-Disposition: attachment"),
        _mail(b"\xe4\n", b"Content-Type: text/plain; charset=iso-8859-1"),
        b"no header at all",
    ],
)
def test_all_else_is_left_to_the_reader(data: bytes) -> None:
    assert _plain(data) is None


def test_plain_text_counts_before_pages() -> None:
    parts = b"--x\nContent-Type: text/plain\n\nsaid\n--x\nContent-Type: text/html\n\n<p>shown\n--x--\n"
    data = _mail(parts, b"Content-Type: multipart/alternative; boundary=x")
    shown, whole = read_shown(data, LIMITS)
    assert (shown.text.strip(), shown.has_pages, whole) == ("said", True, True)
    assert read_pages(data, LIMITS).text == "shown"


def test_a_page_alone_has_its_quotes() -> None:
    shown, _ = read_shown(_mail(b"<p>own<blockquote>theirs</blockquote>", b"Content-Type: text/html"), LIMITS)
    assert shown.page is not None
    assert [(line.depth, line.text) for line in shown.page] == [(0, "own"), (1, "theirs")]


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"8bit", BODY.encode()),
        (b"quoted-printable", BODY.encode().replace(b"\xe2\x82\xac", b"=E2=82=AC").replace(b"\xc3\xb6", b"=C3=\n=B6")),
    ],
)
def test_a_range_leads_to_its_bytes(encoding: bytes, body: bytes) -> None:
    data = _mail(body, b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: " + encoding)
    shown, _ = read_shown(data, LIMITS)
    start = shown.text.index("K\u00f6ln")
    fact = locate(data, LIMITS, shown, start, start + 4)
    ((first, last),) = fact.locator.ranges
    assert fact.value == "K\u00f6ln"
    assert data[first:last] == fact.raw
    assert fact.raw.replace(b"=\n", b"").replace(b"=C3=B6", b"\xc3\xb6") == "K\u00f6ln".encode()


def test_words_of_letters() -> None:
    shown = Shown("> one, two\n> three - four\n")
    assert shown.letters == b"onetwothreefour"
    found = shown.words(4, 9)
    assert [shown.text[start:end] for start, end, _, _ in found] == ["two", "three"]
    assert [(first, last) for _, _, first, last in found] == [(3, 6), (6, 11)]
    assert shown.depth(7) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("see <https://a.example/x> there", "see there"),
        ("1. first point", "2) first point"),
        ("> * first point", "first point"),
        ("write to anna@one.example", "write to anna at one.example"),
        ("[cid:image001] the text", "the text"),
        ("caf\u00e9 au lait", "caf au lait"),
    ],
)
def test_what_clients_add_is_left_out(one: str, other: str) -> None:
    assert bare(one) == bare(other) != b""


@pytest.mark.parametrize("text", ["October 27 at 10:00", "just look at vt.c", "a[4606]: b"])
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert bare(text) == letters_of(text)


def test_long_texts_are_cut() -> None:
    shown, whole = read_shown(_mail(b"word " * (MOST // 4)), LIMITS)
    assert (len(shown.text), whole) == (MOST, False)


WIDE, NARROW, PAGE, RICH = 0x1000001F, 0x1000001E, 0x10130102, 0x10090102
STORED = {0x001A001F: "IPM.Note", 0x3FDE0003: 65001, 0x3FFD0003: 1252}


def _cited(data: bytes, fact: Located) -> bytes:
    """Return what stands at a place, the steps to it walked."""
    for step in fact.locator.steps:
        data = b"".join(decode_range(decoders(), step.decoder, MemoryBytes(data), step.start, step.end))
    ((start, end),) = fact.locator.ranges
    return data[start:end]


@pytest.mark.parametrize(
    ("values", "decoded"),
    [
        ({WIDE: "Dear Ben,\r\n\r\nthe sum is 1,000 \u20ac for K\u00f6ln.\r\n"}, ["utf-16le/1"]),
        ({NARROW: "Dear Ben,\r\n\r\nthe sum is 1,000 \u20ac for K\u00f6ln.\r\n"}, []),
        ({PAGE: "<p>Dear Ben,<p>the sum is 1,000 \u20ac for K\u00f6ln.".encode()}, []),
        (
            {WIDE: "Dear Ben, K\u00f6ln.\r\n" * 300 + "the sum is 1,000 \u20ac for K\u00f6ln."},
            ["ole-stream/1", "utf-16le/1"],
        ),
    ],
)
def test_a_text_of_a_store_leads_to_its_bytes(values: dict[int, object], decoded: list[str]) -> None:
    data = msg(STORED | values, scattered=len(decoded) > 1)
    shown, whole = read_shown(data, LIMITS)
    assert whole and (shown.page is not None) is (PAGE in values)
    start = shown.text.index("the sum")
    fact = locate(data, LIMITS, shown, start, start + 27)
    assert fact.value == "the sum is 1,000 \u20ac for K\u00f6ln."[:27]
    assert [step.decoder.partition(":")[0] for step in fact.locator.steps] == decoded
    assert fact.raw == _cited(data, fact)
    assert fact.raw.decode("cp1252" if NARROW in values else "utf-8") == fact.value


def test_a_text_whose_place_cannot_be_named_has_a_path_alone() -> None:
    import compressed_rtf

    data = msg(STORED | {RICH: compressed_rtf.compress(b"{\\rtf1\\ansi The sum is a thousand.\\par}")})
    shown, _ = read_shown(data, LIMITS)
    start = shown.text.index("sum")
    fact = locate(data, LIMITS, shown, start, start + 3)
    assert (fact.value, fact.raw, fact.locator.ranges, fact.locator.path != "") == ("sum", b"", (), True)


def test_pages_of_a_store_beside_its_text() -> None:
    data = msg(STORED | {WIDE: "said", PAGE: b"<p>own<blockquote>theirs</blockquote>"})
    shown, _ = read_shown(data, LIMITS)
    assert (shown.text, shown.page, shown.has_pages) == ("said", None, True)
    pages = read_pages(data, LIMITS)
    assert pages.page is not None and [line.depth for line in pages.page] == [0, 1]
    assert locate(data, LIMITS, pages, 0, 3).raw == b"own"
