"""What a process cost: each figure comes from a process of its own, so that none pays for what another loaded."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Cost(NamedTuple):
    """Of one process with all that it started and waited for."""

    cpu_s: float
    wall_s: float
    peak_bytes: int
    """Of the largest of these processes."""
    output: bytes


def cost(command: Sequence[str]) -> Cost:
    """Run a command and return what it cost.

    Raises:
        SystemExit: it failed; a figure of a run that failed says nothing.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment) as ran:
        assert ran.stdout is not None
        output = ran.stdout.read()
        _, status, used = os.wait4(ran.pid, 0)
        ran.returncode = os.waitstatus_to_exitcode(status)
    if ran.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)} ended with {ran.returncode}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss * 1024, output)


def forensics(*arguments: str) -> Cost:
    """Run the command line."""
    return cost((sys.executable, "-c", "from forensics.cli import main; main()", *arguments))


def scan(source: Path, jobs: int) -> Cost:
    """Scan into a case that is thrown away."""
    with TemporaryDirectory() as work:
        case = str(Path(work) / "case")
        return forensics("scan", str(source), "--case", case, "--jobs", str(jobs), "--no-progress")


def module(name: str, *arguments: str) -> Any:
    """Run one of the modules beside this one and return what it says, in JSON."""
    return json.loads(cost((sys.executable, "-m", f"tests.bench.{name}", *arguments)).output)
