"""What contributors are told is there: every path that the guides name, and every house test in the table."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATH = re.compile(
    r"`((?:forensics|tests|docs|samples|parsers|checks|knowledge|model|engine|replay|reader|stages)/[\w/.]+)`"
)


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_named_files_are_there(page: str) -> None:
    named = [path for path in PATH.findall((ROOT / page).read_text(encoding="utf-8")) if "my_" not in path]
    assert named
    assert [path for path in named if not any((home / path).exists() for home in (ROOT, ROOT / "forensics"))] == []


def test_every_house_test_is_explained() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [path.stem for path in Path(__file__).parent.glob("test_*.py") if f"`{path.stem}`" not in page] == []
