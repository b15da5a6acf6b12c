"""``search``: lists in all forms, what was not looked through beside them, the index made and taken out."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def case(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample case."""
    copy = tmp_path_factory.mktemp("search") / "case"
    shutil.copytree(demo / "case", copy)
    return copy


def test_without_an_index_it_says_that_no_texts_were_searched(run: Run, case: Path) -> None:
    done = run("search", case, "facture")
    assert done.returncode == 0
    assert "in the subject" in done.stdout and "no texts" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_it_is_built_searched_and_removed(run: Run, case: Path, demo: Path) -> None:
    built = run("search", case, "--build")
    assert built.returncode == 0, built.stderr
    assert "It holds the words of the whole leak" in " ".join(built.stdout.split())
    assert "were read to their ends" in built.stdout
    assert "Custody head" in built.stdout

    table = run("search", case, "rectifiee", "facture").stdout
    assert "facture rectifiée" in table
    assert "The index of" in table and "were read to their ends" not in table
    assert max(map(len, table.splitlines())) <= 80
    lines = run("search", case, "facture", "--format", "jsonl")
    found = [json.loads(line) for line in lines.stdout.splitlines()]
    assert found and {line["schema"] for line in found} == {"forensics/search/1"}
    assert lines.stderr.startswith("The index of")
    rows = list(csv.DictReader(io.StringIO(run("search", case, "facture", "--format", "csv").stdout)))
    assert [row["sha256"] for row in rows] == [line["sha256"] for line in found]
    assert len(run("search", case, "facture", "--format", "jsonl", "--limit", "2").stdout.splitlines()) == 2

    nothing = run("search", case, "xylophone", "...")
    assert nothing.returncode == 0
    assert nothing.stdout.startswith("Nothing was found.\nNo word in '...'")
    assert "pictures, sound or film" in nothing.stdout

    gone = run("search", case, "--remove")
    assert gone.stdout.startswith("The index was taken out of the case.")
    assert run("search", case, "--remove").stdout.startswith("This case has no index; nothing was removed.")
    assert not (case / "index.sqlite").exists()


def test_parts_of_words(run: Run, case: Path) -> None:
    done = run("search", case, "--part", "alcourbe@elan-g", "--limit", "1")
    assert "valcourbe@elan-garrigue" in done.stdout and "no texts" in done.stdout
    assert run("search", case, "--part", "xylophon").stdout.startswith("Nothing was found.")


@pytest.mark.parametrize(
    "arguments",
    [(), ("--remove", "word"), ("--remove", "--build"), ("...",), ("--part", "<>")],
    ids=["nothing", "remove and word", "remove and build", "no word", "no part"],
)
def test_wrong_calls(run: Run, case: Path, arguments: tuple[str, ...]) -> None:
    done = run("search", case, *arguments)
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("words", ['"', "NEAR(a b)", "a* OR", "'; DROP TABLE items; --", "x" * 10_000, "\\"])
def test_hostile_words_do_no_harm(run: Run, case: Path, words: str) -> None:
    assert run("search", case, "--", words).returncode in (0, 2)
