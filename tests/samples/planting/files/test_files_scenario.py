import hashlib
import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from samples import plant
from samples.planting.files.folder import Folder
from samples.planting.files.hand import files as planted

pytestmark = pytest.mark.usefixtures("without_libreoffice")


def built(clean: Path, out: Path, *more: str) -> dict:  # type: ignore[type-arg]
    assert plant.main([str(clean), str(out), "--scenario", "files", "--seed", "3", "--per-op", "1", *more]) == 0
    return json.loads((out / "labels.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_labels_are_true_of_the_files(clean: Path, tmp_path: Path) -> None:
    held = built(clean, tmp_path / "one", "--before")
    written = {path.name: path.read_bytes() for path in (tmp_path / "one" / "leak").iterdir()}
    assert held["files"] == len(written) and "mails" not in held
    for label in held["labels"]:
        assert hashlib.sha256(written[label["path"]]).hexdigest() == label["sha256"]
    originals = {path.read_bytes() for path in clean.rglob("*.*")}
    labelled = {label["path"] for label in held["labels"]}
    assert all(data in originals for name, data in written.items() if name not in labelled)
    moved = {item for label in held["labels"] if label["operation"] == "E-31" for item in label["items"]}
    assert len(moved) == 1 and not moved & {hashlib.sha256(data).hexdigest() for data in written.values()}
    assert {path.read_bytes() for path in (tmp_path / "one" / "before").iterdir()} == originals
    digests = {hashlib.sha256(data).hexdigest() for data in originals}
    assert {label["before_sha256"] for label in held["labels"]} - digests == {""}
    kinds = Counter(label["kind"] for label in held["labels"])
    assert kinds["taint"] >= 30 and kinds["sham"] >= 8 and kinds["honest"] == 5 + 2 * (len(originals) // 10)
    assert len({path.stat().st_mtime for path in (tmp_path / "one" / "leak").iterdir()}) == 1


def test_same_seed_same_bytes(clean: Path, tmp_path: Path) -> None:
    built(clean, tmp_path / "one")
    built(clean, tmp_path / "two")
    for path in sorted((tmp_path / "one").rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_no_file_is_drawn_twice_and_a_server_handles_one_folder(files: Folder) -> None:
    leak = planted(files, Random(3), 3)
    edited = [entry.origin for entry in leak.entries if entry.origin]
    moved = sum(len(entry.items) for entry in leak.entries if entry.operation == "E-31")
    assert len(edited) == len(set(edited)) == len(files.files) - moved and moved
    for name in ("H-01", "H-02"):
        handled = [entry.origin for entry in leak.entries if entry.operation == name]
        assert len(handled) == len(files.files) // 10 and len({path.partition("/")[0] for path in handled}) == 1


def test_a_folder_without_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    assert plant.main([str(tmp_path / "clean"), str(tmp_path / "out"), "--scenario", "files"]) == 2
