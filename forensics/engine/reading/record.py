"""Writes what was read of an item into rows, and has it judged."""

from forensics.engine.reading.gates import Gates
from forensics.engine.reading.judge import Judge
from forensics.engine.reading.state import Entry, Facts, Known, Reading, Sink
from forensics.intake import types
from forensics.model.codec import encode_text
from forensics.model.documents import DocumentFacts
from forensics.model.items import ByteSource, Notice, Occurrence
from forensics.model.mail import Message
from forensics.model.presence.occurrence import presence
from forensics.model.rows import archives, documents, messages, notices, signatures
from forensics.model.rows import times as time_rows
from forensics.model.rows.archives import ArchiveRow
from forensics.model.rows.contents import ContentRow
from forensics.model.rows.documents import DocumentRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rules import Context, Subject
from forensics.parsers import times_in_name


class Recorder:
    """Rows of contents and of their places; each is judged as it is recorded.

    Attributes:
        judge: calls the rules.
    """

    def __init__(self, sink: Sink, judging: Context, gates: Gates | None = None) -> None:
        self._sink = sink
        self.judge = Judge(sink, judging, gates or Gates())

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

    def facts(self, entry: Entry, source: ByteSource | None, facts: Facts) -> int:
        """Record and judge what a content says; return its presence mask."""
        row: MessageRow | DocumentRow | ArchiveRow
        if isinstance(facts, Message):
            subject, row = Subject.MESSAGE, messages.row_of(entry.sha256, facts)
            self._sink.add("messages", row)
            for signature in facts.signatures:
                self._sink.add("signatures", signatures.row_of(entry.sha256, signature))
        elif isinstance(facts, DocumentFacts):
            subject, row = Subject.DOCUMENT, documents.row_of(entry.sha256, facts)
            self._sink.add("documents", row)
        else:
            subject, row = Subject.ARCHIVE, archives.row_of(entry.sha256, facts)
            self._sink.add("archives", row)
        self.judge(subject, row.mask, facts, entry.sha256, entry.location, source)
        return row.mask

    def occurrence(self, entry: Entry, reading: Reading, text: str) -> None:
        """Record and judge one place of a content; *text* is that of its location."""
        name = entry.name.decode("utf-8", "replace")
        extension_type = types.extension_type(name) if name else ""
        times = entry.times + times_in_name(reading.media_type)(entry.name)
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
            unrecognized=reading.reason == "engine.no_parser" and not reading.media_type,
            times=times,
            in_message=bool(entry.message),
            mail=reading.mail,
        )
        mask = presence(occurrence)
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
                mask=mask,
                times=[time_rows.row_of(stamp) for stamp in times],
            ),
        )
        for notice in (*entry.notices, *reading.notices):
            self._sink.add("notices", notices.row_of(entry.sha256, location, text, notice))
        self.judge(Subject.OCCURRENCE, mask, occurrence, entry.sha256, entry.location, entry.source)

    def note(self, entry: Entry, notice: Notice) -> None:
        """Record a notice about an item that is recorded elsewhere."""
        location = entry.location
        self._sink.add("notices", notices.row_of(entry.sha256, encode_text(location), location.text, notice))
