"""Packages as Office writes them, with parts of a test's own."""

import struct
import zipfile
from io import BytesIO

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import Limits, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers.document import ooxml

OFFICE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_TYPES = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    "word": f"{_TYPES}wordprocessingml.document.main+xml",
    "xl": f"{_TYPES}spreadsheetml.sheet.main+xml",
    "ppt": f"{_TYPES}presentationml.presentation.main+xml",
}
_NAMES = {"word": "word/document.xml", "xl": "xl/workbook.xml", "ppt": "ppt/presentation.xml"}
_APPLICATIONS = {"word": "Microsoft Office Word", "xl": "Microsoft Excel", "ppt": "Microsoft Office PowerPoint"}
_P = "http://schemas.openxmlformats.org/package/2006"
_R = "http://schemas.openxmlformats.org/officeDocument/2006"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_R}/relationships/worksheet" Target="/xl/worksheets/sheet2.xml"/></Relationships>'
)
ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>10</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>32.5</v></c></row>'
    '<row r="3"><c r="B3"><f>SUM(B1:B2)</f><v>42.5</v></c></row>'
)
CHAIN = '<c r="B3" i="1"/>'
STRINGS = "<si><t>rent</t></si><si><r><t>pa</t></r><r><t>per</t></r><rPh><t>read aloud</t></rPh></si>"


def office(kind: str, parts: dict[str, str], *, written: dict[str, bytes] | None = None) -> bytes:
    """Return a package as Office writes it: its marks in every header, its declaration before every part.

    Args:
        kind: ``word``, ``xl`` or ``ppt``.
        parts: further parts, or other ones, by name; without declaration.
        written: parts that stand as they are.
    """
    every = {
        "[Content_Types].xml": f'<Types xmlns="{_P}/content-types"><Override PartName="/{_NAMES[kind]}" '
        f'ContentType="{_MAIN[kind]}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_P}/relationships">'
        f'<Relationship Id="r1" Type="{_R}/relationships/officeDocument" Target="{_NAMES[kind]}"/></Relationships>',
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_P}/metadata/core-properties" '
        'xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:created>2017-03-06T10:00:00Z</dcterms:created>'
        "<dcterms:modified>2017-03-06T11:00:00Z</dcterms:modified></cp:coreProperties>",
        "docProps/app.xml": f'<Properties xmlns="{_R}/extended-properties">'
        f"<Application>{_APPLICATIONS[kind]}</Application><AppVersion>16.0300</AppVersion></Properties>",
        **parts,
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in {
            **{name: f"{OFFICE}{text}".encode() for name, text in every.items()},
            **(written or {}),
        }.items():
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return marked(made.getvalue())


def workbook(
    rows: str = ROWS,
    *,
    chain: str | None = CHAIN,
    strings: str = STRINGS,
    setup: str = "",
    more: dict[str, str] | None = None,
) -> bytes:
    """Return a workbook of one sheet, ``Budget``, that agrees with itself unless parts are given."""
    parts = {
        "xl/workbook.xml": f'<workbook {S} xmlns:r="{_R}/relationships">{setup}<sheets>'
        '<sheet name="Budget" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELATIONSHIPS,
        "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{rows}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f'<sst {S} count="2" uniqueCount="2">{strings}</sst>',
    }
    if chain is not None:
        parts["xl/calcChain.xml"] = f"<calcChain {S}>{chain}</calcChain>"
    return office("xl", parts | (more or {}))


def marked(data: bytes, version: int = 45, host: int = 0) -> bytes:
    """Return a zip with other marks in the headers of its directory."""
    changed, at = bytearray(data), data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<BB", changed, at + 4, version, host)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def parsed(data: bytes) -> tuple[DocumentFacts, list[Notice]]:
    """Return what a package says and the notices."""
    where = Location((Step(kind=StepKind.FILE, name="item", start=0, end=0, source="leak"),))
    found = list(ooxml.parse(MemoryBytes(data), where, ParseContext(limits=Limits())))
    (facts,) = [one for one in found if isinstance(one, DocumentFacts)]
    return facts, [one for one in found if isinstance(one, Notice)]


def values(facts: DocumentFacts, name: str) -> list[str]:
    """Return the values of the properties of a name."""
    return [one.value for one in facts.properties if one.name == f"ooxml.{name}"]
