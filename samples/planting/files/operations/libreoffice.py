"""Documents that LibreOffice opened and saved: with something changed, and by way of another format.

LibreOffice without a screen keeps author, dates and revision as it read them. All its members bear the time of the
save, which the planter puts where somebody handles the file.
"""

import re
from datetime import datetime, timedelta
from random import Random

from samples.planting.files import soffice
from samples.planting.files.folder import File, Folder, authors_but
from samples.planting.files.operation import FileOperation, FilePlant, later
from samples.planting.files.operations.compound import properties_set, text_patched
from samples.planting.files.operations.libraries import stamped
from samples.planting.files.operations.properties import APP, CORE
from samples.planting.files.operations.sheets import number_changed
from samples.planting.files.package import Package
from samples.planting.files.texts import reworded
from samples.planting.mime import Unfit

_BODY = "word/document.xml"
_OFFSETS = (-8, -5, -3, 0, 1, 2, 3, 8)
"""Hours from UTC of who saves at a screen."""
_CREATION = re.compile(rb"(/CreationDate\s?\(D:)\d{14}")
_WRITTEN = re.compile(rb"(<cp:lastModifiedBy>)[^<]*")
_EMBEDDED = re.compile(r"(?:word|xl)/embeddings/")
_MARKS = b"\x14\0\x14\0"
"""Versions that LibreOffice gives its members: 2.0, made on host 0."""
_REVISION = re.compile(rb"(?<=<cp:revision>)\d+")


def _later(file: File, rng: Random) -> datetime:
    """Return a time of some days after the last save, and not before this version of LibreOffice was built."""
    return max(later(file, rng), soffice.built() + timedelta(seconds=2 * rng.randrange(1_000_000)))


def _with_word(file: File, folder: Folder, rng: Random, sham: bool) -> tuple[bytes, str]:
    """Return a document with one word changed, or as it was, and what was changed."""
    if file.kind == "compound":
        made = text_patched(file, folder, rng, False)
        if made is None:
            raise Unfit("no two words")
        return file.data if sham else made.data, made.changed
    text, changed = reworded(file.text(_BODY), rng)
    return file.data if sham else file.package.holding(_BODY, text.encode()).encode(), f"{_BODY}: {changed}"


def disguised(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-38: a word changed, saved by LibreOffice, and the properties put back as they were.

    What stays: how LibreOffice packs, in what order, what it leaves out (editing sessions, theme, most of the
    settings), its XML, the time of its members; of a .doc its build number, the fonts, and a layout that is not Word's.
    """
    data, changed = _with_word(file, folder, rng, sham)
    [saved] = soffice.convert([(data, file.suffix)], file.suffix)
    if file.kind == "compound":
        return FilePlant(properties_set(saved, file.data), "D", changed)
    package = Package.read(_stamped(saved, _later(file, rng)))
    for part in (CORE, APP):
        package = package.streaming(part, file.package.content(part))
    return FilePlant(package.encode(), "D", changed)


def round_trip(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-39: a word changed, saved as .doc or .rtf and back by LibreOffice, which says so."""
    data, changed = _with_word(file, folder, rng, sham)
    way = rng.choice([".doc", ".rtf"])
    between = soffice.convert([(data, file.suffix)], way)
    [saved] = soffice.convert([(between[0], way)], file.suffix)
    return FilePlant(_stamped(saved, _later(file, rng)), "P", f"{changed}, by way of {way}")


def cell(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-40: one number of a workbook changed and saved by LibreOffice, which says so and adds up anew."""
    data, changed = number_changed(file, rng)
    [saved] = soffice.convert([(file.data if sham else data, file.suffix)], file.suffix)
    return FilePlant(_stamped(saved, _later(file, rng)), "P", changed)


def saved_again(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """H-08: saved again by LibreOffice, which says so: by a server that keeps the dates, or at a screen."""
    [saved] = soffice.convert([(file.data, file.suffix)], ".docx")
    at = _later(file, rng)
    if rng.random() < 1 / 2:
        return FilePlant(_stamped(saved, at), "", "converted by LibreOffice, dates kept", suffix=".docx")
    package = Package.read(saved)
    core = package.content(CORE)
    who = rng.choice([*authors_but(folder, [file.author]), ""]).encode()
    core = _REVISION.sub(lambda found: b"%d" % (int(found[0]) + 1), _WRITTEN.sub(lambda found: found[1] + who, core))
    # It dates members in UTC, and the save in local time with the mark of UTC.
    data = _stamped(package.streaming(CORE, core).encode(), at, at + timedelta(hours=rng.choice(_OFFSETS)))
    return FilePlant(data, "", "saved again by LibreOffice", suffix=".docx")


def exported(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """H-09: the same document in another format beside it, exported by LibreOffice, which says so."""
    to = rng.choice([".odt", ".rtf", ".pdf"])
    [made] = soffice.convert([(file.data, file.suffix)], to)
    return FilePlant(_dated(made, to, _later(file, rng)), "", f"exported as {to}", "insert", to)


def _dated(data: bytes, kind: str, at: datetime) -> bytes:
    """Return an export as if it was made at a time; RTF holds none of its own."""
    if kind != ".pdf":
        return _stamped(data, at) if kind == ".odt" else data
    return _CREATION.sub(lambda found: found[1] + at.strftime("%Y%m%d%H%M%S").encode(), data)


def _stamped(data: bytes, at: datetime, modified: datetime | None = None) -> bytes:
    """Return what LibreOffice packed as if it had done so at a time, documents inside it too."""
    package = Package.read(data)
    for member in package.members:
        if _EMBEDDED.match(member.name) and member.content.startswith(b"PK\3\4"):
            inner = Package.read(member.content)
            # Others were copied as they were.
            if all(one.central[4:8] == _MARKS for one in inner.members):
                package = package.streaming(member.name, inner.dated(lambda _: at).encode())
    return stamped(package.encode(), at, modified)


_DOCUMENTS = ("word", "compound")
OPERATIONS = (
    FileOperation(
        "E-38", "a word changed by LibreOffice, which is hidden", (18,), disguised, _DOCUMENTS, by=soffice.PROGRAM
    ),
    FileOperation(
        "E-39", "a word changed, by way of .doc or .rtf (LibreOffice)", (10,), round_trip, ("word",), by=soffice.PROGRAM
    ),
    FileOperation("E-40", "a number changed by LibreOffice", (12,), cell, ("excel",), by=soffice.PROGRAM),
)
HONEST = (
    FileOperation(
        "H-08",
        "converted or saved again by LibreOffice, which says so",
        (),
        saved_again,
        _DOCUMENTS,
        by=soffice.PROGRAM,
    ),
    FileOperation("H-09", "exported as odt, rtf or pdf by LibreOffice", (), exported, ("word",), by=soffice.PROGRAM),
)
