"""Reads PDF by pikepdf: what the document information dictionary and the XMP packet say, and what stands around it.

Source: ISO 32000-1 14.3.3 (information dictionary), 14.3.2 (metadata streams), 7.9.4 (dates).
"""

from collections.abc import Iterator

import pikepdf

from forensics.intake.windows import RangeBytes
from forensics.model.byte_sources import ByteSource
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, Description, Timestamp
from forensics.model.items import HOLDS_BYTES, Limits, ParseContext
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers import _beside as beside
from forensics.parsers._gathering import Gathering, Raw
from forensics.parsers._quiet import quiet
from forensics.parsers._written_dates import pdf_date
from forensics.parsers._xmp import gather as gather_xmp
from forensics.parsers.document._pdf_end import End, document_end
from forensics.parsers.document._pdf_open import bounded, opened, plain
from forensics.parsers.document._pdf_places import FAULTS, Places
from forensics.parsers.document.pdf import FORMAT

MAX_WARNINGS = 20
"""Faults that are told one by one; the rest is counted."""
MAX_INFO_KEYS = 500
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_TIMES = {
    "/CreationDate": (TimeKind.INFO_CREATED, Description.CREATION),
    "/ModDate": (TimeKind.INFO_MODIFIED, Description.MODIFICATION),
    "/SourceModified": (TimeKind.INFO_SOURCE_MODIFIED, Description.MODIFICATION),
}
_FACTS = {
    "/Title": "pdf.title",
    "/Author": "pdf.author",
    "/Subject": "pdf.subject",
    "/Keywords": "pdf.keywords",
    "/Creator": "pdf.creator",
    "/Producer": "pdf.producer",
}


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield what stands before and after the document, notices, and the document's facts."""
    header = max(0, source.read(0, HOLDS_BYTES).find(FORMAT.holds))
    end = document_end(source, header)
    for code, place, span in _around(source, header, end):
        found = beside.piece(source, *span)
        yield beside.filler(*span, found)
        if found:
            yield beside.notice(found, code, f"{place} the document")
        if found and found.item:
            yield beside.child(source, found, f"{place} the document, at {found.start}")
    gathering = Gathering("pdf")
    # What follows may hold a document of its own, whose objects a repair would take for this one's.
    facts = _read(RangeBytes(source, 0, end.at) if end and end.certain else source, context, gathering)
    yield from gathering.notices
    if facts is not None:
        yield facts


def _around(source: ByteSource, header: int, end: End | None) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield the ranges before ``%PDF-`` and after the last ``%%EOF``: code, place and range."""
    lead = len(_BYTE_ORDER_MARK) if source.read(0, 3) == _BYTE_ORDER_MARK else 0
    if lead < header:
        yield "pdf.leading", "before", (lead, header)
    if end is not None and end.at < source.size:
        yield "pdf.trailing", "after the end of", (end.at, source.size)


def _read(source: ByteSource, context: ParseContext, gathering: Gathering) -> DocumentFacts | None:
    with bounded(context.limits), quiet("pikepdf._core"):
        pdf = opened(source, context, gathering)
        if pdf is None:
            return None
        with pdf:
            places = Places(source, pdf)
            _info(pdf, places, gathering)
            xmp = _metadata(pdf, places, context.limits, gathering)
            _warnings(pdf, gathering)
    return _facts(gathering, xmp)


def _info(pdf: pikepdf.Pdf, places: Places, gathering: Gathering) -> None:
    try:
        info = pdf.trailer.get("/Info")
        if info is None:
            return
        if not isinstance(info, pikepdf.Dictionary):
            gathering.note("info_malformed", "the information dictionary is not a dictionary")
            return
        holder = tuple(info.objgen) if info.is_indirect else (0, 0)
        keys = sorted(info.keys())
    except FAULTS as error:
        gathering.note("info_unread", f"the information dictionary could not be read: {plain(error)}")
        return
    if len(keys) > MAX_INFO_KEYS:
        gathering.note("info_limit", f"{len(keys)} entries in the information dictionary; {MAX_INFO_KEYS} were read")
    # The program first: it owns the clock of the dates.
    for key in sorted(keys[:MAX_INFO_KEYS], key=lambda key: (key in _TIMES, key)):
        try:
            _entry(info, key, holder, places, gathering)
        except FAULTS as error:
            gathering.note("info_unread", f"information entry {plain(key)} could not be read: {plain(error)}")


def _entry(info: pikepdf.Dictionary, key: str, holder: tuple[int, ...], places: Places, gathering: Gathering) -> None:
    value = info[key]
    path = f"pdf:{holder[0]} {holder[1]} R{key}" if holder[0] else f"pdf:trailer/Info{key}"
    if not isinstance(value, pikepdf.String):
        if key in _TIMES or key in _FACTS:
            gathering.note("info_malformed", f"{path} is not a string")
        return
    stored, text = bytes(value), str(value)
    located = None
    if value.is_indirect:
        located = places.whole_string((value.objgen[0], value.objgen[1]), stored)
    elif holder[0]:
        located = places.string((holder[0], holder[1]), _name_bytes(key), stored)
    raw = located or Raw(stored, None)
    if key in _TIMES:
        owner = gathering.first("pdf.producer", "pdf.creator")
        gathering.add_time(pdf_date(text), *_TIMES[key], raw.locator(path), raw.data, owner=owner)
    else:
        gathering.add_fact(_FACTS.get(key, "pdf.custom"), text, raw.locator(path), raw.data)


def _name_bytes(key: str) -> bytes:
    return key[1:].encode("utf-8", "surrogateescape")


def _metadata(pdf: pikepdf.Pdf, places: Places, limits: Limits, gathering: Gathering) -> dict[str, Timestamp]:
    try:
        stream = pdf.Root.get("/Metadata")
        if not isinstance(stream, pikepdf.Stream):
            return {}
        identity = (stream.objgen[0], stream.objgen[1])
        stored, decoded = stream.read_raw_bytes(), stream.read_bytes()
    except FAULTS as error:
        gathering.note("xmp_unread", f"the metadata stream could not be read: {plain(error)}")
        return {}
    layer = places.stream(identity, stored, decoded)
    return gather_xmp(gathering, layer, f"xmp:{identity[0]} {identity[1]} R", limits.xml_bytes)


def _warnings(pdf: pikepdf.Pdf, gathering: Gathering) -> None:
    try:
        warnings = pdf.get_warnings()
    except FAULTS as error:
        gathering.note("damaged", plain(error))
        return
    for warning in warnings[:MAX_WARNINGS]:
        gathering.note("damaged", plain(warning))
    if len(warnings) > MAX_WARNINGS:
        gathering.note("damaged", f"{len(warnings) - MAX_WARNINGS} further faults of the file's structure")


def _facts(gathering: Gathering, xmp: dict[str, Timestamp]) -> DocumentFacts:
    return gathering.facts(
        FORMAT.id,
        author=gathering.fact("pdf.author", "xmp.creator"),
        application=gathering.first("pdf.producer", "xmp.producer", "pdf.creator", "xmp.creator_tool"),
        created=_time(gathering, TimeKind.INFO_CREATED) or xmp.get("xmp:CreateDate"),
        modified=_time(gathering, TimeKind.INFO_MODIFIED) or xmp.get("xmp:ModifyDate"),
    )


def _time(gathering: Gathering, kind: TimeKind) -> Timestamp | None:
    """Return the information dictionary's time if it can be read."""
    for stamp in gathering.timestamps:
        if stamp.kind is kind:
            return None if isinstance(stamp.wall, Absence) else stamp
    return None
