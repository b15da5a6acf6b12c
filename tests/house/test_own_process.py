"""A command that shows or writes items parses nothing of the evidence in its own process."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import forensics
from forensics.parsers import PARSERS

LEAK = Path(__file__).parents[1] / "kept" / "format_2" / "small" / "leak"
CODE = """
import sys
from forensics.cli import answered
code = answered()
print("loaded", *sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""
OF_IDS = "forensics.parsers.mail.tokens"
"""Times in ids, of which the tables hold the text."""
READERS = ("selectolax", "lxml", "charset_normalizer", "pikepdf", "pypdfium2", "olefile", "exifread", "PIL")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("home")
    shutil.copytree(LEAK, found / "leak")
    forensics.scan(found / "leak", found / "case", forensics.ScanOptions(as_of="2017-06-01", jobs=1))
    return found / "case"


@pytest.mark.parametrize(
    "words", [["show"], ["show", "--format", "json"], ["extract"]], ids=["show", "json", "extract"]
)
def test_no_parser_is_loaded(words: list[str], case: Path, tmp_path: Path) -> None:
    out = [str(tmp_path / "out")] if words[0] == "extract" else []
    command = [sys.executable, "-c", CODE, words[0], str(case), "#1", *out, *words[1:]]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stderr.rpartition("loaded ")[2].split())
    assert "forensics.reader.lookup" in loaded
    rooms = tuple([f"forensics.parsers.{room}." for room in {name.partition(".")[0] for name in PARSERS}])
    readers = {name for name in loaded if name.startswith(rooms) and not name.startswith(OF_IDS)}
    assert not readers | {name for name in loaded if name.partition(".")[0] in READERS}


def test_a_scan_of_mail_loads_only_what_mail_needs(tmp_path: Path) -> None:
    case = tmp_path / "case"
    command = [sys.executable, "-c", CODE, "scan", str(LEAK / "weekday.eml"), "--case", str(case), "--no-progress"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    loaded = {name.partition(".")[0] for name in ran.stderr.rpartition("loaded ")[2].split()}
    assert "duckdb" in loaded
    assert not {"cryptography", "jinja2", "lxml", "pikepdf", "pypdfium2", "olefile", "exifread", "py7zr"} & loaded
