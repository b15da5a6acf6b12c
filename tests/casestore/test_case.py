import json
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from forensics.casestore import CaseFolder
from forensics.errors import CaseLocked, CaseStoreError
from forensics.model.case import CASE_FORMAT, CaseInfo
from forensics.model.rows import TABLES


def test_create_and_open(tmp_path: Path, info: CaseInfo) -> None:
    made = CaseFolder.create(tmp_path / "deep" / "case", info)
    opened = CaseFolder.open(tmp_path / "deep" / "case")
    assert opened.info == info
    assert opened.path == made.path
    (line,) = opened.custody.lines()
    assert line.action == "created"
    assert set(line.files) == {"case.json"}
    assert {entry.name for entry in made.path.iterdir()} == {"case.json", "custody.jsonl", "tables", "tmp"}
    assert {entry.name for entry in (made.path / "tables").iterdir()} == set(TABLES)


def test_nobody_else_may_read(case: CaseFolder) -> None:
    for entry in [case.path, *case.path.rglob("*")]:
        assert stat.S_IMODE(entry.stat().st_mode) == (0o700 if entry.is_dir() else 0o600), entry


def test_an_empty_folder_may_become_a_case(tmp_path: Path, info: CaseInfo) -> None:
    (tmp_path / "empty").mkdir()
    CaseFolder.create(tmp_path / "empty", info)


@pytest.mark.parametrize("name", ["notes.txt", "case.json", "tmp/work", "tables/a", "custody.jsonl"])
def test_create_refuses_what_belongs_to_others(name: str, tmp_path: Path, info: CaseInfo) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text('{"mine": 1}\n')
    before = sorted(tmp_path.rglob("*"))
    if name == "custody.jsonl":  # the form of a log, though nobody's: it is closed as a torn line, not lost
        CaseFolder.create(tmp_path, info)
        assert (tmp_path / name).read_text().startswith('{"mine": 1}\n')
        return
    with pytest.raises(CaseStoreError, match="not empty"):
        CaseFolder.create(tmp_path, info)
    assert sorted(tmp_path.rglob("*")) == before


def test_create_refuses_a_case(case: CaseFolder, info: CaseInfo) -> None:
    with pytest.raises(CaseStoreError):
        CaseFolder.create(case.path, info)


def test_create_refuses_a_file(tmp_path: Path, info: CaseInfo) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CaseStoreError, match="File exists"):
        CaseFolder.create(tmp_path / "file", info)


def test_open_refuses_what_is_no_case(tmp_path: Path) -> None:
    with pytest.raises(CaseStoreError, match="does not exist"):
        CaseFolder.open(tmp_path / "none")
    with pytest.raises(CaseStoreError, match="no case: it has no"):
        CaseFolder.open(tmp_path)
    (tmp_path / "case.json").write_text('{"name": "of another program"}')
    with pytest.raises(CaseStoreError, match="not that of a forensics case"):
        CaseFolder.open(tmp_path)
    (tmp_path / "case.json").write_bytes(b"\xff\x00")
    with pytest.raises(CaseStoreError, match="not that of a forensics case"):
        CaseFolder.open(tmp_path)


def test_open_refuses_another_format(case: CaseFolder, info: CaseInfo) -> None:
    other = json.loads(msgspec.json.encode(info)) | {"format": CASE_FORMAT + 1, "new_field": 1}
    (case.path / "case.json").write_text(json.dumps(other))
    with pytest.raises(CaseStoreError, match=f"format {CASE_FORMAT + 1}"):
        CaseFolder.open(case.path)


def test_open_refuses_a_case_without_log(case: CaseFolder) -> None:
    (case.path / "custody.jsonl").unlink()
    with pytest.raises(CaseStoreError, match="no custody log"):
        CaseFolder.open(case.path)


def test_a_making_that_was_cut_off_is_completed(tmp_path: Path, info: CaseInfo) -> None:
    made = CaseFolder.create(tmp_path / "case", info)
    (made.path / "custody.jsonl").write_bytes(b'{"n":1,"prev')
    CaseFolder.create(made.path, info)
    opened = CaseFolder.open(made.path)
    assert [line.action for line in opened.custody.lines()] == ["torn_line", "created"]
    assert opened.custody.check() == ()
    (made.path / "custody.jsonl").write_bytes(b"")
    with CaseFolder.open(made.path).lock():
        pass
    assert [line.action for line in opened.custody.lines()] == ["created"]


def test_a_log_that_was_emptied_is_not_started_anew(tmp_path: Path, info: CaseInfo) -> None:
    case = CaseFolder.create(tmp_path / "case", info)
    (case.path / "tables" / "contents" / "u.parquet").write_bytes(b"")
    (case.path / "custody.jsonl").write_bytes(b"")
    with pytest.raises(CaseStoreError, match="log was cut"), CaseFolder.open(case.path).lock():
        pass


def test_lock_is_exclusive(case: CaseFolder) -> None:
    with pytest.raises(CaseLocked), case.lock():
        pass
    with pytest.raises(CaseLocked), CaseFolder.open(case.path).lock():
        pass
    with pytest.raises(CaseLocked):
        CaseFolder.open(case.path).custody.append("report")
    code = (
        "import sys; from pathlib import Path; from forensics.casestore import CaseFolder\n"
        "from forensics.errors import CaseLocked\n"
        "try:\n"
        "    with CaseFolder.open(Path(sys.argv[1])).lock(): print('held')\n"
        "except CaseLocked: print('locked')"
    )
    run = subprocess.run([sys.executable, "-c", code, case.path], capture_output=True, text=True, check=True)
    assert run.stdout == "locked\n"


def test_lock_ends_with_the_block(tmp_path: Path, info: CaseInfo) -> None:
    case = CaseFolder.create(tmp_path / "case", info)
    for _ in range(2):
        with case.lock():
            case.custody.append("opened")
    case.custody.append("report")
    assert [line.action for line in case.custody.lines()] == ["created", "opened", "opened", "report"]


def test_lock_empties_tmp_and_nothing_else(tmp_path: Path, info: CaseInfo) -> None:
    case = CaseFolder.create(tmp_path / "case", info)
    outside = tmp_path / "outside"
    outside.write_bytes(b"kept")
    (case.tmp / "spool").mkdir()
    (case.tmp / "spool" / "member").write_bytes(b"x")
    (case.tmp / "link").symlink_to(outside)
    (case.path / ".case.json.partial").write_bytes(b"{")
    CaseFolder.open(case.path)
    assert (case.tmp / "spool" / "member").exists(), "a reader leaves it alone"
    with case.lock():
        assert list(case.tmp.iterdir()) == []
        assert stat.S_IMODE(case.tmp.stat().st_mode) == 0o700
    assert outside.read_bytes() == b"kept"
    assert not (case.path / ".case.json.partial").exists()


def test_tmp_that_is_a_link_is_refused(tmp_path: Path, info: CaseInfo) -> None:
    case = CaseFolder.create(tmp_path / "case", info)
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "file").write_bytes(b"kept")
    case.tmp.rmdir()
    case.tmp.symlink_to(tmp_path / "victim")
    with pytest.raises(CaseStoreError), case.lock():
        pass
    assert (tmp_path / "victim" / "file").read_bytes() == b"kept"


def test_update_info(case: CaseFolder, info: CaseInfo) -> None:
    case.update_info(info)
    assert [line.action for line in case.custody.lines()] == ["created"], "nothing changed"
    changed = msgspec.structs.replace(info, examiner="E")
    case.update_info(changed)
    assert case.info == changed == CaseFolder.open(case.path).info
    assert [line.action for line in case.custody.lines()] == ["created", "case_info"]
    (case.path / "case.json").write_bytes(b"{}")
    case.update_info(changed)
    assert CaseFolder.open(case.path).info == changed, "a file that is not as logged is written again"


def test_a_path_that_is_no_text_is_refused(tmp_path: Path, info: CaseInfo) -> None:
    with pytest.raises(CaseStoreError, match="UTF-8"):
        CaseFolder.create(tmp_path / "a\udcff", info)
