"""What a message shows of what rules may need."""

import re
from collections.abc import Iterable
from enum import IntFlag
from types import MappingProxyType

from forensics.model.authentication import HeaderOutcome
from forensics.model.comparing import COMPARED
from forensics.model.facts import Timestamp
from forensics.model.mail import POSTFIX_SHORT, Message
from forensics.model.numbers import NumberKind
from forensics.model.signed_parts import PartOutcome
from forensics.model.time_kinds import TimeKind


class MessageHas(IntFlag):
    """Presence bits of a message; their numbers stand in cases and never change."""

    NOTHING = 0
    DATE = 1 << 0
    """A Date field that parses to an instant or a wall time."""
    DATE_INSTANT = 1 << 1
    DATE_OFFSET = 1 << 2
    WEEKDAY = 1 << 3
    """Date names a weekday."""
    ZONE_COMMENT = 1 << 4
    """Date or a trace field has a comment after its offset."""
    TRACE_TIME_1 = 1 << 5
    """At least one trace field with an instant."""
    TRACE_TIME_2 = 1 << 6
    INNER_TRACE = 1 << 7
    """X-Received, Google's inner trace field, with a date."""
    BUILD = 1 << 8
    """A trace field names the build of its server's program: Exchange or Exim."""
    POSTFIX_ID = 1 << 9
    """A trace field of Postfix with a short queue id."""
    MAILBOX_TIME = 1 << 10
    """A mailbox's separator line, with its date, stands before the header."""
    ORIGINAL_ARRIVAL = 1 << 11
    """X-OriginalArrivalTime with its FILETIME."""
    FILE_DATE = 1 << 12
    """A part whose Content-Disposition gives dates of the sender's file."""
    ID_TIME = 1 << 13
    """The Message-ID carries the time."""
    HOP_ID_TIME = 1 << 14
    """The queue id of a trace field carries the time."""
    NETWORK_ID_TIME = 1 << 15
    """One of Exchange's message ids carries the time."""
    THREAD_TIME = 1 << 16
    """A Thread-Index that decodes."""
    BOUNDARY_TIME = 1 << 17
    """A MIME boundary carries the time."""
    CONTENT_ID_TIME = 1 << 18
    """The Content-ID of a part, or the id of an attachment, carries the time."""
    SIGNED_TIME = 1 << 19
    """A DKIM signature names the time of signing."""
    SEAL_TIME = 1 << 20
    """An ARC seal names the time of sealing."""
    MESSAGE_ID = 1 << 21
    COUNTED_ID = 1 << 22
    """A Message-ID of Exchange 2000 to 2013, which counts."""
    REFERENCES = 1 << 23
    THREAD_TOPIC = 1 << 24
    FROM = 1 << 25
    CLIENT = 1 << 26
    """The mail names its program."""
    LIST = 1 << 27
    """Came through a mailing list."""
    SIGNATURE = 1 << 28
    RESULTS = 1 << 29
    """Authentication-Results."""
    RECORDED_FROM = 1 << 30
    """A server recorded the domain of From beside its test."""
    MULTIPART = 1 << 31
    EXCHANGE_BOUNDARY = 1 << 32
    """The message's boundary is one of Exchange 2007 or later."""
    ATTACHMENT = 1 << 33
    STATED_SIZE = 1 << 34
    """A part whose header gives its size."""
    STATED_LENGTH = 1 << 35
    """Lines or Content-Length."""
    NON_ASCII = 1 << 36
    TWINS = 1 << 37
    """A multipart/alternative with a text and an HTML part of some words."""
    HTML = 1 << 38
    """A text/html part, or a plain text with a link that leads elsewhere."""
    TEXT_BIRTH = 1 << 39
    """A text with a character, a link or a program's word whose birth is known."""
    HEADER = 1 << 40
    """Header fields as bytes, and the MIME tree; messages of stores that keep properties have none."""
    OPENED = 1 << 41
    """A key at hand opens a signature. Reading never sets it: the view ``message_masks`` does, over the verdicts."""
    SIGNED_LENGTH = 1 << 42
    """A DKIM signature that covers only the beginning of the body, by ``l=``."""
    TRIED = 1 << 43
    """A key at hand was tried on a signature, whether it opens it or not; set as `OPENED` is."""
    SIGNED_PART = 1 << 44
    """A part is signed with S/MIME or OpenPGP, and its digest was tested."""
    QUOTED_TIME = 1 << 45
    """A text says when a mail that it quotes was sent."""
    QUOTED_HEADER = 1 << 46
    """A text has the header block of a mail that it quotes."""
    LIST_NUMBER = 1 << 47
    """A list server gave it a number of its own count."""
    ORIGINAL = 1 << 48
    """It was compared with an original of a reference source; set as `OPENED` is, over the counterparts."""
    SEAL_OPENED = 1 << 49
    """A key at hand opens an ARC seal; set as `OPENED` is."""
    RECORDED_SIGNATURE = 1 << 50
    """A server recorded which signature it tested: its selector, or how it begins."""
    SIGNER_TRIED = 1 << 51
    """A key at hand that did not come with the mail was tried on a signed part; set as `OPENED` is."""
    STORED_TIMES = 1 << 52
    """A store says when it took, made or last changed its copy."""
    MODIFIER = 1 << 53
    """A store names who changed its copy last."""
    STORED = 1 << 54
    """A store keeps it as properties, its header and its texts apart: the mail as it was sent is not at hand."""
    SPEAKS_OF_FILE = 1 << 55
    """Its writer says in a text that a file comes with it."""
    UID = 1 << 56
    """A mailbox gave it a number of its own count."""
    TICKET = 1 << 57
    """A tracker names the number of what it is about."""
    STATES_FILE = 1 << 58
    """Its writer says how many pages, slides or bytes that file has."""


_OPENS = {
    HeaderOutcome.HOLDS: (MessageHas.OPENED | MessageHas.TRIED).value,
    HeaderOutcome.ALTERED: (MessageHas.OPENED | MessageHas.TRIED).value,
    HeaderOutcome.OTHER_KEY: MessageHas.TRIED.value,
}
PART = "part"
"""Stands for the kind of a signature where it is one of an author, of a part."""
ADDED_BY_KEYS = MappingProxyType(
    {
        **{(kind, str(outcome)): bits for kind in ("dkim", "ams") for outcome, bits in _OPENS.items()},
        ("as", str(HeaderOutcome.HOLDS)): MessageHas.SEAL_OPENED.value,
        ("as", str(HeaderOutcome.ALTERED)): MessageHas.SEAL_OPENED.value,
        (PART, str(PartOutcome.HOLDS)): MessageHas.SIGNER_TRIED.value,
        (PART, str(PartOutcome.OTHER_KEY)): MessageHas.SIGNER_TRIED.value,
    }
)
"""Kind of a signature and the verdict on it, and what they add to its mail's mask: it stands in no row, for keys come
later. What a platform signed adds nothing: no rule asks for it."""

KEPT_BY_STORE = MessageHas.STORED.value
"""What is set in the mask of a message that a store keeps as properties."""
ADDED_BY_ORIGINAL = MessageHas.ORIGINAL.value
"""What such an outcome adds to its mail's mask."""

# Plain integers: operations of IntFlag cost 1 us each.
_DATE, _DATE_INSTANT, _DATE_OFFSET = MessageHas.DATE.value, MessageHas.DATE_INSTANT.value, MessageHas.DATE_OFFSET.value
_WEEKDAY, _ZONE_COMMENT = MessageHas.WEEKDAY.value, MessageHas.ZONE_COMMENT.value
_TRACE_1, _TRACE_2 = MessageHas.TRACE_TIME_1.value, MessageHas.TRACE_TIME_2.value
_BUILD, _POSTFIX_ID = MessageHas.BUILD.value, MessageHas.POSTFIX_ID.value
_MESSAGE_ID, _COUNTED_ID = MessageHas.MESSAGE_ID.value, MessageHas.COUNTED_ID.value
_REFERENCES, _THREAD_TOPIC = MessageHas.REFERENCES.value, MessageHas.THREAD_TOPIC.value
_FROM, _CLIENT, _LIST = MessageHas.FROM.value, MessageHas.CLIENT.value, MessageHas.LIST.value
_SIGNED_LENGTH = MessageHas.SIGNED_LENGTH.value
_SIGNATURE, _RESULTS, _RECORDED = MessageHas.SIGNATURE.value, MessageHas.RESULTS.value, MessageHas.RECORDED_FROM.value
_RECORDED_SIGNATURE = MessageHas.RECORDED_SIGNATURE.value
_MULTIPART, _EXCHANGE = MessageHas.MULTIPART.value, MessageHas.EXCHANGE_BOUNDARY.value
_ATTACHMENT, _STATED_SIZE = MessageHas.ATTACHMENT.value, MessageHas.STATED_SIZE.value
_STATED_LENGTH, _NON_ASCII = MessageHas.STATED_LENGTH.value, MessageHas.NON_ASCII.value
_TWINS, _HTML, _TEXT_BIRTH = MessageHas.TWINS.value, MessageHas.HTML.value, MessageHas.TEXT_BIRTH.value
_HEADER, _SIGNED_PART = MessageHas.HEADER.value, MessageHas.SIGNED_PART.value
_QUOTED_TIME, _QUOTED_HEADER = MessageHas.QUOTED_TIME.value, MessageHas.QUOTED_HEADER.value
_LIST_NUMBER, _MODIFIER = MessageHas.LIST_NUMBER.value, MessageHas.MODIFIER.value
_GIVEN = {NumberKind.UID: MessageHas.UID.value, NumberKind.TICKET: MessageHas.TICKET.value}
_SPEAKS, _STATES = MessageHas.SPEAKS_OF_FILE.value, MessageHas.STATES_FILE.value

_TIMES = {
    TimeKind.HOP_ID: MessageHas.HOP_ID_TIME.value,
    TimeKind.NETWORK_ID: MessageHas.NETWORK_ID_TIME.value,
    TimeKind.TENANT_NETWORK_ID: MessageHas.NETWORK_ID_TIME.value,
    TimeKind.CORRELATION_ID: MessageHas.NETWORK_ID_TIME.value,
    TimeKind.THREAD_BEGUN: MessageHas.THREAD_TIME.value,
    TimeKind.THREAD_REPLY: MessageHas.THREAD_TIME.value,
    TimeKind.BOUNDARY: MessageHas.BOUNDARY_TIME.value,
    TimeKind.CONTENT_ID: MessageHas.CONTENT_ID_TIME.value,
    TimeKind.ATTACHMENT_ID: MessageHas.CONTENT_ID_TIME.value,
    TimeKind.SIGNED: MessageHas.SIGNED_TIME.value,
    TimeKind.SEALED: MessageHas.SEAL_TIME.value,
    TimeKind.INNER_HOP: MessageHas.INNER_TRACE.value,
    TimeKind.ARRIVAL_FILETIME: MessageHas.ORIGINAL_ARRIVAL.value,
    TimeKind.TENANT_ARRIVAL_FILETIME: MessageHas.ORIGINAL_ARRIVAL.value,
    TimeKind.FROM_LINE: MessageHas.MAILBOX_TIME.value,
    TimeKind.FROM_LINE_NUMBER: MessageHas.MAILBOX_TIME.value,
    TimeKind.FILE_CREATED: MessageHas.FILE_DATE.value,
    TimeKind.FILE_MODIFIED: MessageHas.FILE_DATE.value,
    TimeKind.FILE_READ: MessageHas.FILE_DATE.value,
    TimeKind.STORED: MessageHas.STORED_TIMES.value,
    TimeKind.MAPI_CREATED: MessageHas.STORED_TIMES.value,
    TimeKind.MAPI_MODIFIED: MessageHas.STORED_TIMES.value,
}
"""What a time shows by what holds it; of the Message-ID fields the topmost alone shows one."""
_ID_TIME = MessageHas.ID_TIME.value

LEAST_TWIN_WORDS = 10
"""Common words without which two parts are no twins: a notice and a newsletter."""
_MODIFIED_BY = "mapi.last_modifier_name"
_COUNTED = re.compile(r"[0-9A-F]{36,40}@")
_CHARACTERS = frozenset(("zero_width", "bidi", "mixed_scripts"))
"""Kinds of marks that are characters beyond ASCII, however they are written."""
_BIRTHS = frozenset(("born_character", "born_link", "born_word"))


def presence(message: Message) -> int:
    """Return the `MessageHas` bits of a message."""
    mask = _of_date(message) | _of_trace(message) | _of_texts(message)
    for time in message.timestamps:
        mask |= _TIMES.get(time.kind, 0)
        if time.kind is TimeKind.MESSAGE_ID and time.index == 0:
            mask |= _ID_TIME
    if identifier := message.message_id.value:
        mask |= _MESSAGE_ID | _COUNTED_ID if _COUNTED.match(identifier) else _MESSAGE_ID
    if message.references or message.in_reply_to:
        mask |= _REFERENCES
    if message.topic.raw:
        mask |= _THREAD_TOPIC
    for party in message.parties:
        if party.field == "from" and party.address:
            mask |= _FROM
            break
    if message.client.value:
        mask |= _CLIENT
    if message.from_list:
        mask |= _LIST
    if message.numbered_by:
        mask |= _LIST_NUMBER
    for number in message.given:
        mask |= _GIVEN[number.kind]
    if message.signatures and any(signature.kind != "google" for signature in message.signatures):
        mask |= _SIGNATURE
        for signature in message.signatures:
            if signature.body_length is not None and signature.kind == "dkim":
                mask |= _SIGNED_LENGTH
    for quoted in message.quoted:
        if isinstance(quoted.date, Timestamp):
            mask |= _QUOTED_TIME
        if quoted.is_block:
            mask |= _QUOTED_HEADER
    for part in message.signed_parts:
        if part.verdict.outcome.is_tested:
            mask |= _SIGNED_PART
    for result in message.results:
        if result.instance is None and result.field != "received-spf":
            mask |= _RESULTS
        if "header.from" in result.properties:
            mask |= _RECORDED
        if "header.b" in result.properties or "header.s" in result.properties:
            mask |= _RECORDED_SIGNATURE
    if "boundary=Exchange" in message.form:
        mask |= _EXCHANGE
    if message.items:
        mask |= _ATTACHMENT
    if message.mentions:
        mask |= _SPEAKS
        if any(mention.stated for mention in message.mentions):
            mask |= _STATES
    if message.counts:
        mask |= _STATED_LENGTH
    if message.is_stored:
        mask |= KEPT_BY_STORE
        if any(fact.name == _MODIFIED_BY for fact in message.stored):
            mask |= _MODIFIER
    return mask


def _of_date(message: Message) -> int:
    date, mask = message.date, 0
    if isinstance(date, Timestamp):
        if isinstance(date.wall, int):
            mask = _DATE
            if isinstance(date.instant, int):
                mask |= _DATE_INSTANT
            if isinstance(date.offset_s, int):
                mask |= _DATE_OFFSET
            if message.weekday is not None:
                mask |= _WEEKDAY
        if date.kind is TimeKind.DATE and b"(" in date.raw:
            mask |= _ZONE_COMMENT
    return mask


def _of_trace(message: Message) -> int:
    mask = timed = 0
    for hop in message.trace:
        time = hop.time
        if isinstance(time, Timestamp):
            if isinstance(time.instant, int):
                timed += 1
            if b"(" in time.raw:
                mask |= _ZONE_COMMENT
        if hop.id.value.count(".") == 3 or "(Exim " in hop.with_:
            mask |= _BUILD
        if not mask & _POSTFIX_ID and POSTFIX_SHORT.fullmatch(hop.id.value) and b"(Postfix" in hop.raw:
            mask |= _POSTFIX_ID
    if timed:
        mask |= _TRACE_1 if timed == 1 else _TRACE_1 | _TRACE_2
    return mask


def _of_texts(message: Message) -> int:
    """Return what bodies and attachments show; a text that was read in part shows nothing by being silent."""
    mask, tree = 0, message.tree
    if tree is not None:
        mask = _HEADER | _MULTIPART if tree.root.parts else _HEADER
    page = False
    for part in message.parts:
        if part.stated_size is not None:
            mask |= _STATED_SIZE
        if part.media_type == "text/html" and part.disposition != "attachment":
            page = True
    kinds = {mark.kind for mark in message.marks}
    marks = kinds - _BIRTHS
    if len(marks) < len(kinds):
        mask |= _TEXT_BIRTH
    if message.searched or marks:
        if page or "host_as_user" in marks:
            mask |= _HTML
        if message.non_ascii or not _CHARACTERS.isdisjoint(marks):
            mask |= _NON_ASCII
    for pair in message.twins:
        if pair.equal >= LEAST_TWIN_WORDS and (pair.whole or pair.differs):
            mask |= _TWINS
            break
    return mask


def with_original(mask: int, outcomes: Iterable[str]) -> int:
    """Return a message's mask with what its comparison with an original adds."""
    return mask | (0 if COMPARED.isdisjoint(outcomes) else ADDED_BY_ORIGINAL)


def with_keys(mask: int, verdicts: Iterable[tuple[str, str]]) -> int:
    """Return a message's mask with what the verdicts on its signatures add: the kind of each, its `HeaderOutcome`."""
    for verdict in verdicts:
        mask |= ADDED_BY_KEYS.get(verdict, 0)
    return mask
