"""Times that ids of a mail carry: Message-ID, queue ids, Exchange's ids, Thread-Index, boundaries, Content-IDs."""

import re
from collections.abc import Iterable

from forensics.model.facts import Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, MimePart
from forensics.parsers.mail.reading import Reading
from forensics.parsers.mail.tokens.boundaries import boundary
from forensics.parsers.mail.tokens.content_ids import content_id
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
_ORIGINAL = re.compile(rb"FILETIME\s*=\s*\[([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8})\]")
_SENDMAIL = re.compile(rb"\(\d+\.\d+[\w.]*/")
_WORD = re.compile(rb"[^\s<>;]+")


def read_message_id(reading: Reading, field: HeaderField, place: int) -> None:
    """Decode a Message-ID field."""
    token, start = _word(field)
    _add(reading, message_id(token), token, start, f"header:Message-ID[{place}]/token", "")


def read_queue_id(reading: Reading, body: bytes, token: bytes, start: int, place: int, host: str) -> None:
    """Decode the ``id`` clause of a trace field.

    Hexadecimal ids of others look like sendmail's: its own fields name its version, as ``(8.14.7/8.14.7)``.
    """
    decoded = [one for one in queue_id(token) if one.scheme.name != "sendmail" or _SENDMAIL.search(body)]
    _add(reading, decoded, token, start, f"header:Received[{place}]/id", host)


def read_network_id(reading: Reading, field: HeaderField) -> None:
    """Decode one of Exchange's network message ids."""
    token, start = _word(field)
    _add(reading, network_id(token), token, start, f"header:{field.name}[{reading.nth(field.key)}]/token", "")


def read_original_arrival(reading: Reading, field: HeaderField) -> None:
    """Read the FILETIME of X-OriginalArrivalTime, low word first (T-67)."""
    body = field.body
    found = _ORIGINAL.search(body)
    place = reading.nth(field.key)
    if found is None:
        return
    start = field.end - len(body) + found.start()
    path = f"header:X-OriginalArrivalTime[{place}]/FILETIME"
    instant = filetime(int(found[2] + found[1], 16))
    reading.timestamps.append(_stamp(instant, found[0], start, path, "Exchange"))


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


def part_times(root: MimePart) -> list[Timestamp]:
    """Return the times in boundaries and Content-IDs of all parts, outermost first."""
    found: list[Timestamp] = []
    parts = [root]
    while parts:
        part = parts.pop()
        number = part.number or "0"
        if part.boundary:
            _part_token(found, part, "content-type", part.boundary, boundary(part.boundary), f"part:{number}/boundary")
        if part.content_id:
            token = part.content_id.encode("utf-8", "surrogateescape").strip(b"<> \t")
            _part_token(found, part, "content-id", token, content_id(token), f"part:{number}/Content-ID")
        parts += part.parts[::-1]
    return found


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
