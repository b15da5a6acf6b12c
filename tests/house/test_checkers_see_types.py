"""Type checkers see the types of the library, names that are imported on first use too, and an editable install."""

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SNIPPET = """
import forensics

forensics.scan("leak", "case", forensics.ScanOptions())
forensics.scan(["leak", "other"], "case")
with forensics.open_case("case") as case:
    reveal_type(case)
    reveal_type(case.item(1))
    reveal_type(case.read("a.eml"))
    reveal_type(next(case.messages()).subject.value)
    reveal_type(case.text("a.eml"))
    case.item(1).no_such_field
    case.read(b"a.eml")
"""
REVEALED = (
    "forensics.reader.case.Case",
    "forensics.model.summary.ItemFacts",
    "bytes",
    "str",
    "forensics.model.texts.Text",
)


@pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")
def test_a_checker_sees_the_types(tmp_path: Path) -> None:
    (tmp_path / "snippet.py").write_text(SNIPPET)
    options = ["--strict", "--no-error-summary", "--cache-dir", str(ROOT / ".mypy_cache"), "--follow-imports", "silent"]
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), *options, "snippet.py"],
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = run.stdout.splitlines()
    assert [line.partition('Revealed type is "')[2].rstrip('"') for line in lines if "Revealed" in line] == [
        *REVEALED
    ], run.stdout + run.stderr
    errors = [line.rpartition("[")[2] for line in lines if ": error:" in line]
    assert errors == ["attr-defined]", "arg-type]"], run.stdout


def test_an_editable_install_puts_the_folder_on_the_path() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        tool = tomllib.load(file)["tool"]["setuptools"]
    assert tool["package-dir"] == {"": "."}, "otherwise setuptools writes an import hook, which no type checker follows"
    assert (ROOT / "forensics" / "py.typed").is_file()
