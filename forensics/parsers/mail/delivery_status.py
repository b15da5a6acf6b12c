"""What a server or a program says became of a mail: the parts of reports that machines read.

Fields in groups: the first on the report or the mail as a whole, one more for each recipient. Its dates are the
reporting server's.

Source: RFC 3464 2 (delivery status), RFC 8098 3 (disposition), RFC 5965 3 (feedback).
"""

from collections.abc import Iterator

from forensics.errors import WrongFormat
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import ClockKind, Description
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location, Locator
from forensics.model.mail import HeaderField
from forensics.model.texts import TextPart
from forensics.model.time_kinds import TimeKind
from forensics.parsers import Yielded
from forensics.parsers._gathering import Gathering
from forensics.parsers._written_dates import WrittenDate
from forensics.parsers.mail import headers
from forensics.parsers.mail.dates import parse_date
from forensics.parsers.mail.words import decode_text, without_comments
from forensics.parsers.text_file import text_of_file

_STATUS, _DISPOSITION, _FEEDBACK = "delivery-status", "disposition-notification", "feedback-report"

FORMAT = Format(
    id="mail.delivery_status",
    title="Report on a mail",
    media_types=(
        f"message/{_STATUS}",
        f"message/global-{_STATUS}",
        f"message/{_DISPOSITION}",
        f"message/global-{_DISPOSITION}",
        f"message/{_FEEDBACK}",
    ),
    extensions=(),
    begins=(
        *(b"Reporting-MTA", b"Reporting-UA", b"Original-Envelope-I", b"Original-Recipient", b"Final-Recipient"),
        *(b"Received-From-MTA", b"Arrival-Date", b"Action:", b"Feedback-Type", b"Disposition:"),
    ),
    name_first=True,
)

_TELLING = {
    _STATUS: frozenset(("final-recipient", "action", "status", "reporting-mta")),
    _DISPOSITION: frozenset(("final-recipient", "disposition", "original-message-id")),
    _FEEDBACK: frozenset(("feedback-type", "user-agent", "version")),
}
_MUST = {_STATUS: "action", _DISPOSITION: "disposition", _FEEDBACK: "feedback-type"}
_OWN = frozenset(
    (
        *("original-envelope-id", "reporting-mta", "dsn-gateway", "received-from-mta", "arrival-date"),
        *("original-recipient", "final-recipient", "action", "status", "remote-mta", "diagnostic-code"),
        *("last-attempt-date", "final-log-id", "will-retry-until", "reporting-ua", "mdn-gateway", "disposition"),
        *("original-message-id", "feedback-type"),
    )
)
"""Fields that no mail has: one must stand first where nothing says that it is a report."""
_DATES = {
    "arrival-date": (TimeKind.REPORT_ARRIVAL, Description.RECORDED),
    "received-date": (TimeKind.REPORT_ARRIVAL, Description.RECORDED),
    "last-attempt-date": (TimeKind.REPORT_ATTEMPT, Description.RECORDED),
    "will-retry-until": (TimeKind.REPORT_RETRY, Description.EXPIRATION),
}
_HEAD_BYTES = 4096
_MOST_GROUPS = 20_000


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether it begins with a field that only reports have, and has what a kind of report must have."""
    if not FORMAT.may_open(head):
        return False
    fields = [field for group in _groups(head[:_HEAD_BYTES], 200) for field in group]
    return bool(fields) and fields[0].key in _OWN and _kind(fields) is not None


def sniff_named(head: bytes, source: ByteSource) -> bool:
    """Whether it begins with a field that only reports have, or holds one; enough where its part says report."""
    return any(field.key in _OWN for group in _groups(head[:_HEAD_BYTES], 200) for field in group)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the report as it stands."""
    return (text_of_file("text/plain", source),)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield notices, and the fields and times of the report.

    Raises:
        WrongFormat: no field of a report stands in it.
    """
    limit = context.limits.memory_bytes
    data = source.read(0, min(source.size, limit))
    gathering = Gathering("delivery_status")
    groups = list(_groups(data, context.limits.header_fields))
    every = [field for group in groups for field in group]
    if not any(field.key in _OWN for field in every):
        raise WrongFormat("no field of a report", 0)
    kind = _kind(every) or _STATUS
    owner = _reporter(groups[0])
    for number, group in enumerate(groups):
        for field in group:
            _read(gathering, kind, number, field, owner)
    _note_rest(gathering, groups, source.size)
    yield from gathering.notices
    yield gathering.facts(FORMAT.id, media_type=f"message/{kind}")


def _groups(data: bytes, limit: int) -> Iterator[list[HeaderField]]:
    """Yield the header blocks that follow each other, blank lines between them."""
    at, newline, left = 0, headers.line_end(data), limit
    for _ in range(_MOST_GROUPS):
        while at < len(data) and data[at] in b"\r\n":
            at += 1
        block = headers.split(data, at, len(data), newline, left)
        if not block.fields:
            return
        yield [*block.fields]
        left -= len(block.fields)
        if block.no_blank_line or block.body_start <= at or left <= 0:
            return
        at = block.body_start


def _kind(fields: list[HeaderField]) -> str | None:
    """Return the kind of report of which the field that it must have stands there, and another."""
    names = {field.key for field in fields}
    return next((kind for kind, own in _TELLING.items() if _MUST[kind] in names and len(names & own) > 1), None)


def _reporter(group: list[HeaderField]) -> str:
    """Return the host that reports: ``dns; mx.example.org``."""
    body = next((field.body for field in group if field.key in ("reporting-mta", "reporting-ua")), b"")
    said = without_comments(body).replace(b"\r", b" ").replace(b"\n", b" ")
    kind, semicolon, name = said.partition(b";")
    return decode_text(name if semicolon and kind.strip().lower() == b"dns" else b"").strip().lower()[:255]


def _read(gathering: Gathering, kind: str, number: int, field: HeaderField, owner: str) -> None:
    group = f"recipient[{number - 1}]" if number else "report"
    if not field.name:
        text = "a line that is no field; kept, not read"
        gathering.note("line", text, field.locator(0, "line"), unread=len(field.raw))
        return
    inner = field.body.lstrip()
    raw, start = inner.rstrip(), field.end - len(inner)
    locator = Locator(ranges=((start, start + len(raw)),), path=f"{group}:{field.name}")
    date = _DATES.get(field.key)
    if date is None:
        # Names stand as they are written: reports have fields of every server's own.
        gathering.add_fact(f"{kind.replace('-', '_')}.{field.key[:100]}", decode_text(raw), locator, raw)
        return
    found = parse_date(raw)
    reading = WrittenDate(found.instant, found.wall, found.offset_s, found.precision)
    gathering.add_time(reading, *date, locator, raw, clock=ClockKind.SERVER, owner=owner)


def _note_rest(gathering: Gathering, groups: list[list[HeaderField]], size: int) -> None:
    read = groups[-1][-1].end
    # A blank line or two end the last group.
    if size - read > len(b"\r\n" * 4):
        text = f"{size - read} bytes that are no fields follow the report's"
        gathering.note("rest", text, unread=size - read)
