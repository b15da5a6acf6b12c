"""XMP packets, wherever they stand (PDF metadata streams, JPEG APP1, TIFF tag 700).

Source: ISO 16684-1 (XMP data model and RDF form), Adobe XMP specification part 2 (namespaces).
"""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.facts import Description, Timestamp
from forensics.model.items import Notice
from forensics.model.time_kinds import TimeKind
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._written_dates import w3cdtf
from forensics.parsers._xml import Element, Value, read

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_FRAME = b" \t\r\n\0"
MAX_ENTRIES = 5_000
"""Values of one packet that become facts or times (an edit history can be long)."""

_PREFIXES = {
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://www.aiim.org/pdfa/ns/id/": "pdfaid",
}
"""Namespace to the prefix that its specification uses; the packet's own prefixes are free."""

_TIMES = {
    "xmp:CreateDate": (TimeKind.XMP_CREATED, Description.CREATION),
    "xmp:ModifyDate": (TimeKind.XMP_MODIFIED, Description.MODIFICATION),
    "xmp:MetadataDate": (TimeKind.XMP_METADATA, Description.METADATA_MODIFICATION),
    "photoshop:DateCreated": (TimeKind.XMP_PHOTOSHOP_CREATED, Description.CREATION),
    "exif:DateTimeOriginal": (TimeKind.XMP_EXIF_ORIGINAL, Description.CREATION),
    "exif:DateTimeDigitized": (TimeKind.XMP_EXIF_DIGITIZED, Description.DIGITIZED),
    "tiff:DateTime": (TimeKind.XMP_TIFF_CHANGED, Description.MODIFICATION),
    "stEvt:when": (TimeKind.XMP_INNER, Description.RECORDED),
    "stRef:lastModifyDate": (TimeKind.XMP_INNER, Description.RECORDED),
}
_FACTS = {
    "xmp:CreatorTool": "xmp.creator_tool",
    "pdf:Producer": "xmp.producer",
    "pdf:Keywords": "xmp.keywords",
    "dc:creator": "xmp.creator",
    "dc:title": "xmp.title",
    "dc:description": "xmp.description",
    "dc:format": "xmp.format",
    "photoshop:History": "xmp.photoshop_history",
    "xmpMM:DocumentID": "xmp.document_id",
    "xmpMM:InstanceID": "xmp.instance_id",
    "xmpMM:OriginalDocumentID": "xmp.original_document_id",
    "stRef:documentID": "xmp.reference.document_id",
    "stRef:instanceID": "xmp.reference.instance_id",
    "stRef:originalDocumentID": "xmp.reference.original_document_id",
    "stEvt:action": "xmp.history.action",
    "stEvt:changed": "xmp.history.changed",
    "stEvt:instanceID": "xmp.history.instance_id",
    "stEvt:parameters": "xmp.history.parameters",
    "stEvt:softwareAgent": "xmp.history.software_agent",
    "tiff:Make": "xmp.make",
    "tiff:Model": "xmp.model",
    "tiff:Software": "xmp.software",
    "tiff:Artist": "xmp.artist",
    "pdfaid:part": "xmp.pdfa_part",
}


class _Entry(NamedTuple):
    path: str
    name: str
    value: Value


def gather(gathering: Gathering, layer: Layer, place: str, limit_bytes: int) -> dict[str, Timestamp]:
    """Add the facts and times of one packet.

    Args:
        gathering: takes them, and the notices.
        layer: the packet's bytes.
        place: first part of every path: ``xmp:12 0 R``.
        limit_bytes: larger packets are not read.

    Returns:
        Times that stand directly on the document, by their name (``xmp:CreateDate``).
    """
    body = _without_frame(layer)
    root = read(body.data, place, limit_bytes)
    if isinstance(root, Notice):
        gathering.notices.append(root)
        return {}
    entries = [entry for entry in _entries(root) if entry.name in _TIMES or entry.name in _FACTS]
    if len(entries) > MAX_ENTRIES:
        gathering.note("xmp_limit", f"{place} holds {len(entries)} values; the first {MAX_ENTRIES} were read")
    tool = next((entry.value.text for entry in entries if entry.name == "xmp:CreatorTool"), "")
    found: dict[str, Timestamp] = {}
    for entry in entries[:MAX_ENTRIES]:
        raw = body.cut(entry.value.span, entry.value.text)
        locator = raw.locator(f"{place}#{entry.path}")
        if entry.name in _FACTS:
            gathering.add_fact(_FACTS[entry.name], entry.value.text, locator, raw.data)
            continue
        owner = "" if entry.name.startswith("st") else tool
        kind, description = _TIMES[entry.name]
        on_top = entry.path == entry.name
        kind = kind if on_top else TimeKind.XMP_INNER
        stamp = gathering.add_time(w3cdtf(entry.value.text), kind, description, locator, raw.data, owner=owner)
        if on_top:
            found.setdefault(entry.name, stamp)
    return found


def _without_frame(layer: Layer) -> Layer:
    """Leave out the filling around a packet; one in two-byte characters stays as it is."""
    if b"\0" in layer.data[:4]:
        return layer
    start = len(layer.data) - len(layer.data.lstrip(_FRAME))
    return layer._replace(data=layer.data.strip(_FRAME), base=layer.base + start)


def _entries(root: Element) -> Iterator[_Entry]:
    """Yield every simple value below the packet's descriptions, with the path of its properties."""
    for rdf in [root] if root.tag == f"{_RDF}RDF" else [e for e in root.children if e.tag == f"{_RDF}RDF"]:
        for description in rdf.children:
            yield from _fields(description, "")


def _fields(resource: Element, above: str) -> Iterator[_Entry]:
    for tag, value in resource.attributes.items():
        if not tag.startswith((_RDF, _XML)) and "}" in tag:
            name = _name(tag)
            yield _Entry(above + name, name, value)
    for field in resource.children:
        yield from _property(field, above + _name(field.tag), _name(field.tag))


def _property(element: Element, path: str, name: str) -> Iterator[_Entry]:
    containers = [child for child in element.children if child.tag in (f"{_RDF}Seq", f"{_RDF}Bag", f"{_RDF}Alt")]
    if containers:
        for number, item in enumerate(containers[0].children):
            yield from _property(item, f"{path}[{number}]", name)
        return
    inner = [child for child in element.children if child.tag == f"{_RDF}Description"]
    if inner:
        yield from _fields(inner[0], f"{path}/")
    elif element.children or _has_fields(element):
        yield from _fields(element, f"{path}/")
    else:
        yield _Entry(path, name, element.value)


def _has_fields(element: Element) -> bool:
    return any("}" in tag and not tag.startswith((_RDF, _XML)) for tag in element.attributes)


def _name(tag: str) -> str:
    namespace, _, local = tag.rpartition("}")
    prefix = _PREFIXES.get(namespace[1:], "")
    return f"{prefix}:{local}" if prefix else local
