"""A small clean folder of files, made here: documents, workbooks and slides as Office writes them, compound files."""

import shutil
import struct
from pathlib import Path
from random import Random

import pytest

from samples.planting.files.folder import Folder, read
from tests.parsers.compound_files import compound
from tests.parsers.document.office_packages import S, W, office

_P = "http://schemas.openxmlformats.org/package/2006"
_R = "http://schemas.openxmlformats.org/officeDocument/2006"
_TYPES = "application/vnd.openxmlformats-officedocument."
SESSIONS = ("001A2B3C", "00334455", "00667788", "00AABBCC")
WORDS = "please remember these seventy figures before another meeting about 1250 errors that nobody explained again"
WHO = 'w:author="Writer 9"'
SAVED = 132_000_000_400_000_000
CREATED = 131_999_999_800_000_000


def types(*overrides: tuple[str, str]) -> str:
    listed = "".join([f'<Override PartName="/{part}" ContentType="{_TYPES}{kind}+xml"/>' for part, kind in overrides])
    return f'<Types xmlns="{_P}/content-types"><Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'


def core(number: int) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_P}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:creator>Writer {number % 4}</dc:creator><cp:lastModifiedBy>Writer {number % 4}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">2017-0{1 + number % 9}-06T10:00:00Z</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">2017-0{1 + number % 9}-08T11:00:00Z</dcterms:modified>'
        "</cp:coreProperties>"
    )


def word(number: int) -> bytes:
    def paragraph(text: str, session: str) -> str:
        run = f'<w:r w:rsidRPr="{session}"><w:t>{text}</w:t></w:r>'
        return f'<w:p w:rsidR="{session}" w:rsidRDefault="{session}">{run}</w:p>'

    change = (
        f'<w:p><w:ins w:id="1" {WHO} w:date="2017-01-07T09:00:00Z"><w:r><w:t>put in here</w:t></w:r></w:ins>'
        f'<w:del w:id="2" {WHO} w:date="2017-01-07T09:01:00Z"><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>'
    )
    body = "".join([paragraph(f"{WORDS} number {number * 10 + row}", SESSIONS[row % 4]) for row in range(4)])
    listed = "".join([f'<w:rsid w:val="{session}"/>' for session in SESSIONS])
    chart = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    parts = {
        "[Content_Types].xml": types(("word/document.xml", "wordprocessingml.document.main")),
        "docProps/core.xml": core(number),
        "word/document.xml": f"<w:document {W}><w:body>{body}{change}</w:body></w:document>",
        "word/settings.xml": f'<w:settings {W}><w:rsids><w:rsidRoot w:val="{SESSIONS[1]}"/>{listed}</w:rsids>'
        "</w:settings>",
        "word/charts/chart1.xml": f'<c:chart xmlns:c="{chart}"><c:pt><c:v>42.5</c:v></c:pt></c:chart>',
    }
    return office("word", parts)


def excel(number: int) -> bytes:
    rows = "".join(
        [f'<row r="{row}"><c r="A{row}" t="s"><v>{row - 1}</v></c><c r="B{row}"><v>{row * 10 + number}</v></c></row>'
         for row in range(1, 5)]
    )  # fmt: skip
    total = sum(row * 10 + number for row in range(1, 5))
    sheet = f'{rows}<row r="5"><c r="B5"><f>SUM(B1:B4)</f><v>{total}</v></c></row>'
    texts = "".join([f"<si><t>the item {row} of many others {number}</t></si>" for row in range(4)])
    parts = {
        "[Content_Types].xml": types(
            ("xl/workbook.xml", "spreadsheetml.sheet.main"),
            ("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"),
            ("xl/sharedStrings.xml", "spreadsheetml.sharedStrings"),
        ),
        "docProps/core.xml": core(number),
        "xl/workbook.xml": f'<workbook {S} xmlns:r="{_R}/relationships"><sheets>'
        '<sheet name="Budget" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_P}/relationships"><Relationship Id="r1" '
        f'Type="{_R}/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
        f'Type="{_R}/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{sheet}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f'<sst {S} count="4" uniqueCount="4">{texts}</sst>',
        "xl/calcChain.xml": f'<calcChain {S}><c r="B5" i="1"/></calcChain>',
    }
    return office("xl", parts)


def powerpoint(number: int) -> bytes:
    drawing = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    parts = {
        "docProps/core.xml": core(number),
        "docProps/app.xml": f'<Properties xmlns="{_R}/extended-properties"><Application>Microsoft Office PowerPoint'
        "</Application><AppVersion>16.0000</AppVersion></Properties>",
        "ppt/presentation.xml": "<p/>",
        "ppt/slides/slide1.xml": f"<p {drawing}><a:t>{WORDS} {number}</a:t></p>",
    }
    return office("word", parts)


def old_word(number: int) -> bytes:
    text = f" {WORDS} {number}. ".encode()
    narrow = struct.pack("<II", 0x200, 0x200 + len(text))
    stream = (bytes(0x18) + narrow).ljust(0x200, b"\0") + text
    values = struct.pack("<IQ", 0x40, CREATED) + struct.pack("<IQ", 0x40, SAVED)
    pairs = struct.pack("<IIII", 12, 24, 13, 36)
    section = struct.pack("<II", 24 + len(values), 2) + pairs + values
    summary = struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0, bytes(16), 1, bytes(16), 48) + section
    # Every other one has its text in large sectors, which do not follow each other.
    size = 8_000 if number % 2 else len(stream)
    return compound(
        {"WordDocument": stream.ljust(size, b"\0"), "\x05SummaryInformation": summary}, scattered=number % 4 == 1
    )


def clean_files(folder: Path, each: int = 20) -> Path:
    made = {".docx": word, ".xlsx": excel, ".pptx": powerpoint, ".doc": old_word}
    for number in range(each):
        place = folder / f"office {number % 2}"
        place.mkdir(parents=True, exist_ok=True)
        for suffix, build in made.items():
            (place / f"{number:02d}{suffix}").write_bytes(build(number))
    return folder


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_files(tmp_path_factory.mktemp("clean") / "files")


@pytest.fixture(scope="session")
def files(clean: Path) -> Folder:
    return read(clean, 0, Random(1))


@pytest.fixture
def without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where it is not installed: each of its starts takes seconds."""
    found = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "soffice" else found(name))
