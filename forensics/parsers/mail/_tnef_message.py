"""The message of a TNEF stream: its properties, recipients and attachments, gathered from the attributes.

Source: [MS-OXTNEF] 2.1.3 and 3.1.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from forensics.errors import Truncated
from forensics.intake.windows import RangeBytes
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Absence, Fact, Timestamp
from forensics.model.items import ChildItem, Notice, Padding, ParseContext
from forensics.model.locations import Step, StepKind
from forensics.model.mail import Message
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers.mail._tnef_attributes import FIRST, OF_ATTACHMENTS, SIGNATURE, Attribute, Attributes
from forensics.parsers.mail._tnef_legacy import Legacy, missing
from forensics.parsers.mail._tnef_properties import LARGE, OBJECT, PropertyLists
from forensics.parsers.mail.mapi.message import read_stored
from forensics.parsers.mail.mapi.properties import Properties, Property, StoredAttachment, StoredMessage
from forensics.parsers.mail.tnef import FORMAT

MOST_RECIPIENTS = 20_000
_VERSION = 0x00010000
_DATA, _METHOD, _INTERFACE_BYTES = 0x3701, 0x3705, 16
_READ_APART = frozenset(("attMAPIProps", "attRecipTable", "attAttachment", "attAttachData"))
"""Attributes that no `Legacy` reads."""


class Stored(NamedTuple):
    """A message, and what stands beside its properties."""

    message: StoredMessage
    facts: tuple[Fact, ...]
    """What the older attributes say."""
    file_times: Mapping[int, tuple[Timestamp, ...]]
    """Their times of attachments, by where the content begins."""
    padding: tuple[Padding, ...]


class _Attachment:
    """One attachment while its attributes are read."""

    def __init__(self, source: ByteSource, codepage: int, place: int) -> None:
        self.legacy = Legacy(source, codepage, place)
        self.properties: list[Property] = []
        self.data: list[Attribute] = []


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield what was odd, the message, and its attachments.

    Raises:
        Truncated: the stream ends within its signature.
    """
    stored = stored_in(source, context)
    for one in read_stored(stored.message, context):
        if isinstance(one, Message):
            yield _with_facts(one, stored)
        elif isinstance(one, ChildItem) and (times := stored.file_times.get(one.step.start)):
            yield msgspec.structs.replace(one, times=(*one.times, *times))
        else:
            yield one
    yield from stored.padding


def _with_facts(message: Message, stored: Stored) -> Message:
    """Return a message with what the older attributes say; attDateSent is its date where no property is."""
    date = message.date
    if date is Absence.NOT_PRESENT:
        date = next((time for time in stored.message.timestamps if time.kind is TimeKind.TNEF_SENT), date)
    return msgspec.structs.replace(message, date=date, stored=(*message.stored, *stored.facts))


def stored_in(source: ByteSource, context: ParseContext) -> Stored:
    """Read all attributes of a stream.

    Raises:
        Truncated: it ends within its signature.
    """
    if source.size < FIRST:
        raise Truncated("ends within its signature", source.size)
    return _Reader(source, context).stored()


class _Reader:
    def __init__(self, source: ByteSource, context: ParseContext) -> None:
        self._source = source
        self._context = context
        self._attributes = Attributes(source)
        self._lists = PropertyLists(source)
        self._codepage = 0
        self._legacy = Legacy(source, 0)
        self._properties: list[Property] = []
        self._recipients: list[list[Property]] = []
        self._attachments: list[_Attachment] = []
        self._odd: list[Notice] = []
        self._beyond = 0
        self._damage: list[Notice] = []

    def stored(self) -> Stored:
        """Read the stream."""
        self._legacy.take_key(len(SIGNATURE), FIRST)
        for found in self._attributes:
            self._take(found)
        self._damage = [notice for notice in self._attributes.odd if notice.code in FORMAT.damaged]
        attachments: list[StoredAttachment] = []
        facts = list[Fact]()
        file_times: dict[int, tuple[Timestamp, ...]] = {}
        for place_of, one in enumerate(self._attachments):
            made = list(self._attachment(one, place_of))
            attachments += made
            file_times |= {each.step.start: tuple(one.legacy.times) for each in made if one.legacy.times}
            facts += one.legacy.facts
        properties = Properties(
            (*self._properties, *missing(self._legacy.properties, self._properties)), "", self._codepage
        )
        message = StoredMessage(
            size=self._source.size,
            properties=properties,
            recipients=tuple(
                [Properties(row, f"recipient[{nth}]/", self._codepage) for nth, row in enumerate(self._recipients)]
            ),
            attachments=tuple(attachments),
            timestamps=(*self._legacy.times, *[time for one in self._attachments for time in one.legacy.times]),
            notices=(*self._of_message(attachments), *self._lists.odd, *self._odd, *self._further()),
        )
        return Stored(
            message,
            (*self._legacy.facts, *facts),
            file_times,
            tuple(self._attributes.padding),
        )

    def _take(self, found: Attribute) -> None:
        if found.name in OF_ATTACHMENTS:
            self._take_of_attachment(found)
        elif found.name == "attMAPIProps":
            self._properties += self._lists.read(found.start, found.end, "")
        elif found.name == "attRecipTable":
            most = MOST_RECIPIENTS - len(self._recipients)
            self._recipients += self._lists.rows(found.start, found.end, most)
        elif found.name:
            if found.name == "attOemCodepage":
                self._codepage = int.from_bytes(self._source.read(found.start, found.start + 4), "little")
                self._legacy.codepage = self._codepage
            self._legacy.take(found, self._context.limits.memory_bytes)
            if found.name == "attTnefVersion" and self._source.read(found.start, found.end)[:4] != b"\0\0\1\0":
                self._note("tnef.version", "a version of TNEF that is not known: read as the known one", found)
        else:
            text = f"an attribute of the unknown number 0x{found.number:08X}"
            self._note("tnef.unknown", text, found, found.end - found.start)

    def _take_of_attachment(self, found: Attribute) -> None:
        if found.name == "attAttachRenddata" or not self._attachments:
            if len(self._attachments) >= self._context.limits.children:
                self._beyond += found.end - found.header
                return
            self._attachments.append(_Attachment(self._source, self._codepage, len(self._attachments)))
        if self._beyond:
            self._beyond += found.end - found.header
            return
        one = self._attachments[-1]
        if found.name == "attAttachData":
            one.data.append(found)
        elif found.name == "attAttachment":
            owner = f"attachment[{len(self._attachments) - 1}]/"
            one.properties += self._lists.read(found.start, found.end, owner)
        else:
            one.legacy.take(found, LARGE)

    def _attachment(self, one: _Attachment, place: int) -> Iterator[StoredAttachment]:
        """Yield an attachment once for each content that it has, or once without any."""
        properties = Properties(
            (*one.properties, *missing(one.legacy.properties, one.properties)), f"attachment[{place}]/", self._codepage
        )
        spans = [(found.start, found.end) for found in one.data]
        spans += [span for prop in one.properties if prop.id == _DATA and (span := _content(prop)) is not None]
        if not spans:
            step = Step(kind=StepKind.STREAM, name=f"attachment[{place}]", index=place, start=0, end=0)
            yield StoredAttachment(properties=properties, step=step, content=None)
            return
        contents = [(start, end, self._held(start, end)) for start, end in spans]
        beside = Properties([prop for prop in properties if prop.id != _METHOD], properties.owner, properties.codepage)
        for nth, (start, end, content) in enumerate(contents):
            if nth and isinstance(content, bytes) and content == contents[0][2]:
                continue
            name = f"attachment[{place}]" + (f"/{nth}" if nth else "")
            yield StoredAttachment(
                # Beside an attached message a note may stand for programs that cannot read it: that is a plain file.
                properties=beside if nth < len(one.data) < len(contents) else properties,
                step=Step(kind=StepKind.STREAM, name=name, index=place, start=start, end=end),
                content=content,
                format=FORMAT.id if self._source.read(start, min(end, start + 4)) == SIGNATURE else "",
                notices=tuple([notice for notice in self._damage if _within(notice, start)]),
            )

    def _of_message(self, attachments: list[StoredAttachment]) -> Iterator[Notice]:
        """Yield what was odd about attributes, but for what is told of an attachment."""
        told = {notice for one in attachments for notice in one.notices}
        yield from [notice for notice in self._attributes.odd if notice not in told]

    def _held(self, start: int, end: int) -> bytes | ByteSource:
        return self._source.read(start, end) if end - start <= LARGE else RangeBytes(self._source, start, end)

    def _further(self) -> Iterator[Notice]:
        for legacy in (self._legacy, *[one.legacy for one in self._attachments]):
            for found, said, real in legacy.weekdays:
                text = f"a date that names weekday {said} (0 is Sunday), and falls on {real}"
                yield Notice(code="tnef.weekday", text=text, locator=found.locator)
        if self._beyond:
            yield Notice(code="tnef.children", text="more attachments than the limit", unread=self._beyond)

    def _note(self, code: str, text: str, found: Attribute, unread: int = 0) -> None:
        self._odd.append(Notice(code=code, text=text, locator=found.locator, unread=unread))


def _within(notice: Notice, start: int) -> bool:
    """Whether a notice is about the attribute in which a content begins."""
    return notice.locator is not None and any(first <= start <= last for first, last in notice.locator.ranges)


def _content(found: Property) -> tuple[int, int] | None:
    """Return where the content stands that a property holds: of an object behind the id of its interface."""
    if len(found.locator.ranges) != 1:
        return None
    start, end = found.locator.ranges[0]
    return (min(start + _INTERFACE_BYTES, end) if found.type == OBJECT else start, end)
