"""Cases that are not finished, or that somebody writes to: nothing untrue is said of them."""

from pathlib import Path
from typing import Any

import pytest

from forensics import ScanOptions, scan, verify
from forensics.casestore import CaseFolder
from forensics.engine.reading import units
from forensics.engine.reading.pool import Pool
from forensics.errors import CaseLocked, Interrupted
from forensics.report.verified import verification

pytestmark = pytest.mark.usefixtures("in_process")

MAIL = b"From: a@a.example\nDate: Mon, 4 Jan 2016 10:00:00 +0000\nSubject: %d\n\nText.\n"


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case of 21 mails, in units of 10, stopped after the first unit."""
    monkeypatch.setattr(units, "UNIT_FILES", 10)
    (tmp_path / "leak").mkdir()
    for number in range(21):
        (tmp_path / "leak" / f"{number}.eml").write_bytes(MAIL % number)
    run = Pool.run

    def first_only(self: Pool, units: Any, on_planned: Any) -> Any:
        for done in run(self, units, on_planned):
            yield done
            raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        patched.setattr(Pool, "run", first_only)
        scan([tmp_path / "leak"], tmp_path / "case", ScanOptions(jobs=1))
    return tmp_path / "case"


def test_what_was_not_reached_is_counted_and_no_problem(stopped: Path) -> None:
    head = CaseFolder.open(stopped).custody.head()
    result = verify(stopped, head=head)
    assert result.problems == ()
    assert (result.source_files, result.not_reached) == (10, 11)
    assert (result.reached.files_read, result.reached.files_planned) == (10, 21)
    said = list(verification(result))
    assert "The unfinished scan did not reach 11 files of the sources." in said
    assert said[-1] == "What was checked holds. The last scan did not finish."
    (stopped.parent / "leak" / "1.eml").write_bytes(b"other")
    assert [problem.code for problem in verify(stopped, head=head).problems] == ["source.changed"]


def test_a_finished_scan_counts_nothing_and_tells_what_was_added(stopped: Path) -> None:
    source = stopped.parent / "leak"
    scan([source], stopped, ScanOptions(jobs=1))
    assert (verify(stopped).problems, verify(stopped).not_reached) == ((), 0)
    (source / "new.eml").write_bytes(b"x")
    assert [problem.code for problem in verify(stopped).problems] == ["source.added"]


def test_a_second_scan_that_was_stopped_makes_no_false_problem(stopped: Path) -> None:
    source = stopped.parent / "leak"
    scan([source], stopped, ScanOptions(jobs=1))
    custody = CaseFolder.open(stopped).custody
    unit = next(line for line in custody.lines() if line.action == "unit")
    for path in unit.files:
        (stopped / path).unlink()
    custody.append("scan_started")
    custody.append("unit_removed", {"unit": unit.details["unit"]}, dict.fromkeys(unit.files, ""))
    custody.append("interrupted")
    result = verify(stopped)
    assert result.problems == ()
    assert result.not_reached == 10


def test_a_file_as_source_that_was_not_reached(tmp_path: Path) -> None:
    single = tmp_path / "one.eml"
    single.write_bytes(MAIL % 1)
    scan([single], tmp_path / "case")
    custody = CaseFolder.open(tmp_path / "case").custody
    unit = next(line for line in custody.lines() if line.action == "unit")
    for path in unit.files:
        (tmp_path / "case" / path).unlink()
    custody.append("scan_started")
    custody.append("unit_removed", {"unit": unit.details["unit"]}, dict.fromkeys(unit.files, ""))
    assert (verify(tmp_path / "case").problems, verify(tmp_path / "case").not_reached) == ((), 1)


def test_a_running_scan_is_told_and_nothing_else(spoilt: Any) -> None:
    folder = CaseFolder.open(spoilt.path)
    with folder.lock():
        with pytest.raises(CaseLocked, match="another process writes to this case"):
            spoilt.verify()
        folder.custody.append("scan_started")
        with pytest.raises(CaseLocked, match=r"a scan of this case is running: verify it when the scan has ended"):
            spoilt.verify()
        plan = dict.fromkeys(("files", "files_left", "units", "units_left", "bytes", "bytes_left"), "9")
        folder.custody.append("planned", plan)
        (spoilt.path / "tables/contents/new.parquet").write_bytes(b"on its way")
        with pytest.raises(CaseLocked, match=r"running \(0 of 9 files read\)"):
            spoilt.verify()
    assert {problem.code for problem in spoilt.verify().problems} == {"file.added"}, "it died: that file is told"


def test_a_case_that_is_written_to_meanwhile(spoilt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import forensics.reader.verify as target

    first = target.check_files

    def meddling(*arguments: Any) -> None:
        first(*arguments)
        CaseFolder.open(spoilt.path).custody.append("report")

    monkeypatch.setattr(target, "check_files", meddling)
    with pytest.raises(CaseLocked):
        spoilt.verify()


def test_a_case_that_was_only_made(tmp_path: Path) -> None:
    from forensics.model.case import CaseInfo

    CaseFolder.create(tmp_path / "case", CaseInfo(as_of="2020-01-01T00:00:00Z"))
    result = verify(tmp_path / "case")
    assert result.problems == ()
    last = list(verification(result))[-1]
    assert last.startswith("What was checked holds.")
    assert last.endswith("No scan was started. No file of a source was compared.")


def test_links_are_not_compared(tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / "a.eml").symlink_to("nowhere")
    head = scan([tmp_path / "leak"], tmp_path / "case").head
    result = verify(tmp_path / "case", head=head)
    assert (result.problems, result.source_files, result.source_files_undigested) == ((), 0, 1)
    assert list(verification(result))[-1].startswith("What was checked holds. No file of a source was compared.")
