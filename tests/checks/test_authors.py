"""Where a key was come by, in words."""

import pytest

from forensics.checks._authors import example, key_of
from forensics.knowledge.wording import Wording


@pytest.mark.parametrize(
    ("carriers", "english", "french"),
    [
        (1, "that 1 mail of this archive carries", "que porte 1 courriel de cette archive"),
        (3, "that 3 mails of this archive carry", "que portent 3 courriels de cette archive"),
    ],
)
def test_a_key_that_mails_carry_is_said_with_their_number(carriers: int, english: str, french: str) -> None:
    said = key_of(example(obtained="archive", carriers=carriers))
    assert [Wording(language).said(said) for language in ("en", "fr")] == [english, french]
