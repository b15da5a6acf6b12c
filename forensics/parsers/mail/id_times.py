"""Times that ids of a mail carry: of clients, servers, mailboxes, and of its parts."""

import re
from collections.abc import Iterable

import msgspec

from forensics.model.facts import Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, MimePart
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

NETWORK_IDS = (
    "x-ms-exchange-organization-network-message-id",
    "x-ms-exchange-crosstenant-network-message-id",
    "x-ms-office365-filtering-correlation-id",
)
_ARRIVALS = {name.lower(): name for name in ("X-OriginalArrivalTime", "X-MS-Exchange-CrossTenant-OriginalArrivalTime")}
_PRINTED = re.compile(rb"(\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d)(?:\.\d{4})?\s{1,40}\(UTC\)")
"""The fraction is of milliseconds in some versions, of ten thousandths in others: it is not read."""
_ORIGINAL = re.compile(rb"FILETIME\s*=\s*\[([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8})\]")
_SENDMAIL = re.compile(rb"\(\d{1,4}\.\d{1,9}[\w.]{0,60}/")
_WORD = re.compile(rb"[^\s<>;]+")


def read_message_id(reading: Reading, field: HeaderField, place: int) -> None:
    """Decode a Message-ID field."""
    token, start = _word(field)
    _add(reading, message_id(token), token, start, f"header:Message-ID[{place}]/token", "")


def read_queue_id(reading: Reading, body: bytes, token: bytes, start: int, path: str, host: str) -> None:
    """Decode the ``id`` clause of a trace field.

    Hexadecimal ids of others look like sendmail's: its own fields name its version, as ``(8.14.7/8.14.7)``.
    """
    decoded = [one for one in queue_id(token) if one.scheme.name != "sendmail" or _SENDMAIL.search(body)]
    _add(reading, decoded, token, start, path, host)


def read_network_id(reading: Reading, field: HeaderField) -> None:
    """Decode one of Exchange's network message ids."""
    token, start = _word(field)
    _add(reading, network_id(token), token, start, f"header:{field.name}[{reading.nth(field.key)}]/token", "")


def read_gmail_number(reading: Reading, field: HeaderField) -> None:
    """Decode Gmail's number of the mail or its thread, which its IMAP server and its export add."""
    token, start = _word(field)
    _add(reading, gmail_number(token), token, start, f"header:{field.name}[{reading.nth(field.key)}]/number", "")


def read_mailbox_number(reading: Reading, field: HeaderField) -> None:
    """Decode UIDVALIDITY, the first word of the field that an IMAP server puts on top of a mailbox file."""
    token, start = _word(field)
    place = reading.nth(field.key)
    _add(reading, mailbox_number(token), token, start, f"header:{field.name}[{place}]/UIDVALIDITY", "")


def read_original_arrival(reading: Reading, field: HeaderField) -> None:
    """Read an arrival that Exchange prints, and the FILETIME beside it, low word first (T-67, T-69)."""
    body = field.body
    begin = field.end - len(body)
    path = f"header:{_ARRIVALS[field.key]}[{reading.nth(field.key)}]"
    printed = _PRINTED.search(body)
    if printed is not None and isinstance(wall := parse_date(printed[1]).wall, int):
        one = _stamp(wall, printed[0], begin + printed.start(), path, "")
        written = msgspec.structs.replace(one, precision=Precision.SECOND, description=Description.RECORDED)
        reading.timestamps.append(written)
    found = _ORIGINAL.search(body)
    if found is not None:
        instant = filetime(int(found[2] + found[1], 16))
        reading.timestamps.append(_stamp(instant, found[0], begin + found.start(), f"{path}/FILETIME", "Exchange"))


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
    reading.timestamps.append(_stamp(index.times[0], token, start, f"{path}/thread", scheme, ClockKind.SENDER))
    if len(index.times) > 1:
        last = _stamp(index.times[-1], token, start, f"{path}/reply", scheme, ClockKind.SENDER)
        reading.timestamps.append(last)


def part_times(root: MimePart, date: Timestamp | Absence) -> list[Timestamp]:
    """Return the times in boundaries and Content-IDs of all parts, outermost first.

    Args:
        root: the MIME tree.
        date: the mail's Date, for boundaries that count modulo 24.9 days.
    """
    found: list[Timestamp] = []
    parts = [root]
    while parts:
        part = parts.pop()
        number = part.number or "0"
        if part.boundary:
            decoded = boundary(part.boundary) or _near(part.boundary, date)
            _part_token(found, part, "content-type", part.boundary, decoded, f"part:{number}/boundary")
        if part.content_id:
            token = part.content_id.encode("utf-8", "surrogateescape").strip(b"<> \t")
            _part_token(found, part, "content-id", token, content_id(token), f"part:{number}/Content-ID")
        attached = next((field for field in part.headers if field.key == "x-attachment-id"), None)
        if attached is not None and (token := attached.body.strip(b"<> \t\r\n")) != part.content_id.encode():
            _part_token(found, part, attached.key, token, content_id(token), f"part:{number}/{attached.name}")
        parts += part.parts[::-1]
    return found


def _near(token: bytes, date: Timestamp | Absence) -> Iterable[Decoded]:
    """Return the reading of an old Apple Mail boundary that is nearest to Date (B-09)."""
    if isinstance(date, Absence) or not isinstance(date.instant, int):
        return ()
    time = apple_time(token, date.instant)
    return (Decoded(APPLE, time, (APPLE.name,)),) if time is not None else ()


def _part_token(
    found: list[Timestamp], part: MimePart, key: str, token: bytes, decoded: Iterable[Decoded], path: str
) -> None:
    for place, one in enumerate(decoded):
        field = next((field for field in part.headers if field.key == key), None)
        at = field.raw.find(token) if field is not None else -1
        if field is not None and at >= 0:
            found.append(_of(one, token, field.start + at, path if not place else f"{path}/{place}", ""))


def _word(field: HeaderField) -> tuple[bytes, int]:
    body = field.body
    found = _WORD.search(body)
    return (found[0], field.end - len(body) + found.start()) if found is not None else (b"", field.end)


def _add(reading: Reading, decoded: Iterable[Decoded], token: bytes, start: int, path: str, owner: str) -> None:
    for place, one in enumerate(decoded):
        reading.timestamps.append(_of(one, token, start, path if not place else f"{path}/{place}", owner))


def _of(decoded: Decoded, token: bytes, start: int, path: str, owner: str) -> Timestamp:
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
        locator=Locator(ranges=((start, start + len(token)),), path=path),
        scheme=" or ".join(decoded.schemes),
    )


def _stamp(
    instant: int, raw: bytes, start: int, path: str, scheme: str, clock: ClockKind = ClockKind.SERVER
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
        locator=Locator(ranges=((start, start + len(raw)),), path=path),
        scheme=scheme,
    )
