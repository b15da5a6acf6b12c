"""The whole scan over all real input beside the project: no fault of ours, nothing lost, every byte accounted for."""

import hashlib
from pathlib import Path

import pytest

from forensics import ScanOptions, items, scan, verify

FAULTS = {"engine.parser_fault", "engine.rule_fault", "engine.explainer_fault", "engine.finding_fault"}
FAULTS |= {"engine.watchdog", "engine.memory"}


@pytest.mark.parametrize("name", ["corpora", "suites"])
def test_real_input(name: str, shared: Path, tmp_path: Path) -> None:
    source, case = shared / name, tmp_path / "case"
    scan([source], case, ScanOptions(as_of="2026-11-01", exclude=("clean/*",)))
    found = list(items(case))
    codes = {notice.code for item in found for notice in item.notices}
    assert not codes & FAULTS
    files = {item.location.text: item for item in found if len(item.location.steps) == 1}
    paths = [path for path in sorted(source.rglob("*")) if path.is_file() and not path.is_symlink()]
    assert len(files) == len(paths), "every file is one item, whatever it holds"
    by_size = sorted(item.size for item in files.values())
    assert by_size == sorted(path.stat().st_size for path in paths)
    digests = {item.sha256 for item in files.values()}
    for path in paths[::23]:
        if path.relative_to(source).parts[0] != "clean":
            assert hashlib.sha256(path.read_bytes()).hexdigest() in digests
    for item in found:
        assert item.status == "parsed" or item.notices, f"{item.location.text}: {item.status} without a reason"
        assert item.location.text.isascii() and item.location.text.isprintable()
    result = verify(case, {name: source})
    assert not result.problems, result.problems[:3]
    assert result.ranges_replayed > 100 or name == "suites"
