import pytest

from forensics.parsers.mail.entity import Encoding, Entity, parse_encoding
from forensics.parsers.mail.headers import split

BASE64, QUOTED = "base64/2", "quoted-printable/2"


def entity(header: bytes) -> Entity:
    return Entity(split(header + b"\n", 0, len(header) + 1, b"\n", 100, root=True).fields, "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b" base64\r\n", Encoding("base64", (), True)),
        (b" (why) BASE64 (not)\r\n", Encoding("base64", (), True)),
        (b"\r\n 8bit\r\n", Encoding("8bit", (), True)),
        (b"", Encoding("", (), True)),
        (b" quoted-printable base64\n", Encoding("quoted-printable", (BASE64,), False)),
        (b" ;base64\n", Encoding("", (BASE64,), False)),
        (b" base64;\n", Encoding("base64", (), False)),
        (b" base64; charset=utf-8\n", Encoding("base64", (), False)),
        (b' "base64"\n', Encoding('"base64"', (BASE64,), False)),
        (b" base64, quoted-printable\n", Encoding("base64,", (BASE64, QUOTED), False)),
        (b" =?us-ascii?Q?base64?=\n", Encoding("=?us-ascii?q?base64?=", (BASE64,), False)),
    ],
)
def test_transfer_encodings(body: bytes, expected: Encoding) -> None:
    assert parse_encoding(body) == expected


def test_two_fields_of_one_name() -> None:
    found = entity(b"Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit\n")
    assert (found.encoding, found.encodings, found.is_odd) == ("base64", ("copy/1",), True)
    found = entity(b"Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: base64\n")
    assert (found.encoding, found.encodings) == ("base64", ())


@pytest.mark.parametrize(
    ("header", "names", "told"),
    [
        (b"Content-Type: x/y; name=a.exe\nContent-Disposition: attachment; filename=a.png\n", ("a.png", "a.exe"), True),
        (b"Content-Type: x/y; name=a.png\nContent-Disposition: attachment; filename=a.png\n", ("a.png",), False),
        (b"Content-Disposition: attachment; filename=a.png; filename=a.exe\n", ("a.png", "a.exe"), True),
        (b"Content-Type: x/y; name=sig.asc\nContent-Disposition: inline; filename=sig\n", ("sig", "sig.asc"), False),
        (b"Content-Type: x/y; name=a.png\n", ("a.png",), False),
        (b"Content-Type: x/y\n", (), False),
    ],
)
def test_file_names(header: bytes, names: tuple[str, ...], told: bool) -> None:
    found = entity(header)
    assert (found.names, found.name_field is not None) == (names, told)


def test_boundaries() -> None:
    found = entity(b"Content-Type: multipart/mixed; boundary=aa; boundary=bb\n")
    assert found.boundaries == (b"aa", b"bb")
    assert [list(value.repeated) for _, value in found.doubts] == [["boundary"]] and found.is_odd
    assert entity(b"Content-Type: multipart/mixed; boundary=aa; boundary=aa\n").boundaries == (b"aa",)
