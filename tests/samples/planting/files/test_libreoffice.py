"""Documents that LibreOffice saves: what it does, where it is installed, and what is done around it, without it."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import olefile
import openpyxl
import pytest

from samples import plant
from samples.planting.files import hand, soffice
from samples.planting.files.folder import File, Folder
from samples.planting.files.operation import FilePlant
from samples.planting.files.operations import HONEST, OPERATIONS
from samples.planting.mime import Unfit
from tests.parsers.compound_files import compound

SLOW = {operation.id: operation for operation in (*OPERATIONS, *HONEST) if operation.by}
needed = pytest.mark.skipif(not soffice.installed(), reason="LibreOffice is not installed")


def planted(files: Folder, name: str, kind: str, sham: bool = False) -> tuple[File, FilePlant]:
    file = next(file for file in files.files if file.kind == kind)
    made = SLOW[name].plant(file, files, Random(7), sham)
    assert made is not None
    return file, made


def dos_times(data: bytes) -> set[tuple[int, ...]]:
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        assert held.testzip() is None
        return {info.date_time for info in held.infolist()}


@needed
def test_a_document_saved_by_libreoffice_says_what_it_said(files: Folder) -> None:
    file, made = planted(files, "E-38", "word")
    new = File(file.path, made.data, "word")
    for part in ("docProps/core.xml", "docProps/app.xml"):
        assert new.text(part) == file.text(part)
    old, word = [one.strip("'") for one in made.changed.partition(": ")[2].split(" -> ")]
    assert new.text("word/document.xml").count(word) == file.text("word/document.xml").count(word) + 1
    assert new.text("word/document.xml").count(old) == file.text("word/document.xml").count(old) - 1
    assert "rsid" not in new.text("word/document.xml") and not new.office
    assert {member.central[4:8] for member in new.package.members} == {b"\x14\0\x14\0"}
    # The descriptors of what was put back stand where LibreOffice's own do.
    assert {member.local[6] & 8 for member in new.package.members} == {8}
    (at,) = dos_times(made.data)
    packed = datetime(*at)  # type: ignore[arg-type]  # noqa: DTZ001
    assert soffice.built() <= packed <= soffice.built() + timedelta(seconds=2_000_000)


@needed
def test_a_number_changed_in_libreoffice_is_added_up_anew(files: Folder) -> None:
    file, made = planted(files, "E-40", "excel")
    old, new = [
        [cell.value for (cell,) in openpyxl.load_workbook(io.BytesIO(data), data_only=True).active["B1:B5"]]
        for data in (file.data, made.data)
    ]
    assert (
        new[4] == sum(new[:4]) != sum(old[:4]) and sum(one != other for one, other in zip(old, new, strict=True)) == 2
    )
    assert "LibreOffice" in File(file.path, made.data, "excel").text("docProps/app.xml")


@needed
def test_what_libreoffice_does_not_take_or_does_not_end_is_not_planted(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unfit, match="not take"):
        soffice.convert([(b"PK\3\4", ".docx")], ".docx")
    monkeypatch.setattr(soffice, "TIMEOUT", 0.01)
    with pytest.raises(Unfit, match="too long"):
        soffice.convert([(b"text", ".txt")], ".rtf")


class Fake:
    """Stands for LibreOffice: notes what it is given, and returns what is given to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *results: bytes) -> None:
        self.asked: list[tuple[bytes, str, str]] = []
        self.results = list(results)
        monkeypatch.setattr(soffice, "convert", self.convert)
        monkeypatch.setattr(soffice, "built", lambda: datetime(2026, 1, 1))  # noqa: DTZ001

    def convert(self, files: Sequence[tuple[bytes, str]], to: str) -> list[bytes]:
        self.asked += [(data, suffix, to) for data, suffix in files]
        return [self.results.pop(0) for _ in files]


def test_property_sets_of_a_doc_are_put_back(files: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    # As large as needs a second table of sectors.
    text = b"saved again ".ljust(61_000, b"x")
    sets = {"\x05SummaryInformation": b"s" * 200, "\x05DocumentSummaryInformation": b"d" * 70}
    saved = compound({"WordDocument": text, **sets, "\x01Ole": b"o" * 20})
    (source,) = [file for file in files.files if file.kind == "compound"][:1]
    with olefile.OleFileIO(io.BytesIO(source.data)) as held:
        streams = {one: held.openstream(one).read() for one in ("WordDocument", "\x05SummaryInformation")}
    streams["\x05DocumentSummaryInformation"] = b"what it said"
    file = File("a.doc", compound(streams), "compound")
    fake = Fake(monkeypatch, saved)
    made = SLOW["E-38"].plant(file, files, Random(7), False)
    assert made is not None and made.cls == "D"
    assert fake.asked[0][0] != file.data and fake.asked[0][1:] == (".doc", ".doc")
    with olefile.OleFileIO(io.BytesIO(made.data), raise_defects=olefile.DEFECT_INCORRECT) as held:
        for name in sets:
            content = held.openstream(name).read()
            assert content.rstrip(b"\0") == streams[name].rstrip(b"\0")
        assert held.openstream("WordDocument").read() == text and held.openstream("\x01Ole").read() == b"o" * 20
    assert made.data[0x2C] == saved[0x2C] + 1


def test_honest_ones_say_so(files: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    file = next(file for file in files.files if file.kind == "word")
    now = f"/CreationDate(D:{datetime.now():%Y%m%d%H%M%S}Z')".encode()  # noqa: DTZ005
    names = set()
    for seed in range(9):
        fake = Fake(monkeypatch, now)
        monkeypatch.setattr("samples.planting.files.operations.libreoffice._stamped", lambda data, *_: data)
        made = SLOW["H-09"].plant(file, files, Random(seed), False)
        assert made is not None and made.kind == "insert" and fake.asked[0][2] == made.suffix
        names.add(made.suffix)
        assert (made.data == now) is (made.suffix != ".pdf")
    assert names == {".odt", ".rtf", ".pdf"}


def test_at_a_screen_the_last_save_is_dated_and_by_a_server_it_is_kept(
    files: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = next(file for file in files.files if file.kind == "word")
    kept = set()
    for seed in range(9):
        Fake(monkeypatch, file.data)
        made = SLOW["H-08"].plant(file, files, Random(seed), False)
        assert made is not None and made.suffix == ".docx"
        new = File(file.path, made.data, "word")
        assert file.modified is not None and new.modified is not None and new.created == file.created
        kept.add(new.modified == file.modified)
        (at,) = dos_times(made.data)
        apart = datetime(*at) - new.modified.replace(tzinfo=None)  # type: ignore[arg-type]  # noqa: DTZ001
        assert new.modified == file.modified or abs(apart.total_seconds()) <= 8 * 3600 + 2
    assert kept == {True, False}


def test_by_way_of_another_format_and_back(files: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    file = next(file for file in files.files if file.kind == "word")
    fake = Fake(monkeypatch, b"between", file.data)
    made = SLOW["E-39"].plant(file, files, Random(7), True)
    assert made is not None and fake.asked[0][0] == file.data
    assert fake.asked[1][0] == b"between" and fake.asked[1][1] in (".doc", ".rtf") and fake.asked[1][2] == ".docx"


def test_without_libreoffice_its_operations_are_left_out(
    clean: Path, tmp_path: Path, without_libreoffice: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hand.left_out() == dict.fromkeys(SLOW, "soffice")
    with pytest.raises(Unfit, match="not installed"):
        soffice.convert([(b"text", ".txt")], ".rtf")
    assert plant.main([str(clean), str(tmp_path / "out"), "--scenario", "files", "--per-op", "1", "--mails", "8"]) == 0
    said = capsys.readouterr().err
    assert "soffice is not installed; not planted: E-38, E-39, E-40, H-08, H-09" in said
    assert not [name for name in SLOW if f'"{name}' in (tmp_path / "out" / "labels.json").read_text()]
