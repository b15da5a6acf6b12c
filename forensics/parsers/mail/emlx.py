"""Messages of Apple Mail (``.emlx``): the length in bytes, the message, and a property list with the mailbox's times.

The stated length is held against the place of the property list; where they disagree, the message ends at the list.

Source: no specification; the layout as Apple Mail writes it (length line, RFC 5322 message, XML plist).
"""

import hashlib
import re
from collections.abc import Iterator

from forensics.errors import WrongFormat
from forensics.intake.windows import RangeBytes, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.items import ChildItem, Format, Notice, Padding, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail import rfc5322

FORMAT = Format(
    id="mail.emlx",
    title="Apple Mail message",
    media_types=("application/x-apple-emlx",),
    extensions=(".emlx",),
    begins=tuple([bytes((digit,)) for digit in b"0123456789 \t"]),
    name_first=True,
    wraps=True,
)

_LENGTH = re.compile(rb"[ \t]{0,40}(\d{1,12})[ \t]{0,40}\r?\n")
_PLIST = re.compile(rb"\s{0,40}(?:<\?xml[^>]{0,200}>\s{0,40})?(?:<!DOCTYPE plist[^>]{0,300}>\s{0,40})?<plist[\s>]")
_LIST_BEGINS = re.compile(rb"(?m:^)(?=<\?xml|<!DOCTYPE plist|<plist)")
_TIME = re.compile(
    rb"<key>(date-received|date-last-viewed|date-sent)</key>\s{0,40}<(?:integer|real)>(\d{1,12})(?:\.\d{0,20})?</"
)
_MEANS = {
    b"date-received": (TimeKind.EMLX_RECEIVED, Description.DELIVERED),
    b"date-last-viewed": (TimeKind.EMLX_VIEWED, Description.LAST_ACCESS),
    b"date-sent": (TimeKind.EMLX_SENT, Description.SENT),
}
_PLIST_BYTES = 1 << 20
_CLOSED = b"</plist>"


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether a line of digits alone stands before a message."""
    found = _LENGTH.match(head)
    if found is None:
        return False
    return rfc5322.sniff(head[found.end() :], RangeBytes(source, found.end(), source.size))


def sniff_named(head: bytes, source: ByteSource) -> bool:
    """Whether a message without a length stands before a property list; for files whose name says Apple Mail."""
    return rfc5322.sniff_named(head, source) and _list_start(source, 0) is not None


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[ChildItem | Notice | Padding]:
    """Yield the message with the times that its property list gives it, and what was odd.

    Raises:
        WrongFormat: it begins neither with a length nor with a message before a property list.
    """
    found = _LENGTH.match(source.read(0, 200))
    start = 0 if found is None else found.end()
    listed = _list_start(source, start)
    if found is None and (listed is None or not rfc5322.sniff_named(source.read(0, 4096), source)):
        raise WrongFormat("no length before the message", 0)
    stated = start + int(found[1]) if found is not None else None
    end, text = _end(source, start, stated, listed)
    if text:
        yield Notice(code="emlx.length", text=text, locator=Locator(ranges=((0, start),), path="emlx:length"))
    digest = hashlib.sha256()
    for block in blocks(source, start, end):
        digest.update(block)
    step = Step(kind=StepKind.STREAM, name="message", start=start, end=end, sha256=digest.hexdigest())
    large = end - start > context.limits.memory_bytes
    content = RangeBytes(source, start, end) if large else source.read(start, end)
    times = tuple(_times(source, end))
    yield ChildItem(step=step, content=content, times=times, format=rfc5322.FORMAT.id)
    yield from _behind(source, end)
    if source.size - end > _PLIST_BYTES:
        text = "more after the message than a property list; the rest is not read"
        yield Notice(code="emlx.plist", text=text, unread=source.size - end - _PLIST_BYTES)


def _behind(source: ByteSource, end: int) -> Iterator[Notice | Padding]:
    """Yield what stands behind the message and is no property list."""
    tail = source.read(end, end + _PLIST_BYTES)
    if not tail.strip():
        yield Padding(size=len(tail), what="filler")
        return
    _, closed, rest = tail.partition(_CLOSED)
    if closed and (unread := len(rest.strip())):
        start = end + len(tail) - len(rest)
        text = f"{unread:,} bytes after the property list"
        locator = Locator(ranges=((start, start + len(rest)),), path="emlx:behind")
        yield Notice(code="emlx.plist", text=text, locator=locator, unread=unread)


def _end(source: ByteSource, start: int, stated: int | None, listed: int | None) -> tuple[int, str]:
    """Return where the message ends, and what is odd about the stated length."""
    if stated is None:
        return listed or source.size, "no length before the message: it ends where the property list begins"
    end = min(stated, source.size)
    if stated in (listed, source.size):
        return end, ""
    if listed is not None:
        return listed, f"{stated - start:,} bytes stated, {listed - start:,} before the property list: read up to it"
    if stated > source.size:
        return end, f"{stated - start:,} bytes stated, {source.size - start:,} there: the file is cut off"
    following = source.read(end, end + 1024)
    if not following.strip() or _PLIST.match(following):
        return end, ""
    return (
        source.size,
        f"{stated - start:,} bytes stated, no property list behind them: {source.size - start:,} are read",
    )


def _list_start(source: ByteSource, start: int) -> int | None:
    """Return where the property list at the end of the file begins, ``None`` if there is none."""
    first = max(start, source.size - _PLIST_BYTES)
    tail = source.read(first, source.size)
    if not tail.rstrip().endswith(b"</plist>"):
        return None
    closed = tail.rfind(b"<plist")
    # The last list is Mail's own; one in the message's text stands before it.
    starts = [found.start() for found in _LIST_BEGINS.finditer(tail, max(0, closed - 1024), closed + 1)]
    for at in starts:
        found = _PLIST.match(tail, at)
        if found is not None and found.end() >= closed:
            return first + at
    return None


def _times(source: ByteSource, start: int) -> Iterator[Timestamp]:
    seen: set[bytes] = set()
    for found in _TIME.finditer(source.read(start, start + _PLIST_BYTES)):
        key, digits = found[1], found[2]
        instant = int(digits) * TICKS_PER_SECOND
        if key in seen or not instant:  # 0 stands for "never"
            continue
        seen.add(key)
        kind, description = _MEANS[key]
        yield Timestamp(
            instant=instant,
            wall=instant,
            offset_s=Absence.NOT_APPLICABLE,
            precision=Precision.SECOND,
            description=description,
            clock=ClockKind.MAILBOX,
            owner="",
            raw=digits,
            locator=Locator(ranges=((start + found.start(2), start + found.end(2)),), path=f"emlx:{key.decode()}"),
            kind=kind,
        )
