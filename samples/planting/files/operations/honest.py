"""Honest edits of ordinary work: what gateways and labels do to many files alike, documents of scripts, templates."""

import io
from datetime import datetime, timedelta
from random import Random

import docx
import openpyxl
from docx.document import Document

from samples.planting.files.folder import File, Folder
from samples.planting.files.operation import PACKAGES, FileOperation, FilePlant, later
from samples.planting.files.operations.libraries import stamped
from samples.planting.files.operations.versions import version
from samples.planting.files.package import Marks, by_zipfile
from samples.planting.mime import Unfit
from samples.planting.operations.bodies import SENTENCES

_SITE = "1f4c2a80-66b1-4f0e-9d2a-0d1f7c3be7a1"
_LABEL = "MSIP_Label_5b2e9f14-3c77-4d0a-8a31-6c1e02d9b7f5"
_DECLARED = '<?xml version="1.0" encoding="utf-8"?>'
_CUSTOM, _TYPES, _RELATIONS = "docProps/custom.xml", "[Content_Types].xml", "_rels/.rels"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_WORDS = 12
"""Words of a template that the next document has others for."""


def gateway(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """H-01: a gateway unpacked the package, found nothing, and packed it again."""
    contents = [(member.name, member.content) for member in file.package.members]
    return FilePlant(by_zipfile(contents, later(file, rng)), "", "packed again")


def labelled(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant | None:
    """H-02: a server put the organization's label into the custom properties."""
    types, relations = file.text(_TYPES), file.text(_RELATIONS)
    if _CUSTOM in file.package.by_name or "</Types>" not in types or "</Relationships>" not in relations:
        return None
    at = later(file, rng)
    values = {"Enabled": "true", "SetDate": f"{at:%Y-%m-%dT%H:%M:%SZ}", "Method": "Standard", "SiteId": _SITE}
    properties = "".join(
        [
            f'<property fmtid="{_FORMAT_ID}" pid="{number}" name="{_LABEL}_{name}">'
            f"<vt:lpwstr>{value}</vt:lpwstr></property>"
            for number, (name, value) in enumerate(values.items(), 2)
        ]
    )
    custom = (
        f'{_DECLARED}<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
        f"{properties}</Properties>"
    )
    override = f'<Override PartName="/{_CUSTOM}" ContentType="{_CUSTOM_TYPE}"/></Types>'
    relation = (
        f'<Relationship Id="Rlabel1" Type="{_OFFICE}/relationships/custom-properties" Target="{_CUSTOM}"/>'
        "</Relationships>"
    )
    package = file.package.holding(_TYPES, types.replace("</Types>", override).encode())
    package = package.holding(_RELATIONS, relations.replace("</Relationships>", relation).encode())
    package = package.added(_CUSTOM, custom.encode(), Marks.OWN)
    touched = (_TYPES, _RELATIONS, _CUSTOM)
    members = [one.dated(lambda _: at) if one.name in touched else one for one in package.members]
    return FilePlant(type(package)(tuple(members), package.comment).encode(), "", f"{_LABEL} added")


def scripted_document(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """H-03: a new document made by python-docx, which says so."""
    at = later(file, rng)
    document = docx.Document()
    document.add_heading("Report", 0)
    for _ in range(rng.randrange(3, 12)):
        document.add_paragraph(" ".join(rng.sample(SENTENCES, 3)))
    return FilePlant(stamped(_saved(document, at), at), "", "made by python-docx", "insert")


def scripted_workbook(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """H-04: a new workbook made by openpyxl, which says so."""
    at = later(file, rng)
    book = openpyxl.Workbook()
    sheet = book.active
    rows = rng.randrange(4, 30)
    for row in range(1, rows):
        sheet.append([f"item {row}", rng.randrange(1, 900), rng.randrange(1, 90)])
    sheet.append(["total", f"=SUM(B1:B{rows - 1})", f"=SUM(C1:C{rows - 1})"])
    return FilePlant(stamped(_saved(book, at), at, at), "", "made by openpyxl", "insert")


def _saved(document: Document | openpyxl.Workbook, at: datetime) -> bytes:
    out = io.BytesIO()
    if isinstance(document, openpyxl.Workbook):
        document.properties.created = at
    document.save(out)
    return out.getvalue()


def from_template(file: File, folder: Folder, rng: Random, sham: bool) -> FilePlant:
    """H-05: the next document of a form: other words in the same body, saved once more some days later."""
    if file.modified is None:
        raise Unfit("no time")
    at = file.modified + timedelta(days=rng.randrange(2, 60), minutes=rng.randrange(600))
    return FilePlant(version(file, rng, _WORDS, at), "", "the next document of a form", "insert")


OPERATIONS = (
    FileOperation("H-01", "packed again by a gateway", (), gateway, PACKAGES, alike=True),
    FileOperation("H-02", "a label added by a server", (), labelled, PACKAGES, alike=True),
    FileOperation("H-03", "made by python-docx, which says so", (), scripted_document, ("word",)),
    FileOperation("H-04", "made by openpyxl, which says so", (), scripted_workbook, ("excel",)),
    FileOperation("H-05", "made from another document as a form", (), from_template, ("word",)),
)
