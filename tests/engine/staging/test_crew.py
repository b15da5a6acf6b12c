"""Stages that run side by side give what they give one after the other, whatever becomes of the processes."""

import json
import os
from pathlib import Path

import pytest

from forensics import ScanOptions, ScanResult, scan, verify
from forensics.casestore import CaseFolder, Queries, logical_digest, reached
from forensics.engine.staging import crew as crew_module
from forensics.engine.staging import run_stages
from forensics.errors import Interrupted, StorageFull
from forensics.stages import STAGES

LEAK = Path(__file__).parents[2] / "kept" / "format_1" / "leak"
ALONE = ScanOptions(jobs=1, as_of="2017-06-01T00:00:00Z")
TOGETHER = ScanOptions(jobs=2, as_of="2017-06-01T00:00:00Z")

HOOK = """
import os, sys
if any("reading.nursery" in word for word in sys.orig_argv) and sys.argv[1:2] == ["forensics.engine.staging.worker"]:
    import forensics.engine.staging.worker as worker
    from forensics.engine.staging.performing import Performer
    from forensics.errors import StorageFull
    FAULT
"""
FAULTS = {
    "no process comes up": "worker.main = lambda: os._exit(3)",
    "one ends while it works": """
    perform = Performer.perform
    def ends(self, stage, part, into):
        (into / "half").write_text("what it had written")
        return os._exit(3) if stage.NAME == "threads" else perform(self, stage, part, into)
    Performer.perform = ends
""",
    "all that they do fails": """
    def fails(self, stage, part, into):
        raise ValueError("only here")
    Performer.perform = fails
""",
    "they say what is no answer": "worker.encode = lambda answer: b'{}'",
    "they say much": """
    answered = worker._answer
    def loud(*asked):
        os.write(2, b"x" * 1_000_000)
        return answered(*asked)
    worker._answer = loud
""",
}


@pytest.fixture(autouse=True)
def _any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew_module, "WORTH_BYTES", 0)


@pytest.fixture
def fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Have the processes that run stages do something else."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK.replace("FAULT", request.param))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hook"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = tmp_path_factory.mktemp("alone") / "case"
    scan([LEAK], case, ALONE)
    return case


def tables(case: Path) -> tuple[str, dict[str, bytes]]:
    """Return what a case says, and the files that stages wrote."""
    files = {
        path.relative_to(case).as_posix(): path.read_bytes()
        for name in STAGES
        for path in sorted(case.glob(f"tables/*/{name}.parquet"))
    }
    with Queries(CaseFolder.open(case)) as queries:
        return logical_digest(queries), files


def as_alone(case: Path, result: ScanResult, alone: Path) -> None:
    assert tables(case) == tables(alone)
    assert result.extent.reached.settled
    assert verify(case, head=result.head).problems == ()
    assert list((case / "tmp").iterdir()) == []
    lines = [json.loads(line) for line in (case / "custody.jsonl").read_text().splitlines()]
    assert {line["details"]["stage"] for line in lines if line["action"] == "stage"} == set(STAGES)


def test_the_tables_are_the_same(alone: Path, tmp_path: Path) -> None:
    result = scan([LEAK], tmp_path / "case", TOGETHER)
    as_alone(tmp_path / "case", result, alone)
    assert result.judging_cpu_s > 0
    assert result.judging_peak_bytes > 40_000_000
    assert not living()


def test_one_processor_judges_in_the_process_that_asked(tmp_path: Path) -> None:
    result = scan([LEAK], tmp_path / "case", ALONE)
    assert (result.judging_cpu_s, result.judging_peak_bytes) == (0.0, 0)


def test_a_second_scan_skips_every_stage(tmp_path: Path) -> None:
    case = tmp_path / "case"
    scan([LEAK], case, TOGETHER)
    before = len((case / "custody.jsonl").read_text().splitlines())
    scan([LEAK], case, TOGETHER)
    lines = [json.loads(line) for line in (case / "custody.jsonl").read_text().splitlines()[before:]]
    assert [line["details"].get("skipped") for line in lines if line["action"] == "stage"] == ["unchanged"] * len(
        STAGES
    )


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS, indirect=True)
def test_what_no_process_does_is_done_by_who_asked(fault: None, alone: Path, tmp_path: Path) -> None:
    as_alone(tmp_path / "case", scan([LEAK], tmp_path / "case", TOGETHER), alone)
    assert not living()
    told = "again" in (tmp_path / "case" / "custody.jsonl").read_text()
    assert told == ("loud" not in (tmp_path / "hook" / "sitecustomize.py").read_text()), "who did it is logged"


@pytest.mark.parametrize(
    "fault",
    [
        """
    def full(self, stage, part, into):
        raise StorageFull(f"cannot write what stage {stage.NAME} gives: No space left on device")
    Performer.perform = full
"""
    ],
    indirect=True,
)
def test_a_full_disk_ends_the_scan_which_goes_on_later(
    fault: None, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StorageFull, match="cannot write what stage"):
        scan([LEAK], tmp_path / "case", TOGETHER)
    assert not reached(CaseFolder.open(tmp_path / "case")).settled
    assert not living()
    monkeypatch.delenv("PYTHONPATH")
    as_alone(tmp_path / "case", scan([LEAK], tmp_path / "case", TOGETHER), alone)


def test_what_is_stopped_leaves_no_process(alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run_stages._Course, "take", stopped)
        with pytest.raises(Interrupted):
            scan([LEAK], tmp_path / "case", TOGETHER)
    assert not living()
    result = scan([LEAK], tmp_path / "case", TOGETHER)
    assert tables(tmp_path / "case") == tables(alone)
    assert result.units == 0


def living() -> list[str]:
    """Return the commands of processes that this one started and that are there."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                command = (entry / "cmdline").read_bytes().decode()
            except OSError:
                continue
            if int(status[1]) == os.getpid() and status[0] != "Z" and "nursery" in command:
                found.append(command)
    return found
