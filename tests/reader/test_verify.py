"""Everything that may be changed in a case or its source is found, with the right code and nothing else beside it."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from forensics.casestore import Custody
from forensics.errors import CaseStoreError, UsageError
from forensics.model.scanning import Reached
from forensics.model.verification import VerifyResult
from forensics.reader.verify import verify


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x01
    path.write_bytes(data)


def test_what_holds(made: Any) -> None:
    head = made.case.custody.head()
    assert made.result(head) == VerifyResult(
        head=head,
        head_given=head,
        head_line=8,
        lines=8,
        files=5,
        sources=1,
        source_files=2,
        findings=1,
        ranges_replayed=6,
        ranges_without_bytes=1,
        ranges_not_replayed=0,
        tmp_files=1,
        reached=Reached(scans=1, judged=True, finished=True),
    )


def test_nothing_is_written(made: Any) -> None:
    def state() -> dict[str, tuple[int, int]]:
        paths = [*made.case.path.rglob("*"), *made.source.rglob("*")]
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in paths}

    before = state()
    made.result()
    assert state() == before


@pytest.mark.parametrize(
    "path", ["tables/occurrences/u1.parquet", "tables/findings/grade.parquet", "case.json", "views.sql", "report.html"]
)
def test_a_changed_byte_in_a_file_of_the_case(made: Any, path: str) -> None:
    size = (made.case.path / path).stat().st_size
    for offset in sorted({0, size // 3, size // 2, size - 1}):
        flip(made.case.path / path, offset)
        assert made.codes() == [("file.changed", path)], offset
        flip(made.case.path / path, offset)
    assert made.codes() == []


def test_a_changed_byte_in_the_log(made: Any) -> None:
    head = made.case.custody.head()
    log = made.case.path / "custody.jsonl"
    size, last = log.stat().st_size, len(log.read_bytes().splitlines()[-1]) + 1
    for offset in range(0, size - last, 101):
        flip(log, offset)
        (problem,) = made.result().problems
        assert problem.code in ("custody.chain", "custody.line"), offset
        flip(log, offset)
    flip(log, size - 10)  # in the last line only the head tells
    assert made.codes(head)[-1] == ("custody.head", "custody.jsonl")


def test_a_changed_byte_in_the_source(made: Any) -> None:
    path = made.source / "box" / "one mail.eml"
    for offset in (0, made.date, len(made.mail) - 1):
        flip(path, offset)
        assert made.codes() == [("source.changed", "leak: box/one mail.eml")]
        assert made.result().ranges_not_replayed == 5
        assert made.result().ranges_replayed == 1
        flip(path, offset)


def test_a_source_with_a_file_less_or_more(made: Any) -> None:
    (made.source / "new.eml").write_bytes(b"x")
    assert made.codes() == [("source.added", "leak: new.eml")]
    (made.source / "new.eml").unlink()
    (made.source / "two.eml").rename(made.source.parent / "two.eml")
    assert made.codes() == [("source.file_missing", "leak: two.eml")]
    (made.source / "two.eml").symlink_to(made.source.parent / "two.eml")
    assert made.codes() == [("source.file_missing", "leak: two.eml")], "a link is not followed"


def test_a_record_of_the_source_that_is_not_that_of_its_files(made: Any) -> None:
    record = msgspec.structs.replace(made.case.info.sources[0], sha256="0" * 64)
    made.case.update_info(msgspec.structs.replace(made.case.info, sources=(record,)))
    assert made.codes() == [("source.record", "leak")]


def test_a_source_that_moved(made: Any, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    assert verify(made.case.path).problems == (), "it is looked for where it was scanned"
    made.source.rename(moved)
    assert made.codes() == [("source.missing", "leak")]
    assert made.result().ranges_not_replayed == 6
    for sources in ({"leak": moved}, [str(moved)], [f"leak={moved}"]):
        assert verify(made.case.path, sources).problems == ()
    with pytest.raises(UsageError, match="no source 'x'"):
        verify(made.case.path, {"x": moved})


def test_a_missing_file(made: Any) -> None:
    (made.case.path / "report.html").unlink()
    assert made.codes() == [("file.missing", "report.html")]
    (made.case.path / "report.html").symlink_to(made.source / "two.eml")
    assert made.codes() == [("file.missing", "report.html")]


@pytest.mark.parametrize("path", ["tables/messages/x.parquet", "tables/new/x", "notes.txt", ".hidden"])
def test_an_added_file(made: Any, path: str) -> None:
    (made.case.path / path).parent.mkdir(exist_ok=True)
    (made.case.path / path).write_bytes(b"x")
    assert made.codes() == [("file.added", path)]


def test_links_count_paths_outside_and_tmp_do_not(made: Any) -> None:
    (made.case.tmp / "left").write_bytes(b"x")
    (made.case.path / "linked").symlink_to(made.source)
    assert made.codes() == [("file.added", "linked")]
    made.case.custody.append("report", {}, {"../leak/two.eml": hashlib.sha256(b"other").hexdigest(), "linked": ""})
    assert made.codes() == [("file.missing", "../leak/two.eml"), ("file.added", "linked")]


def test_the_last_line_cut_off(made: Any) -> None:
    head = made.case.custody.head()
    log = made.case.path / "custody.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    assert made.codes() == [], "a whole line that is gone is known only to who wrote the head down"
    assert made.codes(head) == [("custody.head", "custody.jsonl")]
    log.write_bytes(b"".join(lines[:-2]))
    assert made.codes() == [("file.added", "report.html")]


def test_a_torn_last_line(made: Any) -> None:
    log = made.case.path / "custody.jsonl"
    whole = log.read_bytes()
    for cut in (1, 20, len(whole.splitlines()[-1])):
        log.write_bytes(whole[:-cut])
        assert made.codes() == [("custody.torn", "custody.jsonl:8")]
    made.case.custody.append("scan_finished")
    result = made.result()
    assert (result.problems, result.torn_lines, result.lines) == ((), 1, 9)


def test_a_log_written_anew(made: Any) -> None:
    head = made.case.custody.head()
    lines = made.case.custody.lines()
    made.cite(made.citations[:1])
    changed = made.case.custody.lines()[-1].files
    (made.case.path / "custody.jsonl").unlink()
    anew = Custody(made.case.path / "custody.jsonl")
    for line in lines:
        anew.append(line.action, line.details, {path: changed.get(path, sha256) for path, sha256 in line.files.items()})
    assert made.codes() == []
    assert made.codes(head) == [("custody.head", "custody.jsonl")]


def test_heads(made: Any) -> None:
    head = made.case.custody.head()
    made.case.custody.append("opened")
    result = made.result(head)
    assert (result.problems, result.head_line, result.lines) == ((), 8, 9)
    assert made.result(made.case.custody.head().upper() + "\n").head_line == 9
    assert made.codes("0" * 64) == [("custody.head", "custody.jsonl")]
    for none in ("", "abc", "g" * 64, "0" * 63):
        with pytest.raises(UsageError):
            made.result(none)


def test_no_log_and_no_case(made: Any, tmp_path: Path) -> None:
    (made.case.path / "custody.jsonl").unlink()
    assert made.codes() == [("custody.missing", "custody.jsonl")]
    with pytest.raises(CaseStoreError, match="does not exist"):
        verify(tmp_path / "none")
    with pytest.raises(CaseStoreError, match="no case"):
        verify(tmp_path)
