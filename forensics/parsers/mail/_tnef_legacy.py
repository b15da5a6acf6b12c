"""What the attributes of TNEF say that are older than MAPI: as facts, as the properties that they stand for, as times.

Their times are readings of a wall clock without zone: whose, no attribute says.

Source: [MS-OXTNEF] 2.1.3.3.
"""

import calendar
import struct
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import (
    TICKS_PER_SECOND,
    Absence,
    ClockKind,
    Description,
    Fact,
    Precision,
    Timestamp,
)
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail._tnef_attributes import Attribute
from forensics.parsers.mail.mapi.properties import Property
from forensics.parsers.mail.mapi.values import decoded

_STRING8, _BINARY, _INTEGER16 = 0x001E, 0x0102, 0x0002
RAW_BYTES = 1000
"""Of one value that are kept as a fact."""

_TEXTS = {
    "attSubject": ("subject", 0x0037),
    "attMessageClass": ("message_class", 0x001A),
    "attOriginalMessageClass": ("original_message_class", 0x004B),
    "attMessageID": ("message_id", 0),
    "attParentID": ("parent_id", 0),
    "attConversationID": ("conversation_id", 0),
    "attBody": ("body", 0x1000),
    "attAttachTitle": ("attachment_title", 0x3704),
    "attAttachTransportFilename": ("attachment_transport_name", 0x370C),
}
"""Texts: how facts call them behind ``tnef.``, and the property that each stands for. The ids are digests of the
program's own keys in hex, and no ids of mail."""
_NUMBERS = {
    "attTnefVersion": "version",
    "attOemCodepage": "oem_codepage",
    "attPriority": "priority",
    "attMessageStatus": "message_status",
    "attRequestRes": "response_requested",
    "attAidOwner": "owner_appointment_id",
}
_BYTES = {"attDelegate": ("delegate", 0x0043), "attAttachMetaFile": ("", 0x3709)}
_MAILBOXES = {
    "attFrom": ("from", (0x0C1A, 0x0C1E, 0x0C1F)),
    "attSentFor": ("sent_for", (0x0042, 0x0064, 0x0065)),
    "attOwner": ("owner", (0, 0, 0)),
}
"""Name, kind of address and address. Whom attOwner means, the class of the message decides: it stays a fact."""


class _What(NamedTuple):
    kind: TimeKind
    description: Description
    clock: ClockKind
    replaced_by: int
    """The property that says the same."""


TIMES: Mapping[str, _What] = {
    "attDateSent": _What(TimeKind.TNEF_SENT, Description.SENT, ClockKind.SENDER, 0x0039),
    "attDateRecd": _What(TimeKind.TNEF_RECEIVED, Description.DELIVERED, ClockKind.MAILBOX, 0x0E06),
    "attDateModified": _What(TimeKind.TNEF_MODIFIED, Description.MODIFICATION, ClockKind.SENDER, 0x3008),
    "attDateStart": _What(TimeKind.TNEF_START, Description.PLANNED, ClockKind.SENDER, 0x0060),
    "attDateEnd": _What(TimeKind.TNEF_END, Description.PLANNED, ClockKind.SENDER, 0x0061),
    "attAttachCreateDate": _What(TimeKind.TNEF_ATTACHMENT_CREATED, Description.CREATION, ClockKind.SENDER, 0x3007),
    "attAttachModifyDate": _What(TimeKind.TNEF_ATTACHMENT_MODIFIED, Description.MODIFICATION, ClockKind.SENDER, 0x3008),
}
_DATE = struct.Struct("<7H")
_RENDERING = struct.Struct("<HIHHI")
_METHOD, _OLE = 0x3705, 6
"""PidTagAttachMethod, and its value for an object."""


class Legacy:
    """What the older attributes of one message, or of one of its attachments, say.

    Args:
        source: the stream.
        codepage: of its 8-bit texts.
        place: which attachment; ``None``: the message.

    Attributes:
        codepage: as given; the attribute that states it comes among the others.
        facts: in the order in which they stand.
        properties: those that they stand for.
        times: likewise.
        weekdays: attributes whose weekday is not that of their date, with both.
    """

    def __init__(self, source: ByteSource, codepage: int, place: int | None = None) -> None:
        self._source = source
        self.codepage = codepage
        self._place = place
        self._seen: dict[str, int] = {}
        self._nth = 0
        self.facts: list[Fact] = []
        self.properties: list[Property] = []
        self.times: list[Timestamp] = []
        self.weekdays: list[tuple[Attribute, int, int]] = []

    def take_key(self, start: int, end: int) -> None:
        """Read the number by which the attachments of a mail and its stream were once told to belong together."""
        raw = self._source.read(start, end)
        self._fact("key", raw[::-1].hex(), raw, start, "key")

    def take(self, found: Attribute, most: int) -> None:
        """Read one attribute.

        Args:
            found: which.
            most: bytes of it that may be held.
        """
        self._nth = self._seen.get(found.name, 0)
        self._seen[found.name] = self._nth + 1
        if found.name in _TEXTS:
            self._text(found, most)
        elif found.name in _MAILBOXES:
            self._mailbox(found)
        elif found.name in TIMES:
            self._time(found)
        elif found.name in _NUMBERS:
            raw = self._source.read(found.start, min(found.end, found.start + 8))
            if raw:
                self._fact(_NUMBERS[found.name], str(int.from_bytes(raw, "little")), raw, found.start, found.name)
        elif found.name in _BYTES:
            name, number = _BYTES[found.name]
            raw = self._source.read(found.start, min(found.end, found.start + most))
            if name:
                self._fact(name, raw[:RAW_BYTES].hex(), raw, found.start, found.name)
            self._property(number, _BINARY, raw, found.start, found.name)
        elif found.name == "attAttachRenddata":
            self._rendering(found)

    def _text(self, found: Attribute, most: int) -> None:
        name, number = _TEXTS[found.name]
        raw = self._source.read(found.start, min(found.end, found.start + most)).rstrip(b"\0")
        self._fact(name, decoded(raw[:RAW_BYTES], _STRING8, self.codepage), raw, found.start, found.name)
        if number:
            self._property(number, _STRING8, raw, found.start, found.name)

    def _mailbox(self, found: Attribute) -> None:
        """Take a name and an address with its kind before it; attFrom has a lead that the others lack."""
        name, numbers = _MAILBOXES[found.name]
        raw = self._source.read(found.start, min(found.end, found.start + 65_536 + 8))
        spans = _sender_spans(raw) if found.name == "attFrom" else _owner_spans(raw)
        if spans is None:
            self._fact(name, raw[:RAW_BYTES].hex(), raw, found.start, found.name)
            return
        (name_start, name_end), (start, end) = spans
        shown, written = raw[name_start:name_end].rstrip(b"\0"), raw[start:end].rstrip(b"\0")
        said = f"{decoded(shown, _STRING8, self.codepage)} <{decoded(written, _STRING8, self.codepage)}>"
        self._fact(name, said, raw, found.start, found.name)
        if not numbers[0]:
            return
        kind, colon, address = written.partition(b":")
        self._property(numbers[0], _STRING8, shown, found.start + name_start, f"{found.name}/name")
        if colon:
            self._property(numbers[1], _STRING8, kind, found.start + start, f"{found.name}/type")
            at = found.start + start + len(kind) + 1
            self._property(numbers[2], _STRING8, address, at, f"{found.name}/address")

    def _time(self, found: Attribute) -> None:
        what, raw = TIMES[found.name], self._source.read(found.start, min(found.end, found.start + _DATE.size))
        if not any(raw):
            return
        wall: int | Absence = Absence.UNPARSABLE
        if len(raw) == _DATE.size:
            year, month, day, hour, minute, second, weekday = _DATE.unpack(raw)
            wall = _wall(year, month, day, hour, minute, second)
            if isinstance(wall, int) and weekday != (real := (calendar.weekday(year, month, day) + 1) % 7):
                self.weekdays.append((found, weekday, real))
        self.times.append(
            Timestamp(
                instant=Absence.NOT_PRESENT if isinstance(wall, int) else wall,
                wall=wall,
                offset_s=Absence.NOT_PRESENT,
                precision=Precision.SECOND,
                description=what.description,
                clock=what.clock,
                owner="",
                raw=raw,
                locator=self._locator(found.start, found.start + len(raw), found.name),
                kind=what.kind,
                index=self._nth if self._place is None else self._place,
            )
        )

    def _rendering(self, found: Attribute) -> None:
        """Take how an attachment is held, which its first attribute says."""
        raw = self._source.read(found.start, min(found.end, found.start + _RENDERING.size))
        if raw[:2] == b"\1\0":  # a file: the property has the same number
            self._property(_METHOD, _INTEGER16, raw[:2], found.start, found.name)
        elif raw[:2] == b"\2\0":  # an object, for which the property has another
            locator = self._locator(found.start, found.start, found.name)
            data = _OLE.to_bytes(2, "little")
            self.properties.append(Property(id=_METHOD, type=_INTEGER16, data=data, locator=locator))

    def _fact(self, name: str, value: str, raw: bytes, start: int, path: str) -> None:
        kept = raw[:RAW_BYTES]
        locator = self._locator(start, start + len(kept), path)
        self.facts.append(Fact(name=f"tnef.{name}", value=value, raw=kept, locator=locator))

    def _property(self, number: int, kind: int, raw: bytes, start: int, path: str) -> None:
        locator = self._locator(start, start + len(raw), path)
        self.properties.append(Property(id=number, type=kind, data=raw, locator=locator))

    def _locator(self, start: int, end: int, path: str) -> Locator:
        owner = "" if self._place is None else f"attachment[{self._place}]/"
        again = f"#{self._nth}" if self._nth else ""
        return Locator(ranges=((start, end),) if start < end else (), path=f"tnef:{owner}{path}{again}")


def _wall(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int | Absence:
    """Return a reading of a wall clock as if it were UTC."""
    if not (1601 <= year <= 9999 and 1 <= month <= 12 and hour < 24 and minute < 60 and second < 61):
        return Absence.UNPARSABLE
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return Absence.UNPARSABLE
    return calendar.timegm((year, month, day, hour, minute, second)) * TICKS_PER_SECOND


_Spans = tuple[tuple[int, int], tuple[int, int]]


def _sender_spans(raw: bytes) -> _Spans | None:
    """Return where name and address of attFrom stand ([MS-OXTNEF] 2.1.3.3.3)."""
    if len(raw) < 8:
        return None
    name, address = struct.unpack_from("<HH", raw, 4)
    end = 8 + name
    return ((8, end), (end, end + address)) if end + address <= len(raw) else None


def _owner_spans(raw: bytes) -> _Spans | None:
    """Return where name and address of attOwner and attSentFor stand ([MS-OXTNEF] 2.1.3.3.8)."""
    if len(raw) < 2:
        return None
    end = 2 + int.from_bytes(raw[:2], "little")
    address = int.from_bytes(raw[end : end + 2], "little")
    fits = end + 2 <= len(raw) and end + 2 + address <= len(raw)
    return ((2, end), (end + 2, end + 2 + address)) if fits else None


def missing(legacy: list[Property], there: list[Property]) -> Iterator[Property]:
    """Yield the properties that older attributes stand for where no property says it."""
    numbers = {one.id for one in there}
    yield from [one for one in legacy if one.id not in numbers]
