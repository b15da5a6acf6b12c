"""One item and all inside it: identify, parse, judge, record; the loop that a worker runs over every file."""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase

import msgspec

from forensics.engine.reading.faults import fault_notice, is_full
from forensics.engine.reading.parts import Part
from forensics.engine.reading.protocol import PULSE_TEXT
from forensics.engine.reading.record import Gates, Recorder
from forensics.engine.reading.state import (
    OF_WHOLE,
    SKIPPED,
    VOLUME,
    Contents,
    Entry,
    Listing,
    Outcome,
    Pulse,
    Sink,
    is_over_budget,
    mail_around,
    moved,
)
from forensics.engine.reading.wording import worded
from forensics.intake.disk_images import TAIL_BYTES
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import Budget, ChildItem, Notice, Padding, ParseContext, Range, Status
from forensics.model.mail import Message
from forensics.model.presence.message import presence
from forensics.model.rules import Context
from forensics.parsers import Parser, Yielded, load, recorded
from forensics.parsers.identify import identify
from forensics.parsers.unparsed import unparsed

HEAD_BYTES = 4096


class Examiner:
    """Reads items and everything inside them into a sink; each content once.

    Attributes:
        items: places recorded so far.
    """

    def __init__(
        self,
        sink: Sink,
        parsing: ParseContext,
        judging: Context,
        pulse: Pulse,
        *,
        skip: Mapping[str, str] | None = None,
        exclude: tuple[str, ...] = (),
        gates: Gates | None = None,
    ) -> None:
        self._record = Recorder(sink, judging, gates)
        self._parsing = parsing
        self._budget = Budget(parsing.limits, 0)
        self._pulse = pulse
        self._skip = skip or {}
        self._exclude = exclude
        self._contents = Contents()
        self.items = 0

    @property
    def observed(self) -> int:
        """Observations so far."""
        return self._record.judge.observed

    def begin(self, size: int, part: int | None = None) -> ParseContext:
        """Begin a source file of *size* bytes, or *part* bytes of it: all inside shares one budget."""
        self._budget = Budget(self._parsing.limits, size, part)
        self._parsing = msgspec.structs.replace(self._parsing, budget=self._budget)
        self._contents.next_file()
        return self._parsing

    def finish(self) -> None:
        """Record the contents, now that all their places have been met."""
        for sha256, known in self._contents.all():
            self._record.content(sha256, known)

    def examine(self, entry: Entry) -> Outcome:
        """Read one item and what is inside it; never raises for anything in the evidence."""
        if entry.depth == 0:
            self.begin(entry.size)
        text = entry.location.text
        self._pulse(text)
        self.items += 1
        outcome = self._barred(entry, text) or self._read(entry)
        outcome.lower_for(entry.notices)
        self._record.occurrence(entry, outcome, text)
        return outcome

    def not_read(self, entry: Entry) -> None:
        """Record an item that is left alone on purpose: a link, a device, a file the user left out."""
        self.items += 1
        reason = entry.notices[0].code
        status = Status.UNREAD if reason.endswith("unreadable") else Status.SKIPPED
        self._record.occurrence(entry, Outcome(notices=[], status=status, reason=reason), entry.location.text)

    def note(self, entry: Entry, notice: Notice) -> None:
        """Record a notice about an item that is recorded elsewhere."""
        self._record.note(entry, notice)

    def examine_part(self, entry: Entry, parser: Parser, found: Iterable[Yielded], part: Range) -> Part:
        """Read one range of a large container; return what is to be told of the container itself."""
        outcome = Outcome(notices=[], rest=part.end - part.start)
        outcome.read_by(parser)
        self._guarded(entry, outcome, None, lambda: found, part.end)
        for notice in outcome.notices:
            if notice.code not in OF_WHOLE:
                self.note(entry, notice)
        return outcome.part()

    def examine_rest(self, entry: Entry, parser: Parser, found: Iterable[Yielded], inside: Part) -> None:
        """Read what a large container says of itself, and record it with what its ranges gave."""
        outcome = Outcome(notices=[])
        outcome.read_by(parser)
        self._guarded(entry, outcome, None, lambda: found, entry.size)
        outcome.parts(inside)
        outcome.ended()
        self.items += 1
        self._contents.close(entry, outcome, None)
        self._record.occurrence(entry, outcome, entry.location.text)

    def _barred(self, entry: Entry, text: str) -> Outcome | None:
        """Return why an item is not read at this place, whatever its content; ``None`` if it is read."""
        limit = self._parsing.limits.depth
        skip = self._skip.get(text[:PULSE_TEXT]) if self._skip else None
        outcome = Outcome(notices=[])
        if skip:
            outcome.note(Status.UNREAD, Notice(code=skip, text=SKIPPED[skip], unread=entry.size))
            if entry.sha256 not in self._contents:
                self._contents.close(entry, outcome, None)  # its copies would fare no better
        elif self._exclude and any(fnmatchcase(text, pattern) for pattern in self._exclude):
            note = Notice(code="intake.not_selected", text="left out by --exclude", unread=entry.size)
            outcome.note(Status.SKIPPED, note)
        elif entry.source is None and entry.sha256 not in self._contents:
            # A member that could not be decoded: its container said why.
            outcome.lower(Status.UNREAD, entry.notices[0].code if entry.notices else "engine.not_decoded")
        elif entry.depth > limit:
            note = Notice(code="engine.depth", text=f"nested deeper than the limit depth={limit}", unread=entry.size)
            outcome.note(Status.UNREAD, note)
        else:
            return None
        self._contents.pass_over(entry, outcome)
        return outcome

    def _read(self, entry: Entry) -> Outcome:
        """Read a content, or tell a copy from what is known of it."""
        known = self._contents.of(entry.sha256)
        if known is not None and not known.children and (entry.source is None or known.tells(entry)):
            return known.outcome()
        if known is not None and known.children and known.inside is not None:
            outcome = known.outcome()
            for inside in known.inside:
                at = inside.location.steps[0].start
                if not self._listed(entry, outcome, at):
                    break
                self.examine(moved(inside, entry, outcome))
            return outcome
        outcome = Outcome(notices=[], again=self._contents.recorded(entry.sha256), rest=entry.size)
        listing = self._contents.open(entry)
        if entry.size == 0:
            outcome.media_type = "application/x-empty"
            outcome.notices.append(Notice(code="engine.empty", text="no bytes at all"))
        else:
            self._guarded(entry, outcome, listing, lambda: self._parsed(entry, outcome), entry.size)
            outcome.ended()
        self._contents.close(entry, outcome, listing)
        return outcome

    def _parsed(self, entry: Entry, outcome: Outcome) -> Iterable[Yielded]:
        """Identify an item and return what its parser yields."""
        source = entry.source
        if source is None:
            return ()
        head = source.read(0, HEAD_BYTES)
        name = entry.format or identify(head, source, entry.name, entry.declared_type)
        if not name and any(notice.code == VOLUME for notice in entry.notices):
            text = "a part of a file that was cut, which cannot be read by itself: hashed and recorded only"
            outcome.note(Status.UNREAD, Notice(code=VOLUME, text=text, unread=entry.size))
            return ()
        if not name:
            tail = source.read(max(0, entry.size - TAIL_BYTES), entry.size)
            outcome.media_type, status, notice = unparsed(head, entry.name, entry.size, entry.declared_type, tail)
            outcome.note(status, notice)
            outcome.named = (entry.name, entry.declared_type)
            return ()
        parser = load(name)
        outcome.read_by(parser)
        return parser.parse(source, entry.location, self._parsing)

    def _guarded(
        self,
        entry: Entry,
        outcome: Outcome,
        listing: Listing | None,
        parse: Callable[[], Iterable[Yielded]],
        end: int,
    ) -> None:
        """Take what a parser yields, up to *end* of the item; whatever it raises costs the rest of it only."""
        try:
            self._consume(entry, outcome, listing, parse())
        except Exception as error:
            if is_full(error):
                raise
            status = Status.PARTIAL if outcome.facts or outcome.children else Status.UNREAD
            outcome.note(status, fault_notice(error, end, outcome.rest))

    def _consume(self, entry: Entry, outcome: Outcome, listing: Listing | None, yielded: Iterable[Yielded]) -> None:
        text = entry.location.text
        for found in yielded:
            if isinstance(found, ChildItem):
                outcome.children = True
                outermost = found.outer[0] if found.outer else found.step
                if not self._listed(entry, outcome, outermost.start):
                    return
                outcome.claim(outermost.start, outermost.end)
                self._child(entry, found, outcome, listing)
                self._pulse(text, 0)
            elif isinstance(found, Notice):
                outcome.say(found)
                if found.unread:
                    outcome.lower(Status.PARTIAL, found.code)
            elif isinstance(found, Padding):
                outcome.pad(found)
            else:
                outcome.facts = True
                if isinstance(found, DocumentFacts):
                    outcome.media_type = found.media_type or outcome.media_type
                    found = self._worded(entry, outcome, found)
                mask = 0 if outcome.again else self._record.facts(entry, entry.source, found)
                if isinstance(found, Message):
                    outcome.message, outcome.mail = True, mask or presence(found)

    def _worded(self, entry: Entry, outcome: Outcome, facts: DocumentFacts) -> DocumentFacts:
        """Return a document's facts with what tells copies of its text; a fault of that reading costs nothing else."""
        parser = recorded(outcome.parser)
        if outcome.again or entry.source is None or parser is None:
            return facts
        try:
            return worded(facts, parser, entry.source, self._parsing)
        except Exception as error:
            if is_full(error):
                raise
            kind = "memory" if isinstance(error, MemoryError) else "text_fault"
            text = f"its text is compared with no other: {type(error).__name__}: {error}"[:500]
            outcome.say(Notice(code=f"engine.{kind}", text=text))
        return facts

    def _listed(self, entry: Entry, outcome: Outcome, at: int) -> bool:
        """Whether one more item may be listed inside this one, from byte *at* of it."""
        if self._budget.item():
            return True
        self._contents.cut()
        unread = max(0, min(entry.size - at, outcome.rest))
        most = f"one source file gives at most {self._budget.items_total} items, see limit items"
        text = f"{most}: what stands in the {unread} bytes from {at} on is not listed"
        outcome.note(Status.PARTIAL, Notice(code="engine.items", text=text, unread=unread))
        return False

    def _child(self, parent: Entry, child: ChildItem, outcome: Outcome, listing: Listing | None) -> None:
        """Read an item that was found inside another."""
        entry = self._within_budget(_inside(parent, child, outcome), spent=child.spent)
        if any(is_over_budget(notice) for notice in entry.notices):
            self._contents.cut()
        outcome.member(entry.notices, self.examine(entry).left)
        if listing is not None:
            self._contents.take(listing, entry)

    def _within_budget(self, entry: Entry, *, spent: bool) -> Entry:
        """Return an item without its bytes where its source file has decoded to too much."""
        known = spent or entry.source is None or entry.sha256 in self._contents
        if known or self._budget.spend(entry.size):
            return entry
        text = (
            f"all in this source file decodes to more than {self._budget.total} bytes; these {entry.size} are not read"
        )
        notice = Notice(code="engine.expansion", text=text, unread=entry.size)
        return msgspec.structs.replace(entry, source=None, notices=(notice, *entry.notices))


def _inside(parent: Entry, child: ChildItem, outcome: Outcome) -> Entry:
    content = child.content
    location = parent.location
    for step in (*child.outer, child.step):
        location = location.child(step)
    source: ByteSource | None = MemoryBytes(content) if isinstance(content, bytes) else content
    return Entry(
        source=source,
        location=location,
        sha256=child.step.sha256,
        size=source.size if source is not None else 0,
        name=child.name,
        other_names=child.other_names,
        declared_type=child.declared_type,
        times=child.times,
        notices=child.notices,
        format=child.format,
        depth=parent.depth + 1,
        parent=parent.sha256,
        message=mail_around(parent, outcome),
        part_of=outcome.format if outcome.message else "",
    )
