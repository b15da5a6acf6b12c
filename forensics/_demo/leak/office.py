"""Word and Excel packages with desktop Office's signature, and one OpenDocument text."""

import io
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from xml.sax.saxutils import escape

from forensics._demo.leak.clock import iso, paris, wall
from forensics._demo.leak.packing import Member, infozip, office, pack

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MIME = "application/vnd.openxmlformats-officedocument"
CORE = "docProps/core.xml"
_KNOWN = {
    "14": {"w14": "2010/wordml"},
    "15": {"w14": "2010/wordml", "w15": "2012/wordml"},
    "16": {"w14": "2010/wordml", "w15": "2012/wordml", "w16se": "2015/wordml/symex"},
}
"""What each version of Word declares at the root of every part."""


@dataclass(frozen=True)
class Properties:
    """What the document says of itself."""

    title: str
    author: str
    last_author: str
    created: datetime
    modified: datetime
    revision: int = 2
    version: str = "15"
    """Office's major version: ``14`` 2010, ``15`` 2013, ``16`` 2016."""
    company: str = "Élan Garrigue"


def core_xml(about: Properties, *, revision: bool) -> bytes:
    """Write ``docProps/core.xml``."""
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{iso(value)}</dcterms:{name}>'
        for name, value in (("created", about.created), ("modified", about.modified))
    )
    number = f"<cp:revision>{about.revision}</cp:revision>" if revision else ""
    text = (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(about.title)}</dc:title><dc:creator>{escape(about.author)}</dc:creator>"
        f"<cp:lastModifiedBy>{escape(about.last_author)}</cp:lastModifiedBy>{number}{times}</cp:coreProperties>"
    )
    return text.encode("utf-8")


def _app_xml(about: Properties, application: str, version: str, extra: str) -> bytes:
    text = (
        f'{_HEAD}<Properties xmlns="{_OFFICE}/extended-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">{extra}'
        f"<Application>{application}</Application><DocSecurity>0</DocSecurity><ScaleCrop>false</ScaleCrop>"
        f"<Company>{escape(about.company)}</Company><LinksUpToDate>false</LinksUpToDate><SharedDoc>false</SharedDoc>"
        f"<HyperlinksChanged>false</HyperlinksChanged><AppVersion>{version}</AppVersion></Properties>"
    )
    return text.encode("utf-8")


def _content_types(main: str, kind: str, more: dict[str, str]) -> bytes:
    overrides = {main: kind, **more}
    rows = "".join(f'<Override PartName="/{name}" ContentType="{value}"/>' for name, value in overrides.items())
    text = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}'
        f'<Override PartName="/{CORE}" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f'<Override PartName="/docProps/app.xml" ContentType="{_MIME}.extended-properties+xml"/></Types>'
    )
    return text.encode("utf-8")


def _relations(*rows: tuple[str, str]) -> bytes:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(rows, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'.encode()


def _root_relations(main: str) -> bytes:
    return _relations(
        (f"{_OFFICE}/relationships/officeDocument", main),
        (f"{_PACKAGE}/relationships/metadata/core-properties", CORE),
        (f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
    )


def _word_root(version: str) -> str:
    known = "".join(
        f' xmlns:{prefix}="http://schemas.microsoft.com/office/word/{name}"' for prefix, name in _KNOWN[version].items()
    )
    return f'xmlns:w="{_WORD}"{known}'


def _word_settings(ids: list[str], root: str, version: str) -> bytes:
    marks = "".join(f'<w:rsid w:val="{value}"/>' for value in ids)
    settings = (
        f'{_HEAD}<w:settings {_word_root(version)}><w:defaultTabStop w:val="708"/><w:rsids><w:rsidRoot '
        f'w:val="{root}"/>{marks}</w:rsids><w:themeFontLang w:val="fr-FR"/></w:settings>'
    )
    return settings.encode("utf-8")


def _word_styles(version: str) -> bytes:
    styles = (
        f'{_HEAD}<w:styles {_word_root(version)}><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="fr-FR"/></w:rPr>'
        '</w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/></w:style></w:styles>'
    )
    return styles.encode("utf-8")


def word(about: Properties, paragraphs: list[str], rng: Random) -> bytes:
    """Write a docx: minutes in its properties, revision ids on its paragraphs."""
    ids = sorted({f"{rng.randrange(0x00100000, 0x00FF0000):08X}" for _ in range(about.revision + 2)})
    body = "".join(
        f'<w:p w:rsidR="{rng.choice(ids)}" w:rsidRDefault="{ids[0]}"><w:r><w:t xml:space="preserve">'
        f"{escape(text)}</w:t></w:r></w:p>"
        for text in paragraphs
    )
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    document = f"{_HEAD}<w:document {_word_root(about.version)}><w:body>{body}{page}</w:body></w:document>"
    joined = " ".join(paragraphs)
    counts = (
        f"<Template>Normal.dotm</Template><TotalTime>{min(about.revision * 7, 90)}</TotalTime><Pages>1</Pages>"
        f"<Words>{len(joined.split())}</Words><Characters>{len(joined)}</Characters>"
    )
    kind = f"{_MIME}.wordprocessingml"
    more = {"word/styles.xml": f"{kind}.styles+xml", "word/settings.xml": f"{kind}.settings+xml"}
    relations = _relations(
        (f"{_OFFICE}/relationships/styles", "styles.xml"), (f"{_OFFICE}/relationships/settings", "settings.xml")
    )
    return pack(
        [
            office("[Content_Types].xml", _content_types("word/document.xml", f"{kind}.document.main+xml", more)),
            office("_rels/.rels", _root_relations("word/document.xml")),
            office("word/_rels/document.xml.rels", relations),
            office("word/document.xml", document.encode("utf-8")),
            office("word/settings.xml", _word_settings(ids, rng.choice(ids), about.version)),
            office("word/styles.xml", _word_styles(about.version)),
            office(CORE, core_xml(about, revision=True)),
            office("docProps/app.xml", _app_xml(about, "Microsoft Office Word", f"{about.version}.0000", counts)),
        ]
    )


def _cell(column: int, row: int, value: str | float) -> str:
    place = f"{chr(65 + column)}{row}"
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def excel(about: Properties, rows: list[list[str | float]], folder: str = "") -> bytes:
    """Write an xlsx without formulas; *folder* is the directory that Excel notes at the last save."""
    kind = f"{_MIME}.spreadsheetml"
    data = "".join(
        f'<row r="{number}">{"".join(_cell(column, number, value) for column, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    sheet = f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetData>{data}</sheetData></worksheet>'
    edited, build, calc = {"14": (5, 9303, 145621), "15": (6, 14420, 152511)}.get(about.version, (7, 16925, 171027))
    path = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
        f'Requires="x15"><x15ac:absPath url="{escape(folder)}" '
        'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
    )
    namespace = (
        'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"' if about.version != "14" else ""
    )
    workbook = (
        f'{_HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}/relationships" {namespace}><fileVersion appName="xl" '
        f'lastEdited="{edited}" lowestEdited="{edited}" rupBuild="{build}"/>{path if folder else ""}'
        '<sheets><sheet name="Feuil1" sheetId="1" r:id="rId1"/></sheets>'
        f'<calcPr calcId="{calc}"/></workbook>'
    )
    more = {"xl/worksheets/sheet1.xml": f"{kind}.worksheet+xml"}
    return pack(
        [
            office("[Content_Types].xml", _content_types("xl/workbook.xml", f"{kind}.sheet.main+xml", more)),
            office("_rels/.rels", _root_relations("xl/workbook.xml")),
            office(
                "xl/_rels/workbook.xml.rels",
                _relations((f"{_OFFICE}/relationships/worksheet", "worksheets/sheet1.xml")),
            ),
            office("xl/workbook.xml", workbook.encode("utf-8")),
            office("xl/worksheets/sheet1.xml", sheet.encode("utf-8")),
            office(CORE, core_xml(about, revision=False)),
            office("docProps/app.xml", _app_xml(about, "Microsoft Excel", f"{about.version}.0300", "")),
        ]
    )


def replace_part(package: bytes, name: str, data: bytes, changed: datetime) -> bytes:
    """Put *data* in place of one part as ``zip -u`` does: the others keep their headers, this one shows its tool."""
    members = [
        infozip(name, data, changed, paris(changed)) if member.name == name else member for member in _members(package)
    ]
    return pack(members)


def _members(package: bytes) -> list[Member]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [office(info.filename, archive.read(info)) for info in archive.infolist()]


def redated(about: Properties, created: datetime, modified: datetime) -> Properties:
    """Return the properties with other times."""
    return replace(about, created=created, modified=modified)


def opendocument(about: Properties, paragraphs: list[str]) -> bytes:
    """Write an odt as LibreOffice does: local times with nine digits inside, UTC in the zip fields."""
    namespaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    made, saved = [
        f"{wall(value, paris(value)):%Y-%m-%dT%H:%M:%S}.{value.microsecond:06d}417"
        for value in (about.created, about.modified)
    ]
    meta = (
        f'{head}<office:document-meta {namespaces} office:version="1.2"><office:meta>'
        f"<meta:creation-date>{made}</meta:creation-date><dc:date>{saved}</dc:date>"
        f"<meta:initial-creator>{escape(about.author)}</meta:initial-creator><dc:creator>{escape(about.last_author)}"
        f"</dc:creator><meta:editing-cycles>{about.revision}</meta:editing-cycles><meta:editing-duration>PT38M12S"
        "</meta:editing-duration><meta:generator>LibreOffice/5.1.4.2$Windows_X86_64 "
        "LibreOffice_project/f99d75f39f1c57ebdd7ffc5f42867c12031db97a</meta:generator>"
        f"<dc:title>{escape(about.title)}</dc:title></office:meta></office:document-meta>"
    )
    body = "".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs)
    content = (
        f'{head}<office:document-content {namespaces} office:version="1.2"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    files = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{value}"/>'
        for name, value in (("/", kind), ("content.xml", "text/xml"), ("meta.xml", "text/xml"))
    )
    manifest = (
        f'{head}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.2">{files}</manifest:manifest>'
    )
    stamp = about.modified.replace(microsecond=0)
    parts = [Member("mimetype", kind.encode(), stamp, made_by=20, flags=0x800, method=0)]
    for name, text in (("content.xml", content), ("meta.xml", meta), ("META-INF/manifest.xml", manifest)):
        parts.append(Member(name, text.encode("utf-8"), stamp, made_by=20, flags=0x808))
    return pack(parts)
