"""No socket is ever opened: not by the scan, not by its workers, not by the report."""

import os
import subprocess
import sys
from pathlib import Path

BLOCK = """
import sys

def _audit(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__",):
        raise RuntimeError("network: " + event)
    if event == "socket.__new__":
        raise RuntimeError("socket opened")

sys.addaudithook(_audit)
"""


def test_demo_opens_no_socket(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(BLOCK)
    environment = {**os.environ, "PYTHONPATH": str(site)}
    code = "import socket\ntry:\n    socket.socket()\nexcept RuntimeError:\n    print('blocked')"
    proof = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert proof.stdout == "blocked\n", "the block itself must work, or this test proves nothing"
    run = subprocess.run(
        [sys.executable, "-c", "from forensics.cli import main; main()", "demo", str(tmp_path / "demo")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 3), run.stderr
    assert (tmp_path / "demo" / "case" / "report.html").stat().st_size > 0
