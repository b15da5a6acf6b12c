"""Documents opened and saved by python-docx and openpyxl, with one thing changed."""

import io
import re
import warnings
from datetime import datetime
from random import Random
from zipfile import BadZipFile

import docx
import openpyxl
from lxml.etree import XMLSyntaxError
from openpyxl.utils.exceptions import InvalidFileException

from samples.planting.files.folder import File, Folder
from samples.planting.files.operation import FileOperation, FilePlant, later
from samples.planting.files.package import Package
from samples.planting.files.texts import other_number
from samples.planting.mime import Unfit
from samples.planting.operations.bodies import NUMBER, SENTENCES

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError, OSError, BadZipFile)
"""What the libraries raise on documents that they do not read."""
_MOST_CELLS = 300_000


def stamped(data: bytes, at: datetime, modified: datetime | None = None) -> bytes:
    """Return what a library wrote as if it had done so at a time: the clock of the planter must not show.

    Args:
        data: the package.
        at: time of its members.
        modified: the time that the library puts into the core properties; ``None``: it leaves them.
    """
    package = Package.read(data)
    core = "docProps/core.xml"
    if modified is not None:
        text = rf"\g<1>{modified:%Y-%m-%dT%H:%M:%SZ}".encode()
        package = package.holding(core, _MODIFIED.sub(text, package.content(core)))
    return package.dated(lambda _: at).encode()


def _saved_document(file: File, rng: Random, change: str, sham: bool) -> FilePlant:
    try:
        document = docx.Document(io.BytesIO(file.data))
        runs = [run for paragraph in document.paragraphs for run in paragraph.runs if run.text.strip()]
        said = ""
        if change == "sentence":
            long = [paragraph for paragraph in document.paragraphs if len(paragraph.text) > 60]
            if long:
                said = rng.choice(SENTENCES)
                where = rng.choice(long)
                if not sham:
                    where.add_run(f" {said}")
        else:
            numbers = [run for run in runs if NUMBER.search(run.text)]
            if numbers:
                run = rng.choice(numbers)
                found = NUMBER.search(run.text)
                assert found is not None
                new = other_number(found[0], rng)
                said = f"{found[0]} -> {new}"
                if not sham:
                    run.text = run.text[: found.start()] + new + run.text[found.end() :]
        if not said:
            raise Unfit("nothing to change")
        out = io.BytesIO()
        document.save(out)
    except (*_BROKEN, XMLSyntaxError) as error:
        raise Unfit(str(error)) from error
    return FilePlant(stamped(out.getvalue(), later(file, rng)), "D", said)


def sentence(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-23: a sentence put at the end of a paragraph; a sham is opened and saved."""
    return _saved_document(file, rng, "sentence", sham)


def number(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-24: one digit of a number; a sham is opened and saved."""
    return _saved_document(file, rng, "number", sham)


def cell(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """E-25: one number of a workbook; a sham is opened and saved."""
    try:
        with warnings.catch_warnings():
            # It warns of what it does not read and therefore leaves out when it saves.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(file.data))
            sheets = [sheet for sheet in book.worksheets if sheet.max_row * sheet.max_column < _MOST_CELLS]
            typed = [one for sheet in sheets for row in sheet.iter_rows() for one in row if type(one.value) is int]
            typed = [one for one in typed if one.value]
            if not typed:
                raise Unfit("no number")
            one = rng.choice(typed)
            old, new = one.value, int(other_number(str(one.value), rng))
            if not sham:
                one.value = new
            out = io.BytesIO()
            book.save(out)
    except (*_BROKEN, InvalidFileException) as error:
        raise Unfit(str(error)) from error
    at = later(file, rng)
    data = stamped(out.getvalue(), at, at)
    return FilePlant(data, "D", f"{one.parent.title}!{one.coordinate}: {old} -> {new}")


OPERATIONS = (
    FileOperation("E-23", "a sentence inserted by python-docx", (4,), sentence, ("word",)),
    FileOperation("E-24", "a number changed by python-docx", (4,), number, ("word",)),
    FileOperation("E-25", "a number changed by openpyxl", (12,), cell, ("excel",)),
)
