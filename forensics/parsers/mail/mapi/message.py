"""The message that MAPI properties make, whatever store or file keeps them.

What a header says is read of the header that it was delivered with, where that is kept, in the way of every mail; its
body is not kept: the texts of the store were made of it, so no signature's body hash, no count of lines and no
structure is judged by them. Of a message without header the properties tell who, when and what.

Source: [MS-OXCMSG], [MS-OXOMSG], [MS-OXCMAIL], [MS-OXPROPS].
"""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import structs

from forensics.model.facts import ABSENT, Absence, Located, Timestamp
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, Message, MimeTree
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.bodies import Bodies
from forensics.parsers.mail.fields import read_fields
from forensics.parsers.mail.form import form
from forensics.parsers.mail.id_times import part_times, read_identifier
from forensics.parsers.mail.mapi.attachments import Attachments, read_attachments
from forensics.parsers.mail.mapi.bodies import BodiesRead, lay_out
from forensics.parsers.mail.mapi.header import Header, read_header
from forensics.parsers.mail.mapi.laid_out import LaidOut, text_bytes
from forensics.parsers.mail.mapi.parties import read_parties
from forensics.parsers.mail.mapi.properties import Properties, StoredMessage
from forensics.parsers.mail.mapi.said import said
from forensics.parsers.mail.mapi.times import message_times
from forensics.parsers.mail.mapi.values import (
    MOST_BYTES,
    is_text,
    located,
    text,
)
from forensics.parsers.mail.placed_bodies import PlacedBodies
from forensics.parsers.mail.reading import Reading, attempt
from forensics.parsers.mail.server_form import server_form
from forensics.parsers.mail.texts import read_texts

_SUBJECT, _TOPIC, _MESSAGE_ID, _IN_REPLY_TO, _REFERENCES = 0x0037, 0x0070, 0x1035, 0x1042, 0x1039
_PREFIX_MARK = "\x01"
_BEFORE_IDS = " \t\r\n<>"
_SAID_BY_CLIENTS = ("attribution=", "html=")
"""What a text that a store made shows of the program that wrote the message; the rest is the store's."""


class _Laid(NamedTuple):
    """A message laid out for reading."""

    laid: LaidOut
    header: Header
    bodies: BodiesRead
    subject: Located
    identifier: tuple[bytes, int]
    """The Message-ID where no header states it, and where it begins."""


def _lay_out(stored: StoredMessage, context: ParseContext, *, texts_only: bool = False) -> _Laid:
    properties, limits, laid = stored.properties, context.limits, LaidOut()
    header = read_header(properties, limits)
    laid.add(header.text)
    subject, identifier = ABSENT, (b"", 0)
    if not texts_only:
        by_key = header.root.by_key
        subject = ABSENT if "subject" in by_key else _subject(properties, laid)
        identifier = identifier if "message-id" in by_key else _identifier(properties, laid)
    return _Laid(laid, header, lay_out(properties, limits, laid), subject, identifier)


def _subject(properties: Properties, laid: LaidOut) -> Located:
    """Return the subject; some stores put two signs before it that tell how long its prefix is."""
    found = properties.get(_SUBJECT)
    if found is None or not is_text(found):
        return ABSENT
    value, raw = decoded_subject(located(properties, found).value), text_bytes(found, MOST_BYTES)
    start = laid.add(raw)
    return Located(value, raw.data, Locator(ranges=((start, laid.size),), path=found.locator.path))


def decoded_subject(value: str) -> str:
    """Return a subject without the two signs that some stores put before it."""
    return value[2:] if value.startswith(_PREFIX_MARK) else value


def _identifier(properties: Properties, laid: LaidOut) -> tuple[bytes, int]:
    found = properties.get(_MESSAGE_ID)
    if found is None or not is_text(found):
        return b"", 0
    raw = text_bytes(found, MOST_BYTES)
    start = laid.add(raw)
    token = raw.data.strip(_BEFORE_IDS.encode() + b"\0")
    return token, start + raw.data.find(token)


def read_stored(stored: StoredMessage, context: ParseContext) -> Iterator[Message | ChildItem | Notice]:
    """Yield what was odd, the message, and its attachments.

    Args:
        stored: its properties, recipients and attachments.
        context: limits.

    Yields:
        Notices, one `Message`, then a `ChildItem` for each attachment.
    """
    yield from stored.notices
    of, limits = _lay_out(stored, context), context.limits
    attached = read_attachments(stored.attachments, limits)
    reading = read_fields(of.laid.data, of.header.root, of.header.charset, limits.field_bytes, kept=False)
    message = _message(stored, of, reading, attached)
    for notice in (*of.header.notices, *of.bodies.notices, *reading.notices):
        yield of.laid.placed(notice)
    yield message
    yield from attached.children
    if rest := stored.attachments[limits.children :]:
        yield Notice(
            code="mapi.children",
            text=f"{len(rest):,} attachments more than the limit of child items",
            unread=sum([one.step.end - one.step.start for one in rest]),
        )


def _read_properties(stored: StoredMessage, of: _Laid, reading: Reading) -> None:
    """Read of properties what no header field says."""
    properties, by_key = stored.properties, of.header.root.by_key
    if "subject" not in by_key:
        reading.subject = of.subject
    token, start = of.identifier
    if token:
        found = properties.get(_MESSAGE_ID)
        path = found.locator.path if found is not None else ""
        end = start + len(token)
        reading.message_id = Located(
            token.decode("utf-8", "replace"), token, Locator(ranges=((start, end),), path=path)
        )
        read_identifier(reading, token, start, 0, f"{path}/token")
    if not by_key:
        reading.in_reply_to = _identifiers(properties, _IN_REPLY_TO)
        reading.references = _identifiers(properties, _REFERENCES)
    if "from" not in by_key:
        reading.parties += read_parties(properties, [] if reading.parties else stored.recipients)


def _message(stored: StoredMessage, of: _Laid, reading: Reading, attached: Attachments) -> Message:
    """Return what a message says; notices of the readings go to *reading*."""
    laid, root, notices, in_header = of.laid, of.header.root, reading.notices, len(reading.parties)
    _read_properties(stored, of, reading)
    texts = read_texts(of.bodies.root, reading, {})
    head, delivered = (0, root.body_start), bool(root.headers)
    inner = attempt(notices, "the times in ids of parts", head, part_times, root, reading.date) or ()
    times = (*reading.timestamps, *inner)
    shown: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    if delivered:
        shown = attempt(notices, "the form of the message", head, form, root, reading.date, times) or ()
        served = attempt(notices, "the servers' fields", head, server_form, root) or ()
    message = laid.placed(
        reading.message(
            texts._replace(searched=texts.searched and of.bodies.whole),
            size=stored.size,
            timestamps=times,
            form=(*shown, *[one for one in texts.form if one.startswith(_SAID_BY_CLIENTS)]),
            server_form=served,
            non_ascii=not (reading.subject.value.isascii() and laid.data.isascii()),
            items=len(attached.children),
        )
    )
    own = message_times(stored.properties, stored.recipients, delivered=delivered)
    submitted = next((one for one in own if one.kind is TimeKind.SUBMITTED), None)
    return structs.replace(
        message,
        parties=(*message.parties[:in_header], *reading.parties[in_header:]),
        tree=MimeTree(laid.placed(root)) if delivered and of.header.text.steps is not None else None,
        parts=(*of.bodies.parts, *attached.parts),
        date=_date(submitted) if message.date is Absence.NOT_PRESENT else message.date,
        topic=message.topic if message.topic.raw else _topic(stored.properties),
        timestamps=(*message.timestamps, *own, *attached.times, *stored.timestamps),
        stored=(*said(stored.properties, delivered=delivered), *attached.said),
    )


def _identifiers(properties: Properties, number: int) -> tuple[str, ...]:
    said = text(properties, number)
    return tuple([one.strip(_BEFORE_IDS) for one in said.replace(">", "> ").split() if one.strip(_BEFORE_IDS)])


def _date(submitted: Timestamp | None) -> Timestamp | Absence:
    """Return the time of submission; where it is none, why."""
    if submitted is None:
        return Absence.NOT_PRESENT
    return submitted if isinstance(submitted.instant, int) else submitted.instant


def _topic(properties: Properties) -> Located:
    found = properties.get(_TOPIC)
    return located(properties, found) if found is not None and is_text(found) else ABSENT


def stored_bodies(stored: StoredMessage, context: ParseContext) -> PlacedBodies:
    """Return the texts of a stored message with their places."""
    of = _lay_out(stored, context, texts_only=True)
    return PlacedBodies(Bodies(of.bodies.root, of.laid.data), of.laid)


def stored_headers(stored: StoredMessage, context: ParseContext) -> tuple[HeaderField, ...]:
    """Return the header fields that a stored message was delivered with; none where it keeps none."""
    header = read_header(stored.properties, context.limits)
    laid = LaidOut()
    laid.add(header.text)
    return laid.placed(header.root.headers) if header.text.steps is not None else ()
