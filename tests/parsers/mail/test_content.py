import pytest

from forensics.parsers.mail.content import decode
from forensics.replay.decoders import DECODERS


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
