"""Documents against the times that the file system gives their files."""

import os
from datetime import UTC, datetime
from pathlib import Path

from tests.checks.conftest import Judged, read
from tests.checks.test_batch_touch import workbook


def test_the_file_s_own_time_is_compared(tmp_path: Path) -> None:
    """Workbooks saved at 10:00 on 6 March 2017, and files of other days."""
    source = tmp_path / "leak"
    source.mkdir()
    for number, (name, day) in enumerate((("early.xlsx", 2), ("same.xlsx", 6), ("late.xlsx", 9))):
        path = source / name
        path.write_bytes(workbook(number))
        at = datetime(2017, 3, day, 10, tzinfo=UTC).timestamp()
        os.utime(path, (at, at))
    seen = Judged(read(source, tmp_path / "case")).of("case.newer_than_file")
    assert [(one.subjects[0].location.steps[0].name, one.bin) for one in seen] == [("early.xlsx", "newer>1d")]
    assert seen[0].evidence[1].locator.path == "file:mtime_ns"
