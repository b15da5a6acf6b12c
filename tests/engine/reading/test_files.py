"""The files of a unit: read as they are, in windows or in parts; what is not read is recorded with its reason."""

import errno
import hashlib
import io
import zipfile
from base64 import encodebytes
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from forensics.engine.reading import files, units
from forensics.engine.reading.files import UnitReader
from forensics.engine.reading.parts import CLEAN, Parts
from forensics.engine.reading.protocol import Job, Setup
from forensics.engine.reading.sinks import Spool
from forensics.engine.reading.units import plan
from forensics.intake.files import FileBytes
from forensics.model.items import Limits
from forensics.parsers.archive import _zip_runs
from forensics.parsers.mail import mbox

MAIL = b"From: a@a.example\nSubject: %d\nDate: Mon, 4 Jan 2016 10:00:00 +0000\n\nText.\n"
BOX = b"".join([b"From a@a.example Mon Jan  4 10:00:00 2016\n" + MAIL % number + b"\n" for number in range(40)])


class Shown:
    """What a reader shows of how far it is."""

    def __init__(self) -> None:
        self.items, self.size = 0, 0
        self.named: list[str] = []

    def __call__(self, location_text: str, new: int = 1, /) -> None:
        self.items += new
        self.named.append(location_text)

    def done(self, size: int) -> None:
        self.size += size


class Rows:
    """The rows of a source, by table, and what was shown meanwhile."""

    def __init__(self, source: Path, tmp: Path, skip: dict[str, str] | None = None, **asked: Any) -> None:
        self.shown, self.tables = Shown(), dict[str, list[dict[str, Any]]]()
        limits = asked.get("limits", Limits())
        self.units = list(plan("s", source, limits, (), "", "0"))
        tmp.mkdir()
        setup = Setup(**{"tmp": str(tmp), "limits": limits, "as_of": 2**60, **asked})
        parts = Parts()
        for unit in self.units:
            inside = parts.whole(unit) if unit.slice and unit.slice.last else CLEAN
            job = Job(unit=unit, last=len(unit.files), skip=skip or {}, inside=inside)
            reader = UnitReader(setup, job, self.shown, Spool(tmp, lambda: None))
            reader.read()
            if unit.slice and not unit.slice.last:
                parts.take(unit, reader.part)
            for file in (tmp / unit.id).iterdir():
                lines = [msgspec.json.decode(line) for line in file.read_bytes().splitlines()]
                self.tables.setdefault(file.stem, []).extend(lines)

    def state(self, name: str) -> tuple[str, list[str]]:
        (place,) = [row for row in self.tables["occurrences"] if row["location_text"] == name]
        notes = [row["code"] for row in self.tables.get("notices", ()) if row["location_text"] == name]
        return place["status"], notes

    def without_names(self) -> dict[str, set[bytes]]:
        return {table: {msgspec.json.encode(row) for row in rows} for table, rows in self.tables.items()}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.eml").write_bytes(MAIL % 1)
    return tmp_path / "source"


def test_a_file_that_is_too_large_for_memory_is_read_in_windows(source: Path, tmp_path: Path) -> None:
    (source / "box.mbox").write_bytes(BOX)
    whole = Rows(source, tmp_path / "whole")
    limits = Limits(memory_bytes=1_000)
    windows = Rows(source, tmp_path / "windows", limits=limits)
    assert whole.without_names() == windows.without_names()
    assert hashlib.sha256(BOX).hexdigest() in {row["sha256"] for row in windows.tables["contents"]}
    assert windows.shown.size == whole.shown.size == len(BOX) + len(MAIL % 1)


def large_mail() -> bytes:
    """A mail with a zip of mails and of noise in it, in base64."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("inner.eml", MAIL % 7)
        made.writestr("noise.bin", Random(7).randbytes(120_000))
        made.writestr("other.eml", MAIL % 8)
    head = b"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\nhello\n--bb\n"
    part = b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
    return MAIL[:-7] % 1 + head + part + encodebytes(file.getvalue()) + b"--bb\n" + MAIL % 9 + b"--bb--\n"


def test_a_mail_that_is_too_large_for_memory_gives_the_rows_of_one_that_is_not(source: Path, tmp_path: Path) -> None:
    mail = large_mail()
    (source / "large.eml").write_bytes(mail)
    (source / "box.mbox").write_bytes(BOX + b"From a@a.example Mon Jan  4 10:00:00 2016\n" + mail + b"\n" + BOX)
    with zipfile.ZipFile(source / "mail.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("large.eml", mail)
    whole = Rows(source, tmp_path / "whole")
    pieces = Rows(source, tmp_path / "pieces", limits=Limits(memory_bytes=60_000))
    assert pieces.without_names() == whole.without_names()
    assert {"box.mbox > mbox:40 > part:2 > other.eml", "mail.zip > large.eml > part:2 > inner.eml"} <= {
        row["location_text"] for row in pieces.tables["occurrences"]
    }


def test_a_large_part_counts_as_what_its_source_file_decodes_to(source: Path, tmp_path: Path) -> None:
    (source / "a.eml").write_bytes(large_mail())
    rows = Rows(source, tmp_path / "rows", limits=Limits(memory_bytes=60_000, expansion=100_000, expansion_ratio=0))
    assert rows.state("a.eml > part:2") == ("unread", ["engine.expansion"])
    assert rows.state("a.eml") == ("partial", ["engine.expansion"])


def test_a_disk_without_room_for_a_large_part_is_no_fault_of_the_mail(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    (source / "a.eml").write_bytes(large_mail())
    monkeypatch.setattr(Spool, "_write", full)
    with pytest.raises(OSError, match="no space"):
        Rows(source, tmp_path / "rows", limits=Limits(memory_bytes=60_000))


def test_the_parts_of_a_mailbox_give_the_rows_of_the_whole(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "box.mbox").write_bytes(BOX)
    whole = Rows(source, tmp_path / "whole")
    monkeypatch.setattr(units, "CUT_BYTES", 1)
    monkeypatch.setattr(mbox, "CUT_BYTES", len(BOX) // 3)
    parts = Rows(source, tmp_path / "parts")
    assert len(parts.units) > len(whole.units)
    assert whole.without_names() == parts.without_names()


def archive(path: Path, *, damaged: bool) -> None:
    """A zip of mails, some of them copies of each other, one with a zip in it, and one damaged if that is wanted."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(40):
            made.writestr(f"{number}.eml", MAIL % (number % 30))
        made.writestr("text.txt", "a text\n" * 9)
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as nested:
            nested.writestr("inner.eml", MAIL % 7)
            nested.writestr("zeros", bytes(3_000))
        made.writestr("nested.zip", inner.getvalue())
    if damaged:
        data = path.read_bytes()
        at = data.index(b"5.eml") + len(b"5.eml")
        path.write_bytes(data[:at] + bytes(3) + data[at + 3 :])


def runs_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "CUT_BYTES", 1)
    monkeypatch.setattr(_zip_runs, "CUT_BYTES", 1)
    monkeypatch.setattr(_zip_runs, "RUN_MEMBERS", 7)


@pytest.mark.parametrize("damaged", [False, True])
def test_the_runs_of_an_archive_give_the_rows_of_the_whole(
    damaged: bool, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(source / "mails.zip", damaged=damaged)
    whole = Rows(source, tmp_path / "whole")
    runs_of(monkeypatch)
    runs = Rows(source, tmp_path / "runs")
    assert len(runs.units) == len(whole.units) + 7
    assert whole.without_names() == runs.without_names()
    state = ("partial", ["engine.member_damaged"]) if damaged else ("parsed", [])
    assert whole.state("mails.zip") == runs.state("mails.zip") == state
    assert runs.shown.size == whole.shown.size
    digest = hashlib.sha256((source / "mails.zip").read_bytes()).hexdigest()
    for table in ("contents", "archives"):
        assert len([row for row in runs.tables[table] if row["sha256"] == digest]) == 1


def test_what_is_left_for_the_budget_of_a_run_is_told_of_the_archive(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(source / "mails.zip", damaged=False)
    runs_of(monkeypatch)
    size = (source / "mails.zip").stat().st_size
    limits = Limits(expansion=size * 2, expansion_ratio=1)
    rows = Rows(source, tmp_path / "runs", limits=limits)
    assert len(rows.units) > 7
    assert rows.state("mails.zip > nested.zip")[0] == "partial"
    assert rows.state("mails.zip") == ("partial", ["engine.expansion"])
    (told,) = [row for row in rows.tables["notices"] if row["location_text"] == "mails.zip"]
    assert told["text"].startswith("1 items in it, at all depths, were not decoded")


def test_a_part_that_stops_workers_is_left_out_and_counted(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "a.eml").unlink()
    (source / "box.mbox").write_bytes(BOX)
    monkeypatch.setattr(units, "CUT_BYTES", 1)
    monkeypatch.setattr(mbox, "CUT_BYTES", len(BOX) // 3)
    rows = Rows(source, tmp_path / "tmp", {"box.mbox": "engine.watchdog"})
    assert "messages" not in rows.tables
    notes = [row for row in rows.tables["notices"] if row["code"] == "engine.watchdog"]
    assert (len(notes), sum(row["unread"] for row in notes)) == (len(rows.units), len(BOX))
    assert [row["status"] for row in rows.tables["occurrences"]] == ["partial"]


def test_a_cut_file_that_is_left_alone_is_recorded_once(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(source / "mails.zip", damaged=False)
    runs_of(monkeypatch)
    rows = Rows(source, tmp_path / "tmp", only=("*.eml",))
    assert rows.state("mails.zip") == ("skipped", ["intake.not_selected"])
    assert len(rows.tables["occurrences"]) == 2


def test_a_part_that_cannot_be_read_is_told_of_the_file(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(source / "mails.zip", damaged=False)
    runs_of(monkeypatch)
    opened: list[object] = []

    def fails(path: object) -> FileBytes:
        opened.append(path)
        if len(opened) == 3:
            raise OSError(errno.EIO, "Input/output error")
        return FileBytes(path)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "FileBytes", fails)
    rows = Rows(source, tmp_path / "tmp")
    assert rows.state("mails.zip") == ("partial", ["intake.unreadable"])
    (notice,) = [row for row in rows.tables["notices"] if row["code"] == "intake.unreadable"]
    part = rows.units[2].slice
    assert part and notice["unread"] == part.end - part.start


def test_what_is_left_alone_has_its_reason(source: Path, tmp_path: Path) -> None:
    (source / "b.eml").write_bytes(MAIL % 2)
    (source / "c.txt").write_bytes(b"text\n")
    (source / "link.eml").symlink_to("a.eml")
    rows = Rows(source, tmp_path / "tmp", only=("*.eml",), exclude=("b*",))
    assert rows.state("a.eml") == ("parsed", [])
    assert rows.state("b.eml") == rows.state("c.txt") == ("skipped", ["intake.not_selected"])
    assert rows.state("link.eml") == ("skipped", ["intake.symlink"])


def test_an_item_that_stopped_workers_is_recorded_unread(source: Path, tmp_path: Path) -> None:
    (source / "b.eml").write_bytes(MAIL % 1)
    rows = Rows(source, tmp_path / "tmp", {"a.eml": "engine.memory"})
    assert rows.state("a.eml") == ("unread", ["engine.memory"])
    assert rows.state("b.eml")[0] == "unread", "its copy would fare no better"


def test_a_file_that_cannot_be_opened(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[BaseException] = [OSError(errno.EIO, "Input/output error"), OSError(errno.ENOSPC, "no space left")]

    def fails(path: object) -> None:
        raise found[0]

    monkeypatch.setattr(files, "FileBytes", fails)
    assert Rows(source, tmp_path / "tmp").state("a.eml") == ("unread", ["intake.unreadable"])
    del found[0]
    with pytest.raises(OSError, match="no space left"):
        Rows(source, tmp_path / "full")


def test_a_file_that_changes_meanwhile_is_noticed(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.FileBytes, "changed", lambda _: True)
    assert Rows(source, tmp_path / "tmp").state("a.eml") == ("parsed", ["intake.changed"])
