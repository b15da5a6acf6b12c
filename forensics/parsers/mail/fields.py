"""What a message's header fields say: dates, parties, trace, signatures, identifiers."""

import re
from collections.abc import Callable
from functools import lru_cache

from forensics.model.authentication import Signature
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Located, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, MimePart, Party, field_path
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail import signatures
from forensics.parsers.mail.addr_spec import is_valid
from forensics.parsers.mail.addresses import ODD, Mailbox, parse_addresses
from forensics.parsers.mail.canonical import Canonical
from forensics.parsers.mail.counts import COUNTING, read_count
from forensics.parsers.mail.dates import parse_asctime
from forensics.parsers.mail.field_times import DATES, date_reader, read_received, read_x_received
from forensics.parsers.mail.id_times import (
    GMAIL_NUMBERS,
    NETWORK_IDS,
    read_gmail_number,
    read_mailbox_number,
    read_message_id,
    read_network_id,
    read_original_arrival,
    read_thread_index,
)
from forensics.parsers.mail.mailbox_times import ON_TOP, from_line
from forensics.parsers.mail.numbering import (
    ENVELOPES,
    NUMBERS,
    TRACKERS,
    read_archived,
    read_envelope_number,
    read_given,
    read_list_number,
    read_uid,
)
from forensics.parsers.mail.reading import Reading, attempt, fault
from forensics.parsers.mail.repeated import SINGLE, repeated_notices
from forensics.parsers.mail.results import read_results, read_spf
from forensics.parsers.mail.rewriting import REWRITING, read_conversion, read_rewriting
from forensics.parsers.mail.tag_lists import read_tags
from forensics.parsers.mail.words import decode_text

_IDS = re.compile(rb"<([^<>]*)>")
_LIST_ID = re.compile(rb"<([^<>]*)>\s*\Z")
_FROM_LINE = re.compile(rb">?From \s*\S+\s+(.*?)\s*\Z", re.DOTALL)
_SECONDS = re.compile(rb"[ \t\r\n]*(\d{1,12})[ \t\r\n]*")

_PARTIES = (
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "resent-from",
    "resent-sender",
    "resent-reply-to",
    "resent-to",
    "resent-cc",
    "resent-bcc",
    "return-path",
    "delivered-to",
    "mail-followup-to",
    "disposition-notification-to",
)
"""Fields that hold mailboxes."""
_QUOTED = {"from": "From", "sender": "Sender", "reply-to": "Reply-To", "return-path": "Return-Path"}
"""Those of whoever sends or is to be answered, with their names in paths."""
_MOST_WRITTEN = 1000
"""Bytes of a mailbox that are kept: where each begins with the field, as many as there are would be quadratic."""
_SHORT = 2000
"""Bytes of a list of mailboxes that is kept for the next mail of its thread: thousands are."""
_LIST_KEYS = frozenset(("list-id", "list-post", "mailing-list"))


def read_fields(
    data: bytes, root: MimePart, charset: str, field_bytes: int, *, whole: bool = True, kept: bool = True
) -> Reading:
    """Read a message's own header.

    Args:
        data: the message.
        root: its MIME tree.
        charset: claimed by its Content-Type, asked for raw 8-bit text.
        field_bytes: longer fields are kept but not interpreted.
        whole: whether *data* is all of the message.
        kept: whether the body that the header was sent with is there: a store keeps another, made of it.
    """
    reading = Reading(data, root, charset, whole=whole, kept=kept)
    long = root.body_start - root.start > field_bytes  # else no field of it is
    for field in root.headers:
        read = _READERS.get(field.key)
        if read is None:
            continue
        if long and len(field.raw) > field_bytes:
            text = "header field longer than the limit; kept, not interpreted"
            reading.notice("mail.field_bytes", text, field.start, field.end, len(field.raw))
            continue
        try:
            read(reading, field)
        except Exception:  # noqa: BLE001  a fault of ours must cost this field only, and must be seen
            reading.notices.append(fault(f"a field {field.name}", (field.start, field.end)))
    if reading.subject.value[:1] in ("[", "(") or not TRACKERS.keys().isdisjoint(root.by_key):
        attempt(reading.notices, "numbers that were given", (0, root.body_start), read_given, reading)
    for key, same in root.by_key.items():
        if len(same) > 1 and key in SINGLE:
            reading.notices += repeated_notices(same, reading.signatures, charset)
    return reading


@lru_cache(8192)
def _mailboxes(body: bytes, charset: str) -> tuple[tuple[Mailbox, bool], ...]:
    return tuple([(found, bool(found.address) and is_valid(found.address)) for found in parse_addresses(body, charset)])


def _read_quoted_from(reading: Reading, field: HeaderField) -> None:
    """``>From:``: some writers of mailboxes quote the field as if it were a separator line."""
    if reading.nth(">from") == 0:
        reading.quoted = "from" not in reading.root.by_key
        text = "field >From beside a From field; kept, not read"
        if reading.quoted:
            text = "field >From, read as From: some writers of mailboxes quote it so"
        reading.notice("mail.quoted_from", text, field.start, field.end)
    if reading.quoted:
        _read_parties(reading, field, "from")


def _read_parties(reading: Reading, field: HeaderField, key: str = "") -> None:
    key = key or field.key
    body = field.body
    start = field.end - len(body)
    place = reading.counts.get(key, 0)
    odd: dict[str, Mailbox] | None = None
    charset = reading.charset if not body.isascii() or b"\x0e" in body else ""
    name = _QUOTED.get(key)
    path = field_path(name, reading.nth(name)) if name else ""
    mailboxes = (_mailboxes if len(body) <= _SHORT else _mailboxes.__wrapped__)(body, charset)
    for index, (found, valid) in enumerate(mailboxes, place):
        if found.odd:
            odd = odd or {}
            odd.setdefault(found.odd, found)
        reading.parties.append(
            Party(
                field=key,
                index=index,
                name=found.name,
                address=found.address,
                domain=found.domain,
                valid=valid,
                group=found.group,
                written=_written(found, body, start, path) if path else None,
            )
        )
    if mailboxes:
        reading.counts[key] = place + len(mailboxes)
    for kind, found in odd.items() if odd else ():
        reading.notice("mail.address_syntax", f"{field.name}: {ODD[kind]}", start + found.start, start + found.end)


def _read_return_path(reading: Reading, field: HeaderField) -> None:
    _read_parties(reading, field)
    if any(part in field.raw for part in ENVELOPES):
        read_envelope_number(reading, field)


def _written(found: Mailbox, body: bytes, start: int, path: str) -> Located:
    end = min(found.end, found.start + _MOST_WRITTEN)
    span = (start + found.start, start + end)
    return Located(found.address, body[found.start : end], Locator(ranges=(span,), path=path))


def _read_signature(reading: Reading, field: HeaderField) -> None:
    if reading.canonical is None:
        reading.canonical = Canonical(reading.data, reading.root, whole=reading.whole, kept=reading.kept)
        read_conversion(reading)
    place, tags = reading.nth(field.key), read_tags(field.body)
    within = len(reading.signatures) < signatures.MAX_COMPUTED
    signature = signatures.read(field, tags, place, reading.canonical if within else None)
    if len(reading.signatures) == signatures.MAX_COMPUTED:
        text = "more signatures than the limit; digests of the rest are not computed"
        reading.notice("mail.signatures", text, field.start, field.end)
    reading.signatures.append(signature)
    if signature.kind == "google":  # rules of signing times are about signers, not about the platform
        return
    for name, value, at in tags:
        if name in _SIGNED_TIMES and (found := _SECONDS.fullmatch(value)) is not None:
            start = field.end - len(field.body) + at + found.start(1)
            reading.timestamps.append(_signed_time(signature, name, found[1], start))


def _signed_time(signature: Signature, tag: bytes, digits: bytes, start: int) -> Timestamp:
    """Return the time of signing or of expiration; its digits begin at byte *start*."""
    name, *kinds = _SIGNATURE_FIELDS[signature.kind]
    place, (description, which) = signature.index, _SIGNED_TIMES[tag]
    instant = int(digits) * TICKS_PER_SECOND
    span, path = (start, start + len(digits)), f"header:{name}[{place}]/{tag.decode()}"
    return Timestamp(
        instant=instant,
        wall=instant,
        offset_s=0,
        precision=Precision.SECOND,
        description=description,
        clock=ClockKind.SIGNER,
        owner=signature.domain,
        raw=digits,
        locator=Locator(ranges=(span,), path=path),
        kind=kinds[which],
        index=place,
    )


_SIGNATURE_FIELDS = {
    "dkim": ("DKIM-Signature", TimeKind.SIGNED, TimeKind.SIGNED_UNTIL),
    "ams": ("ARC-Message-Signature", TimeKind.ARC_SIGNED, TimeKind.ARC_SIGNED_UNTIL),
    "as": ("ARC-Seal", TimeKind.SEALED, TimeKind.SEALED_UNTIL),
}
_SIGNED_TIMES = {b"t": (Description.SIGNED, 0), b"x": (Description.EXPIRATION, 1)}
"""Tag to what its time means, and to which kind of the field's two it is."""


def _read_from_line(reading: Reading, field: HeaderField) -> None:
    """The separator line of a mailbox that stands before the header."""
    found = _FROM_LINE.match(field.raw) if field.start == 0 and len(field.raw) < 1000 else None
    if found is not None and not isinstance(parse_asctime(found[1]).wall, Absence):
        reading.timestamps += from_line(field.raw, 0, found.span(1), ON_TOP)


def _read_message_id(reading: Reading, field: HeaderField) -> None:
    place = reading.nth(field.key)
    if place == 0:
        value = identifier(field.body)
        reading.message_id = Located(value, field.raw, field.locator(0, "Message-ID"))
    read_message_id(reading, field, place)


def identifier(body: bytes) -> str:
    """Return a message id without its angle brackets."""
    found = _IDS.search(body)
    return decode_text(found[1] if found is not None else body)


def identifiers(body: bytes) -> tuple[str, ...]:
    """Return all message ids in angle brackets, or a body of one word without brackets as such."""
    found = _IDS.findall(body)
    if not found and b"<" not in body and len(body.split()) == 1:
        found = [body]
    return tuple([decode_text(one) for one in found if one])


def _read_subject(reading: Reading, field: HeaderField) -> None:
    if reading.nth(field.key) == 0:
        value = decode_text(field.body, reading.charset)
        reading.subject = Located(value, field.raw, field.locator(0, "Subject"))


def _read_in_reply_to(reading: Reading, field: HeaderField) -> None:
    reading.in_reply_to += identifiers(field.body)


def _read_references(reading: Reading, field: HeaderField) -> None:
    reading.references += identifiers(field.body)


def _read_results(reading: Reading, field: HeaderField) -> None:
    reading.results += read_results(field, reading.nth(field.key), len(reading.trace))


def _read_spf(reading: Reading, field: HeaderField) -> None:
    reading.results += read_spf(field, reading.nth(field.key), len(reading.trace))


def _read_topic(reading: Reading, field: HeaderField) -> None:
    if reading.nth(field.key) == 0:
        reading.topic = Located(decode_text(field.body, reading.charset), field.raw, field.locator(0))


def _read_list(reading: Reading, field: HeaderField) -> None:
    reading.from_list = True
    if field.key == "list-id" and not reading.list_id:
        found = _LIST_ID.search(field.body)
        reading.list_id = decode_text(found[1] if found is not None else field.body).lower()


def _read_client(reading: Reading, field: HeaderField) -> None:
    place = reading.nth(field.key)
    # A User-Agent takes the place of what was read before it, once.
    replaces = bool(reading.client.value) and field.key == "user-agent" and not reading.client_replaced
    if replaces or not reading.client.value:
        reading.client_replaced |= replaces
        reading.client = Located(decode_text(field.body, reading.charset), field.raw, field.locator(place))


_READERS: dict[str, Callable[[Reading, HeaderField], None]] = {
    **{name.lower(): date_reader(name) for name in DATES},
    **dict.fromkeys(_PARTIES, _read_parties),
    "return-path": _read_return_path,
    **dict.fromkeys(NUMBERS, read_list_number),
    "x-egroups-return": read_envelope_number,
    "x-mailing-list": read_archived,
    "x-uid": read_uid,
    **dict.fromkeys((">from", ">>from"), _read_quoted_from),
    **dict.fromkeys(signatures.KINDS, _read_signature),
    **dict.fromkeys(_LIST_KEYS, _read_list),
    "": _read_from_line,
    "received": read_received,
    "x-received": read_x_received,
    "message-id": _read_message_id,
    **dict.fromkeys(NETWORK_IDS, read_network_id),
    "x-originalarrivaltime": read_original_arrival,
    "x-ms-exchange-crosstenant-originalarrivaltime": read_original_arrival,
    **dict.fromkeys(GMAIL_NUMBERS, read_gmail_number),
    "x-imap": read_mailbox_number,
    "x-imapbase": read_mailbox_number,
    "thread-index": read_thread_index,
    "thread-topic": _read_topic,
    **dict.fromkeys(COUNTING, read_count),
    "authentication-results": _read_results,
    "arc-authentication-results": _read_results,
    "received-spf": _read_spf,
    **dict.fromkeys(REWRITING, read_rewriting),
    "subject": _read_subject,
    "in-reply-to": _read_in_reply_to,
    "references": _read_references,
    "user-agent": _read_client,
    "x-mailer": _read_client,
}
"""Lower-case field name to what reads it."""
