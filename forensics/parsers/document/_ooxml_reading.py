"""Reads Office Open XML packages: core, extended and custom properties, and what is embedded.

Source: ECMA-376 part 2 (OPC: content types, relationships, core properties 11), part 1 sections 22.2 and 22.3.
"""

import re
from collections.abc import Iterator

from forensics.errors import Malformed
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Description, Timestamp
from forensics.model.items import ParseContext
from forensics.model.locations import quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers._gathering import Gathering, readable
from forensics.parsers._written_dates import w3cdtf
from forensics.parsers._xml import Element
from forensics.parsers.archive._zip_facts import archive_facts
from forensics.parsers.archive.zip_structure import read_directory
from forensics.parsers.document._ooxml_charts import embedded_chart_facts
from forensics.parsers.document._ooxml_clocks import clock_facts
from forensics.parsers.document._ooxml_excel import excel_facts
from forensics.parsers.document._ooxml_listed import listed_facts
from forensics.parsers.document._ooxml_marks import mark_facts
from forensics.parsers.document._ooxml_origins import slide_origins
from forensics.parsers.document._ooxml_package import package_facts
from forensics.parsers.document._ooxml_parts import CORE, CUSTOM, EXTENDED, Parts
from forensics.parsers.document._ooxml_paths import path_facts
from forensics.parsers.document._ooxml_people import people_facts
from forensics.parsers.document._ooxml_signatures import signature_facts
from forensics.parsers.document._ooxml_texts import SHARED, SHOWN, STRINGS, TEXTS
from forensics.parsers.document._ooxml_word import word_facts
from forensics.parsers.document._package import Package, Part
from forensics.parsers.document._text_marks import TextMarks
from forensics.parsers.document.ooxml import FORMAT

_KINDS = (
    ("ooxml.word", ("wordprocessingml", "ms-word")),
    ("ooxml.excel", ("spreadsheetml", "ms-excel")),
    ("ooxml.powerpoint", ("presentationml", "ms-powerpoint")),
    ("ooxml.visio", ("ms-visio",)),
)
"""Format id by what its main part's content type contains."""
_PARTS = re.compile(
    rb"\[Content_Types\]\.xml$|\[trash\]/"
    rb"|(?!(?:word|xl|ppt|visio)/(?:media|embeddings)/)"
    rb"(?:word|xl|ppt|visio|docProps|_rels|customXml|customUI|docMetadata|package|_xmlsignatures)/"
    rb".*\.(?:xml|rels|vml|bin|odttf|fntdata|psmdcp|sigs)$",
    re.IGNORECASE,
)
"""Members that are the document itself; all others are items of their own: pictures, embedded files, strangers."""

_CUSTOM_NAMES = {"KSOProductBuildVer": "ooxml.wps_build"}
"""Custom properties that have a name of their own as facts: WPS Office notes its build, and Word keeps it."""
_CORE_TIMES = {
    "created": (TimeKind.CORE_CREATED, Description.CREATION),
    "modified": (TimeKind.CORE_MODIFIED, Description.MODIFICATION),
    "lastPrinted": (TimeKind.CORE_PRINTED, Description.LAST_PRINTED),
}
_CORE_NAMES = {
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
}
_CORE_FACTS = {
    "creator": "ooxml.creator",
    "lastModifiedBy": "ooxml.last_modified_by",
    "title": "ooxml.title",
    "subject": "ooxml.subject",
    "description": "ooxml.description",
    "keywords": "ooxml.keywords",
    "category": "ooxml.category",
    "contentStatus": "ooxml.content_status",
    "contentType": "ooxml.content_type",
    "identifier": "ooxml.identifier",
    "language": "ooxml.language",
    "revision": "ooxml.revision",
    "version": "ooxml.version",
}
_APP_FACTS = {
    "Application": "ooxml.application",
    "AppVersion": "ooxml.app_version",
    "Characters": "ooxml.characters",
    "CharactersWithSpaces": "ooxml.characters_with_spaces",
    "Company": "ooxml.company",
    "DocSecurity": "ooxml.doc_security",
    "HiddenSlides": "ooxml.hidden_slides",
    "HyperlinkBase": "ooxml.hyperlink_base",
    "Lines": "ooxml.lines",
    "Manager": "ooxml.manager",
    "Notes": "ooxml.notes",
    "Pages": "ooxml.pages",
    "Paragraphs": "ooxml.paragraphs",
    "PresentationFormat": "ooxml.presentation_format",
    "Slides": "ooxml.slides",
    "Template": "ooxml.template",
    "TotalTime": "ooxml.total_time",
    "Words": "ooxml.words",
}
_MACRO_SIGNATURES = re.compile(rb"(?:word|xl|ppt|visio)/vbaProjectSignature(?:Agile|V3)?\.bin", re.IGNORECASE)
_MACROS = re.compile(rb"(?:word|xl|ppt|visio)/vbaProject\.bin", re.IGNORECASE)
_LABEL_DATE = re.compile(r"MSIP_Label_.{1,80}_SetDate")


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the package's archive facts, its document facts, embedded pictures and files, and notices."""
    gathering = Gathering("ooxml")
    directory = read_directory(source, context.limits, context.budget)
    yield from directory.told()
    yield archive_facts(directory, FORMAT.id)
    package = Package(source, directory, context, gathering)
    package_facts(source, directory, package, gathering)
    facts = _facts(package, context, gathering)
    yield facts
    # A package of no known kind may hold anything.
    yield from package.children(directory, None if facts.format == FORMAT.id else _PARTS)
    yield from gathering.notices


def _facts(package: Package, context: ParseContext, gathering: Gathering) -> DocumentFacts:
    parts = Parts(package, gathering)
    format_id, media_type = _kind(parts.main_type())
    app = parts.read(EXTENDED)
    if app is not None:
        _extended(app, gathering)
    application = " ".join(
        part for part in (gathering.first("ooxml.application"), gathering.first("ooxml.app_version")) if part
    )
    times: dict[str, Timestamp] = {}
    core = parts.read(CORE)
    if core is not None:
        times = _core(core, gathering, application)
    custom = parts.read(CUSTOM)
    if custom is not None:
        _custom(custom, gathering)
    if format_id == "ooxml.word":
        word_facts(package, gathering, application)
    elif format_id == "ooxml.excel":
        excel_facts(package, gathering)
    elif format_id == "ooxml.powerpoint":
        slide_origins(package, gathering)
    if format_id in ("ooxml.word", "ooxml.powerpoint"):
        embedded_chart_facts(package, context, gathering)
    listed_facts(app, package, format_id, gathering)
    people_facts(package, gathering)
    clock_facts(package, gathering, application)
    mark_facts(package, gathering)
    path_facts(package, gathering)
    characters = TextMarks(gathering)
    characters.take_parts(package, TEXTS, SHOWN)
    characters.take_parts(package, STRINGS, SHARED)  # of all cells together
    characters.finish()
    for name in package.named(_MACROS):
        _macros(package, name, gathering)
    for name in package.named(_MACRO_SIGNATURES):
        _macro_signature(package, name, gathering)
    signed = signature_facts(package, parts, gathering)
    return gathering.facts(
        format_id,
        media_type=media_type,
        author=gathering.fact("ooxml.creator"),
        last_author=gathering.fact("ooxml.last_modified_by"),
        application=application,
        created=readable(times.get("created")),
        modified=readable(times.get("modified")),
        signatures=signed,
    )


def _macros(package: Package, name: bytes, gathering: Gathering) -> None:
    from forensics.parsers._compound import open_storage
    from forensics.parsers.document._vba_facts import vba_facts

    layer = package.layer(name)
    if layer is None:
        return
    source = MemoryBytes(layer.data)
    try:
        vba_facts(source, open_storage(source), gathering, layer.steps)
    except Malformed as error:
        gathering.note("macros_unread", f"part {quote(name)} could not be read: {error}")


def _macro_signature(package: Package, name: bytes, gathering: Gathering) -> None:
    from forensics.parsers.document._vba_signatures import MOST_BYTES, Place, signature_facts

    layer, path = package.small(name, MOST_BYTES), quote(name)
    if layer is not None:
        signature_facts(
            Place(path, layer.data, lambda what, start, end: layer.cut((start, end), "").locator(f"vba:{path}#{what}")),
            gathering,
        )


def _kind(stated: str) -> tuple[str, str]:
    """Return format id and media type by the main part's content type."""
    for format_id, marks in _KINDS:
        if any(mark in stated for mark in marks):
            return format_id, _media_type(stated)
    return FORMAT.id, "application/zip"


def _media_type(content_type: str) -> str:
    """Return the registered type of a document whose main part has *content_type*."""
    base = content_type.removesuffix("+xml").removesuffix(".main").replace("macroEnabledTemplate", "macroEnabled")
    return f"{base}.12" if base.endswith("macroEnabled") else base


def _core(part: Part, gathering: Gathering, application: str) -> dict[str, Timestamp]:
    times: dict[str, Timestamp] = {}
    met: dict[str, int] = {}
    for element in part.root.children:
        raw = part.layer.cut(element.value.span, element.value.text)
        met[element.tag] = met.get(element.tag, 0) + 1
        if met[element.tag] == 2:
            text = f"{part.path} gives {element.local} more than once; the first counts"
            gathering.note("core_repeated", text, raw.locator(f"{part.path}#{element.local}"))
        prefix = _CORE_NAMES.get(element.namespace, "")
        locator = raw.locator(f"{part.path}#{prefix}:{element.local}" if prefix else f"{part.path}#{element.local}")
        what = _CORE_TIMES.get(element.local)
        if what is None:
            name = _CORE_FACTS.get(element.local, "ooxml.core_other")
            gathering.add_fact(name, element.value.text, locator, raw.data)
            continue
        stamp = gathering.add_time(w3cdtf(element.value.text), *what, locator, raw.data, owner=application)
        times.setdefault(element.local, stamp)
    return times


def _extended(part: Part, gathering: Gathering) -> None:
    for element in part.root.children:
        if element.local in _APP_FACTS and not element.children:
            raw = part.layer.cut(element.value.span, element.value.text)
            locator = raw.locator(f"{part.path}#{element.local}")
            gathering.add_fact(_APP_FACTS[element.local], element.value.text, locator, raw.data)


def _custom(part: Part, gathering: Gathering) -> None:
    for element in part.root.children:
        name = element.attributes.get("name")
        holder = element.children[0] if len(element.children) == 1 else None
        if name is None or holder is None or holder.children:
            gathering.note("custom_unread", f"{part.path} has a property without one simple value")
            continue
        raw = part.layer.cut(holder.value.span, holder.value.text)
        locator = raw.locator(f"{part.path}#property[{quote(name.text.encode('utf-8', 'surrogatepass'))}]")
        if _is_time(name.text, holder):
            when = w3cdtf(holder.value.text)
            kind = TimeKind.LABEL_SET if _LABEL_DATE.fullmatch(name.text) else TimeKind.CUSTOM_PROPERTY
            gathering.add_time(when, kind, Description.RECORDED, locator, raw.data)
        else:
            gathering.add_fact(_CUSTOM_NAMES.get(name.text, "ooxml.custom"), holder.value.text, locator, raw.data)


def _is_time(name: str, holder: Element) -> bool:
    return holder.local in ("filetime", "date") or _LABEL_DATE.fullmatch(name) is not None
