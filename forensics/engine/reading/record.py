"""Writes what was read of an item into rows, and calls the rules that have power on it."""

import traceback
from collections.abc import Callable, Iterator
from functools import cache

import msgspec

from forensics.authenticity.carried_keys import carried_keys
from forensics.authenticity.signed_parts import tested
from forensics.checks import RULES, load
from forensics.engine.reading import accounts as account
from forensics.engine.reading.faults import is_full
from forensics.engine.reading.state import Entry, Known, Outcome, Parsed, Sink
from forensics.intake import types
from forensics.model.byte_sources import ByteSource
from forensics.model.codec import encode_text
from forensics.model.documents import DocumentFacts
from forensics.model.items import Notice, Occurrence
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.model.presence.occurrence import presence
from forensics.model.rows import archives, documents, messages, notices, observations, properties, quoted_mails
from forensics.model.rows import signatures as signature_rows
from forensics.model.rows import signed_parts as signed_part_rows
from forensics.model.rows import times as time_rows
from forensics.model.rows.archives import ArchiveRow
from forensics.model.rows.contents import ContentRow
from forensics.model.rows.documents import DocumentRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rows.signer_keys import carried_row
from forensics.model.rules import Context, Evidence, Observation, Role, Rule, Subject, SubjectRef
from forensics.model.signed_parts import PartOutcome
from forensics.parsers import facts_in_name, restates, times_in_name

Check = Callable[[object, Context], Iterator[Observation]]
_PIECE = 1 << 20
CONTEXT_BYTES = 80
"""Quoted on each side of a cited range."""


class Gates:
    """Which rules have what they need, memoised by mask: a rule without power is never called."""

    def __init__(self) -> None:
        modules = [load(name) for name in RULES if not name.startswith("case.")]
        self._rules = [(module.RULE, int(module.RULE.needs), module.check) for module in modules]
        self._memo: dict[tuple[Subject, int], tuple[tuple[Rule, Check], ...]] = {}

    def rules(self, subject: Subject, mask: int) -> tuple[tuple[Rule, Check], ...]:
        """Return the item rules for a kind of subject that a mask gives power to, in their fixed order."""
        found = self._memo.get((subject, mask))
        if found is None:
            found = tuple(
                [
                    (rule, check)
                    for rule, needs, check in self._rules
                    if rule.subject is subject and needs & mask == needs
                ]
            )
            self._memo[subject, mask] = found
        return found


@cache
def all_gates() -> Gates:
    """Return those of all rules on one item: a process asks them of many units."""
    return Gates()


class Judge:
    """Calls the rules that have power on an item, and writes what they observe into a sink.

    Attributes:
        observed: observations so far.
    """

    def __init__(self, sink: Sink, context: Context, gates: Gates) -> None:
        self._sink = sink
        self._context = context
        self._gates = gates
        self.observed = 0

    def __call__(
        self, subject: Subject, mask: int, facts: object, sha256: str, location: Location, source: ByteSource | None
    ) -> None:
        """Judge one item; *source* holds its bytes, if they are at hand."""
        for rule, check in self._gates.rules(subject, mask):
            try:
                for observation in check(facts, self._context):
                    self._record(rule, observation, sha256, location, source)
            except Exception as error:
                if is_full(error):
                    raise
                if isinstance(error, MemoryError):
                    notice = Notice(code="engine.memory", text=f"not enough memory for rule {rule.id}/{rule.version}")
                else:
                    fault = f"{rule.id}/{rule.version}: {traceback.format_exc(limit=-4)}"
                    notice = Notice(code="engine.rule_fault", text=fault)
                self._sink.add("notices", notices.row_of(sha256, encode_text(location), location.text, notice))

    def _record(
        self, rule: Rule, seen: Observation, sha256: str, location: Location, source: ByteSource | None
    ) -> None:
        self.observed += 1
        subjects = seen.subjects or (SubjectRef(role=Role.SUSPECT, sha256=sha256, location=location),)
        evidence = tuple(_with_context(fact, source) for fact in seen.evidence)
        whole = msgspec.structs.replace(seen, subjects=subjects, evidence=evidence)
        self._sink.add("observations", observations.row_of(rule, whole, sha256, location))


def _with_context(fact: Evidence, source: ByteSource | None) -> Evidence:
    """Add the bytes around a fact that stands in the item itself, while they are at hand."""
    if source is None or not fact.locator.ranges or fact.locator.steps or fact.location is not None or fact.context:
        return fact
    start = max(0, fact.locator.ranges[0][0] - CONTEXT_BYTES)
    end = min(source.size, fact.locator.ranges[-1][1] + CONTEXT_BYTES)
    # A field of megabytes is cited by its range, not copied.
    return msgspec.structs.replace(fact, context=source.read(start, min(end, start + 4096)), context_start=start)


def _with_signatures_tested(facts: DocumentFacts) -> DocumentFacts:
    """Test the signatures in a document, for which libraries are loaded only here."""
    from forensics.authenticity.document_signatures import tested

    return tested(facts)


def _lengths(entry: Entry) -> tuple[int, int] | None:
    """Return how many bytes an item has with line ends of one byte, and of two."""
    if entry.source is None:
        return None
    lines = pairs = at = 0
    before = b""
    while at < entry.source.size:
        piece = entry.source.read(at, at + _PIECE)
        if not piece:
            return None
        lines += piece.count(b"\n")
        pairs += piece.count(b"\r\n") + (before == b"\r" and piece[:1] == b"\n")
        before, at = piece[-1:], at + len(piece)
    return entry.source.size - pairs, entry.source.size - pairs + lines


class Recorder:
    """Rows of contents and of their places; each is judged as it is recorded.

    Attributes:
        judge: calls the rules.
    """

    def __init__(self, sink: Sink, judging: Context, gates: Gates | None = None) -> None:
        self._sink = sink
        self.judge = Judge(sink, judging, gates or all_gates())

    def content(self, sha256: str, known: Known) -> None:
        """Record one distinct content."""
        self._sink.add(
            "contents",
            ContentRow(
                sha256=sha256,
                size=known.size,
                media_type=known.media_type,
                parser=known.parser,
                status=known.status,
            ),
        )

    def facts(self, entry: Entry, source: ByteSource | None, facts: Parsed) -> int:
        """Record and judge what a content says; return its presence mask."""
        row: MessageRow | DocumentRow | ArchiveRow
        if isinstance(facts, Message):
            if facts.signed_parts:
                facts = self._with_verdicts(entry, source, facts)
            subject, row = Subject.MESSAGE, messages.row_of(entry.sha256, facts)
            self._sink.add("messages", row)
            for signature in facts.signatures:
                self._sink.add("signatures", signature_rows.row_of(entry.sha256, signature))
            for index, part in enumerate(facts.signed_parts):
                self._sink.add("signed_parts", signed_part_rows.row_of(entry.sha256, index, part))
            if source is not None and facts.may_carry_keys:
                for key in carried_keys(facts, source):
                    self._sink.add("carried_keys", carried_row(entry.sha256, key))
            for index, quoted in enumerate(facts.quoted):
                self._sink.add("quoted_mails", quoted_mails.row_of(entry.sha256, index, quoted))
        elif isinstance(facts, DocumentFacts):
            if facts.signatures:
                facts = _with_signatures_tested(facts)
            subject, row = Subject.DOCUMENT, documents.row_of(entry.sha256, facts)
            self._sink.add("documents", row)
        else:
            subject, row = Subject.ARCHIVE, archives.row_of(entry.sha256, facts)
            self._sink.add("archives", row)
            for member in facts.members:
                self._sink.add("archive_members", archives.member_row(entry.sha256, member))
        self.judge(subject, row.mask, facts, entry.sha256, entry.location, source)
        return row.mask

    def _with_verdicts(self, entry: Entry, source: ByteSource | None, message: Message) -> Message:
        """Test what is signed while the bytes are at hand, and say what could not be tested."""
        parts = tested(message, source)
        for part in parts:
            if part.verdict.outcome in (PartOutcome.UNTESTED, PartOutcome.UNREADABLE):
                text = f"a signed part whose signature is {part.verdict.outcome}: {part.verdict.reason}"
                self.note(entry, Notice(code="mail.signed_part", text=text, locator=part.signature))
        return msgspec.structs.replace(message, signed_parts=parts)

    def occurrence(self, entry: Entry, outcome: Outcome, text: str) -> None:
        """Record and judge one place of a content; *text* is that of its location."""
        name = entry.name.decode("utf-8", "replace")
        extension_type = types.extension_type(name) if name else ""
        times = entry.times + times_in_name(outcome.media_type)(entry.name)
        named = facts_in_name(outcome.media_type)(entry.name)
        occurrence = Occurrence(
            sha256=entry.sha256,
            size=entry.size,
            location=entry.location,
            name=name,
            other_names=entry.other_names,
            declared_type=entry.declared_type,
            extension_type=extension_type,
            other_types=tuple([types.extension_type(other) for other in entry.other_names]),
            media_type=outcome.media_type,
            unrecognized=outcome.reason == "engine.no_parser" and not outcome.media_type,
            times=times,
            named=named,
            lengths=_lengths(entry) if any(fact.name == "maildir.size" for fact in named) else None,
            in_message=bool(entry.message),
            mail=outcome.mail,
        )
        mask, said = presence(occurrence), outcome.accounts
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
                media_type=outcome.media_type,
                status=outcome.status,
                parser=outcome.parser,
                reason=outcome.reason,
                depth=entry.depth,
                parent_sha256=entry.parent,
                message_sha256=entry.message,
                mask=mask,
                times=[time_rows.row_of(stamp) for stamp in times],
                accounts=account.rows(said, outcome.status, entry.notices) if said or entry.notices else [],
                named=properties.rows_of(named) if named else [],
                restates=outcome.message and restates(outcome.format, entry.part_of),
            ),
        )
        for notice in (*entry.notices, *outcome.notices):
            self._sink.add("notices", notices.row_of(entry.sha256, location, text, notice))
        self.judge(Subject.OCCURRENCE, mask, occurrence, entry.sha256, entry.location, entry.source)

    def note(self, entry: Entry, notice: Notice) -> None:
        """Record a notice about an item that is recorded elsewhere."""
        location = entry.location
        self._sink.add("notices", notices.row_of(entry.sha256, encode_text(location), location.text, notice))
