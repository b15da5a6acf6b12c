import pytest

from forensics.model.items import Limits
from forensics.model.mail import MimePart
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


@pytest.mark.parametrize("opening", [b"--a x", b"--a\tx", b"--a x\r"])
@pytest.mark.parametrize("closing", [b"--a--", b"--a-- x"])
def test_more_on_a_delimiter_line(opening: bytes, closing: bytes) -> None:
    raw = OUTER + opening + b"\n\n1\n" + closing + b"\n"
    assert outline(raw, tree(raw))[1:] == [("1", "text/plain", b"1")]


def test_first_delimiter_lines_that_only_begin_with_the_boundary() -> None:
    raw = OUTER + b"--a trailing\n\n1\n--a-- trailing\n"
    assert outline(raw, tree(raw))[1:] == [("1", "text/plain", b"1")]
