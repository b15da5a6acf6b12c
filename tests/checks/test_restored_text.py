"""What was proven of a body is one thing with what other rules see of it."""

import pytest

from forensics.checks import load
from forensics.checks.case import restored_text

OTHERS = ("case.body_hash", "case.quote_differs", "case.copy_differs", "case.reference_differs")


@pytest.mark.parametrize("name", OTHERS)
def test_an_open_cause_binds_it_to_what_others_see(name: str) -> None:
    assert set(load(name).RULE.benign) & set(restored_text.RULE.benign)
