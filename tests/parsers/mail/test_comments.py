import pytest

from forensics.parsers.mail.comments import without_comments


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b"a(b(c)d)e", b"a e"),
        (b'"a(b)"(c)', b'"a(b)" '),
        (b"a(b\\)c)d", b"a d"),
        (b"a(b", b"a(b"),
        (b"a)b", b"a)b"),
    ],
)
def test_comments(raw: bytes, kept: bytes) -> None:
    assert without_comments(raw) == kept


def test_unclosed_are_linear() -> None:
    raw = b"(\\(" * 300_000
    assert without_comments(raw) == raw
