"""What a message's structure gives besides its tree: items, second readings, files in texts, and notices of them."""

from collections.abc import Callable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ChildItem, Limits, Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers.mail import rfc5322
from forensics.parsers.mail.leaves import decode
from forensics.parsers.mail.mime import OUTSIDE, READINGS
from forensics.replay.decoders import DECODERS

Replay = Callable[[bytes, ChildItem], bytes]
P = b"payload of the hidden part\n"
B64 = b"cGF5bG9hZCBvZiB0aGUgaGlkZGVuIHBhcnQK"
UU = b"begin 644 report.bin\n;<&%Y;&]A9\"!O9B!T:&4@:&ED9&5N('!A<G0*\n`\nend\n"
FILE = b'Content-Type: application/octet-stream; name="a.bin"\nContent-Transfer-Encoding: base64\n\n' + B64 + b"\n"
MIXED = b"Content-Type: multipart/mixed; boundary=bb\n"
HEAD = b"From: Ann <ann@example.org>\nMIME-Version: 1.0\n"


def read(raw: bytes, replay: Replay, limits: Limits | None = None) -> tuple[list[str], list[tuple[str, bytes, bytes]]]:
    """Return the notices' codes, and of each child item its place, name and content."""
    found = list(rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext(limits=limits or Limits())))
    children = [one for one in found if isinstance(one, ChildItem)]
    codes = [one.code for one in found if isinstance(one, Notice)]
    for child in children:
        assert replay(raw, child) == child.content
        codes += [notice.code for notice in child.notices]
    places = [" > ".join([step.text for step in (*child.outer, child.step)]) for child in children]
    return codes, [(place, child.name, child.content) for place, child in zip(places, children, strict=True)]


HIDDEN = ("part:~1", b"a.bin", P)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    ("raw", "codes", "items"),
    [
        (HEAD + b"\nHello\n\n" + UU, [], [("part:1 > stream:uuencode[0]", b"report.bin", P)]),
        (MIXED + b"\n--bb x\n" + FILE + b"--bb--\n", ["mail.delimiter_text"], [("part:1", b"a.bin", P)]),
        (
            MIXED + b"\n--bb\n\nhi\n--bbx\n" + FILE + b"--bb--\n",
            ["mail.delimiter_text"],
            [("part:~1", b"", b"hi"), ("part:~2", b"a.bin", P)],
        ),
        (
            b"Content-Type: multi\\part/mixed; boundary=bb\n\n--bb\n" + FILE + b"--bb--\n",
            ["mail.boundary_elsewhere"],
            [("part:1", b"", b"--bb\n" + FILE + b"--bb--\n"), HIDDEN],
        ),
        (
            b"Content-Type: text/plain; boundary=bb\n\n--bb\n" + FILE + b"--bb--\n",
            ["mail.boundary_elsewhere"],
            [HIDDEN],
        ),
        (HEAD + b"\npreamble\n--bb\n" + FILE + b"--bb--\n", ["mail.boundary_unnamed"], [HIDDEN]),
        (
            b"Content-Type: multipart/mixed\n\n--bb\n" + FILE + b"--bb--\n",
            ["mail.boundary_missing", "mail.boundary_unnamed"],
            [HIDDEN],
        ),
        (
            MIXED.replace(b"bb", b"aa; boundary=bb") + b"\n--aa\n\n--bb\n" + FILE + b"--bb--\n--aa--\n",
            ["mail.parameter_repeated"],
            [HIDDEN],
        ),
        (
            b"X-A: b\rContent-Type: application/octet-stream; name=a.bin\n"
            b"Content-Transfer-Encoding: base64\n\n" + B64 + b"\n",
            ["mail.bare_cr"],
            [HIDDEN],
        ),
        (
            MIXED + b"\n--bb\n" + FILE.replace(b"\n\n", b"\n") + b"--bb--\n",
            ["mail.header_end"],
            [("part:1", b"a.bin", P)],
        ),
        (
            MIXED + b"\n--bb\n\nx\n--bb--\n--bb\n" + FILE + b"--bb--\n--bb\n\nlast\n--bb--\n",
            ["mail.parts_after_close"],
            [("part:~2", b"a.bin", P), ("part:~3", b"", b"last")],
        ),
        (
            MIXED + b"\n" + UU + b"--bb\n\nx\n--bb--\n" + UU,
            [],
            [
                ("stream:preamble > stream:uuencode[0]", b"report.bin", P),
                ("stream:epilogue > stream:uuencode[0]", b"report.bin", P),
            ],
        ),
        (
            FILE.replace(b"base64", b"7bit base64"),
            ["mail.encoding_unknown"],
            [("part:1", b"a.bin", B64 + b"\n"), ("part:~1", b"a.bin", P)],
        ),
        (
            FILE.replace(b"base64", b";base64"),
            ["mail.encoding_unknown"],
            [("part:1", b"a.bin", B64 + b"\n"), ("part:~1", b"a.bin", P)],
        ),
        (
            FILE.replace(b"base64", b"7bit\nContent-Transfer-Encoding: base64"),
            ["mail.field_repeated"],
            [("part:1", b"a.bin", B64 + b"\n"), ("part:~1", b"a.bin", P)],
        ),
        (FILE.replace(b"base64", b"base64;"), ["mail.encoding_unknown"], [("part:1", b"a.bin", P)]),
        (
            b"Content-Type: x/y; name=a.exe\nContent-Disposition: inline; filename=a.png\n\nx",
            ["mail.names_differ"],
            [("part:1", b"a.png", b"x")],
        ),
    ],
)
def test_every_reading(
    raw: bytes, codes: list[str], items: list[tuple[str, bytes, bytes]], newline: bytes, replayed_child: Replay
) -> None:
    found, children = read(raw.replace(b"\n", newline), replayed_child)
    assert found == codes
    decoded = (P, b"last", b"hi", b"x")
    assert children == [
        (at, name, text if text in decoded else text.replace(b"\n", newline)) for at, name, text in items
    ]


@pytest.mark.parametrize(
    ("encoding", "body", "code", "content", "unread"),
    [
        (b"base64", b"QUJDRA==\nRUZHSA==\nSUpL\n", "mail.base64_damaged", b"ABCDEFGHIJK", 0),
        (b"base64", B64[:-3], "mail.base64_damaged", P[:-3], 0),
        (b"base64", b"QUJDRA==\n\nfooter of a list\n", "mail.base64_damaged", b"ABCD", 17),
        (b"quoted-printable", b"a=0Xb=ZZc\n", "mail.quoted_printable_damaged", b"a=0Xb=ZZc\n", 0),
        (b"x-uuencode", UU.splitlines(keepends=True)[1], "mail.uuencode_damaged", P, 0),
        (b"x-uuencode", b"see:\n" + UU + b"bye\n", "mail.uuencode_damaged", P, 7),
        (b"x-uuencode", UU.replace(b"end\n", b""), "mail.uuencode_damaged", P, 0),
    ],
)
def test_damaged_encodings_are_told(
    encoding: bytes, body: bytes, code: str, content: bytes, unread: int, replayed_child: Replay
) -> None:
    raw = b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: " + encoding + b"\n\n" + body
    assert read(raw, replayed_child) == ([code], [("part:1", b"", content)])
    [notice] = [one for one in rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext()) if isinstance(one, Notice)]
    assert notice.unread == unread and notice.locator is not None and notice.locator.ranges


def test_several_files_in_one_uuencoded_part(replayed_child: Replay) -> None:
    raw = b"Content-Type: x/y\nContent-Transfer-Encoding: uuencode\n\n" + UU + b"\n" + UU.replace(b"report", b"other")
    assert read(raw, replayed_child) == (
        [],
        [("part:1", b"", P), ("part:1 > stream:uuencode[0]", b"other.bin", P)],
    )


def test_files_in_an_encoded_text(replayed_child: Replay) -> None:
    text = UU.replace(b"=", b"=3D")
    raw = b"Content-Transfer-Encoding: quoted-printable\n\nHello=\n\n" + text
    assert read(raw, replayed_child) == ([], [("part:1 > stream:uuencode[0]", b"report.bin", P)])


def test_damage_of_a_file_in_a_text_is_told_of_that_file(replayed_child: Replay) -> None:
    codes, [(_, name, content)] = read(b"A: b\n\n" + UU.replace(b"end\n", b"and more text\n"), replayed_child)
    assert (codes, name, content) == (["mail.uuencode_damaged"], b"report.bin", P)


def test_inner_boundaries_that_begin_like_the_outer_one_are_no_second_reading(replayed_child: Replay) -> None:
    inner = b"--bb\nContent-Type: multipart/mixed; boundary=bbc\n\n--bbc\n\nx\n--bbc--\n"
    assert read(MIXED + b"\n" + inner + b"--bb--\n", replayed_child) == ([], [])


def test_much_text_outside_the_parts_is_told(replayed_child: Replay) -> None:
    parts = b"--bb\n\nx\n--bb--\n"
    assert read(MIXED + b"\nThis is a message in MIME format.\n" + parts + b"footer\n", replayed_child)[0] == []
    for raw in (b"t" * (OUTSIDE + 1) + b"\n" + parts, parts + b"t" * (OUTSIDE + 1)):
        assert read(MIXED + b"\n" + raw, replayed_child)[0] == ["mail.outside_parts"]


def test_a_bounce_that_quotes_a_whole_mail_is_one_text(replayed_child: Replay) -> None:
    raw = HEAD + b"\nReturned:\n\n" + MIXED + b"\n--bb\n" + FILE + b"--bb--\n"
    assert read(raw, replayed_child) == ([], [])


def test_line_ends_of_two_cr_are_no_bare_cr(replayed_child: Replay) -> None:
    assert "mail.bare_cr" not in read(b"A: b\r\r\nC: d\r\n\r\nx", replayed_child)[0]


def test_empty_parts_of_a_second_reading_are_no_items(replayed_child: Replay) -> None:
    raw = b"Content-Type: text/plain; boundary=bb\n\n--bb\n\nx\n--bb\n--bb--\n"
    assert read(raw, replayed_child) == (["mail.boundary_elsewhere"], [("part:~1", b"", b"x")])


def test_second_readings_are_limited(replayed_child: Replay) -> None:
    part = b"--bb\nX: y\rContent-Type: x/y\n\nhi\n"
    codes, children = read(MIXED + b"\n" + part * (READINGS + 5) + b"--bb--\n", replayed_child)
    assert len(children) == READINGS
    assert (codes.count("mail.bare_cr"), codes.count("mail.readings")) == (READINGS + 5, 1)


def test_parts_of_a_second_reading_beyond_the_limit_are_told(replayed_child: Replay) -> None:
    raw = b"Content-Type: text/plain; boundary=bb\n\n" + b"--bb\n\nx\n" * 9 + b"--bb--\n"
    codes, children = read(raw, replayed_child, Limits(parts=4))
    assert codes == ["mail.boundary_elsewhere", "mail.parts"] and len(children) == 4


def test_files_in_texts_beyond_the_limit_are_told(replayed_child: Replay) -> None:
    codes, children = read(b"A: b\n\n" + UU * 3, replayed_child, Limits(children=2))
    assert codes == ["mail.children"] and len(children) == 2


def test_names_that_differ_are_kept() -> None:
    raw = b"Content-Type: x/y; name=a.exe\nContent-Disposition: inline; filename=a.png\n\nx"
    [message] = [
        one for one in rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext()) if isinstance(one, Message)
    ]
    (part,) = message.parts
    assert (part.filename, part.other_names) == ("a.png", ("a.exe",))


@pytest.mark.parametrize(
    ("decoder", "raw", "texts"),
    [
        ("copy/1", b"a=ZZ", []),
        ("base64/2", b"QUJD\n", []),
        ("base64/2", b"QU!JD", ["1 characters that are none of base64 are left out"]),
        ("base64/2", b"QQ==\nQQ==\n", ["base64 in 2 padded pieces, read one after the other"]),
        ("base64/2", b"QUJDR", ["base64 that ends inside a group: 1 of 4 characters, no padding"]),
        ("base64/2", b"QQ==\n--\nlist\n", ["behind the padding stands something that is no base64; not read"]),
        ("quoted-printable/2", b"=3D\n", []),
        ("quoted-printable/2", b"a=ZZ", ["1 escapes of quoted-printable that are none; kept as they are written"]),
        ("uuencode/2", b"begin 644 a\n#0V%T\n`\nend\n", []),
        ("uuencode/2", b"\n", []),
        ("uuencode/2", b"#0V%T\n", ["uuencode without its first line; every line that is code is read"]),
        ("uuencode/2", b"begin 644 a\n#0V%T\n", ["uuencode without its last line"]),
        (
            "uuencode/2",
            b"see\nbegin 644 a\n#0V%T\nfoot of a page\n#0V%T\nend\n",
            ["1 lines in uuencode that are no code are left out", "text around a uuencoded file; not read"],
        ),
    ],
)
def test_what_is_odd_is_said_and_the_range_gives_the_content(decoder: str, raw: bytes, texts: list[str]) -> None:
    content = decode(raw, decoder)
    assert [fault.text for fault in content.faults] == texts
    assert DECODERS[decoder].whole(raw[: content.stop]) == content.data
    assert all(0 <= fault.start <= fault.end <= len(raw) for fault in content.faults)
