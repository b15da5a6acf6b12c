"""One scan whose parts are told apart: what the parent used before and after the last unit was read, and the peaks.

    python -m tests.bench.staged_scan SOURCE CASE JOBS

The clock that a scan takes is asked once for each line of the custody log, so it learns when each part ended.
"""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from forensics import ScanOptions, scan

AS_OF = "2035-01-01"
"""Later than every copy of a grown corpus, so that the date of the run changes nothing."""


RELATIONS = frozenset(("threads", "quotes", "copies", "copy_claims", "clocks"))
"""Stages that compare mails with each other."""


class Staged(NamedTuple):
    """Seconds and bytes of one scan."""

    cpu_s: float
    wall_s: float
    planning_s: float
    """Of the parent, until the units were known."""
    parent_s: float
    """Of the parent, while workers read."""
    case_s: float
    """From the last unit to the end, of the parent, all its threads, and of the processes that judge."""
    relations_s: float
    """Of these, what says how mails are related: `RELATIONS`; 0 where several processes judge."""
    parent_bytes: int
    worker_bytes: int
    judging_bytes: int
    """Of the largest process that judges; 0: the parent did."""
    case_bytes: int
    ranked: int


def staged(source: Path, case: Path, jobs: int) -> Staged:
    """Scan into a new case."""
    marks: list[float] = []

    def clock() -> datetime:
        marks.append(time.process_time())
        return datetime.now(UTC)

    began = time.perf_counter()
    result = scan(source, case, ScanOptions(jobs=jobs, as_of=AS_OF), clock=clock)
    lines = [json.loads(line) for line in (case / "custody.jsonl").read_text("utf-8").splitlines()]
    at = dict(zip([line["action"] for line in lines], marks, strict=True))
    took = zip(lines[1:], marks[1:], marks, strict=False)
    own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    end = time.process_time()
    related_s = sum([mark - before for line, mark, before in took if line["details"].get("stage") in RELATIONS])
    return Staged(
        cpu_s=end + workers.ru_utime + workers.ru_stime,
        wall_s=time.perf_counter() - began,
        planning_s=at["planned"],
        parent_s=at["unit"] - at["planned"],
        case_s=end - at["unit"] + result.judging_cpu_s,
        relations_s=0.0 if result.judging_peak_bytes else related_s,
        parent_bytes=own.ru_maxrss * 1024,
        worker_bytes=result.peak_bytes,
        judging_bytes=result.judging_peak_bytes,
        case_bytes=sum(file.stat().st_size for file in case.rglob("*") if file.is_file()),
        ranked=result.ranked,
    )


if __name__ == "__main__":
    found = staged(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(found._asdict()))
