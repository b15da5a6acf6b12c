import pytest

from forensics.model.items import Limits
from forensics.model.mail import MimePart
from forensics.parsers._uuencode import uudecode
from forensics.parsers.mail.headers import split
from forensics.parsers.mail.mime import Reader


def tree(raw: bytes) -> MimePart:
    limits = Limits()
    block = split(raw, 0, len(raw), b"\n", limits.header_fields, root=True)
    return Reader(raw, b"\n", limits).part(block, len(raw), "", 0, "text/plain")


def outline(raw: bytes, part: MimePart) -> list[tuple[str, str, bytes]]:
    own = (part.number, part.media_type, b"" if part.parts else raw[part.body_start : part.end])
    return [own, *[one for child in part.parts for one in outline(raw, child)]]


OUTER = b"Content-Type: multipart/mixed; boundary=a\n\n"
INNER = b"--a\nContent-Type: multipart/alternative; boundary=ab\n\n"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (OUTER + b"--a\n\n1\n--a--\n", [("1", "text/plain", b"1")]),
        (OUTER + b"--a\r\n\r\n1\r\n--a--", [("1", "text/plain", b"1")]),
        (OUTER + b"--a \t\n\n1\n--a-- \n", [("1", "text/plain", b"1")]),
        (OUTER + b"--a\n\n1\n\n--a\n", [("1", "text/plain", b"1\n")]),
        (OUTER + b"--a\n--a\n--a--\n", [("1", "text/plain", b""), ("2", "text/plain", b"")]),
        (OUTER + b"--a\n\nx--a\n--ax\n--a--\n", [("1", "text/plain", b"x--a\n--ax")]),
        (
            OUTER + INNER + b"--ab\n\n1\n--a\n\n2\n--a--\n",
            [("1", "multipart/alternative", b""), ("1.1", "text/plain", b"1"), ("2", "text/plain", b"2")],
        ),
        (OUTER + INNER + b"--a--\n", [("1", "multipart/alternative", b"")]),
        (OUTER.replace(b"mixed", b"digest") + b"--a\n\nA: b\n\n--a--\n", [("1", "message/rfc822", b"A: b\n")]),
    ],
)
def test_parts(raw: bytes, expected: list[tuple[str, str, bytes]]) -> None:
    assert outline(raw, tree(raw))[1:] == expected


def test_first_delimiter_lines_that_only_begin_with_the_boundary() -> None:
    raw = OUTER + b"--a trailing\n\n1\n--a-- trailing\n"
    assert outline(raw, tree(raw))[1:] == [("1", "text/plain", b"1")]


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        (b"begin 644 f\n#0V%T\n`\nend\n", b"Cat"),
        (b"text\nbegin 644 f\n#0V%T\nno code here\nend\nmore", b"Cat"),
        (b"begin 644 f\n#0V%T", b"Cat"),
        (b"no begin", b""),
        (b"xbegin 644 f\n#0V%T\nend\n", b""),
    ],
)
def test_uuencode(raw: bytes, content: bytes) -> None:
    assert uudecode(raw)[: len(content) or None] == content
