import pytest

from forensics.replay.uuencode import Lines, first_line, run, uudecode

FULL = b"M" + b"#0V%T" * 12 + b"\n"


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        (b"begin 644 f\n#0V%T\n`\nend\n", b"Cat"),
        (b"begin 644 f\r\n#0V%T\r\n`\r\nend\r\n", b"Cat"),
        (b"text\nbegin 644 f\n#0V%T\nno code here\nend\nmore", b"Cat"),
        (b"begin 644 f\n#0V%T", b"Cat"),
        (b"begin 644 f\n#0V%TX\nend\n", b"Cat"),
        (b"begin 644 f\n&0V%T\n`\nend\n", b"Cat\0\0\0"),
        (b"no begin", b""),
        (b"#0V%T\n", b"Cat"),
        (b"some text\n#0V%T\n--\n", b"Cat"),
        (b"xbegin 644 f\n#0V%T\nend\n", b"Cat"),
    ],
)
def test_uuencode(raw: bytes, content: bytes) -> None:
    assert uudecode(raw) == content


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (b"#0V%T\n`\nend\nmore", Lines(12, 1, 0, True)),
        (b"#0V%T\n#0V%T\nSome text follows here.\n", Lines(12, 2, 0, False)),
        (b"#0V%T\nbegin 644 next\n", Lines(6, 1, 0, False)),
        (b"#0V%T\ntext\n#0V%T\nend\n", Lines(21, 2, 1, True)),
        (b"prose of some kind\nand more of it\nend\n", Lines(0, 0, 0, False)),
        (b"", Lines(0, 0, 0, False)),
        (b"#0V%T\r#0V%T\rend\r", Lines(16, 2, 0, True)),
    ],
)
def test_how_far_the_lines_go(lines: bytes, found: Lines) -> None:
    assert run(lines, 0) == found


def test_first_line() -> None:
    assert first_line(b"we begin 644 x\nbegin 644 y\nz") == (15, 27)
    assert first_line(b"we begin 644 x\n") is None
