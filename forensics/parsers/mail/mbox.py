"""Mailboxes in the mbox family (mboxo, mboxrd, mboxcl, mboxcl2; LF, CRLF and CR).

Each message is a child item in one or two layers: the stored slice, and its unquoted reading where that differs.

Source: RFC 4155; qmail's mbox(5) for the variants.
"""

import hashlib
from collections.abc import Iterable, Iterator

from forensics.errors import WrongFormat
from forensics.intake.windows import RangeBytes, Window, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Decoder
from forensics.model.facts import Absence, Timestamp
from forensics.model.items import ChildItem, Format, Limits, Notice, Padding, ParseContext, Range
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.parsers import Yielded
from forensics.parsers.mail._mbox_lines import AHEAD, COVERED, Ending, Lines, Places, doubtful_notes
from forensics.parsers.mail._mbox_quoting import MBOXO, MBOXRD, Quoting, quoting
from forensics.parsers.mail._mbox_separators import Separator
from forensics.parsers.mail.mailbox_times import from_line, in_mailbox, inside_message

_FROM = b"From "
_BLANKS = b"\xef\xbb\xbf\r\n \t\0"

FORMAT = Format(
    id="mbox",
    title="Mailbox (mbox)",
    media_types=("application/mbox",),
    extensions=(".mbox", ".mbx"),
    version=2,
    begins=(_FROM, *[bytes((blank,)) for blank in _BLANKS]),
    wraps=True,
    decoders=(MBOXRD, MBOXO),
)

CUT_BYTES = 64_000_000
"""A larger mailbox is read in ranges of about this size."""
SAMPLE_BYTES = 16 << 20
"""The quoting variant is decided from so much of the file's beginning: every range of a large mailbox sees the same."""
LEADING_BYTES = 1 << 20
"""How far a mailbox that does not begin with a separator is searched for its first one."""


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* begins with a separator line, after blank lines or a byte order mark at most."""
    lead = len(head) - len(head.lstrip(_BLANKS))
    if not head.startswith(_FROM, lead):
        return False
    return Lines(Window(source, 4096), source.size).first(lead, lead + 1) is not None


def sniff_named(head: bytes, source: ByteSource) -> bool:
    """Whether a separator with a date, a blank line before it and a header after it stands near the beginning.

    What is called a mailbox may have lost its beginning.
    """
    return Lines(Window(source, LEADING_BYTES), source.size).first(0, LEADING_BYTES) is not None


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield every message, and what was odd about the mailbox."""
    yield from parse_range(source, Range(start=0, end=source.size, ordinal=0), where, context)


def parse_range(source: ByteSource, part: Range, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the messages of one range, as `parse` of the whole yields them.

    Args:
        source: the whole mailbox.
        part: one of those that `cut` gave.
        where: the mailbox.
        context: limits, and where messages larger than memory go.

    Raises:
        WrongFormat: no separator near the beginning.
    """
    start, end = part.start, part.end
    lines = Lines(Window(source, AHEAD), end)
    separator = _first(lines, source, start)
    if separator.start > start:
        yield from _leading(source, start, separator.start)
    variant = quoting(source.read(0, SAMPLE_BYTES))
    reader = _Reader(source, variant, context)
    index = part.ordinal
    following: Separator | None = separator
    blank = 0
    while following is not None:
        ending = lines.ending(following)
        yield reader.message(following, ending, index)
        yield from reader.cut_otherwise(ending, index)
        index += 1
        following = ending.following
        blank += (end if following is None else following.start) - ending.end
    yield Padding(size=blank, what="filler")
    if start == 0 and source.read(separator.end - 1, separator.end) == b"\r":
        text = "lines end at bare CR; what was quoted in them is read as stored"
        yield Notice(code="mbox.bare_cr", text=text, locator=Locator(ranges=((separator.start, separator.end),)))
    yield from _notices(lines, reader, source, end)


def cut(source: ByteSource, limits: Limits, least_bytes: int = 0) -> list[Range]:
    """Return the ranges of a large mailbox: each begins with a separator.

    Args:
        source: the mailbox.
        limits: not needed.
        least_bytes: each range is at least so long, the last one apart; 0: `CUT_BYTES`.

    Raises:
        WrongFormat: no separator near the beginning.
    """
    least_bytes = least_bytes or CUT_BYTES
    if source.size <= least_bytes:
        return []
    lines = Lines(Window(source, AHEAD), source.size)
    following: Separator | None = _first(lines, source, 0)
    cuts, index = [(0, 0)], 0
    while following is not None:
        if following.start - cuts[-1][0] >= least_bytes and index:
            cuts.append((following.start, index))
        following = lines.ending(following).following
        index += 1
    ends = [start for start, _ in cuts[1:]] + [source.size]
    return [Range(start=start, end=end, ordinal=ordinal) for (start, ordinal), end in zip(cuts, ends, strict=True)]


def _first(lines: Lines, source: ByteSource, start: int) -> Separator:
    if start:
        # A later range follows the first separator of the whole file, and begins where the cut was made.
        opening = Lines(Window(source, 4096), source.size)
        _first(opening, source, 0)
        found = lines.resume(start, opening.opening)
    else:
        head = source.read(0, 4096)
        lead = len(head) - len(head.lstrip(_BLANKS))
        found = lines.first(lead, lead + 1) or lines.first(0, LEADING_BYTES)
    if found is None:
        raise WrongFormat("no separator line", start)
    return found


def _leading(source: ByteSource, start: int, end: int) -> Iterator[Yielded]:
    """Yield the bytes before the first separator as an item of their own, unless they are blank."""
    locator = Locator(ranges=((start, end),), path="mbox:leading")
    data = source.read(start, end)
    if not data.strip(_BLANKS):
        text = "blank lines or NUL bytes before the first separator"
        yield Notice(code="mbox.leading_blank", text=text, locator=locator)
        yield Padding(size=end - start, what="filler")
        return
    text = (
        f"{end - start} bytes before the first separator: the end of a message whose beginning is missing, or no mail"
    )
    notice = Notice(code="mbox.leading", text=text, locator=locator)
    yield notice
    digest = hashlib.sha256(data).hexdigest()
    step = Step(kind=StepKind.STREAM, name="leading", start=start, end=end, sha256=digest)
    yield ChildItem(step=step, content=data, notices=(notice,))


class _Reader:
    """Makes child items of messages."""

    def __init__(self, source: ByteSource, variant: Quoting, context: ParseContext) -> None:
        self._source = source
        self.variant = variant
        self._context = context
        self.unquoted_doubtful = 0
        """Messages to which the doubt about the quoting variant matters."""
        self.unread_dates = Places()

    def message(self, separator: Separator, ending: Ending, index: int) -> ChildItem:
        """Return one message."""
        start, end = separator.end, ending.end
        times = self._times(separator, index)
        if end - start > self._context.limits.memory_bytes:
            return self._large(start, end, index, times)
        stored = self._source.read(start, end)
        outer = _stored_step(start, end, index, hashlib.sha256(stored).hexdigest())
        content = self._unquoted(stored)
        if content is stored or self.variant.decoder is None:
            return ChildItem(step=outer, content=stored, times=times, format="mail.rfc5322")
        step = _unquoted_step(self.variant.decoder, len(stored), hashlib.sha256(content).hexdigest())
        return ChildItem(step=step, outer=(outer,), content=content, times=times, format="mail.rfc5322")

    def cut_otherwise(self, ending: Ending, index: int) -> Iterator[ChildItem]:
        """Yield the mails that readers find inside a message which do not go by its Content-Length."""
        ends = [*[found.start for found in ending.covered[1:]], ending.end]
        for separator, end in zip(ending.covered[:COVERED], ends, strict=False):
            start = separator.end
            stored = RangeBytes(self._source, start, end)
            digest = hashlib.sha256()
            for block in blocks(stored, 0, stored.size):
                digest.update(block)
            name = f"mail in message {index} at {start}"
            step = Step(kind=StepKind.STREAM, name=name, start=start, end=end, sha256=digest.hexdigest())
            text = (
                f"message {index} reaches over it by its Content-Length; readers that do not go by that begin a mail "
                "here. Both readings are kept"
            )
            locator = Locator(ranges=((separator.start, separator.end),), path=f"mbox:inside[{separator.start}]")
            line = self._source.read(separator.start, separator.end)
            yield ChildItem(
                step=step,
                content=stored if stored.size > self._context.limits.memory_bytes else stored.read(0, stored.size),
                times=from_line(line, separator.start, separator.date, inside_message(separator.start, index)),
                notices=(Notice(code="mbox.cut_otherwise", text=text, locator=locator),),
                format="mail.rfc5322",
            )

    def _unquoted(self, stored: bytes) -> bytes:
        if b">From " not in stored:
            return stored
        one, other = MBOXRD.whole(stored), MBOXO.whole(stored)
        if self.variant.doubt and not (one == other == stored) and (one != other or self.variant.decoder is None):
            self.unquoted_doubtful += 1
        if self.variant.decoder is None:
            return stored
        content = one if self.variant.decoder is MBOXRD else other
        return stored if content == stored else content

    def _large(self, start: int, end: int, index: int, times: tuple[Timestamp, ...]) -> ChildItem:
        """Read a message in bounded memory: a view of the mailbox, or its unquoted reading in the spool."""
        stored, digest = RangeBytes(self._source, start, end), hashlib.sha256()
        for block in blocks(self._source, start, end):
            digest.update(block)
        outer = _stored_step(start, end, index, digest.hexdigest())
        plain = ChildItem(step=outer, content=stored, times=times, format="mail.rfc5322")
        decoder = self.variant.decoder
        if decoder is None or decoder.stream is None or Window(stored, AHEAD).find(b">From ", 0, stored.size) < 0:
            return plain
        if self._context.spool is None:
            text = "too large to be unquoted without a spool: read as stored"
            notice = Notice(code="mbox.memory_limit", text=text)
            return ChildItem(step=outer, content=stored, times=times, notices=(notice,), format="mail.rfc5322")
        decoded, digest = decoder.stream(blocks(stored, 0, stored.size)), hashlib.sha256()

        def hashed() -> Iterator[bytes]:
            for block in decoded:
                digest.update(block)
                yield block

        content = self._context.spool(hashed())
        if digest.hexdigest() == outer.sha256:
            return plain
        step = _unquoted_step(decoder, stored.size, digest.hexdigest())
        return ChildItem(step=step, outer=(outer,), content=content, times=times, format="mail.rfc5322")

    def _times(self, separator: Separator, index: int) -> tuple[Timestamp, ...]:
        line = self._source.read(separator.start, separator.end)
        times = from_line(line, separator.start, separator.date, in_mailbox(index))
        if separator.date is not None and times[0].wall is Absence.UNPARSABLE:
            self.unread_dates.add(*separator.date)
        return times


def _stored_step(start: int, end: int, index: int, sha256: str) -> Step:
    return Step(kind=StepKind.MBOX_MESSAGE, index=index, start=start, end=end, sha256=sha256)


def _unquoted_step(decoder: Decoder, size: int, sha256: str) -> Step:
    name = decoder.name.partition("/")[0]
    return Step(kind=StepKind.UNQUOTED, name=name, start=0, end=size, decoder=decoder.name, sha256=sha256)


def _notices(lines: Lines, reader: _Reader, source: ByteSource, end: int) -> Iterable[Notice]:
    unread = ("mbox.date_unparsable", "separators whose date cannot be read", reader.unread_dates)
    for code, text, places in (*doubtful_notes(lines), unread) if reader.unread_dates.count else doubtful_notes(lines):
        yield Notice(code=code, text=f"{places.count} {text}", locator=Locator(ranges=tuple(places.first)))
    if reader.unquoted_doubtful:
        text = f"{reader.variant.doubt}; it matters to {reader.unquoted_doubtful} messages"
        yield Notice(code="mbox.quoting", text=text)
    if end == source.size and source.read(end - 1, end) not in (b"\n", b"\r", b""):
        locator = Locator(ranges=((end - 1, end),), path="mbox:end")
        text = "the last line has no end: the mailbox may be cut off"
        yield Notice(code="mbox.no_final_newline", text=text, locator=locator)
