"""A case judged anew from where its sources lie now."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from forensics import ScanOptions, reached, scan
from forensics.casestore import CaseFolder
from forensics.engine.judging import judge_again, stoppable
from forensics.errors import Interrupted, UsageError

pytestmark = pytest.mark.usefixtures("in_process", "unjudged")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.eml").write_bytes(b"From: a@a.example\nDate: Mon, 4 Jan 2016 10:00:00 +0000\n\nText.\n")
    return folder


@pytest.fixture
def case(tmp_path: Path, source: Path) -> CaseFolder:
    scan([source], tmp_path / "case", ScanOptions(jobs=1))
    return CaseFolder.open(tmp_path / "case")


def again(case: CaseFolder, sources: Sequence[str] | Mapping[str, Path] = ()) -> bool:
    with case.lock():
        return judge_again(case, sources)


def actions(case: CaseFolder) -> list[str]:
    return [line.action for line in case.custody.lines()]


def test_it_is_judged_from_where_it_was_scanned(case: CaseFolder) -> None:
    before = len(actions(case))
    assert again(case)
    assert actions(case)[before:] == ["case_tables"]
    assert reached(case.path).settled


def test_a_source_that_moved_is_named(case: CaseFolder, source: Path) -> None:
    moved = source.rename(source.with_name("moved"))
    before = actions(case)
    assert not again(case)
    assert actions(case) == before
    assert again(case, [f"mails={moved}"])
    with pytest.raises(UsageError, match="no source 'other'"):
        again(case, {"other": moved})


def test_a_folder_with_links_is_at_hand(tmp_path: Path, source: Path) -> None:
    (source / "below").mkdir()
    (source / "below" / "link").symlink_to("../a.eml")
    scan([source], tmp_path / "linked", ScanOptions(jobs=1))
    assert again(CaseFolder.open(tmp_path / "linked"))


def test_a_file_may_have_another_name_now(tmp_path: Path, source: Path) -> None:
    scan([source / "a.eml"], tmp_path / "single", ScanOptions(jobs=1))
    moved = (source / "a.eml").rename(tmp_path / "b.eml")
    case = CaseFolder.open(tmp_path / "single")
    assert not again(case)
    assert again(case, [str(moved)])


@pytest.mark.parametrize("change", ["longer", "added", "gone"])
def test_a_source_that_changed_is_not_at_hand(case: CaseFolder, source: Path, change: str) -> None:
    if change == "longer":
        with (source / "a.eml").open("ab") as file:
            file.write(b"More.\n")
    elif change == "added":
        (source / "b.eml").write_bytes(b"")
    else:
        (source / "a.eml").unlink()
    assert not again(case)


def test_a_case_that_was_not_wholly_read_is_not_judged(case: CaseFolder) -> None:
    case.custody.append("scan_started")
    assert not again(case)


def test_a_stop_is_logged(case: CaseFolder) -> None:
    with pytest.raises(Interrupted), case.lock(), stoppable(case):
        raise KeyboardInterrupt
    assert actions(case)[-1] == "interrupted"
    with pytest.raises(RuntimeError, match="a fault"), case.lock(), stoppable(case):
        raise RuntimeError("a fault")
