"""The extended attributes in a side file of macOS: each is named, and those on a file's origin are read."""

import plistlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec

from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers._counted_times import in_utc
from forensics.parsers._gathering import Gathering

_HEADER, _SIZES = b"ATTR", 36
_HEADER_WITHIN = 200
"""The block stands behind the header and the 32 bytes of the Finder, whose entry comes first or second."""
_MOST = 500
_LIST_BYTES, _MOST_TEXTS = 65_536, 50
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_QUARANTINE = re.compile(rb"(?:q/)?([0-9a-fA-F]{1,8});([0-9a-fA-F]{1,8});([^;]{0,200})(?:;([^;\0]{0,200}))?")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  plists hold UTC without saying so
_META = "com.apple.metadata:"


def add_attributes(gathering: Gathering, data: bytes) -> None:
    """Add the names of all attributes, and what those say that tell where the file came from.

    Args:
        gathering: gets them, with a notice for each that cannot be read.
        data: the side file.
    """
    met: set[str] = set()
    for name, start, end in _attributes(gathering, data):
        read = _READ.get(name)
        if read is not None and name in met:
            place = Locator(path=f"value of {name}", ranges=((start, end),))
            gathering.note("attribute_unread", f"{name} stands there more than once; the first was read", place)
        elif read is not None:
            met.add(name)
            read(gathering, name, data[start:end], (start, end))


def _attributes(gathering: Gathering, data: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield name and place of each attribute's value."""
    block = data.find(_HEADER, 0, _HEADER_WITHIN)
    if block < 0:
        return
    count = int.from_bytes(data[block + 34 : block + 36], "big")
    at = block + _SIZES
    for number in range(min(count, _MOST)):
        start, length = (int.from_bytes(data[at + part : at + part + 4], "big") for part in (0, 4))
        letters = data[at + 10] if at + 10 < len(data) else 0
        raw = data[at + 11 : at + 11 + letters].rstrip(b"\0")
        place = Locator(path=f"attribute[{number}]", ranges=((at + 11, at + 11 + len(raw)),))
        if not raw or start + length > len(data):
            gathering.note("attribute_damaged", f"attribute {number} of {count} ends beyond the file", place)
            return
        name = raw.decode("utf-8", "replace")
        gathering.add_fact("mac.attribute", name, place, raw)
        yield name, start, start + length
        at += (11 + letters + 3) & ~3
    if count > _MOST:
        gathering.note("value_limit", f"{count} attributes; the first {_MOST} were read")


def _quarantine(gathering: Gathering, name: str, raw: bytes, span: tuple[int, int]) -> None:
    """Flags, seconds since 1970 and program, in some a number of the download, parted by semicolons."""
    found = _QUARANTINE.match(raw)
    if found is None:
        _unreadable(gathering, name, span)
        return
    seconds, agent, event = found[2], found[3], found[4]
    program = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), agent.decode("utf-8", "replace"))
    start, end = (span[0] + edge for edge in found.span(2))
    stamp = in_utc(
        int(seconds, 16) * TICKS_PER_SECOND or Absence.NOT_PRESENT,
        seconds,
        Locator(path="mac.quarantined", ranges=((start, end),)),
        TimeKind.MAC_QUARANTINED,
        Description.ADDED,
        precision=Precision.SECOND,
        clock=ClockKind.APPLICATION,
    )
    gathering.add_stamp(msgspec.structs.replace(stamp, owner=program))
    for fact, value, number in (("mac.quarantined_by", program, 3), ("mac.download", event, 4)):
        if value:
            start, end = (span[0] + edge for edge in found.span(number))
            text = value if isinstance(value, str) else value.decode("utf-8", "replace")
            gathering.add_fact(fact, text, Locator(path=fact, ranges=((start, end),)), found[number])


def _last_used(gathering: Gathering, name: str, raw: bytes, span: tuple[int, int]) -> None:
    """Seconds since 1970 and nanoseconds, eight bytes each, the least first."""
    if len(raw) != 16:
        _unreadable(gathering, name, span)
        return
    seconds, fraction = int.from_bytes(raw[:8], "little", signed=True), int.from_bytes(raw[8:], "little")
    ticks: int | Absence = seconds * TICKS_PER_SECOND + fraction // 100
    if not 0 <= seconds < 1 << 33 or fraction >= 1_000_000_000:
        ticks = Absence.UNPARSABLE
    _add_time(gathering, TimeKind.MAC_LAST_USED, Description.LAST_ACCESS, ticks, raw, span)


def _texts(gathering: Gathering, name: str, raw: bytes, span: tuple[int, int]) -> None:
    """A list of texts: address and page that it was taken from, or sender and subject of the mail that it came with."""
    listed = _plist(raw)
    texts = listed if isinstance(listed, list) else [listed]
    if not all(isinstance(text, str) for text in texts):
        _unreadable(gathering, name, span)
        return
    fact = _FACTS[name]
    if len(texts) > _MOST_TEXTS:
        gathering.note("value_limit", f"{len(texts)} texts in {name}; the first {_MOST_TEXTS} were read")
    for number, text in enumerate(texts[:_MOST_TEXTS]):
        if text:
            gathering.add_fact(fact, text, Locator(path=f"{fact}[{number}]", ranges=(span,)), raw)


def _date(gathering: Gathering, name: str, raw: bytes, span: tuple[int, int]) -> None:
    """A date, or a list of one."""
    listed = _plist(raw)
    date = listed[0] if isinstance(listed, list) and len(listed) == 1 else listed
    ticks: int | Absence = Absence.UNPARSABLE
    if isinstance(date, datetime):
        past = date - _EPOCH
        ticks = (past.days * 86_400 + past.seconds) * TICKS_PER_SECOND + past.microseconds * 10
    kind, description = _DATES[name]
    _add_time(gathering, kind, description, ticks, raw, span)


def _add_time(
    gathering: Gathering,
    kind: TimeKind,
    description: Description,
    ticks: int | Absence,
    raw: bytes,
    span: tuple[int, int],
) -> None:
    place = Locator(path=kind.value.replace("_", ".", 1), ranges=(span,))
    gathering.add_stamp(in_utc(ticks, raw, place, kind, description, clock=ClockKind.APPLICATION))


def _plist(raw: bytes) -> Any:
    """Return what a property list holds, ``None`` where it is none or too long."""
    if len(raw) > _LIST_BYTES:
        return None
    try:
        return plistlib.loads(raw)
    except Exception:  # noqa: BLE001  hostile lists meet errors of any kind
        return None


def _unreadable(gathering: Gathering, name: str, span: tuple[int, int]) -> None:
    place = Locator(path=f"value of {name}", ranges=(span,))
    gathering.note("attribute_unread", f"{name} is not in the form that is known", place)


_FACTS = MappingProxyType({f"{_META}kMDItemWhereFroms": "mac.where_from", f"{_META}_kMDItemUserTags": "mac.tag"})
_DATES = MappingProxyType(
    {
        f"{_META}kMDItemDownloadedDate": (TimeKind.MAC_DOWNLOADED, Description.ADDED),
        f"{_META}com_apple_mail_dateReceived": (TimeKind.MAC_MAIL_RECEIVED, Description.DELIVERED),
        f"{_META}com_apple_mail_dateSent": (TimeKind.MAC_MAIL_SENT, Description.SENT),
    }
)
_READ: Mapping[str, Callable[[Gathering, str, bytes, tuple[int, int]], None]] = MappingProxyType(
    {
        "com.apple.quarantine": _quarantine,
        "com.apple.lastuseddate#PS": _last_used,
        **dict.fromkeys(_FACTS, _texts),
        **dict.fromkeys(_DATES, _date),
    }
)
