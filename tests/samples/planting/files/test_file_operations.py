import email
import hashlib
import io
import re
import zipfile
from email.policy import default
from email.utils import parsedate_to_datetime
from random import Random

import docx
import olefile
import openpyxl
import pytest

from forensics.authenticity.document_signatures import tested as tried
from forensics.model.document_signatures import DigestOutcome
from samples.planting.files.folder import File, Folder
from samples.planting.files.operation import FileOperation, FilePlant
from samples.planting.files.operations import HONEST, NOT_PLANTED, OPERATIONS
from samples.planting.files.operations.rewrites import INFOZIP
from samples.planting.files.package import Package
from samples.planting.files.package_signatures import type_of
from samples.planting.files.texts import HOMOGLYPHS
from samples.planting.mime import Unfit
from tests.parsers.document.office_packages import parsed, values

BY_ID = {operation.id: operation for operation in (*OPERATIONS, *HONEST)}
ONE_PART = {
    "E-02": 1, "E-03": 1, "E-05": 1, "E-06": 1, "E-07": 1, "E-08": 1, "E-09": 1, "E-10": 1, "E-11": 1, "E-12": 1,
    "E-13": 1, "E-14": 1, "E-15": 1, "E-16": 1, "E-17": 1, "E-18": 1, "E-19": 1, "E-20": 2, "E-21": 1, "E-22": 1,
}  # fmt: skip
"""Operations that patch so many members."""
QUICK = [name for name, operation in BY_ID.items() if not operation.by]
"""What needs LibreOffice has tests of its own."""
SAME = ("E-01", "E-02", "E-04", "H-01")


def first(files: Folder, name: str, sham: bool = False) -> tuple[File, FilePlant]:
    if name == "E-04" and INFOZIP is None:
        pytest.skip("Info-ZIP is not installed")
    for file in files.files:
        made = BY_ID[name].plant(file, files, Random(7), sham)
        if made is not None:
            return file, made
    raise AssertionError(f"{name} suits no file")


def contents(data: bytes) -> dict[str, bytes]:
    return {member.name: member.content for member in Package.read(data).members}


def test_every_row_on_office_files_is_planted_or_has_a_reason() -> None:
    rows = {row for operation in OPERATIONS for row in operation.rows}
    assert not rows & set(NOT_PLANTED) and all(NOT_PLANTED.values())
    assert rows | set(NOT_PLANTED) == {*range(1, 19), 38, 39, 41, 43, 50}
    assert not any(operation.rows for operation in HONEST)
    assert len(BY_ID) == len(OPERATIONS) + len(HONEST) == 49


@pytest.mark.parametrize("name", QUICK)
def test_every_operation_suits_some_file_and_says_what_it_did(files: Folder, name: str) -> None:
    file, made = first(files, name)
    assert made.changed and made.cls in (("D", "P", "N") if name.startswith("E") else ("",))
    assert made.data != file.data or made.suffix
    assert BY_ID[name].plant(file, files, Random(7), False) == made, "same seed, same bytes"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_what_does_not_suit_is_left(files: Folder, operation: FileOperation) -> None:
    broken = [File(file.path, file.data[:200], file.kind) for file in files.files[:8]]
    if operation.id in ("E-28", "E-29", "E-30"):
        assert all(operation.plant(file, Folder((file,)), Random(7), False) is None for file in broken)
        return
    assert all(operation.plant(file, files, Random(7), False) is None for file in broken)


@pytest.mark.parametrize(("name", "count"), ONE_PART.items())
def test_a_patch_leaves_every_other_member_byte_for_byte(files: Folder, name: str, count: int) -> None:
    file, made = first(files, name)
    old, new = Package.read(file.data), Package.read(made.data)
    pairs = list(zip(old.members, new.members, strict=True))
    assert [one.name for one, _ in pairs] == [other.name for _, other in pairs]
    assert sum((one.local, one.stored) != (other.local, other.stored) for one, other in pairs) == count
    marked = name in ("E-02", "E-08")
    assert all(other.central[4:6] == b"\x2d\0" for _, other in pairs) is not marked


@pytest.mark.parametrize("name", SAME)
def test_a_sham_has_the_content_that_was_there(files: Folder, name: str) -> None:
    file, sham = first(files, name, sham=True)
    assert sham.data != file.data and contents(sham.data) == contents(file.data)
    if name != "H-01":
        changed = contents(first(files, name)[1].data)
        assert sum(changed[part] != content for part, content in contents(file.data).items()) == 1


def test_a_sham_of_a_library_says_what_was_said(files: Folder) -> None:
    for name in ("E-23", "E-24"):
        file, sham = first(files, name, sham=True)
        _, plant = first(files, name)
        old, same, new = [
            [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]
            for data in (file.data, sham.data, plant.data)
        ]
        assert same == old and sum(one != other for one, other in zip(old, new, strict=True)) == 1
    file, sham = first(files, "E-25", sham=True)
    _, plant = first(files, "E-25")
    old, same, new = [
        [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()]
        for data in (file.data, sham.data, plant.data)
    ]
    assert same == old != new
    file, sham = first(files, "E-08", sham=True)
    assert parsed(sham.data)[0].modified == parsed(sham.data)[0].modified
    assert file.core("dcterms:modified").encode() in contents(sham.data)["docProps/core.xml"]


@pytest.mark.parametrize("name", ["E-28", "E-29", "E-30", "E-31"])
def test_a_sham_of_a_container_holds_clean_files(files: Folder, name: str) -> None:
    _, sham = first(files, name, sham=True)
    clean = {file.data for file in files.files}
    if name == "E-31":
        held = [part.get_content() for part in email.message_from_bytes(sham.data, policy=default).iter_attachments()]
    else:
        held = list(contents(sham.data).values())
    assert held and set(held) <= clean and sham.kind == "insert" and not sham.items


def test_dates(files: Folder) -> None:
    file, made = first(files, "E-10")
    facts, _ = parsed(made.data)
    assert facts.created is not None and facts.modified is not None
    assert isinstance(facts.created.instant, int) and isinstance(facts.modified.instant, int)
    assert facts.modified.instant < facts.created.instant
    for name, whole in (("E-08", False), ("E-09", True)):
        file, made = first(files, name)
        moved = File(file.path, made.data, file.kind)
        assert file.created and file.modified and moved.created and moved.modified
        assert moved.created < file.created and moved.created - file.created == moved.modified - file.modified
        assert (moved.modified.second == 0) is whole
    file, made = first(files, "E-15")
    assert file.modified is not None
    assert re.search(r"-> (\S+)", made.changed)[1] > file.core("dcterms:modified")  # type: ignore[index]


def test_sessions_and_names(files: Folder) -> None:
    _, made = first(files, "E-12")
    listed = re.findall(rb'<w:rsid w:val="(\w+)"', contents(made.data)["word/settings.xml"])
    assert listed != sorted(listed) and len(listed) == 5
    _, made = first(files, "E-13")
    settings = contents(made.data)["word/settings.xml"]
    assert settings.count(re.search(rb'rsidRoot w:val="(\w+)"', settings)[1]) == 1  # type: ignore[index]
    file, made = first(files, "E-11")
    assert File(file.path, made.data, file.kind).author not in ("", file.author)
    file, made = first(files, "E-14")
    assert b"Writer 9" not in contents(made.data)["word/document.xml"]
    file, made = first(files, "E-07")
    assert re.search(rb"<w:(?:ins|del) ", contents(made.data)["word/document.xml"]) is None
    file, made = first(files, "E-05")
    assert sum(letter in HOMOGLYPHS.values() for letter in made.changed) == 1


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("E-17", "sum_differs"),
        ("E-18", "chain_without_formula"),
        ("E-19", "formula_without_chain"),
        ("E-20", "string_unused"),
        ("E-21", "inline_string"),
    ],
)
def test_cells_disagree_with_what_stands_elsewhere(files: Folder, name: str, fact: str) -> None:
    file, made = first(files, name)
    assert not values(parsed(file.data)[0], fact)
    assert len(values(parsed(made.data)[0], fact)) == 1


def test_rows_exchanged_keep_the_sum(files: Folder) -> None:
    file, made = first(files, "E-22")
    assert values(parsed(made.data)[0], "sums") and not values(parsed(made.data)[0], "sum_differs")
    assert made.cls == "N" and contents(made.data) != contents(file.data)


def test_containers(files: Folder) -> None:
    file, made = first(files, "E-26")
    new = set(contents(made.data)) - set(contents(file.data))
    assert len(new) == 1 and made.items == (contents(made.data)[new.pop()],)
    file, made = first(files, "E-27")
    assert made.data == file.data and made.suffix not in ("", file.suffix)
    _, made = first(files, "E-30")
    assert contents(made.data)["annex.pdf"] == made.items[0]
    with zipfile.ZipFile(io.BytesIO(made.data)) as held:
        assert {info.create_version for info in held.infolist()} == {20, 30}
    for name, hours in (("E-28", range(-9, 8)), ("E-29", range(-22_000, -700))):
        _, made = first(files, name)
        assert int(re.search(r"by ([+-]\d+) h", made.changed)[1]) in hours  # type: ignore[index]
        assert made.cls == ("N" if name == "E-28" else "D")


def test_an_attachment_gives_way_to_one_that_was_made_after_the_mail(files: Folder) -> None:
    _, made = first(files, "E-31")
    mail = email.message_from_bytes(made.data, policy=default)
    (part,) = mail.iter_attachments()
    other = next(file for file in files.files if file.data == part.get_content())
    assert made.items == (other.data,) and made.takes == (other.path,)
    assert other.created is not None and other.created > parsedate_to_datetime(mail["Date"])


def test_compound_files_are_patched_in_place(files: Folder) -> None:
    odd = Folder(tuple([file for file in files.files if file.path.endswith(".doc")]))
    for file in odd.files:
        made = {name: BY_ID[name].plant(file, odd, Random(7), False) for name in ("E-32", "E-33", "E-34")}
        held = {name: plant.data for name, plant in made.items() if plant is not None}
        assert len(held) == 3 and {len(data) for data in held.values()} == {len(file.data)}
        with olefile.OleFileIO(io.BytesIO(file.data)) as old, olefile.OleFileIO(io.BytesIO(held["E-32"])) as new:
            before, after = old.get_metadata(), new.get_metadata()
            assert before.create_time - after.create_time == before.last_saved_time - after.last_saved_time
            assert after.create_time < before.create_time
            assert new.openstream("WordDocument").read() == old.openstream("WordDocument").read()
        with olefile.OleFileIO(io.BytesIO(held["E-33"])) as new:
            texts = [data.openstream("WordDocument").read() for data in (olefile.OleFileIO(io.BytesIO(file.data)), new)]
            assert texts[0] != texts[1] and [len(text.split()) for text in texts] == [len(texts[0].split())] * 2
        with olefile.OleFileIO(io.BytesIO(held["E-34"])) as new:
            assert new.root.getmtime() < olefile.OleFileIO(io.BytesIO(file.data)).root.getmtime()


def test_honest_edits(files: Folder) -> None:
    file, made = first(files, "H-02")
    old, new = contents(file.data), contents(made.data)
    assert set(new) - set(old) == {"docProps/custom.xml"}
    assert {name for name in old if old[name] != new[name]} == {"[Content_Types].xml", "_rels/.rels"}
    assert b"MSIP_Label" in new["docProps/custom.xml"]
    _, made = first(files, "H-03")
    assert "python-docx" in docx.Document(io.BytesIO(made.data)).core_properties.comments
    _, made = first(files, "H-04")
    assert openpyxl.load_workbook(io.BytesIO(made.data)).properties.creator == "openpyxl"
    file, made = first(files, "H-05")
    listed = re.findall(rb'<w:rsid w:val="(\w+)"', contents(made.data)["word/settings.xml"])
    assert listed == sorted(listed) and len(listed) == 5
    texts = [re.sub(rb"<[^>]+>", b" ", contents(data)["word/document.xml"]).split() for data in (file.data, made.data)]
    assert texts[0] != texts[1] and [len(word) for word in texts[0]] == [len(word) for word in texts[1]]


def test_a_later_version_that_is_dated_before_its_document(files: Folder) -> None:
    for sham in (False, True):
        file, made = first(files, "E-35", sham)
        old, new = parsed(file.data)[0], parsed(made.data)[0]
        assert made.kind == "insert"
        listed, before = values(new, "rsids")[0].split(), values(old, "rsids")[0].split()
        assert listed == sorted(listed) and set(listed) > set(before) and len(listed) == len(before) + 1
        assert old.created is not None and old.modified is not None and new.modified is not None
        assert (new.modified.wall < old.created.wall) != sham and (new.modified.wall > old.modified.wall) == sham


def test_a_signature_covers_what_is_changed_after_it_and_holds_where_nothing_is(files: Folder) -> None:
    for name, sham, outcome in (("E-36", False, "altered"), ("E-36", True, "same"), ("H-06", False, "same")):
        file, made = first(files, name, sham=sham)
        facts, notices = parsed(made.data)
        (one,) = tried(facts).signatures
        outcomes = [part.outcome for part in one.references]
        assert len(outcomes) > 2 and outcomes.count(DigestOutcome.SAME) == len(outcomes) - (outcome == "altered"), name
        assert one.verdict.made_by_key and one.verdict.outcome == ("altered" if outcome == "altered" else "holds"), name
        assert not [one for one in notices if "signature" in one.code]
        parts = {part for part in contents(file.data) if contents(made.data)[part] != contents(file.data)[part]}
        assert parts - {"[Content_Types].xml", "_rels/.rels"} == (
            {made.changed.partition(":")[0]} if outcome == "altered" else set()
        )


def test_a_list_fits_what_is_packed_but_for_what_was_exchanged(files: Folder) -> None:
    for name, sham, other in (("E-37", False, 1), ("E-37", True, 0), ("H-07", False, 0)):
        _, made = first(files, name, sham=sham)
        held = contents(made.data)
        lines = [line.split("  ", 1) for line in held.pop("SHA256SUMS").decode().splitlines()]
        assert [path for _, path in lines] == list(held) and len(held) > 2
        differing = [data for digest, path in lines if hashlib.sha256(data := held[path]).hexdigest() != digest]
        assert len(differing) == other and tuple(differing) == made.items, name


def test_a_part_is_signed_with_the_type_of_itself_or_of_its_ending() -> None:
    types = (
        '<Types><Default Extension="PNG" ContentType="image/png"/><Override ContentType="a/b" PartName="/word/x.xml"/>'
    )
    assert type_of(types, "word/x.xml") == "a/b" and type_of(types, "word/media/1.png") == "image/png"
    with pytest.raises(Unfit):
        type_of(types, "word/y.xml")
