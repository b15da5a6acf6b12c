"""Reads OpenDocument packages and their OpenOffice.org 1 forerunners: ``meta.xml``, and what is embedded.

LibreOffice and OpenOffice write ``dc:date`` and ``meta:creation-date`` in local time without a zone: such a time has
no instant.

Source: OASIS OpenDocument 1.3 part 2 (package), part 3 section 4.3 (metadata).
"""

import re
from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.document_signatures import DocumentSignature
from forensics.model.documents import DATED_FROM, DocumentFacts
from forensics.model.facts import Description, Timestamp
from forensics.model.items import ParseContext
from forensics.model.locations import quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers._gathering import Gathering, Raw, readable
from forensics.parsers._written_dates import w3cdtf
from forensics.parsers._xml import Element, Value
from forensics.parsers.archive._zip_facts import archive_facts
from forensics.parsers.archive._zip_times import dos_time
from forensics.parsers.archive.zip_structure import read_directory
from forensics.parsers.document._odf_count import counted_facts, counts
from forensics.parsers.document._odf_inner import inner_facts
from forensics.parsers.document._odf_texts import SHOWN, TEXTS
from forensics.parsers.document._package import Package, Part
from forensics.parsers.document._package_forms import form_facts
from forensics.parsers.document._part_names import plain
from forensics.parsers.document._text_marks import TextMarks
from forensics.parsers.document.odf import FORMAT, TYPE_BYTES

_KINDS = {"text": "text", "spreadsheet": "spreadsheet", "presentation": "presentation", "graphics": "graphics"}
_OLD_KINDS = {"writer": "text", "calc": "spreadsheet", "impress": "presentation", "draw": "graphics"}
_MEDIA_TYPE = re.compile(rb"application/vnd\.(?:oasis\.opendocument|sun\.xml)\.([a-z]{1,20})[a-z0-9.-]{0,40}\s*")
_PARTS = re.compile(
    rb"(?:content|styles|meta|settings)\.xml$|mimetype$|manifest\.rdf$|layout-cache$"
    rb"|(?:META-INF|Configurations2|Basic|Dialogs|Scripts)/|Object [^/]{1,40}/(?:content|styles|meta|settings)\.xml$"
)
"""Members that are the document itself; all others are items of their own: pictures, versions, objects, strangers."""
_SIGNATURES = re.compile(rb"META-INF/[^/]{0,60}signatures[^/]{0,60}", re.IGNORECASE)

_TIMES = {
    "meta:creation-date": (TimeKind.META_CREATED, Description.CREATION),
    "dc:date": (TimeKind.META_MODIFIED, Description.MODIFICATION),
    "meta:print-date": (TimeKind.META_PRINTED, Description.LAST_PRINTED),
}
_FACTS = {
    "meta:initial-creator": "odf.initial_creator",
    "dc:creator": "odf.creator",
    "meta:printed-by": "odf.printed_by",
    "meta:generator": "odf.generator",
    "meta:editing-cycles": "odf.editing_cycles",
    "meta:editing-duration": "odf.editing_duration",
    "dc:title": "odf.title",
    "dc:subject": "odf.subject",
    "dc:description": "odf.description",
    "dc:language": "odf.language",
    "meta:keyword": "odf.keyword",
}
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "urn:oasis:names:tc:opendocument:xmlns:meta:1.0": "meta",
    "http://openoffice.org/2000/meta": "meta",
    "http://www.w3.org/1999/xlink": "xlink",
}


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the package's archive facts, its document facts, embedded pictures, and notices."""
    gathering = Gathering("odf")
    directory = read_directory(source, context.limits, context.budget)
    yield from directory.told()
    yield archive_facts(directory, FORMAT.id)
    package = Package(source, directory, context, gathering)
    form_facts(source, directory, gathering, "odf.package_form")
    facts = _facts(package, gathering)
    yield facts
    yield from package.children(directory, None if facts.format == FORMAT.id else _PARTS)
    yield from gathering.notices


def _facts(package: Package, gathering: Gathering) -> DocumentFacts:
    format_id, media_type = _kind(package)
    manifest = package.layer(b"META-INF/manifest.xml")
    sealed = manifest is not None and b"encryption-data" in manifest.data
    if sealed:
        gathering.note("encrypted", "parts are stored encrypted; those are not read")
    times: dict[str, Timestamp] = {}
    stated: tuple[Raw, str] | None = None
    if package.find(b"meta.xml") is None and manifest is not None and b"meta.xml" in manifest.data.lower():
        gathering.note("part_missing", "its manifest lists meta.xml (author and dates), which does not stand in it")
    meta = package.part(b"meta.xml")
    if meta is not None:
        times, stated = _metadata(meta, gathering)
    _packed(package, gathering)
    signed: list[DocumentSignature] = []
    if names := [name for name in package.names if _SIGNATURES.fullmatch(name)]:
        from forensics.parsers.document._signatures import Kept, signatures

        signed = signatures(package, names, Kept(frozenset(map(plain, names)), {}, TEXTS, sealed), gathering)
    if not sealed:
        found = TextMarks(gathering)
        found.take_parts(package, TEXTS, SHOWN)
        found.finish()
        if stated is not None and format_id == "odf.text" and counts(gathering.first("odf.generator")):
            counted_facts(package, gathering, *stated)
    inner_facts(package, gathering)
    return gathering.facts(
        format_id,
        media_type=media_type,
        author=gathering.fact("odf.initial_creator"),
        last_author=gathering.fact("odf.creator"),
        application=gathering.first("odf.generator"),
        created=readable(times.get("meta:creation-date")),
        modified=readable(times.get("dc:date")),
        signatures=signed,
    )


def _packed(package: Package, gathering: Gathering) -> None:
    """Add when the package was written; programs that know no time date its members to the first days of DOS."""
    member = package.find(b"meta.xml")
    if member is not None and member.central is not None:
        stamp = dos_time(member.central, "zip:meta.xml.dos", TimeKind.ODF_PACKED)
        if isinstance(stamp.wall, int) and stamp.wall >= DATED_FROM:
            gathering.add_stamp(stamp)


def _kind(package: Package) -> tuple[str, str]:
    """Return format id and media type by the ``mimetype`` member."""
    layer = package.layer(b"mimetype")
    match = _MEDIA_TYPE.fullmatch(layer.data[:TYPE_BYTES]) if layer else None
    if match is None:
        return FORMAT.id, "application/zip"
    kind = match[1].decode("ascii")
    word = _KINDS.get(kind) or _OLD_KINDS.get(kind)
    return f"odf.{word}" if word else FORMAT.id, match[0].strip().decode("ascii")


def _metadata(part: Part, gathering: Gathering) -> tuple[dict[str, Timestamp], tuple[Raw, str] | None]:
    """Add what the metadata say; return the document's own times, and the number of characters with its path."""
    entries = [child for child in part.root.children if child.local == "meta"]
    # OpenOffice.org 1 wraps document-meta's content the same way; some converters leave the wrapper out.
    elements = entries[0].children if entries else part.root.children
    generator = next((e.value.text for e in elements if _name(e.tag) == "meta:generator"), "")
    times: dict[str, Timestamp] = {}
    stated = None
    for element in elements:
        name = _name(element.tag)
        if name in _TIMES:
            stamp = _time(part, gathering, name, element.value, _TIMES[name], generator)
            times.setdefault(name, stamp)
        elif name in _FACTS:
            _fact(part, gathering, name, element.value, _FACTS[name])
        elif name == "meta:user-defined":
            _user_defined(part, gathering, element)
        elif name == "meta:template":
            _template(part, gathering, element)
        elif name == "meta:document-statistic":
            for attribute, value in element.attributes.items():
                path = f"{name}/@{_name(attribute)}"
                _fact(part, gathering, path, value, "odf.statistic")
                if _name(attribute) == "meta:character-count":
                    stated = part.layer.cut(value.span, value.text), f"{part.path}#{path}"
        elif name == "meta:keywords":
            for keyword in element.children:
                _fact(part, gathering, "meta:keyword", keyword.value, "odf.keyword")
    return times, stated


def _user_defined(part: Part, gathering: Gathering, element: Element) -> None:
    values = {_name(name): value.text for name, value in element.attributes.items()}
    path = f"meta:user-defined[{quote(values.get('meta:name', '').encode('utf-8', 'surrogatepass'))}]"
    if values.get("meta:value-type") in ("date", "dateTime"):
        _time(part, gathering, path, element.value, (TimeKind.CUSTOM_PROPERTY, Description.RECORDED))
    else:
        _fact(part, gathering, path, element.value, "odf.user_defined")


def _template(part: Part, gathering: Gathering, element: Element) -> None:
    for attribute, value in element.attributes.items():
        name = _name(attribute)
        if name == "meta:date":
            _time(part, gathering, "meta:template/@meta:date", value, (TimeKind.TEMPLATE, Description.RECORDED))
        elif name == "xlink:href" or name == "xlink:title":
            _fact(part, gathering, f"meta:template/@{name}", value, "odf.template")


def _time(
    part: Part, gathering: Gathering, name: str, value: Value, what: tuple[TimeKind, Description], owner: str = ""
) -> Timestamp:
    raw = part.layer.cut(value.span, value.text)
    locator = raw.locator(f"{part.path}#{name}")
    return gathering.add_time(w3cdtf(value.text), *what, locator, raw.data, owner=owner)


def _fact(part: Part, gathering: Gathering, name: str, value: Value, fact: str) -> None:
    raw = part.layer.cut(value.span, value.text)
    gathering.add_fact(fact, value.text, raw.locator(f"{part.path}#{name}"), raw.data)


def _name(tag: str) -> str:
    namespace, _, local = tag.rpartition("}")
    prefix = _PREFIXES.get(namespace[1:], "")
    return f"{prefix}:{local}" if prefix else local
