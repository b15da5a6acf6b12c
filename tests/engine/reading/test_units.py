"""How a source is cut into units, and what they are named by."""

from pathlib import Path
from typing import Any

import pytest

from forensics.engine.reading import units
from forensics.engine.reading.units import Unit, plan
from forensics.model.items import Limits
from forensics.parsers.mail import mbox

MAIL = b"From a@a.example Mon Jan  4 10:00:00 2016\nFrom: a@a.example\nSubject: %d\n\nText.\n\n"


def planned(root: Path, **changed: Any) -> list[Unit]:
    asked = {"label": "s", "limits": Limits(), "passwords": (), "asked": "", "code": "0"}
    return list(plan(root=root, **{**asked, **changed}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six small files about a large mailbox."""
    for number in range(6):
        (tmp_path / f"{'az'[number > 2]}{number}.eml").write_bytes(b"Subject: %d\n\nx\n" % number)
    (tmp_path / "box.mbox").write_bytes(b"".join([MAIL % number for number in range(40)]))
    return tmp_path


def names(unit: Unit) -> list[str]:
    return [file.name.decode() for file in unit.files]


def test_a_group_ends_at_a_number_of_files_or_of_bytes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [len(unit.files) for unit in planned(folder)] == [7]
    monkeypatch.setattr(units, "UNIT_FILES", 3)
    assert [len(unit.files) for unit in planned(folder)] == [3, 3, 1]
    monkeypatch.setattr(units, "UNIT_FILES", 100)
    monkeypatch.setattr(units, "UNIT_BYTES", 1_000)
    assert [names(unit)[-1] for unit in planned(folder)] == ["box.mbox", "z5.eml"]


def test_a_large_mailbox_is_cut_where_a_mail_begins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = (folder / "box.mbox").stat().st_size
    monkeypatch.setattr(units, "CUT_BYTES", 1_000)
    monkeypatch.setattr(mbox, "CUT_BYTES", size // 3)
    before, *pieces, own, after = planned(folder)
    assert (names(before), names(after)) == (["a0.eml", "a1.eml", "a2.eml"], ["z3.eml", "z4.eml", "z5.eml"])
    parts = [piece.slice for piece in pieces if piece.slice]
    assert len(parts) == len(pieces) > 1
    assert (parts[0].start, parts[-1].end, {part.last for part in parts}) == (0, size, {False})
    assert own.slice and (own.slice.start, own.slice.end, own.slice.last) == (size, size, True)
    data = (folder / "box.mbox").read_bytes()
    assert all(data[part.start :].startswith(b"From a@") for part in parts)
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert sum(piece.size for piece in pieces) == size
    assert [data[: part.start].count(b"From a@") for part in parts] == [part.ordinal for part in parts]


def test_what_cannot_be_cut_is_read_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "large.bin").write_bytes(bytes(5_000))
    monkeypatch.setattr(units, "CUT_BYTES", 100)
    (unit,) = planned(tmp_path)
    assert (unit.slice, unit.size) == (None, 5_000)


def test_a_file_that_defies_cutting_is_left_to_a_worker(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("hostile")

    monkeypatch.setattr(units, "CUT_BYTES", 1_000)
    monkeypatch.setattr(units, "cutter", fails)
    (unit,) = planned(folder)
    assert (unit.slice, len(unit.files)) == (None, 7)


def test_a_unit_is_named_by_all_that_can_change_what_is_read(folder: Path) -> None:
    (first,) = planned(folder)
    assert planned(folder)[0].id == first.id
    changes: list[dict[str, Any]] = [
        {"label": "t"},
        {"code": "1"},
        {"asked": "only"},
        {"passwords": (b"secret",)},
        {"limits": Limits(depth=3)},
    ]
    (folder / "new.eml").write_bytes(b"Subject: new\n\nx\n")
    found = {planned(folder, **change)[0].id for change in [*changes, {}]}
    assert len(found | {first.id}) == len(changes) + 2
