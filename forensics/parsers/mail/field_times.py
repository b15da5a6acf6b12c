"""Dates that header fields write out, and the trace with its hops: what was read, and what could not be."""

import re
from collections.abc import Callable

from forensics.model.facts import ABSENT, Absence, ClockKind, Description, Located, Precision, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, TraceField, field_path
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.dates import parse_date
from forensics.parsers.mail.id_times import read_queue_id
from forensics.parsers.mail.reading import Reading
from forensics.parsers.mail.trace import Clauses, parse_hops, parse_received, plain_hop

DATES = {
    "Date": (TimeKind.DATE, Description.SENT, ClockKind.SENDER),
    "Resent-Date": (TimeKind.RESENT_DATE, Description.SENT, ClockKind.SENDER),
    "X-Original-Date": (TimeKind.ORIGINAL_DATE, Description.SENT, ClockKind.SENDER),
    "Delivery-Date": (TimeKind.DELIVERY_DATE, Description.DELIVERED, ClockKind.SERVER),
    "Delivered-Date": (TimeKind.DELIVERED_DATE, Description.DELIVERED, ClockKind.SERVER),
    "Posted-Date": (TimeKind.POSTED_DATE, Description.RECORDED, ClockKind.SERVER),
    "Received-Date": (TimeKind.RECEIVED_DATE, Description.RECORDED, ClockKind.SERVER),
    "Injection-Date": (TimeKind.INJECTION_DATE, Description.RECORDED, ClockKind.SERVER),
    "NNTP-Posting-Date": (TimeKind.NNTP_POSTING_DATE, Description.RECORDED, ClockKind.SERVER),
    "X-List-Received-Date": (TimeKind.LIST_RECEIVED_DATE, Description.RECORDED, ClockKind.SERVER),
    "Deferred-Delivery": (TimeKind.DEFERRED_DELIVERY, Description.DELIVERED, ClockKind.SENDER),
    "Expires": (TimeKind.EXPIRES, Description.EXPIRATION, ClockKind.SENDER),
    "Expiry-Date": (TimeKind.EXPIRY_DATE, Description.EXPIRATION, ClockKind.SENDER),
    "Reply-By": (TimeKind.REPLY_BY, Description.EXPIRATION, ClockKind.SENDER),
}
"""Fields whose whole body is an RFC 5322 date."""
_HOP = (TimeKind.HOP, Description.RECORDED, ClockKind.SERVER)
_INNER_HOP = (TimeKind.INNER_HOP, Description.RECORDED, ClockKind.SERVER)
_CUT_SECOND = re.compile(rb":\d(?:[\s,;.]|\([^()]{0,60}\)){0,20}\Z")
_TIME_OF_DAY = re.compile(rb"(?<![\w:.])\d{1,2}:\d\d(?::\d\d)?(?![\w:.])")


def timestamp(
    raw: bytes, start: int, what: tuple[TimeKind, Description, ClockKind], path: str, place: int, owner: str = ""
) -> tuple[Timestamp, int | None]:
    """Read one written date of the field of a path and place; also return the weekday it names."""
    written = parse_date(raw)
    kind, description, clock = what
    return (
        Timestamp(
            instant=written.instant,
            wall=written.wall,
            offset_s=written.offset_s,
            precision=written.precision,
            description=description,
            clock=clock,
            owner=owner,
            raw=raw,
            locator=Locator(ranges=((start, start + len(raw)),), path=path),
            kind=kind,
            index=place,
        ),
        written.weekday,
    )


def _trimmed(field: HeaderField) -> tuple[bytes, int]:
    """The field body without surrounding white space, and its offset."""
    body = field.raw[len(field.name) :]
    text = body[body.find(b":") + 1 :]
    inner = text.lstrip()
    return inner.rstrip(), field.start + len(field.raw) - len(inner)


def date_reader(name: str) -> Callable[[Reading, HeaderField], None]:
    """Return what reads a field of this name, one of `DATES`."""
    what = DATES[name]

    def read(reading: Reading, field: HeaderField) -> None:
        place = reading.nth(field.key)
        raw, start = _trimmed(field)
        time, weekday = timestamp(raw, start, what, field_path(name, place), place)
        _add(reading, time)
        if name == "Date" and place == 0:
            reading.date, reading.weekday = time, weekday

    return read


def read_received(reading: Reading, field: HeaderField) -> None:
    """Add the hops of a Received field: one, unless several were folded into it."""
    body = field.body
    hop = plain_hop(body)
    if hop is not None:
        _read_hop(reading, field, body, 0, hop)
        return
    hops = parse_hops(body)
    if len(hops) > 1:
        text = f"{len(hops)} hops stand in one trace field; each is read by itself"
        reading.notice("mail.received_folded", text, field.start, field.end)
    for begin, clauses in hops:
        _read_hop(reading, field, body, begin, clauses)


def _read_hop(reading: Reading, field: HeaderField, body: bytes, first: int, clauses: Clauses) -> None:
    place = len(reading.trace)
    offset = field.end - len(body)
    path = field_path("Received", place)
    time: Timestamp | Absence = Absence.NOT_PRESENT
    if clauses.date is None:
        _note_undated(reading, field, first, clauses)
    else:
        begin, end = clauses.date
        time, _ = timestamp(body[begin:end], offset + begin, _HOP, path, place, clauses.by)
        _add(reading, time)
    queue = ABSENT
    if clauses.id:
        token = clauses.id.encode("utf-8", "replace")
        if (at := body.find(token, first)) >= 0:
            start, path_of_id = offset + at, path + "/id"
            queue = Located(clauses.id, token, Locator(ranges=((start, start + len(token)),), path=path_of_id))
            read_queue_id(reading, body, token, start, path_of_id, clauses.by)
        else:
            queue = Located(clauses.id, b"", Locator())
    reading.trace.append(
        TraceField(
            index=place,
            from_=clauses.from_,
            by=clauses.by,
            via=clauses.via,
            with_=clauses.with_,
            id=queue,
            for_=clauses.for_,
            time=time,
            raw=field.raw,
            locator=Locator(ranges=((field.start, field.end),), path=path),
        )
    )


def _note_undated(reading: Reading, field: HeaderField, first: int, clauses: Clauses) -> None:
    if clauses.folded:
        text = "several hops stand in one trace field that cannot be told apart: no time of it is read"
        reading.notice("mail.received_folded", text, field.start, field.end)
    elif _TIME_OF_DAY.search(field.body, first):
        text = "a trace field with a time of day in it, but no date that can be read"
        reading.notice("mail.received_undated", text, field.start, field.end)


def _add(reading: Reading, time: Timestamp) -> None:
    reading.timestamps.append(time)
    if time.offset_s is Absence.UNPARSABLE or time.precision is Precision.MINUTE:
        _note_date(reading, time)


def _note_date(reading: Reading, time: Timestamp) -> None:
    path = time.locator.path
    if time.wall is Absence.UNPARSABLE:
        code, text = "mail.date_unparsable", f"{path} cannot be read as a date"
    elif time.offset_s is Absence.UNPARSABLE:
        code, text = "mail.date_zone", f"{path} has a zone that cannot be read: the time of day alone is known"
    elif _CUT_SECOND.search(time.raw) is not None:
        code, text = "mail.date_cut", f"{path} ends in one digit of the second, which may be cut off: it is not read"
    else:
        return
    reading.notices.append(Notice(code=code, text=text, locator=time.locator))


def read_x_received(reading: Reading, field: HeaderField) -> None:
    """Add the time of an inner hop, as Gmail writes it."""
    place = reading.nth(field.key)
    body = field.body
    clauses = parse_received(body)
    if clauses.date is not None:
        begin, end = clauses.date
        start = field.end - len(body) + begin
        path = field_path("X-Received", place)
        time, _ = timestamp(body[begin:end], start, _INNER_HOP, path, place, clauses.by)
        _add(reading, time)
