"""Indexes of the Finder and thumbnails of Windows, in folders and archives, beside the files that they name."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from forensics.knowledge.wording import Wording
from tests.checks.conftest import Judged, read
from tests.parsers.archive.ds_store_builder import one_leaf
from tests.parsers.archive.test_thumbs_db import ENTRIES, catalog
from tests.parsers.compound_files import compound

SIZES = (("Figures", 1500), ("Fotos", 90 + 6148))
INDEX = one_leaf(
    ("a.txt", "Iloc", "blob", bytes(16)),
    *[(name, "lg1S", "comp", size.to_bytes(8, "big")) for name, size in SIZES],
    ("Report é.docx", "Iloc", "blob", bytes(16)),
)
FILES = {"a.txt": 5, "Figures/a.bin": 500, "Figures/in/b.bin": 1000, "Fotos/e.bin": 90, "Report e\u0301.docx": 7}
RULE = "case.folder_index_differs"


def packed(files: Mapping[str, int]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("sub/.DS_Store", INDEX)
        for name, size in files.items():
            made.writestr(f"sub/{name}", bytes([0, size % 250]) * (size // 2) + b"\0" * (size % 2))
    return held.getvalue()


def told(found: Judged) -> list[str]:
    return [Wording("en").said(one.sentence) for one in found.of(RULE)]


def test_a_folder_is_held_against_its_index(archive: Callable[..., Judged]) -> None:
    changed = {name: size for name, size in FILES.items() if "Report" not in name} | {"Figures/in/b.bin": 900}
    found = archive([("fits.zip", packed(FILES)), ("changed.zip", packed(changed))])
    assert told(found) == [
        "The Finder's index changed.zip > sub/.DS_Store names 4 files and folders that are not hidden; one is not "
        "there, nor a file in it: Report é.docx.",
        "The Finder's index changed.zip > sub/.DS_Store says that the folder Figures held 1500 bytes; the 2 files in "
        "it have 1400. Folders of this index that hold as many bytes as it says: 1 of 2.",
    ]


def test_thumbnails_are_held_against_the_files_beside_them(archive: Callable[..., Judged]) -> None:
    found = archive([("Thumbs.db", compound({"Catalog": catalog(*ENTRIES), "1": b"x"})), ("FAX é.PDF", b"\0")])
    assert told(found) == ["The thumbnails Thumbs.db are of 2 files; one of these is not there: gone.jpg."]


def test_a_link_in_the_folder_hides_nothing_that_is_missing(tmp_path: Path) -> None:
    source = tmp_path / "leak"
    source.mkdir()
    (source / ".DS_Store").write_bytes(one_leaf(*[(name, "Iloc", "blob", bytes(16)) for name in ("a.txt", "gone.txt")]))
    for name in ("a.txt", "b.txt", "c.txt"):
        (source / name).write_text(name)
    listed = [f"{hashlib.md5(name.encode()).hexdigest()}  {name}\n" for name in ("a.txt", "b.txt", "c.txt", "gone.txt")]
    (source / "list.md5").write_text("".join(listed))
    (source / "link.txt").symlink_to("a.txt")
    found = Judged(read(source, tmp_path / "case"))
    assert [one.endswith("is not there, nor a file in it: gone.txt.") for one in told(found)] == [True]
    missing = [Wording("en").said(one.sentence) for one in found.of("case.list_incomplete")]
    assert "The list list.md5 names 4 files; one of them is not there: gone.txt." in missing
