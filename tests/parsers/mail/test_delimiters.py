import pytest

from forensics.parsers.mail.delimiters import CLOSE, CUT, OPEN, Delimiters, find, find_loosely, guess


def kinds(found: Delimiters) -> list[int]:
    return [line.kind for line in found.lines]


@pytest.mark.parametrize(
    ("data", "expected", "more", "longer"),
    [
        (b"--b\n\n1\n--b--\n", [OPEN, CLOSE], [], []),
        (b"--b x\n\n1\n--b-- x\n--b\n", [OPEN, CLOSE], [0, 9], []),
        (b"--b\n--bx\n--b--\n", [OPEN, CLOSE], [], [4]),
        (b"--bx\n--by\n", [OPEN, CUT], [0, 5], []),
        (b"x--b\n", [], [], []),
    ],
)
def test_lines_of_a_boundary(data: bytes, expected: list[int], more: list[int], longer: list[int]) -> None:
    found = find(data, b"\n", 0, len(data), b"b", 10)
    assert (kinds(found), found.more, found.longer, found.limit) == (expected, more, longer, None)


def test_more_lines_than_the_limit_and_lines_after_the_closing_one() -> None:
    data = b"--b\n--b\n--b\n--b--\n--b\n--b--\n"
    assert find(data, b"\n", 0, len(data), b"b", 1).limit == 8
    assert kinds(find(data, b"\n", 0, len(data), b"b", 9, through=True)) == [OPEN, OPEN, OPEN, CLOSE, OPEN, CLOSE]
    assert kinds(find_loosely(b"--bx\n--b--\n", b"\n", 0, 11, b"b", 9)) == [OPEN, CLOSE]


@pytest.mark.parametrize(
    ("data", "boundary"),
    [
        (b"--b\nContent-Type: x/y\n\n1\n--b--\n", b"b"),
        (b"preamble\n-- \n--=_b\r\ncontent-type: x/y\n\n1\n--=_b--\n", b"=_b"),
        (b"boundary=b1\n\n--b1\nContent-Type: x/y\n\n1\n--b1--\n", None),
        (b"--b\nContent-Type: x/y\n\n1\n", None),
        (b"-- \nContent-Type\n", None),
        (b"text\n", None),
        (b"--- a/file\n+++ b/file\n", None),
    ],
)
def test_a_boundary_that_no_field_names(data: bytes, boundary: bytes | None) -> None:
    head = b"X: y\n\n"
    assert guess(data, b"\n", 0, len(data)) == boundary
    assert guess(head + data, b"\n", len(head), len(head + data)) == boundary
