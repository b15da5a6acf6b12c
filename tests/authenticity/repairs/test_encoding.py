"""Quoted-printable of two writers."""

import pytest

from forensics.authenticity.repairs.encoding import quote
from forensics.replay.quoted_printable import quoted_printable

TEXTS = [b"a" * 76, b"a" * 77, b"=" * 40, "é".encode() * 60 + b" \nb\t\n", b"", b"\n\n", b"a" * 75 + b"=\n"]


@pytest.mark.parametrize("longest", [75, 76])
@pytest.mark.parametrize("text", TEXTS)
def test_it_decodes_to_the_text(text: bytes, longest: int) -> None:
    written = quote(text, longest)
    assert quoted_printable(written) == text
    assert max(len(line) for line in written.split(b"\n")) <= 76


def test_a_line_of_76_characters() -> None:
    assert quote(b"a" * 76, 76) == b"a" * 76
    assert quote(b"a" * 76, 75) == b"a" * 75 + b"=\na"


def test_blanks_at_the_end_of_a_line() -> None:
    assert quote(b"a \nb\t\n", 76) == b"a=20\nb=09\n"
