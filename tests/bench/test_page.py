from pathlib import Path

import pytest

from tests.bench.page import markdown, written

PAGE = "# Speed\n\n<!-- costs -->\nold\n<!-- end of costs -->\n\nMore.\n"


def test_numbers_stand_to_the_right() -> None:
    table = markdown([("list", "us"), ("mips", "1,089"), ("x", "7")])
    assert table.splitlines() == ["| list |    us |", "| ---- | ----: |", "| mips | 1,089 |", "| x    |     7 |"]


def test_only_what_stands_between_the_markers_is_written(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text(PAGE, "utf-8")
    for text in ("first", "second"):
        written(page, "costs", text)
    assert page.read_text("utf-8") == PAGE.replace("\nold\n", "\n\nsecond\n\n")


def test_a_page_without_the_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text(PAGE, "utf-8")
    with pytest.raises(SystemExit, match="growth"):
        written(page, "growth", "text")
    assert page.read_text("utf-8") == PAGE


@pytest.mark.parametrize("name", ["costs", "growth", "profile"])
def test_the_page_of_the_docs_has_the_markers(name: str, tmp_path: Path) -> None:
    docs = Path(__file__).resolve().parents[2] / "docs" / "speed.md"
    page = tmp_path / "speed.md"
    page.write_bytes(docs.read_bytes())
    written(page, name, "text")
    assert "text\n\n<!-- end" in page.read_text("utf-8")
