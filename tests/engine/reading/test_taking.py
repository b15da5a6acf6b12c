"""Rows of a worker are looked through before anything of them goes into the case."""

import json
import os
from pathlib import Path

import pytest

from forensics.engine.reading.process import Fault
from forensics.engine.reading.protocol import Job
from forensics.engine.reading.taking import take
from forensics.engine.reading.units import Slice, Unit
from forensics.intake.files import FileKind, SourceFile


def job(part: Slice | None = None, kind: FileKind = FileKind.FILE) -> Job:
    names = (b"a.mbox",) if part else (b"a.eml", b"b%.eml")
    files = tuple(SourceFile(name=name, path=b"/s/" + name, kind=kind, size=1) for name in names)
    return Job(unit=Unit.of("u", "s", files, part), last=len(files))


def place(text: str, source: str = "s") -> dict[str, object]:
    return {"source": source, "location_text": text, "depth": text.count(" > "), "more": 1}


WHOLE = [place("a.eml"), place("b%25.eml > part:1"), place("b%25.eml")]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "worker" / "u").mkdir(parents=True)
    (tmp_path / "into").mkdir()
    return tmp_path / "worker", tmp_path / "into"


def write(worker: Path, table: str, rows: list[dict[str, object]]) -> Path:
    file = worker / "u" / f"{table}.ndjson"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_rows_of_all_files_are_taken_out_of_reach(folders: tuple[Path, Path]) -> None:
    worker, into = folders
    write(worker, "occurrences", WHOLE)
    write(worker, "ranking", [{"rank": 1}])
    taken = take(job(), worker, into, strict=False)
    assert (taken.items, taken.again, taken.tables) == (3, 0, {"occurrences": into / "occurrences.ndjson"})
    assert not (worker / "u" / "occurrences.ndjson").exists()


def test_a_member_without_a_name_is_an_item(folders: tuple[Path, Path]) -> None:
    worker, into = folders
    write(worker, "occurrences", [*WHOLE, place("a.eml > ")])
    assert take(job(), worker, into, strict=False).items == 4


@pytest.mark.parametrize(
    "rows",
    [
        [],
        WHOLE[:2],
        [*WHOLE, place("c.eml")],
        [*WHOLE, place("c.eml > part:1")],
        [*WHOLE, place("a.eml")],
        [*WHOLE, place("a.eml > x", source="other")],
        [*WHOLE, {**place("a.eml > x"), "depth": 0}],
        [*WHOLE, {"location_text": "a.eml"}],
    ],
)
def test_rows_that_leave_files_out_or_speak_of_others_are_a_fault(
    folders: tuple[Path, Path], rows: list[dict[str, object]]
) -> None:
    write(folders[0], "occurrences", rows)
    with pytest.raises(Fault):
        take(job(), *folders, strict=False)


def test_no_rows_at_all_are_a_fault(folders: tuple[Path, Path]) -> None:
    with pytest.raises(Fault, match="2 files without a row"):
        take(job(), *folders, strict=False)


@pytest.mark.parametrize("kind", ["symlink", "hardlink", "pipe", "folder"])
def test_what_is_no_file_of_its_own_is_a_fault(folders: tuple[Path, Path], tmp_path: Path, kind: str) -> None:
    worker, _ = folders
    precious = tmp_path / "precious"
    precious.write_text("".join(json.dumps(row) + "\n" for row in WHOLE))
    file = worker / "u" / "occurrences.ndjson"
    if kind == "symlink":
        file.symlink_to(precious)
    elif kind == "hardlink":
        os.link(precious, file)
    elif kind == "pipe":
        os.mkfifo(file)
    else:
        file.mkdir()
    with pytest.raises(Fault):
        take(job(), *folders, strict=False)
    assert precious.exists()


def test_only_the_last_slice_of_a_mailbox_has_its_row(folders: tuple[Path, Path]) -> None:
    part = Slice(parser="mail.mbox", start=0, end=1, ordinal=0, last=False, sha256="")
    assert take(job(part), *folders, strict=False).items == 0
    with pytest.raises(Fault):
        take(job(Slice(parser="mail.mbox", start=0, end=1, ordinal=0, last=True, sha256="")), *folders, strict=False)


@pytest.mark.parametrize(("kind", "again"), [(FileKind.FILE, 2), (FileKind.UNREADABLE, 1)])
def test_items_left_for_a_passing_reason_are_counted(folders: tuple[Path, Path], kind: FileKind, again: int) -> None:
    write(folders[0], "occurrences", WHOLE)
    notices = [
        ("intake.unreadable", "a.eml"),
        ("engine.memory", "b%25.eml > part:1"),
        ("engine.memory", "b%25.eml > part:1"),
    ]
    write(folders[0], "notices", [{"code": code, "location_text": text} for code, text in [*notices, ("zip.crc", "x")]])
    assert take(job(kind=kind), *folders, strict=False).again == again


def test_a_strict_look_finds_rows_that_no_table_takes(folders: tuple[Path, Path]) -> None:
    write(folders[0], "occurrences", WHOLE)
    with pytest.raises(Fault, match="rows that are none"):
        take(job(), *folders, strict=True)
