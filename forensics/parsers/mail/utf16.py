"""Mails and mailboxes that an editor or a script saved as text in UTF-16: the same text as UTF-8 is their item.

Only text that opens as a mail or a mailbox does is taken, with or without a byte order mark. No mail travels so: what
saved it decoded every 8-bit letter by a charset that is no longer known, and the item's digest is of no mail as sent.

Source: RFC 2781; what Notepad ("Unicode") and PowerShell's redirection write.
"""

import re
from collections.abc import Iterator

from forensics.errors import WrongFormat
from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import Budget, ChildItem, Format, Notice, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.parsers._bounded import Decoding, Unread
from forensics.parsers.mail import mbox, rfc5322
from forensics.parsers.mail._utf16_decoder import UTF_16_BE, UTF_16_LE

_MARKS = {b"\xff\xfe": UTF_16_LE, b"\xfe\xff": UTF_16_BE}
_OPENING = bytes(range(0x21, 0x7F)) + b"\r\n"

FORMAT = Format(
    id="mail.utf16",
    title="Mail in UTF-16",
    media_types=("application/x-utf16-mail",),
    extensions=(),
    begins=(*_MARKS, *[bytes((c, 0)) for c in _OPENING], *[bytes((0, c)) for c in _OPENING]),
    wraps=True,
    decoders=(UTF_16_BE,),
    over_budget=("utf16.expansion_limit",),
)

_HEAD_BYTES = 4096
_MAILBOX = "mail.mbox"
"""How the table of parsers calls it."""
_LITTLE = re.compile(rb"(?:[\t\r\n -~]\0){16}")
_BIG = re.compile(rb"(?:\0[\t\r\n -~]){16}")
"""Text without a mark begins so: sixteen characters of a header's first line or of a separator."""


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* is UTF-16 that opens as a mail or a mailbox does."""
    return FORMAT.may_open(head) and _opened(head) is not None


def _opened(head: bytes) -> tuple[int, bool, str] | None:
    """Return the length of the byte order mark, whether the text is big-endian, and the format that it opens."""
    marked = _MARKS.get(head[:2])
    if marked is not None:
        start, decoder = 2, marked
    elif _LITTLE.match(head) is not None:
        start, decoder = 0, UTF_16_LE
    elif _BIG.match(head) is not None:
        start, decoder = 0, UTF_16_BE
    else:
        return None
    text = decoder.whole(head[start:])
    source = MemoryBytes(text)
    if mbox.sniff(text, source):
        return start, decoder is UTF_16_BE, _MAILBOX
    return (start, decoder is UTF_16_BE, rfc5322.FORMAT.id) if rfc5322.sniff(text, source) else None


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[ChildItem | Notice]:
    """Yield the text as a mail or a mailbox.

    Raises:
        WrongFormat: it does not open as one.
    """
    opened = _opened(source.read(0, _HEAD_BYTES))
    if opened is None:
        raise WrongFormat("no mail in UTF-16", 0)
    start, big, kind = opened
    order = "big-endian" if big else "little-endian"
    text = f"the {'mailbox' if kind == _MAILBOX else 'mail'} is text in UTF-16, {order}, "
    text += "with a byte order mark" if start else "without a byte order mark"
    text += ": an editor or a script saved it so, its bytes are no longer those of a mail"
    yield Notice(code="utf16.saved", text=text, locator=Locator(ranges=((0, max(start, 2)),), path="utf16:start"))
    if odd := (source.size - start) % 2:
        text = "its last byte is half a character"
        place = Locator(ranges=((source.size - 1, source.size),), path="utf16:end")
        yield Notice(code="utf16.half", text=text, locator=place, unread=odd)
    yield _child(source, start, kind, context, big=big)


def _child(source: ByteSource, start: int, kind: str, context: ParseContext, *, big: bool) -> ChildItem:
    decoder = UTF_16_BE if big else UTF_16_LE
    budget = context.budget or Budget(context.limits, source.size)
    stored = blocks(source, start, source.size)
    decode = decoder.stream
    assert decode is not None
    decoding = Decoding("utf16", stored, decode, (source.size - start) // 2, context, budget)
    step = Step(
        kind=StepKind.STREAM,
        name="mailbox" if kind == _MAILBOX else "message",
        start=start,
        end=source.size,
        decoder=decoder.name,
    )
    try:
        content = decoding.content()
    except Unread as why:
        notice = Notice(code=why.code, text=str(why), unread=source.size - start)
        return ChildItem(step=step, content=None, notices=(notice,), format=kind, spent=True)
    found = Step(
        kind=step.kind,
        name=step.name,
        start=step.start,
        end=step.end,
        decoder=step.decoder,
        sha256=decoding.digest.hexdigest(),
    )
    return ChildItem(step=found, content=content, format=kind, spent=True)
