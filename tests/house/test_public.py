"""The public surface: names, weight, commands, documentation."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import forensics
from forensics.checks import RULES, load
from forensics.cli import COMMANDS

ROOT = Path(__file__).parents[2]


def _fresh(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_all_names_are_there() -> None:
    for name in forensics.__all__:
        assert getattr(forensics, name) is not None
    assert sorted(forensics.__all__) == forensics.__all__
    assert set(dir(forensics)) == set(forensics.__all__)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        _ = forensics.nothing_of_this_name  # type: ignore[attr-defined]


def test_model_is_light() -> None:
    modules = [
        "facts",
        "locations",
        "items",
        "mail",
        "documents",
        "rules",
        "findings",
        "rows",
        "instants",
        "case",
        "summary",
        "lines",
        "codec",
        "scanning",
        "verification",
        "measuring",
    ]
    imports = "; ".join(f"import forensics.model.{name}" for name in modules)
    loaded = _fresh(f"import sys; {imports}; print(' '.join(sys.modules))").split()
    assert not {"duckdb", "lxml", "pikepdf", "jinja2", "exifread", "magic", "click"} & set(loaded)


def test_help_loads_nothing_heavy() -> None:
    loaded = _fresh(
        "import sys; from click.testing import CliRunner; from forensics.cli import app;"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0; print(' '.join(sys.modules))"
    ).split()
    assert not {"duckdb", "lxml", "pikepdf", "jinja2", "exifread", "magic", "email_validator", "pydantic"} & set(loaded)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_documented(name: str) -> None:
    assert f"forensics {name}" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"forensics {name}" in (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")


def test_the_page_of_rules_shows_each_with_what_its_cases_say() -> None:
    from forensics.report.rule_pages import render

    page = render()
    assert re.findall(r"(?m)^## (\S+)$", page) == list(RULES)
    for name in RULES:
        section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert all(f"\n- {case.text}\n" in section for case in load(name).cases())


def test_the_page_of_a_rule_says_which_rows_were_taken_out_of_its_counts() -> None:
    from forensics.report.rule_pages import render

    section = render().partition("## case.quoted_recipients\n")[2].partition("\n## ")[0]
    assert re.findall(r"(?m)^Rows of `(.+?)` on route list were taken out", section) == [
        "removed",
        "removed,two_people",
    ]
