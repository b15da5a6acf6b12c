"""What a process that is killed leaves behind, and how the next one goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from forensics.casestore import CaseFolder, Queries, completed_units, discard_unlogged, logical_digest, write_unit
from forensics.model.case import CaseInfo
from forensics.model.codec import encode
from forensics.model.rows.contents import ContentRow

WRITER = """
import os, signal, sys
from pathlib import Path
from forensics.casestore import CaseFolder, write_unit

case = CaseFolder.open(Path(sys.argv[1]))
with case.lock():
    rows = case.tmp / "c.ndjson"
    rows.write_bytes(bytes.fromhex(sys.argv[2]))
    for unit in ("u1", "u2"):
        files = write_unit(case, unit, {"contents": rows})
        if unit == "u2":
            sys.stdout.write("between"), sys.stdout.flush()
            signal.pause()
        case.custody.append("unit", {"unit": unit}, files)
"""
ROWS = encode(ContentRow(sha256="a", size=1, media_type="", parser="", status="parsed")) + b"\n"


@pytest.fixture
def killed(tmp_path: Path) -> CaseFolder:
    """A case whose writer died between giving a file its name and writing its line."""
    case = CaseFolder.create(tmp_path / "case", CaseInfo(as_of=""))
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, case.path, ROWS.hex()], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.read(7) == "between"
        os.kill(writer.pid, signal.SIGKILL)
    return case


def finish(case: CaseFolder) -> str:
    with case.lock():
        done = completed_units(case)
        (case.tmp / "c.ndjson").write_bytes(ROWS)
        for unit in ("u1", "u2"):
            if unit not in done:
                files = write_unit(case, unit, {"contents": case.tmp / "c.ndjson"})
                case.custody.append("unit", {"unit": unit}, files)
        with Queries(case) as queries:
            return logical_digest(queries)


def test_killed_between_file_and_line(killed: CaseFolder, tmp_path: Path) -> None:
    assert (killed.path / "tables/contents/u2.parquet").exists()
    assert "tables/contents/u2.parquet" not in killed.custody.files()
    assert completed_units(killed) == {"u1"}
    undisturbed = CaseFolder.create(tmp_path / "other", CaseInfo(as_of=""))
    assert finish(killed) == finish(undisturbed)
    assert killed.custody.check() == ()
    assert killed.custody.files().keys() == undisturbed.custody.files().keys()


def test_the_lock_dies_with_its_holder(killed: CaseFolder) -> None:
    with killed.lock():
        assert list(killed.tmp.iterdir()) == []
        assert discard_unlogged(killed) == ("tables/contents/u2.parquet",)
