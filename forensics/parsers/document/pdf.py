"""PDF: what the document information dictionary and the XMP packet say (read by pikepdf, never repaired on disk).

Source: ISO 32000-1 14.3.3 (information dictionary), 14.3.2 (metadata streams), 7.9.4 (dates).
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import pikepdf
from pikepdf import settings

from forensics.errors import Malformed
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence, Description, Timestamp
from forensics.model.items import ByteSource, Format, Limits, MemoryBytes, Notice, ParseContext
from forensics.model.locations import Location
from forensics.parsers._gathering import Gathering, Raw
from forensics.parsers._quiet import quiet
from forensics.parsers._stream import SourceFile
from forensics.parsers._written_dates import pdf_date
from forensics.parsers._xmp import gather as gather_xmp
from forensics.parsers.document._pdf_places import FAULTS, Places

FORMAT = Format(id="pdf", title="PDF document", media_types=("application/pdf",), extensions=(".pdf",))

MAX_WARNINGS = 20
"""Faults that are told one by one; the rest is counted."""
MAX_INFO_KEYS = 500
_READ_FACTOR = 200
"""How often the library may read a file over before it counts as a loop; broken files in use take up to 80."""
_READ_BYTES = 40_000_000
"""What it may read of a small file all the same."""
_READ_MEAN = 400
"""Bytes of one read, in the mean, below which reading counts as a loop too; each read costs some 5 us."""

_STREAM_NAME = re.compile(r"^(?:stream <[^>]*>:? ?)+")
_MAIL = re.compile(rb"From |[!-9;-~]{1,100}:")

_TIMES = {
    "/CreationDate": Description.CREATION,
    "/ModDate": Description.MODIFICATION,
    "/SourceModified": Description.MODIFICATION,
}
_FACTS = {
    "/Title": "pdf.title",
    "/Author": "pdf.author",
    "/Subject": "pdf.subject",
    "/Keywords": "pdf.keywords",
    "/Creator": "pdf.creator",
    "/Producer": "pdf.producer",
}


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether ``%PDF-`` stands in the first 1024 bytes (ISO 32000-1 annex H, note 13), and no mail quotes it there."""
    return head.startswith(b"%PDF-") or (b"%PDF-" in head[:1024] and _MAIL.match(head) is None)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[DocumentFacts | Notice]:
    """Yield notices and the document's facts.

    Raises:
        Malformed: no cross-reference data and no objects from which it could be rebuilt.
    """
    gathering = Gathering("pdf")
    facts = _read(source, context, gathering)
    yield from gathering.notices
    if facts is not None:
        yield facts


def _read(source: ByteSource, context: ParseContext, gathering: Gathering) -> DocumentFacts | None:
    with _bounded(context.limits), quiet("pikepdf._core"):
        pdf = _open(source, context, gathering)
        if pdf is None:
            return None
        with pdf:
            places = Places(source, pdf)
            _info(pdf, places, gathering)
            xmp = _metadata(pdf, places, context.limits, gathering)
            _warnings(pdf, gathering)
    return _facts(gathering, xmp)


@contextmanager
def _bounded(limits: Limits) -> Iterator[None]:
    """Bound what one stream may decode to; qpdf keeps these limits per process."""
    memory = min(limits.xml_bytes, 0xFFFF_FFFF)
    before = settings.set_qpdf_limits(flate_max_memory=memory, png_max_memory=memory, run_length_max_memory=memory)
    try:
        yield
    finally:
        settings.set_qpdf_limits(
            flate_max_memory=int(before["flate_max_memory"]),
            png_max_memory=int(before["png_max_memory"]),
            run_length_max_memory=int(before["run_length_max_memory"]),
        )


def _open(source: ByteSource, context: ParseContext, gathering: Gathering) -> pikepdf.Pdf | None:
    for password in (b"", *context.passwords):
        try:
            pdf = pikepdf.open(
                _file(source, context.limits),
                password=password,
                suppress_warnings=True,
                inherit_page_attributes=False,
            )
        except pikepdf.PasswordError:
            continue
        except FAULTS as error:
            if "ncryption" in str(error) or "/Encrypt" in str(error):
                gathering.note("encryption", f"nothing was read: {_plain(error)}", unread=source.size)
                return None
            raise Malformed(f"not readable as PDF: {_plain(error)}") from error
        if pdf.is_encrypted:
            gathering.note("encrypted", "strings and streams are stored encrypted; values have no byte ranges")
        return pdf
    gathering.note("password", "needs a password; nothing was read", unread=source.size)
    return None


def _file(source: ByteSource, limits: Limits) -> BinaryIO:
    budget = max(source.size * _READ_FACTOR, _READ_BYTES)
    if source.size <= limits.memory_bytes:
        held = MemoryBytes(source.read(0, source.size))
        return cast(BinaryIO, SourceFile(held, max_reads=budget // _READ_MEAN, max_bytes=budget))
    return io.BufferedReader(SourceFile(source, max_reads=budget // 4096, max_bytes=budget), 65_536)


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
        gathering.note("info_unread", f"the information dictionary could not be read: {_plain(error)}")
        return
    if len(keys) > MAX_INFO_KEYS:
        gathering.note("info_limit", f"{len(keys)} entries in the information dictionary; {MAX_INFO_KEYS} were read")
    # The program first: it owns the clock of the dates.
    for key in sorted(keys[:MAX_INFO_KEYS], key=lambda key: (key in _TIMES, key)):
        try:
            _entry(info, key, holder, places, gathering)
        except FAULTS as error:
            gathering.note("info_unread", f"information entry {_plain(key)} could not be read: {_plain(error)}")


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
        gathering.add_time(pdf_date(text), _TIMES[key], raw.locator(path), raw.data, owner=owner)
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
        gathering.note("xmp_unread", f"the metadata stream could not be read: {_plain(error)}")
        return {}
    layer = places.stream(identity, stored, decoded)
    return gather_xmp(gathering, layer, f"xmp:{identity[0]} {identity[1]} R", limits.xml_bytes)


def _warnings(pdf: pikepdf.Pdf, gathering: Gathering) -> None:
    try:
        warnings = pdf.get_warnings()
    except FAULTS as error:
        gathering.note("damaged", _plain(error))
        return
    for warning in warnings[:MAX_WARNINGS]:
        gathering.note("damaged", _plain(warning))
    if len(warnings) > MAX_WARNINGS:
        gathering.note("damaged", f"{len(warnings) - MAX_WARNINGS} further faults of the file's structure")


def _facts(gathering: Gathering, xmp: dict[str, Timestamp]) -> DocumentFacts:
    return gathering.facts(
        FORMAT.id,
        author=gathering.fact("pdf.author", "xmp.creator"),
        application=gathering.first("pdf.producer", "xmp.producer", "pdf.creator", "xmp.creator_tool"),
        created=_time(gathering, "/CreationDate") or xmp.get("xmp:CreateDate"),
        modified=_time(gathering, "/ModDate") or xmp.get("xmp:ModifyDate"),
    )


def _time(gathering: Gathering, key: str) -> Timestamp | None:
    """Return the information dictionary's time if it can be read."""
    for stamp in gathering.timestamps:
        if stamp.locator.path.startswith("pdf:") and stamp.locator.path.endswith(key):
            return None if isinstance(stamp.wall, Absence) else stamp
    return None


def _plain(error: object) -> str:
    """Return a library's message as one line of ASCII, without the name it gives our stream."""
    text = _STREAM_NAME.sub("", str(error).partition("\n")[0])[:200]
    return "".join(char if " " <= char <= "~" else "?" for char in text)
