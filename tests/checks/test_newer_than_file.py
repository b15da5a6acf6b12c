"""Documents against the times that the file system gives their files."""

import os
from datetime import UTC, datetime
from pathlib import Path

from tests.checks.conftest import Judged, read
from tests.checks.test_batch_touch import workbook


def found(tmp_path: Path, days: dict[str, int]) -> list[tuple[str, str]]:
    """Lay out workbooks that were saved about 10:00 on 6 March 2017, changed at 10:00 on these days."""
    source = tmp_path / "leak"
    source.mkdir()
    for number, (name, day) in enumerate(days.items()):
        path = source / name
        path.write_bytes(workbook(number))
        at = datetime(2017, 3, day, 10, tzinfo=UTC).timestamp()
        os.utime(path, (at, at))
    seen = Judged(read(source, tmp_path / "case")).of("case.newer_than_file")
    assert all(one.evidence[1].locator.path == "file:mtime_ns" for one in seen)
    return [(one.subjects[0].location.steps[0].name, one.bin) for one in seen]


def test_the_file_s_own_time_is_compared(tmp_path: Path) -> None:
    days = {"early.xlsx": 2, "same.xlsx": 6, "late.xlsx": 9}
    assert found(tmp_path, days) == [("early.xlsx", "newer>1d")]


def test_one_time_for_most_files_says_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, {**{f"{number}.xlsx": 2 for number in range(4)}, "late.xlsx": 9}) == []
