import pytest

from forensics.parsers.mail.headers import Block, line_end, split


def cut(raw: bytes, root: bool = True, limit: int = 100) -> Block:
    return split(raw, 0, len(raw), line_end(raw), limit, root=root)


def test_fields_keep_every_byte() -> None:
    raw = b"Subject: a\r\n\tb\r\nX-Y :\r\n\r\nbody"
    block = cut(raw)
    assert [(field.name, field.key, field.raw, field.start) for field in block.fields] == [
        ("Subject", "subject", b"Subject: a\r\n\tb\r\n", 0),
        ("X-Y", "x-y", b"X-Y :\r\n", 16),
    ]
    assert (block.end, block.body_start, block.junk, block.cut) == (23, 25, False, 0)
    assert block.fields[0].body == b" a\r\n\tb\r\n"


@pytest.mark.parametrize(
    ("raw", "names", "body"),
    [
        (b"From u Fri Nov 21 09:55:06 1997\nTo: x\n\nb", ["", "To"], b"b"),
        (b"\xef\xbb\xbfTo: x\n\nb", ["", "To"], b"b"),
        (b"\r\n\r\nTo: x\r\n\r\nb", ["", "To"], b"b"),
        (b"To: x\njunk\nCc: y\n\nb", ["To", "", "Cc"], b"b"),
        (b"To: x\rCc: y\r\rb", ["To", "Cc"], b"b"),
        (b"To: x\nno blank line\nb", ["To"], b"no blank line\nb"),
        (b"To: x\n--b\nCc: y\n\nb", ["To"], b"--b\nCc: y\n\nb"),
        (b"no field\nat all\n\nb", [], b"no field\nat all\n\nb"),
        (b"To: x", ["To"], b""),
        (b"\nbody", [], b"body"),
        (b"", [], b""),
    ],
)
def test_broken_blocks(raw: bytes, names: list[str], body: bytes) -> None:
    block = cut(raw)
    assert [field.name for field in block.fields] == names
    assert raw[block.body_start :] == body
    assert b"".join([field.raw for field in block.fields]) == raw[: block.end]


def test_a_part_begins_with_its_body_where_no_field_is() -> None:
    assert cut(b"text\n\nmore", root=False).body_start == 0
    assert cut(b"\ntext", root=False).body_start == 1
    assert [field.name for field in cut(b"junk\nContent-Type: a/b\n\nx", root=False).fields] == ["", "Content-Type"]


def test_fields_beyond_the_limit_are_one_range() -> None:
    block = cut(b"A: 1\nB: 2\nC: 3\nD: 4\n\n", limit=2)
    assert [(field.name, field.raw) for field in block.fields] == [
        ("A", b"A: 1\n"),
        ("B", b"B: 2\n"),
        ("", b"C: 3\nD: 4\n"),
    ]
    assert block.cut == 10
