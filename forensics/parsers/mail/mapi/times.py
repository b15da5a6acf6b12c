"""Every time that the properties of a message, its recipients and its attachments hold.

Of mail that came by SMTP the time of submission is what its Date says, of mail that was sent here the clock of the
program that sent it: both are the sender's. Times of delivery, creation and last change are of the store that holds
this copy: import, copying and a move give it new ones. Outlook rounds some of them; they are kept as written.

Source: [MS-OXOMSG] 2.2.3, [MS-OXCMSG] 2.2.2, [MS-OXCMAIL] 2.2.3, [MS-OXPROPS].
"""

import base64
from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.facts import Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.mapi.properties import Properties, Property
from forensics.parsers.mail.mapi.values import MULTIPLE, TIME, data_of, instant
from forensics.parsers.mail.tokens.thread_index import thread_index

_CREATED, _MODIFIED = 0x3007, 0x3008
_CONVERSATION_INDEX = 0x0071
MOST = 256
"""Times of one value, and named ones of one object."""


class _What(NamedTuple):
    kind: TimeKind
    description: Description
    clock: ClockKind


_SENDER, _SERVER, _STORE = ClockKind.SENDER, ClockKind.SERVER, ClockKind.MAILBOX
_OF_MESSAGE = {
    0x000F: _What(TimeKind.MAPI_DEFERRED, Description.PLANNED, _SENDER),
    0x0015: _What(TimeKind.MAPI_EXPIRY, Description.EXPIRATION, _SENDER),
    0x002A: _What(TimeKind.MAPI_RECEIPT, Description.RECORDED, _SERVER),
    0x0030: _What(TimeKind.MAPI_REPLY_BY, Description.EXPIRATION, _SENDER),
    0x0032: _What(TimeKind.MAPI_REPORT, Description.RECORDED, _SERVER),
    0x0039: _What(TimeKind.SUBMITTED, Description.SENT, _SENDER),
    0x0048: _What(TimeKind.PROVIDER_SUBMITTED, Description.RECORDED, _SERVER),
    0x004E: _What(TimeKind.ORIGINAL_SUBMITTED, Description.RECORDED, _SENDER),
    0x0055: _What(TimeKind.ORIGINAL_STORED, Description.RECORDED, _STORE),
    0x0060: _What(TimeKind.MAPI_START, Description.PLANNED, _SENDER),
    0x0061: _What(TimeKind.MAPI_END, Description.PLANNED, _SENDER),
    0x0E06: _What(TimeKind.STORED, Description.DELIVERED, _STORE),
    0x1082: _What(TimeKind.LAST_VERB, Description.RECORDED, _STORE),
    0x1091: _What(TimeKind.FLAG_COMPLETED, Description.RECORDED, _STORE),
    _CREATED: _What(TimeKind.MAPI_CREATED, Description.CREATION, _STORE),
    _MODIFIED: _What(TimeKind.MAPI_MODIFIED, Description.MODIFICATION, _STORE),
    0x3FEF: _What(TimeKind.MAPI_DEFERRED, Description.PLANNED, _SENDER),
}
_OF_ATTACHMENT = {
    _CREATED: _What(TimeKind.MAPI_ATTACHMENT_CREATED, Description.CREATION, _STORE),
    _MODIFIED: _What(TimeKind.MAPI_ATTACHMENT_MODIFIED, Description.MODIFICATION, _STORE),
}
_NAMED = _What(TimeKind.MAPI_NAMED, Description.RECORDED, _STORE)
_OTHER = _What(TimeKind.MAPI_OTHER, Description.RECORDED, _STORE)


class _Counted:
    """Counts the times of each kind."""

    def __init__(self) -> None:
        self._seen: dict[TimeKind, int] = {}

    def __call__(self, kind: TimeKind) -> int:
        place = self._seen.get(kind, 0)
        self._seen[kind] = place + 1
        return place


def message_times(properties: Properties, recipients: tuple[Properties, ...], *, delivered: bool) -> list[Timestamp]:
    """Return the times of a message and its recipients.

    Args:
        properties: of the message.
        recipients: likewise.
        delivered: whether the header that it was delivered with is kept: then its Thread-Index is what the sender's
            program wrote, and the store's index is another fact.
    """
    counted = _Counted()
    found = list(_times(properties, _OF_MESSAGE, counted))
    index = properties.get(_CONVERSATION_INDEX)
    if index is not None:
        found += _of_conversation(index, delivered=delivered)
    for recipient in recipients:
        found += _times(recipient, {}, counted)
    return found


def attachment_times(properties: Properties, place: int) -> tuple[Timestamp, ...]:
    """Return the times of an attachment; *place*: which of the message's it is."""
    counted = _Counted()
    return tuple(_times(properties, _OF_ATTACHMENT, counted, place))


def _times(
    properties: Properties, kinds: dict[int, _What], counted: _Counted, index: int | None = None
) -> Iterator[Timestamp]:
    for one in properties:
        if one.type & ~MULTIPLE != TIME:
            continue
        what = _NAMED if one.name else kinds.get(one.id, _OTHER)
        raw = data_of(one, 8 * MOST)
        for nth, start in enumerate(range(0, len(raw), 8)) if one.type & MULTIPLE else ((0, 0),):
            place = counted(what.kind) if index is None else index
            yield _stamp(raw[start : start + 8], what, _locator(one, start, nth), place)


def _locator(one: Property, start: int, nth: int) -> Locator:
    ranges, path = one.locator.ranges, one.locator.path
    path += f"/{one.name}" if one.name else ""
    if not one.type & MULTIPLE:
        return Locator(ranges=ranges, path=path, steps=one.locator.steps)
    first = ranges[0][0] + start if len(ranges) == 1 else 0
    spans = ((first, first + 8),) if len(ranges) == 1 else ()
    return Locator(ranges=spans, path=f"{path}/{nth}", steps=one.locator.steps)


def _stamp(raw: bytes, what: _What, locator: Locator, index: int) -> Timestamp:
    at = instant(raw)
    return Timestamp(
        instant=at,
        wall=at,
        offset_s=Absence.NOT_APPLICABLE,
        precision=Precision.TICK,
        description=what.description,
        clock=what.clock,
        owner="",
        raw=raw,
        locator=locator,
        kind=what.kind,
        index=index,
    )


def _of_conversation(found: Property, *, delivered: bool) -> Iterator[Timestamp]:
    """Yield when the conversation began, and the block that was added last, as of Thread-Index."""
    raw = data_of(found, 4096)
    index = thread_index(base64.b64encode(raw))
    if index is None:
        return
    kinds = (
        (TimeKind.CONVERSATION_BEGUN, TimeKind.CONVERSATION_REPLY)
        if delivered
        else (TimeKind.THREAD_BEGUN, TimeKind.THREAD_REPLY)
    )
    blocks = [(kinds[0], "thread", index.times[0])]
    if len(index.times) > 1:
        blocks.append((kinds[1], "reply", index.times[-1]))
    for kind, what, at in blocks:
        path = f"{found.locator.path}/{what}"
        yield Timestamp(
            instant=at,
            wall=at,
            offset_s=0,
            precision=Precision.TICK,
            description=Description.IDENTIFIED,
            clock=_STORE if delivered else _SENDER,
            owner="",
            raw=raw,
            locator=Locator(ranges=found.locator.ranges, path=path, steps=found.locator.steps),
            kind=kind,
            scheme="Exchange" if index.modern else "Outlook",
        )
