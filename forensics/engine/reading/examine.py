"""One item and all inside it: identify, parse, judge, record; the loop that a worker and ``check`` share."""

import traceback
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Protocol

import msgspec

from forensics.engine.reading import rows
from forensics.engine.reading.gates import Gates
from forensics.engine.reading.judge import Judge
from forensics.engine.reading.state import PULSE_TEXT, Facts, Known, Reading, Sink
from forensics.engine.reading.unparsed import unparsed
from forensics.errors import LimitExceeded, ParseError, Truncated
from forensics.intake import types
from forensics.model.codec import encode_text
from forensics.model.documents import DocumentFacts
from forensics.model.facts import ClockKind, Timestamp
from forensics.model.items import (
    ByteSource,
    ChildItem,
    MemoryBytes,
    Notice,
    Occurrence,
    ParseContext,
    Status,
)
from forensics.model.locations import Location
from forensics.model.mail import MailMessage
from forensics.model.rules import Context, Has, Subject
from forensics.model.tables import ContentRow, OccurrenceRow
from forensics.parsers import Yielded
from forensics.parsers import load as load_parser
from forensics.parsers.identify import identify
from forensics.parsers.mail import rfc5322
from forensics.parsers.mail.mailbox_times import maildir_name

HEAD_BYTES = 4096
COPIES = 100_000
"""Places inside copies of known containers that one work unit lists: copies of copies grow without end."""

_OCCURRENCE = (
    Has.NAME,
    Has.EXTENSION_TYPE,
    Has.DECLARED_TYPE,
    Has.FOUND_TYPE,
    Has.IN_MESSAGE,
    Has.CONTAINER_TIME,
    Has.MAILBOX_TIME,
)
_BITS = [bit.value for bit in _OCCURRENCE]  # operations of IntFlag cost 1 us each


class Pulse(Protocol):
    """Told which item is being read, so that a death names its victim."""

    def __call__(self, location_text: str, new: int = 1, /) -> None:
        """Take the item's location; *new* is 0 where it was named before."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An item before it is read: its bytes, its place, and what its container says of it."""

    source: ByteSource | None
    location: Location
    sha256: str
    size: int
    name: bytes = b""
    other_names: tuple[str, ...] = ()
    declared_type: str = ""
    times: tuple[Timestamp, ...] = ()
    notices: tuple[Notice, ...] = ()
    format: str = ""
    depth: int = 0
    parent: str = ""
    message: str = ""


class Examiner:
    """Reads items and everything inside them into a sink; each content once."""

    def __init__(
        self,
        sink: Sink,
        parsing: ParseContext,
        judging: Context,
        pulse: Pulse,
        skip: frozenset[str] = frozenset(),
        exclude: tuple[str, ...] = (),
        gates: Gates | None = None,
    ) -> None:
        self._sink = sink
        self._parsing = parsing
        self._pulse = pulse
        self._skip = skip
        self._exclude = exclude
        self._seen: dict[str, Known] = {}
        self._again = 0
        self._judge = Judge(sink, judging, gates or Gates())
        self.items = 0

    @property
    def observed(self) -> int:
        """Observations so far."""
        return self._judge.observed

    def examine(self, entry: Entry) -> None:
        """Read one item and what is inside it; never raises for anything in the evidence."""
        text = entry.location.text
        self._pulse(text)
        self.items += 1
        known = self._seen.get(entry.sha256) if entry.sha256 else None
        if known is None:
            self._record(entry, self._read(entry, text), text)
            return
        reading = Reading(
            facts=[],
            notices=[],
            parser=known.parser,
            media_type=known.media_type,
            status=known.status,
            reason=known.reason,
        )
        if known.children:
            self._walk_again(entry, text, reading)
        self._record_occurrence(entry, reading, known.mask, text)

    def _walk_again(self, entry: Entry, text: str, reading: Reading) -> None:
        """Record the places of what a copy of a known container holds; its facts are known."""
        if self._again >= COPIES or entry.depth > self._parsing.limits.depth:
            note = f"a copy of a known container; its members are not listed again beyond {COPIES:,} in one work unit"
            reading.notices.append(Notice(code="engine.copies", text=note))
            return
        copy = self._read(entry, text, again=True)
        reading.notices += [notice for notice in copy.notices if notice.code.startswith("engine.")]

    def _record(self, entry: Entry, reading: Reading, text: str) -> None:
        mask = 0
        for facts in reading.facts:
            mask |= facts.mask
        if entry.sha256:
            self._seen[entry.sha256] = Known(
                parser=reading.parser,
                media_type=reading.media_type,
                status=reading.status,
                reason=reading.reason,
                mask=mask,
                children=reading.children,
            )
            self._sink.add(
                "contents",
                ContentRow(
                    sha256=entry.sha256,
                    size=entry.size,
                    media_type=reading.media_type,
                    parser=reading.parser,
                    status=reading.status,
                    mask=mask,
                ),
            )
        self._record_occurrence(entry, reading, mask, text)

    def not_read(self, entry: Entry) -> None:
        """Record an item that is left alone on purpose: a link, a device, a file the user left out."""
        self.items += 1
        reading = Reading(facts=[], notices=[], status=Status.SKIPPED, reason=entry.notices[0].code)
        if reading.reason.endswith("unreadable"):
            reading.status = Status.UNREAD
        self._record_occurrence(entry, reading, 0, entry.location.text)

    def note(self, entry: Entry, notice: Notice) -> None:
        """Record a notice about an item that is examined elsewhere or was examined before."""
        location = entry.location
        self._sink.add("notices", rows.notice_row(entry.sha256, encode_text(location), location.text, notice))

    def examine_part(self, entry: Entry, parser: str, found: Iterable[Yielded], *, record: bool) -> None:
        """Read one range of a large container; the caller says which range records the container itself."""
        reading = Reading(facts=[], notices=[])
        module = load_parser(parser)
        reading.parser = f"{module.FORMAT.id}/{module.FORMAT.version}"
        reading.media_type = module.FORMAT.media_types[0]
        self._guarded(entry, None, entry.location.text, reading, found)
        if record:
            self._record(entry, reading, entry.location.text)
        else:
            for notice in reading.notices:
                self.note(entry, notice)

    def _read(self, entry: Entry, text: str, *, again: bool = False) -> Reading:
        reading = Reading(facts=[], notices=[], again=again)
        if entry.source is None:
            # A member that could not be decoded: its container said why.
            reading.lower(Status.UNREAD, entry.notices[0].code if entry.notices else "engine.not_decoded")
        elif self._exclude and any(fnmatchcase(text, pattern) for pattern in self._exclude):
            reading.lower(Status.SKIPPED, "intake.not_selected")
            note = "left out by --exclude"
            reading.notices.append(Notice(code="intake.not_selected", text=note, unread=entry.size))
        elif self._skip and text[:PULSE_TEXT] in self._skip:
            reading.lower(Status.UNREAD, "engine.watchdog")
            note = "reading this item twice stopped the worker process; it was left unread"
            reading.notices.append(Notice(code="engine.watchdog", text=note, unread=entry.size))
        elif entry.size == 0:
            reading.media_type = "application/x-empty"
            reading.notices.append(Notice(code="engine.empty", text="no bytes at all"))
        elif entry.depth > self._parsing.limits.depth:
            reading.lower(Status.UNREAD, "engine.depth")
            note = f"nested deeper than the limit depth={self._parsing.limits.depth}"
            reading.notices.append(Notice(code="engine.depth", text=note, unread=entry.size))
        else:
            self._identify_and_parse(entry, entry.source, text, reading)
        reading.lower_for(entry.notices)
        return reading

    def _identify_and_parse(self, entry: Entry, source: ByteSource, text: str, reading: Reading) -> None:
        head = source.read(0, HEAD_BYTES)
        name = entry.format or identify(head, source, entry.name, entry.declared_type)
        if not name:
            reading.media_type, status, notice = unparsed(head, entry.name, entry.size, entry.declared_type)
            reading.lower(status, notice.code)
            reading.notices.append(notice)
            return
        parser = load_parser(name)
        reading.parser = f"{parser.FORMAT.id}/{parser.FORMAT.version}"
        reading.media_type = parser.FORMAT.media_types[0]
        self._guarded(entry, source, text, reading, parser.parse(source, entry.location, self._parsing))

    def _guarded(
        self, entry: Entry, source: ByteSource | None, text: str, reading: Reading, found: Iterable[Yielded]
    ) -> None:
        """Take what a parser yields; whatever it raises costs this item only."""
        try:
            self._consume(entry, source, text, reading, found)
        except ParseError as error:
            reading.lower(Status.PARTIAL if reading.facts else Status.UNREAD, _code(error))
            unread = max(0, entry.size - (error.offset or 0))
            reading.notices.append(Notice(code=_code(error), text=str(error), unread=unread))
        except MemoryError:
            reading.lower(Status.PARTIAL if reading.facts else Status.UNREAD, "engine.memory")
            reading.notices.append(Notice(code="engine.memory", text="not enough memory", unread=entry.size))
        except Exception:  # noqa: BLE001  a fault of ours must cost this item only, and must be seen
            reading.lower(Status.PARTIAL if reading.facts else Status.UNREAD, "engine.parser_fault")
            reading.notices.append(
                Notice(code="engine.parser_fault", text=traceback.format_exc(limit=-4), unread=entry.size)
            )

    def _consume(
        self, entry: Entry, source: ByteSource | None, text: str, reading: Reading, yielded: Iterable[Yielded]
    ) -> None:
        for found in yielded:
            if isinstance(found, ChildItem):
                reading.children = True
                self._again += reading.again
                self.child(entry, found, message=_is_mail(reading))
                reading.member(found.notices)
                self._pulse(text, 0)
            elif isinstance(found, Notice):
                reading.notices.append(found)
                if found.unread:
                    reading.lower(Status.PARTIAL, found.code)
            else:
                reading.facts.append(found)
                if not reading.again:
                    self._record_facts(entry, source, found)
                if isinstance(found, DocumentFacts):
                    reading.media_type = found.media_type or reading.media_type

    def child(self, parent: Entry, child: ChildItem, *, message: bool) -> None:
        """Read a child item of an item."""
        content = child.content
        location = parent.location
        for step in (*child.outer, child.step):
            location = location.child(step)
        self.examine(
            Entry(
                source=MemoryBytes(content) if isinstance(content, bytes) else content,
                location=location,
                sha256=child.step.sha256,
                size=0 if content is None else len(content) if isinstance(content, bytes) else content.size,
                name=child.name,
                other_names=child.other_names,
                declared_type=child.declared_type,
                times=child.times,
                notices=child.notices,
                format=child.format,
                depth=parent.depth + 1,
                parent=parent.sha256,
                message=parent.sha256 if message else parent.message,
            )
        )

    def _record_facts(self, entry: Entry, source: ByteSource | None, facts: Facts) -> None:
        if isinstance(facts, MailMessage):
            self._sink.add("messages", rows.message_row(entry.sha256, facts))
            for signature in facts.signatures:
                self._sink.add("signatures", rows.signature_row(entry.sha256, signature))
            subject = Subject.MESSAGE
        elif isinstance(facts, DocumentFacts):
            self._sink.add("documents", rows.document_row(entry.sha256, facts))
            subject = Subject.DOCUMENT
        else:
            self._sink.add("archives", rows.archive_row(entry.sha256, facts))
            subject = Subject.ARCHIVE
        self._judge(subject, facts.mask, facts, entry.sha256, entry.location, source)

    def _record_occurrence(self, entry: Entry, reading: Reading, content_mask: int, text: str) -> None:
        name = entry.name.decode("utf-8", "replace")
        extension_type = types.extension_type(name) if name else ""
        times = entry.times
        if reading.media_type == rfc5322.FORMAT.media_types[0]:
            times += maildir_name(entry.name)
        occurrence = Occurrence(
            sha256=entry.sha256,
            size=entry.size,
            location=entry.location,
            name=name,
            other_names=entry.other_names,
            declared_type=entry.declared_type,
            extension_type=extension_type,
            other_types=tuple([types.extension_type(other) for other in entry.other_names]),
            media_type=reading.media_type,
            times=times,
            mask=_occurrence_mask(entry, extension_type, reading.media_type, times) | _unknown(reading),
        )
        location = encode_text(entry.location)
        self._sink.add(
            "occurrences",
            OccurrenceRow(
                sha256=entry.sha256,
                size=entry.size,
                location=location,
                location_text=text,
                source=entry.location.source,
                name=name,
                declared_type=entry.declared_type,
                extension_type=extension_type,
                media_type=reading.media_type,
                status=reading.status,
                parser=reading.parser,
                reason=reading.reason,
                depth=entry.depth,
                parent_sha256=entry.parent,
                message_sha256=entry.message,
                mask=content_mask | occurrence.mask,
                times=[rows.time_row(stamp) for stamp in times],
            ),
        )
        for notice in (*entry.notices, *reading.notices):
            self._sink.add("notices", rows.notice_row(entry.sha256, location, text, notice))
        self._judge(Subject.OCCURRENCE, occurrence.mask, occurrence, entry.sha256, entry.location, entry.source)


def _is_mail(reading: Reading) -> bool:
    return any(isinstance(facts, MailMessage) for facts in reading.facts)


def _occurrence_mask(entry: Entry, extension_type: str, media_type: str, times: tuple[Timestamp, ...]) -> int:
    taken_in = any(time.clock is ClockKind.MAILBOX for time in times)
    given = (entry.name, extension_type, entry.declared_type, media_type, entry.message, times, taken_in)
    return sum([bit for bit, value in zip(_BITS, given, strict=True) if value])


def _unknown(reading: Reading) -> int:
    looked_at = reading.reason == "engine.no_parser" and not reading.media_type
    return (Has.FOUND_TYPE | Has.UNKNOWN_TYPE).value if looked_at else 0


def _code(error: ParseError) -> str:
    if isinstance(error, LimitExceeded):
        return "parse.limit"
    if isinstance(error, Truncated):
        return "parse.truncated"
    return "parse.malformed"
