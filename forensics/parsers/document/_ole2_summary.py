"""Facts and times of the two property sets of Office documents.

Source: [MS-OSHARED] 2.3.3 (identifiers, version, _PID_GUID); [MS-OLEPS] 2.25 (dictionary), 3.1; RFC 4122 4.1.4 (times
in version 1 GUIDs).
"""

import re
import uuid
from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from forensics.model.facts import Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers._compound_stream import Stream
from forensics.parsers._counted_times import filetime, in_utc
from forensics.parsers._gathering import Gathering
from forensics.parsers._written_dates import w3cdtf
from forensics.parsers.document._property_sets import (
    BLOB,
    CLIP,
    CODEPAGE,
    FILETIME,
    PropertySet,
    Value,
    links_of,
    property_sets,
    system_of,
)

SUMMARY, DOCUMENT_SUMMARY = "%05SummaryInformation", "%05DocumentSummaryInformation"
_SUMMARY_ID = "e0859ff2f94f6810ab9108002b27b3d9"
_DOCUMENT_ID = "02d5cdd59c2e1b10939708002b2cf9ae"
_USER_ID = "05d5cdd59c2e1b10939708002b2cf9ae"
_NAMES: Mapping[str, Mapping[int, str]] = {
    _SUMMARY_ID: {
        1: "codepage",
        2: "title",
        3: "subject",
        4: "author",
        5: "keywords",
        6: "comments",
        7: "template",
        8: "last_author",
        9: "revision",
        14: "pages",
        15: "words",
        16: "characters",
        18: "application",
        19: "security",
    },
    _DOCUMENT_ID: {
        1: "document_codepage",
        2: "category",
        3: "presentation_format",
        4: "bytes",
        5: "lines",
        6: "paragraphs",
        7: "slides",
        8: "notes",
        9: "hidden_slides",
        10: "clips",
        12: "heading_pairs",
        13: "parts",
        14: "manager",
        15: "company",
        17: "characters_with_spaces",
        23: "version",
        26: "content_type",
        27: "content_status",
        28: "language",
        29: "document_version",
    },
}
_VERSION, _EDIT_TIME, _SIGNED = 23, 10, 24
_TIMES = {
    11: ("printed", TimeKind.SUMMARY_PRINTED, Description.LAST_PRINTED),
    12: ("created", TimeKind.SUMMARY_CREATED, Description.CREATION),
    13: ("saved", TimeKind.SUMMARY_SAVED, Description.MODIFICATION),
}
_GUID_NAME, _GUID_BYTES = "_PID_GUID", 200
_LINKS_NAME = "_PID_HLINKS"
_GUID = re.compile(rb"\{\0((?:[0-9A-Fa-f]\0){8}-\0(?:(?:[0-9A-Fa-f]\0){4}-\0){3}(?:[0-9A-Fa-f]\0){12})\}\0")
_SINCE_1582 = 0x01B21DD213814000
"""1970-01-01 in 100 ns since 1582-10-15, as GUIDs count."""
_VERSION_1 = 1
_MOST_NAMED = 20
_TIME_BYTES = 36
"""Of the text of a GUID: its first three groups."""
_LABEL_DATE = re.compile(r"MSIP_Label_.{1,80}_SetDate")
_TICKS_A_SECOND = 10_000_000
_DAY = 86_400 * _TICKS_A_SECOND
"""A time that was never set is 0, or 0 in some zone."""


class Summary(NamedTuple):
    """What the sets say of the document as a whole."""

    application: str
    """Program that saved it, with its version."""
    created: Timestamp | None
    modified: Timestamp | None


def read_summary(streams: Mapping[str, Stream], gathering: Gathering) -> Summary:
    """Add the facts and times of a document's property sets.

    Args:
        streams: those of the two names that the document has.
        gathering: takes them.
    """
    sets = [(stream, list(property_sets(stream))) for stream in streams.values()]
    application = _application([one for _, found in sets for one in found])
    times: dict[TimeKind, Timestamp] = {}
    for stream, found in sets:
        binary: list[tuple[int, int, str]] = []
        _system(stream, gathering)
        for one in found:
            if one.fault:
                text = f"{stream.path}: {one.fault}"
                gathering.note("properties", text)
            for value in one.values:
                if one.format == _DOCUMENT_ID and value.number == _SIGNED and value.kind == BLOB:
                    _macro_signature(stream, value, gathering)
                    continue
                if _is_binary(one, value):
                    binary.append((value.start, value.end, _called(value)))
                    continue
                stamp = _add(stream, one, value, application, gathering)
                if stamp is not None:
                    times.setdefault(stamp.kind, stamp)
        _unread(stream, binary, gathering)
    return Summary(application, times.get(TimeKind.SUMMARY_CREATED), times.get(TimeKind.SUMMARY_SAVED))


def _application(sets: list[PropertySet]) -> str:
    """Return the program that saved the document; its version stands in the other set where its name lacks it."""
    said = {(one.format, value.number): value.text for one in sets for value in one.values}
    name = said.get((_SUMMARY_ID, 18), "").strip()
    version = said.get((_DOCUMENT_ID, _VERSION), "")
    major = int(version) >> 16 if version.isdigit() else 0
    return name if not name or not major or name[-1].isdigit() else f"{name} {major}.0"


def _system(stream: Stream, gathering: Gathering) -> None:
    """Add the operating system's number as it stands in the header of the sets."""
    system = system_of(stream)
    if system is None:
        gathering.note("properties", f"{stream.path} holds no property sets")
        return
    gathering.add_fact("ole2.system", f"0x{system:08X}", stream.locator("system", 4, 8), stream.data[4:8])


def _is_binary(found: PropertySet, value: Value) -> bool:
    """Whether a property is bytes that nothing here reads: a thumbnail, a signature."""
    known = found.format == _USER_ID and value.name in (_GUID_NAME, _LINKS_NAME)
    return value.kind in (BLOB, CLIP) and not known


def _macro_signature(stream: Stream, value: Value, gathering: Gathering) -> None:
    """Add what the signature of the document's macros says."""
    from forensics.parsers.document._vba_signatures import MOST_BYTES, Place, signature_facts

    data, at = stream.data[value.start : min(value.end, value.start + MOST_BYTES)], value.start
    signature_facts(
        Place("DigSig", data, lambda what, start, end: stream.locator(f"DigSig/{what}", at + start, at + end)),
        gathering,
    )


def _unread(stream: Stream, binary: list[tuple[int, int, str]], gathering: Gathering) -> None:
    """Tell the properties that are not read; those that share bytes count these once."""
    size = reached = 0
    for start, end, _ in sorted(binary):
        size += max(0, end - max(start, reached))
        reached = max(reached, end)
    if binary:
        named = ", ".join([name for _, _, name in binary[:_MOST_NAMED]])
        text = f"{stream.path}: {size:,} bytes of properties that are no text ({named}); not read"
        start, end, _ = binary[0]
        gathering.note("binary_property", text, stream.locator("binary", start, end), size)


def _add(stream: Stream, found: PropertySet, value: Value, application: str, gathering: Gathering) -> Timestamp | None:
    raw = stream.data[value.start : value.end]
    name = _NAMES.get(found.format, {}).get(value.number, "")
    if found.format == _SUMMARY_ID and value.kind == FILETIME and value.number == _EDIT_TIME:
        duration = int.from_bytes(raw, "little")
        locator = stream.locator("edit_time", value.start, value.end)
        gathering.add_fact("ole2.edit_time", _duration(duration), locator, raw)
        return None
    if value.kind == FILETIME:
        return _time(stream, found, value, application, gathering)
    if name:
        text = _version(value.text) if name == "version" else value.text
        gathering.add_fact(f"ole2.{name}", text, stream.locator(name, value.start, value.end), raw)
    elif found.format == _USER_ID and value.number != CODEPAGE:
        _own(stream, value, raw, gathering)
    if not value.exact:
        text = f"{stream.path}: property {value.number} is no text of the code page that is stated ({found.codepage})"
        gathering.note("text_undecoded", text, stream.locator(str(value.number), value.start, value.end))
    return None


def _version(text: str) -> str:
    """Return a version as programs write it: the high word, the low one behind a dot."""
    return f"{int(text) >> 16 & 0xFFFF}.{int(text) & 0xFFFF}" if text.lstrip("-").isdigit() else text


def _duration(ticks: int) -> str:
    minutes, seconds = divmod(ticks // _TICKS_A_SECOND, 60)
    return f"PT{minutes // 60}H{minutes % 60}M{seconds}S"


def _time(stream: Stream, found: PropertySet, value: Value, application: str, gathering: Gathering) -> Timestamp | None:
    name, kind, description = f"property[{_called(value)}]", TimeKind.CUSTOM_PROPERTY, Description.RECORDED
    if found.format == _SUMMARY_ID and value.number in _TIMES:
        name, kind, description = _TIMES[value.number]
    raw = stream.data[value.start : value.end]
    locator = stream.locator(name, value.start, value.end)
    ticks = Absence.NOT_PRESENT if int.from_bytes(raw, "little") < _DAY else filetime(raw)
    stamp = in_utc(ticks, raw, locator, kind, description, clock=ClockKind.APPLICATION)
    return gathering.add_stamp(replace(stamp, owner=application))


def _called(value: Value) -> str:
    return quote((value.name or str(value.number)).encode("utf-8", "surrogatepass"))


def _own(stream: Stream, value: Value, raw: bytes, gathering: Gathering) -> None:
    """Add a property that has a name: the user's own, or one that Office names."""
    called = _called(value)
    locator = stream.locator(f"property[{called}]", value.start, value.end)
    if value.name == _GUID_NAME:
        _guid(stream, value, gathering)
    elif value.name == _LINKS_NAME and value.kind == BLOB:
        for number, (start, end, text) in enumerate(links_of(stream.data, value.start, value.end)):
            locator = stream.locator(f"{_LINKS_NAME}[{number}]", start, end)
            gathering.add_fact("ole2.link", text, locator, stream.data[start:end])
    elif _LABEL_DATE.fullmatch(value.name):
        gathering.add_time(
            w3cdtf(value.text), TimeKind.CUSTOM_PROPERTY, Description.RECORDED, locator, raw, owner=called
        )
    else:
        gathering.add_fact("ole2.custom", value.text, locator, raw)


def _guid(stream: Stream, value: Value, gathering: Gathering) -> None:
    """Add the identifier of the document, and the time and the network card that one of version 1 is made of."""
    start, end = value.start, min(value.end, value.start + _GUID_BYTES)
    found = _GUID.search(stream.data[start:end])
    if found is None:
        gathering.note("guid", f"{stream.path}: {_GUID_NAME} is no GUID", stream.locator(_GUID_NAME, start, end))
        return
    at, stop = start + found.start(1), start + found.end(1)
    text = found[1].decode("utf-16-le")
    gathering.add_fact("ole2.guid", text, stream.locator(_GUID_NAME, at, stop), found[1])
    guid = uuid.UUID(text)
    if guid.version != _VERSION_1:
        return
    node = stream.locator(f"{_GUID_NAME}/node", stop - 24, stop)
    gathering.add_fact("ole2.guid_node", text[-12:].upper(), node, stream.data[stop - 24 : stop])
    ticks = guid.time - _SINCE_1582
    clock = stream.locator(f"{_GUID_NAME}/time", at, at + _TIME_BYTES)
    gathering.add_stamp(
        Timestamp(
            instant=ticks,
            wall=ticks,
            offset_s=Absence.NOT_APPLICABLE,
            precision=Precision.TICK,
            description=Description.IDENTIFIED,
            clock=ClockKind.APPLICATION,
            owner="",
            raw=stream.data[at : at + _TIME_BYTES],
            locator=clock,
            kind=TimeKind.PROPERTY_GUID,
            scheme="GUID of version 1",
        )
    )
