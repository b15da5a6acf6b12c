import sys

import pytest

from tests.bench.processes import cost

BUSY = """
import os, time
held = bytearray(120_000_000)
if os.fork() == 0:
    while time.process_time() < 0.3:
        pass
    os._exit(0)
os.wait()
print("done")
"""


def test_what_a_process_started_and_waited_for_counts() -> None:
    found = cost((sys.executable, "-c", BUSY))
    assert found.output == b"done\n"
    assert 0.3 <= found.cpu_s < 10
    assert found.peak_bytes > 120_000_000


def test_a_run_that_failed_is_no_figure() -> None:
    with pytest.raises(SystemExit, match="ended with 4"):
        cost((sys.executable, "-c", "raise SystemExit(4)"))
