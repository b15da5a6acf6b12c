"""Every error says by a code of its own what was met, and the reference lists it."""

import inspect
import re
from pathlib import Path

import pytest

from forensics import errors

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
ALL = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, errors.ForensicsError)]


def test_each_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in ALL]
    assert len(set(codes)) == len(codes) > 15
    assert all("code" in vars(error) for error in ALL)


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.code)
def test_the_code_is_documented_with_its_exit_code(error: type[errors.ForensicsError]) -> None:
    kinds = ("wrong_format", "malformed", "truncated", "locked", "limit_exceeded")
    code = "parse" if error.code in kinds else error.code
    assert f"`{error.code}`" in REFERENCE
    assert re.search(rf"^\| `{code}` \| {int(error.exit_code)} \|", REFERENCE, re.MULTILINE)
