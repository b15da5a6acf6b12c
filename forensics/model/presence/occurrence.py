"""What a place of a content shows of what rules may need."""

from enum import IntFlag

from forensics.model.facts import ClockKind
from forensics.model.items import Occurrence
from forensics.model.presence.message import MessageHas


class OccurrenceHas(IntFlag):
    """Presence bits of an occurrence; their numbers stand in cases and never change."""

    NOTHING = 0
    NAME = 1 << 0
    DECLARED_TYPE = 1 << 1
    FOUND_TYPE = 1 << 2
    """The content was looked at: its type is known, or `UNKNOWN_TYPE`."""
    EXTENSION_TYPE = 1 << 3
    UNKNOWN_TYPE = 1 << 4
    """Content that was looked at, and whose form nothing recognizes."""
    IN_MESSAGE = 1 << 5
    CONTAINER_TIME = 1 << 6
    TRACE_TIME_1 = 1 << 7
    """A mail with at least one trace field with an instant."""
    MAILBOX_TIME = 1 << 8
    """A mailbox says when it took the mail in: the one it lies in, or a separator line before the mail's header."""
    UID = 1 << 9
    """A mail that its mailbox numbered: in a header field, or by the name of its file."""
    NAMED_SIZE = 1 << 10
    """The name of its file gives its size, and its bytes were counted."""


# Plain integers: operations of IntFlag cost 1 us each.
_NAME, _DECLARED_TYPE = OccurrenceHas.NAME.value, OccurrenceHas.DECLARED_TYPE.value
_EXTENSION_TYPE, _FOUND_TYPE = OccurrenceHas.EXTENSION_TYPE.value, OccurrenceHas.FOUND_TYPE.value
_UNKNOWN, _IN_MESSAGE = (OccurrenceHas.FOUND_TYPE | OccurrenceHas.UNKNOWN_TYPE).value, OccurrenceHas.IN_MESSAGE.value
_CONTAINER_TIME, _MAILBOX_TIME = OccurrenceHas.CONTAINER_TIME.value, OccurrenceHas.MAILBOX_TIME.value
_UID, _NAMED_SIZE, _OWN_UID = OccurrenceHas.UID.value, OccurrenceHas.NAMED_SIZE.value, MessageHas.UID.value
_UIDS = ("maildir.uid", "mailbox.number")
_TRACE_TIME = OccurrenceHas.TRACE_TIME_1.value
_OWN_TRACE, _OWN_MAILBOX = MessageHas.TRACE_TIME_1.value, MessageHas.MAILBOX_TIME.value


def presence(item: Occurrence) -> int:
    """Return the `OccurrenceHas` bits of a place of a content."""
    mask = _NAME if item.name else 0
    if item.declared_type:
        mask |= _DECLARED_TYPE
    if item.extension_type:
        mask |= _EXTENSION_TYPE
    if item.unrecognized:
        mask |= _UNKNOWN
    elif item.media_type:
        mask |= _FOUND_TYPE
    if item.in_message:
        mask |= _IN_MESSAGE
    if item.times:
        mask |= _CONTAINER_TIME
    if item.mail & _OWN_MAILBOX or any(time.clock is ClockKind.MAILBOX for time in item.times):
        mask |= _MAILBOX_TIME
    if item.mail & _OWN_UID or any(fact.name in _UIDS for fact in item.named):
        mask |= _UID
    if item.lengths is not None:
        mask |= _NAMED_SIZE
    if item.mail & _OWN_TRACE:
        mask |= _TRACE_TIME
    return mask
