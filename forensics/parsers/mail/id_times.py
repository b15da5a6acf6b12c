"""Times that ids of a mail carry: of clients, servers, mailboxes, and of its parts."""

import re
from collections.abc import Iterable

import msgspec

from forensics.model.facts import Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, MimePart
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.dates import parse_date
from forensics.parsers.mail.reading import Reading
from forensics.parsers.mail.tokens.boundaries import APPLE, apple_time, boundary
from forensics.parsers.mail.tokens.content_ids import content_id
from forensics.parsers.mail.tokens.mailbox_ids import gmail_number, mailbox_number
from forensics.parsers.mail.tokens.message_ids import message_id
from forensics.parsers.mail.tokens.queue_ids import network_id, queue_id
from forensics.parsers.mail.tokens.scheme import Decoded, filetime
from forensics.parsers.mail.tokens.thread_index import thread_index
from forensics.parsers.mail.tokens.zones import pacific

NETWORK_IDS = {
    "x-ms-exchange-organization-network-message-id": TimeKind.NETWORK_ID,
    "x-ms-exchange-crosstenant-network-message-id": TimeKind.TENANT_NETWORK_ID,
    "x-ms-office365-filtering-correlation-id": TimeKind.CORRELATION_ID,
}
GMAIL_NUMBERS = {"x-gm-msgid": TimeKind.GMAIL_MESSAGE, "x-gm-thrid": TimeKind.GMAIL_THREAD}
_ARRIVALS = {
    "x-originalarrivaltime": ("X-OriginalArrivalTime", TimeKind.ARRIVAL, TimeKind.ARRIVAL_FILETIME),
    "x-ms-exchange-crosstenant-originalarrivaltime": (
        "X-MS-Exchange-CrossTenant-OriginalArrivalTime",
        TimeKind.TENANT_ARRIVAL,
        TimeKind.TENANT_ARRIVAL_FILETIME,
    ),
}
_PRINTED = re.compile(rb"(\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d)(?:\.\d{4})?\s{1,40}\(UTC\)")
"""The fraction is of milliseconds in some versions, of ten thousandths in others: it is not read."""
_ORIGINAL = re.compile(rb"FILETIME\s*=\s*\[([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8})\]")
_SENDMAIL = re.compile(rb"\(\d{1,4}\.\d{1,9}[\w.]{0,60}/")
_WORD = re.compile(rb"[^\s<>;]+")


class _What(msgspec.Struct, frozen=True, gc=False):
    """What holds an id."""

    kind: TimeKind
    place: int
    path: str


def read_message_id(reading: Reading, field: HeaderField, place: int) -> None:
    """Decode a Message-ID field."""
    token, start = _word(field)
    read_identifier(reading, token, start, place, f"header:Message-ID[{place}]/token")


def read_identifier(reading: Reading, token: bytes, start: int, place: int, path: str) -> None:
    """Decode a Message-ID without its angle brackets, wherever it stands."""
    _add(reading, message_id(token), token, start, _What(TimeKind.MESSAGE_ID, place, path))


def read_queue_id(reading: Reading, body: bytes, token: bytes, start: int, path: str, host: str) -> None:
    """Decode the ``id`` clause of a trace field.

    Hexadecimal ids of others look like sendmail's: its own fields name its version, as ``(8.14.7/8.14.7)``.
    """
    found = queue_id(token)
    if found:
        decoded = [one for one in found if one.scheme.name != "sendmail" or _SENDMAIL.search(body)]
        _add(reading, decoded, token, start, _What(TimeKind.HOP_ID, len(reading.trace), path), host)


def read_network_id(reading: Reading, field: HeaderField) -> None:
    """Decode one of Exchange's network message ids."""
    token, start = _word(field)
    place = reading.nth(field.key)
    what = _What(NETWORK_IDS[field.key], place, f"header:{field.name}[{place}]/token")
    _add(reading, network_id(token), token, start, what)


def read_gmail_number(reading: Reading, field: HeaderField) -> None:
    """Decode Gmail's number of the mail or its thread, which its IMAP server and its export add."""
    token, start = _word(field)
    place = reading.nth(field.key)
    what = _What(GMAIL_NUMBERS[field.key], place, f"header:{field.name}[{place}]/number")
    _add(reading, gmail_number(token), token, start, what)


def read_mailbox_number(reading: Reading, field: HeaderField) -> None:
    """Decode UIDVALIDITY, the first word of the field that an IMAP server puts on top of a mailbox file."""
    token, start = _word(field)
    place = reading.nth(field.key)
    what = _What(TimeKind.UID_VALIDITY, place, f"header:{field.name}[{place}]/UIDVALIDITY")
    _add(reading, mailbox_number(token), token, start, what)


def read_original_arrival(reading: Reading, field: HeaderField) -> None:
    """Read an arrival that Exchange prints, and the FILETIME beside it, low word first (T-67, T-69)."""
    body = field.body
    begin = field.end - len(body)
    name, printed_kind, counted_kind = _ARRIVALS[field.key]
    place = reading.nth(field.key)
    path = f"header:{name}[{place}]"
    printed = _PRINTED.search(body)
    if printed is not None and isinstance(wall := parse_date(printed[1]).wall, int):
        one = _stamp(wall, printed[0], begin + printed.start(), _What(printed_kind, place, path), "")
        written = msgspec.structs.replace(one, precision=Precision.SECOND, description=Description.RECORDED)
        reading.timestamps.append(written)
    found = _ORIGINAL.search(body)
    if found is not None:
        instant = filetime(int(found[2] + found[1], 16))
        what = _What(counted_kind, place, f"{path}/FILETIME")
        reading.timestamps.append(_stamp(instant, found[0], begin + found.start(), what, "Exchange"))


def read_thread_index(reading: Reading, field: HeaderField) -> None:
    """Decode Thread-Index: when the thread began, and the block that this mail's program added."""
    place = reading.nth(field.key)
    token = field.body.strip()
    index = thread_index(token)
    if index is None:
        return
    start = field.end - len(field.body.lstrip())
    scheme = "Exchange" if index.modern else "Outlook"
    path = f"header:Thread-Index[{place}]"
    begun = _What(TimeKind.THREAD_BEGUN, place, f"{path}/thread")
    reading.timestamps.append(_stamp(index.times[0], token, start, begun, scheme, ClockKind.SENDER))
    if len(index.times) > 1:
        reply = _What(TimeKind.THREAD_REPLY, place, f"{path}/reply")
        reading.timestamps.append(_stamp(index.times[-1], token, start, reply, scheme, ClockKind.SENDER))


def part_times(root: MimePart, date: Timestamp | Absence) -> list[Timestamp]:
    """Return the times in boundaries and Content-IDs of all parts, outermost first.

    Args:
        root: the MIME tree.
        date: the mail's Date, for boundaries that count modulo 24.9 days.
    """
    found: list[Timestamp] = []
    parts, place = [root], 0
    while parts:
        part = parts.pop()
        number = part.number or "0"
        if part.boundary:
            decoded = boundary(part.boundary) or _near(part.boundary, date)
            what = _What(TimeKind.BOUNDARY, place, f"part:{number}/boundary")
            _part_token(found, part, "content-type", part.boundary, decoded, what)
        if part.content_id:
            token = part.content_id.encode("utf-8", "surrogateescape").strip(b"<> \t")
            what = _What(TimeKind.CONTENT_ID, place, f"part:{number}/Content-ID")
            _part_token(found, part, "content-id", token, content_id(token), what)
        attached = part.first("x-attachment-id")
        if attached is not None and (token := attached.body.strip(b"<> \t\r\n")) != part.content_id.encode():
            what = _What(TimeKind.ATTACHMENT_ID, place, f"part:{number}/{attached.name}")
            _part_token(found, part, attached.key, token, content_id(token), what)
        parts += part.parts[::-1]
        place += 1
    return found


def _near(token: bytes, date: Timestamp | Absence) -> Iterable[Decoded]:
    """Return the reading of an old Apple Mail boundary that is nearest to Date (B-09)."""
    if isinstance(date, Absence) or not isinstance(date.instant, int):
        return ()
    time = apple_time(token, date.instant)
    return (Decoded(APPLE, time, (APPLE.name,)),) if time is not None else ()


def _part_token(
    found: list[Timestamp], part: MimePart, key: str, token: bytes, decoded: Iterable[Decoded], what: _What
) -> None:
    for nth, one in enumerate(decoded):
        field = part.first(key)
        at = field.raw.find(token) if field is not None else -1
        if field is not None and at >= 0:
            found.append(_of(one, token, field.start + at, what, nth))


def _word(field: HeaderField) -> tuple[bytes, int]:
    body = field.body
    found = _WORD.search(body)
    return (found[0], field.end - len(body) + found.start()) if found is not None else (b"", field.end)


def _add(reading: Reading, decoded: Iterable[Decoded], token: bytes, start: int, what: _What, owner: str = "") -> None:
    for nth, one in enumerate(decoded):
        reading.timestamps.append(_of(one, token, start, what, nth, owner))


def _of(decoded: Decoded, token: bytes, start: int, what: _What, nth: int, owner: str = "") -> Timestamp:
    """Return one reading of a token; the second and later ones are numbered."""
    scheme, time = decoded.scheme, decoded.time
    instant: int | Absence = Absence.NOT_PRESENT if scheme.local else time
    if scheme.zone:
        instant = pacific(time)
    return Timestamp(
        instant=instant,
        wall=time,
        offset_s=Absence.NOT_PRESENT if scheme.local else 0,
        precision=scheme.precision,
        description=Description.IDENTIFIED,
        clock=scheme.clock,
        owner=owner,
        raw=token,
        locator=Locator(ranges=((start, start + len(token)),), path=f"{what.path}/{nth}" if nth else what.path),
        kind=what.kind,
        index=what.place,
        scheme=" or ".join(decoded.schemes),
    )


def _stamp(
    instant: int, raw: bytes, start: int, what: _What, scheme: str, clock: ClockKind = ClockKind.SERVER
) -> Timestamp:
    return Timestamp(
        instant=instant,
        wall=instant,
        offset_s=0,
        precision=Precision.TICK,
        description=Description.IDENTIFIED,
        clock=clock,
        owner="",
        raw=raw,
        locator=Locator(ranges=((start, start + len(raw)),), path=what.path),
        kind=what.kind,
        index=what.place,
        scheme=scheme,
    )
