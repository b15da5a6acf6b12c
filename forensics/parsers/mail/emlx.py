"""Messages of Apple Mail (``.emlx``): the length in bytes, the message, and a property list with the mailbox's times.

Source: no specification; the layout as Apple Mail writes it (length line, RFC 5322 message, XML plist).
"""

import hashlib
import re
from collections.abc import Iterator

from forensics.errors import WrongFormat
from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.items import ByteSource, ChildItem, Format, Notice, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.parsers._windows import RangeBytes, blocks
from forensics.parsers.mail import rfc5322

FORMAT = Format(
    id="mail.emlx", title="Apple Mail message", media_types=("application/x-apple-emlx",), extensions=(".emlx",)
)

_LENGTH = re.compile(rb"[ \t]{0,40}(\d{1,12})[ \t]{0,40}\r?\n")
_TIME = re.compile(
    rb"<key>(date-received|date-last-viewed|date-sent)</key>\s{0,40}<(?:integer|real)>(\d{1,12})(?:\.\d{0,20})?</"
)
_MEANS = {
    b"date-received": Description.DELIVERED,
    b"date-last-viewed": Description.LAST_ACCESS,
    b"date-sent": Description.SENT,
}
_PLIST_BYTES = 1 << 20


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether a line of digits alone stands before a message."""
    found = _LENGTH.match(head)
    if found is None:
        return False
    return rfc5322.sniff(head[found.end() :], RangeBytes(source, found.end(), source.size))


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[ChildItem | Notice]:
    """Yield the message with the times that its property list gives it, and what was odd.

    Raises:
        WrongFormat: it does not begin with a length.
    """
    found = _LENGTH.match(source.read(0, 200))
    if found is None:
        raise WrongFormat("no length before the message", 0)
    start, stated = found.end(), int(found[1])
    end = min(start + stated, source.size)
    if stated > source.size - start:
        text = f"{stated:,} bytes stated, {source.size - start:,} there: the file is cut off"
        yield Notice(code="emlx.length", text=text, locator=Locator(ranges=((0, found.end(1)),), path="emlx:length"))
    digest = hashlib.sha256()
    for block in blocks(source, start, end):
        digest.update(block)
    step = Step(kind=StepKind.STREAM, name="message", start=start, end=end, sha256=digest.hexdigest())
    large = end - start > context.limits.memory_bytes
    content = RangeBytes(source, start, end) if large else source.read(start, end)
    times = tuple(_times(source, end))
    yield ChildItem(step=step, content=content, times=times, format=rfc5322.FORMAT.id)
    if source.size - end > _PLIST_BYTES:
        text = "more after the message than a property list; the rest is not read"
        yield Notice(code="emlx.plist", text=text, unread=source.size - end - _PLIST_BYTES)


def _times(source: ByteSource, start: int) -> Iterator[Timestamp]:
    seen: set[bytes] = set()
    for found in _TIME.finditer(source.read(start, start + _PLIST_BYTES)):
        key, digits = found[1], found[2]
        instant = int(digits) * TICKS_PER_SECOND
        if key in seen or not instant:  # 0 stands for "never"
            continue
        seen.add(key)
        yield Timestamp(
            instant=instant,
            wall=instant,
            offset_s=Absence.NOT_APPLICABLE,
            precision=Precision.SECOND,
            description=_MEANS[key],
            clock=ClockKind.MAILBOX,
            owner="",
            raw=digits,
            locator=Locator(ranges=((start + found.start(2), start + found.end(2)),), path=f"emlx:{key.decode()}"),
        )
