from pathlib import Path
from random import Random

from samples.planting.files.folder import Folder, read
from tests.samples.planting.files.conftest import clean_files, excel, word


def test_files_hold_what_their_names_say_and_stand_once(tmp_path: Path) -> None:
    for name, data in (
        ("a.docx", word(1)),
        ("b.docx", word(1)),
        ("c.docx", excel(1)),
        ("d.doc", word(2)),
        ("e.xlsx", b""),
    ):
        (tmp_path / name).write_bytes(data)
    found = read(tmp_path, 0, Random(1))
    assert [file.kind for file in found.files] == ["word"] and found.skipped == 4


def test_few_of_one_folder_are_drawn(tmp_path: Path) -> None:
    clean_files(tmp_path / "clean", 12)
    drawn = read(tmp_path / "clean", 20, Random(1))
    assert len(drawn.files) == 2, "one of each of two folders"
    assert drawn == read(tmp_path / "clean", 20, Random(1)) != read(tmp_path / "clean", 20, Random(2))


def test_what_a_planter_asks(files: Folder) -> None:
    by_kind = {file.kind: file for file in files.files}
    assert set(by_kind) == {"word", "excel", "powerpoint", "compound"}
    assert all(by_kind[kind].office for kind in ("word", "excel", "powerpoint")) and not by_kind["compound"].office
    document = by_kind["word"]
    assert document.created is not None and document.modified is not None and document.created < document.modified
    assert document.author in files.authors and len(files.authors) == 4
    assert {file.path[:8] for file in files.beside(document)} == {document.path[:8]}
