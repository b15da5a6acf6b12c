import zlib

import pytest

from forensics.parsers.mail.embedded import find
from forensics.replay.decoders import DECODERS

CAT = b"#0V%T\n`\nend\n"
YENC = bytes((byte + 42) & 255 for byte in b"payload")


def files(text: bytes) -> list[tuple[bytes, bytes, str]]:
    found = list(find(text))
    for one in found:
        assert DECODERS[one.decoder].whole(text[one.start : one.end]) == one.content
    return [(one.name, one.content, one.fault) for one in found]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"Hello\n\nbegin 644 a.txt\n" + CAT, [(b"a.txt", b"Cat", "")]),
        (b"begin 0600 my own file.doc  \n" + CAT, [(b"my own file.doc", b"Cat", "")]),
        (b"begin 644 a\n" + CAT + b"text\nbegin 644 b\n" + CAT, [(b"a", b"Cat", ""), (b"b", b"Cat", "")]),
        (
            b"begin 644 a\n#0V%T\nbegin 644 b\n" + CAT,
            [(b"a", b"Cat", "a uuencoded file without its last line"), (b"b", b"Cat", "")],
        ),
        (b"begin 644 a\n#0V%T\n\nAnd so on.\n", [(b"a", b"Cat", "a uuencoded file without its last line")]),
        (
            b"begin 644 a\n#0V%T\nlist footer\n#0V%T\n`\nend\n",
            [(b"a", b"CatCat", "1 lines in a uuencoded file that are no code are left out")],
        ),
        (b"begin 644 empty\n`\nend\n", [(b"empty", b"", "")]),
        (b"begin 644\n" + CAT, [(b"", b"Cat", "")]),
        (b"begin-base64 644 a.bin\nQUJD\nREU=\n====\nmore", [(b"a.bin", b"ABCDE", "")]),
        (b"begin-base64 644 a\nQUJD\n", [(b"a", b"ABC", "a uuencoded file (base64) without its last line")]),
        (b"x\n=ybegin line=9 size=7 name=a b\n" + YENC + b"\n=yend size=7\n", [(b"a b", b"payload", "")]),
        (b"We begin 644 times\nand begin 644 a\n#0V%T\nend\n", []),
        (b"begin 644 to read\nThis is prose, not code.\nend\n", []),
        (b"> begin 644 a\n> #0V%T\n> end\n", []),
        (b"begin the work\n#0V%T\nend\n", []),
    ],
)
def test_files_in_a_text(text: bytes, expected: list[tuple[bytes, bytes, str]], newline: bytes) -> None:
    assert files(text.replace(b"\n", newline)) == expected


def test_what_yenc_says_is_checked() -> None:
    crc = zlib.crc32(b"payload")
    right = b"=ybegin line=9 size=7 name=a\n" + YENC + b"\n=yend size=7 crc32=%08x\n" % crc
    assert files(right) == [(b"a", b"payload", "")]
    [(_, _, fault)] = files(right.replace(b"%08x" % crc, b"00000000"))
    assert fault == "a yEnc file whose checksum does not fit"
    [(_, _, fault)] = files(right.replace(b"=yend size=7", b"=yend size=8"))
    assert fault == "a yEnc file of 8 bytes by its own account, 7 decoded"
    [(_, content, fault)] = files(right.partition(b"=yend")[0])
    assert (content, fault) == (b"payload", "a yEnc file without its last line")
    piece = right.replace(b"=ybegin ", b"=ybegin part=1 total=2 ")
    assert [fault for _, _, fault in files(piece)] == ["piece 1 of a file in several"]
