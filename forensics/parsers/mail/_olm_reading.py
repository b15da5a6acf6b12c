"""One message of Outlook for Mac: its elements read as the properties that they are, in the way of all stores.

Source: no specification; the elements as Outlook 2011 to 2019 for Mac write them.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

import msgspec

from forensics.errors import Malformed
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Absence, ClockKind, Description, Fact, Located, Precision, Timestamp
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Locator, Step, StepKind
from forensics.model.mail import BodyPart, HeaderField, Message, Party
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers._xml import Element, Value
from forensics.parsers._xml import read as read_xml
from forensics.parsers.mail._olm_salvage import odd_characters, salvaged
from forensics.parsers.mail._olm_values import VALUE_BYTES, fact, facts, text_of, time_of
from forensics.parsers.mail.addr_spec import is_valid
from forensics.parsers.mail.mapi.message import read_stored, stored_bodies, stored_headers
from forensics.parsers.mail.mapi.properties import Properties, Property, StoredMessage
from forensics.parsers.mail.mapi.values import STRING8
from forensics.parsers.mail.olm_message import FORMAT
from forensics.parsers.mail.placed_bodies import PlacedBodies
from forensics.parsers.mail.tokens.thread_index import thread_index

_PREFIX = "OPFMessageCopy"
_TEXT, _PAGE, _SOURCE = 0x1000, 0x1013, 0x007D
_PROPERTIES = {
    "Source": _SOURCE,
    "Subject": 0x0037,
    "ThreadTopic": 0x0070,
    "MessageID": 0x1035,
    "References": 0x1039,
    "InReplyTo": 0x1042,
    "Body": _TEXT,
    "HTMLBody": _PAGE,
}
"""Elements that are texts, and the properties that they are."""
_SENDER, _STORE = ClockKind.SENDER, ClockKind.MAILBOX
_TIMES = {
    "OPFMessageCopySentTime": (TimeKind.SUBMITTED, Description.SENT, _SENDER),
    "OPFMessageCopyReceivedTime": (TimeKind.STORED, Description.DELIVERED, _STORE),
    "OPFMessageCopyModDate": (TimeKind.MAPI_MODIFIED, Description.MODIFICATION, _STORE),
}
_OTHER_TIME = (TimeKind.MAPI_OTHER, Description.RECORDED, _STORE)
_INDEX = "OPFMessageCopyThreadIndex"
_ADDRESSES = {
    "From": "from",
    "Sender": "sender",
    "ReplyTo": "reply-to",
    "To": "to",
    "CC": "cc",
    "BCC": "bcc",
}
_ADDRESS, _NAME = "OPFContactEmailAddressAddress", "OPFContactEmailAddressName"
_SKIPPED = frozenset([f"{_PREFIX}{name}" for name in ("Body", "HTMLBody", "Source")])
_ATTACHMENT = "messageAttachment"
_EMAIL = re.compile(rb"<email(?=[\s>])")
_EMAIL_END = re.compile(rb"</email\s{0,9}>")


class _Opened(NamedTuple):
    """The XML of one message."""

    data: bytes
    email: Element
    notices: tuple[Notice, ...] = ()


def _open(source: ByteSource, context: ParseContext) -> _Opened | Notice:
    limits = context.limits
    if source.size > limits.xml_bytes:
        text = f"a message of {source.size} bytes, more than xml_bytes={limits.xml_bytes}; not read"
        return Notice(code="olm.limit", text=text, unread=source.size)
    data = source.read(0, source.size)
    root = read_xml(data, "the message", limits.xml_bytes)
    if isinstance(root, Notice):
        return _salvaged(data, root)
    email = root if root.local == "email" else next((one for one in root.children if one.local == "email"), None)
    if email is None:
        raise Malformed("no element of a message", 0)
    return _Opened(data, email)


def _salvaged(data: bytes, why: Notice) -> _Opened | Notice:
    """Return what is left of a message that is no XML; why it is not read, where nothing is."""
    email = salvaged(data) if why.code == "xml.malformed" else None
    if email is None or not email.children:
        return Notice(code=why.code, text=why.text, unread=len(data))
    odd = odd_characters(data)
    reason = f"it has {odd} characters that XML does not allow" if odd else "it is cut off or damaged"
    kept = sum([len(one.value.text.encode("utf-8", "replace")) for one in email.walk()])
    text = f"a message that is no XML ({why.text}): {reason}; elements are read one by one"
    return _Opened(
        data, email, (Notice(code="olm.damaged", text=text, unread=max(1, len(data) - kept) if not odd else 0),)
    )


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield what was odd, and the message; of a file with several an item for each.

    Raises:
        Malformed: no message stands in it.
    """
    spans = _several(source, context)
    if len(spans) > 1:
        yield from _children(source, spans)
        return
    opened = _open(source, context)
    if isinstance(opened, Notice):
        yield opened
        return
    yield from opened.notices
    for found in read_stored(_stored(opened, source.size), context):
        yield _completed(found, opened) if isinstance(found, Message) else found


def fields(source: ByteSource, context: ParseContext) -> tuple[HeaderField, ...]:
    """Return the header fields that a message was delivered with."""
    opened = _open(source, context)
    return () if isinstance(opened, Notice) else stored_headers(_stored(opened, source.size), context)


def bodies(source: ByteSource, context: ParseContext) -> PlacedBodies:
    """Return the texts of the message with their places; none where it cannot be read."""
    opened = _open(source, context)
    if isinstance(opened, Notice):
        return stored_bodies(StoredMessage(size=source.size, properties=Properties([])), context)
    return stored_bodies(_stored(opened, source.size), context)


def _several(source: ByteSource, context: ParseContext) -> list[tuple[int, int]]:
    """Return the ranges of the messages of a file: no text of one holds a bare tag."""
    if source.size > context.limits.memory_bytes:
        return []
    data = source.read(0, source.size)
    starts = [found.start() for found in _EMAIL.finditer(data)]
    ends = [found.end() for found in _EMAIL_END.finditer(data)]
    if len(starts) < 2 or len(starts) != len(ends):
        return []
    spans = list(zip(starts, ends, strict=True))
    ordered = all(start < end for start, end in spans)
    return spans if ordered and all(one[1] <= two[0] for one, two in pairwise(spans)) else []


def _children(source: ByteSource, spans: list[tuple[int, int]]) -> Iterator[ChildItem]:
    for number, (start, end) in enumerate(spans):
        content = source.read(start, end)
        step = Step(
            kind=StepKind.STREAM,
            name=f"email[{number}]",
            index=number,
            start=start,
            end=end,
            sha256=sha256(content).hexdigest(),
        )
        yield ChildItem(step=step, content=content, format=FORMAT.id)


def _stored(opened: _Opened, size: int) -> StoredMessage:
    """Return the elements that are texts as the properties that they are."""
    found: list[Property] = []
    body, page = (_text(opened.email, name) for name in ("Body", "HTMLBody"))
    for element in opened.email.children:
        number = _PROPERTIES.get(element.local.removeprefix(_PREFIX)) if element.local.startswith(_PREFIX) else None
        # Of a message with a page both elements hold it: a text is made of it when it is shown.
        if number is None or not element.value.text or (number == _TEXT and body == page):
            continue
        text = text_of(opened.data, element.value, f"xml:{element.local}")
        span = element.value.span
        # Read as UTF-8 a text may have more bytes than the item.
        stored = span[1] - span[0] if span is not None else min(len(text.data), size)
        found.append(Property(id=number, type=STRING8, data=text.data, locator=text.locator, stored=stored))
    return StoredMessage(size=size, properties=Properties(found, codepage=65001))


def _text(email: Element, name: str) -> str:
    return next((one.value.text for one in email.children if one.local == _PREFIX + name), "")


def _completed(message: Message, opened: _Opened) -> Message:
    """Add what the elements say that are no texts: who, when, and what the program notes of the message."""
    data, email = opened.data, opened.email
    delivered = message.tree is not None
    said: list[Fact] = []
    times: list[Timestamp] = []
    for tag, value, one in facts(data, email, _SKIPPED):
        said.append(one)
        if tag == _INDEX:
            times += _of_index(one, delivered=delivered)
        elif (stamp := time_of(one, value.text, _TIMES.get(tag, _OTHER_TIME))) is not None:
            times.append(_numbered(stamp, times))
    sent = next((one for one in times if one.kind is TimeKind.SUBMITTED), None)
    parties = message.parties
    if not any(one.field == "from" for one in parties):
        parties = (*parties, *_parties(data, email))
    date = message.date
    if date is Absence.NOT_PRESENT and sent is not None:
        date = sent if isinstance(sent.instant, int) else sent.instant
    return msgspec.structs.replace(
        message,
        date=date,
        parties=parties,
        timestamps=(*message.timestamps, *times),
        parts=(*message.parts, *_attachments(data, email)),
        stored=tuple(said),
    )


def _numbered(stamp: Timestamp, before: list[Timestamp]) -> Timestamp:
    return msgspec.structs.replace(stamp, index=sum([one.kind is stamp.kind for one in before]))


def _of_index(found: Fact, *, delivered: bool) -> Iterator[Timestamp]:
    """Yield the times of a Thread-Index; beside a header, which has one of its own, it is what the store keeps."""
    index = thread_index(found.raw.strip())
    if index is None:
        return
    kinds = TimeKind.THREAD_BEGUN, TimeKind.THREAD_REPLY
    if delivered:
        kinds = TimeKind.CONVERSATION_BEGUN, TimeKind.CONVERSATION_REPLY
    ends = [(kinds[0], "thread", index.times[0])]
    if len(index.times) > 1:
        ends.append((kinds[1], "reply", index.times[-1]))
    for kind, name, at in ends:
        yield Timestamp(
            instant=at,
            wall=at,
            offset_s=0,
            precision=Precision.TICK,
            description=Description.IDENTIFIED,
            clock=_STORE if delivered else _SENDER,
            owner="",
            raw=found.raw,
            locator=Locator(ranges=found.locator.ranges, path=f"{found.locator.path}/{name}"),
            kind=kind,
            scheme="Exchange" if index.modern else "Outlook",
        )


def _parties(data: bytes, email: Element) -> Iterator[Party]:
    """Yield the mailboxes of a message that keeps no header."""
    counts: dict[str, int] = {}
    authors: set[str] = set()
    for name, field in _ADDRESSES.items():
        for element in email.children:
            if element.local not in (f"{_PREFIX}{name}Addresses", f"{_PREFIX}{name}Address"):
                continue
            for place, one in enumerate(element.children):
                index = counts.get(field, 0)
                party = _party(data, one, field, index, f"xml:{element.local}[{place}]")
                if field == "from":
                    authors.add(party.address.lower())
                elif field == "sender" and party.address.lower() in authors:
                    continue
                counts[field] = index + 1
                yield party


def _party(data: bytes, element: Element, field: str, index: int, path: str) -> Party:
    empty = Value("", None)
    said, name = element.attributes.get(_ADDRESS, empty), element.attributes.get(_NAME, empty)
    address = said.text.strip()
    is_mail = "@" in address and not address.startswith("/")
    found = fact(data, _ADDRESS, said, f"{path}/{_ADDRESS}")
    return Party(
        field=field,
        index=index,
        name=name.text,
        address=address,
        domain=address.rpartition("@")[2].lower() if is_mail else "",
        valid=is_mail and is_valid(address),
        written=Located(address, found.raw, found.locator) if field in ("from", "sender", "reply-to") else None,
    )


def _attachments(data: bytes, email: Element) -> Iterator[BodyPart]:
    """Yield the files that the message names: they are members of the archive, items beside it."""
    place = 0
    for element in email.walk():
        if element.local != _ATTACHMENT:
            continue
        said = {tag: value.text for tag, value in element.attributes.items()}
        url = element.attributes.get("OPFAttachmentURL")
        path = f"xml:{_ATTACHMENT}[{place}]"
        yield BodyPart(
            number=f"attachment {place}",
            media_type=said.get("OPFAttachmentContentType", "").strip().lower() or "application/octet-stream",
            disposition="attachment",
            filename=said.get("OPFAttachmentName", "")[:VALUE_BYTES],
            content_id=said.get("OPFAttachmentContentID", "").strip("<>"),
            locator=Locator(ranges=(url.span,), path=path) if url is not None and url.span else Locator(path=path),
        )
        place += 1
