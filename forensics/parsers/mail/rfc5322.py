"""Internet messages (``.eml``): lossless header fields, MIME tree, and what they say.

Source: RFC 5322, RFC 5321 4.4, RFC 2045-2047, RFC 2231, RFC 6532.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

from forensics.model.byte_sources import ByteSource
from forensics.model.items import ChildItem, Format, Limits, Notice, ParseContext
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.mail import HeaderField, Message, MimeTree
from forensics.model.texts import TextPart
from forensics.parsers.mail import headers, mime
from forensics.parsers.mail.bodies import Bodies
from forensics.parsers.mail.embedded import Embedded
from forensics.parsers.mail.entity import file_times, unread_dates
from forensics.parsers.mail.fields import read_fields
from forensics.parsers.mail.form import form
from forensics.parsers.mail.headers import behind_junk, known_fields
from forensics.parsers.mail.id_times import part_times
from forensics.parsers.mail.large_leaves import LargeLeaves
from forensics.parsers.mail.leaves import is_message
from forensics.parsers.mail.left_out import APPLE, MARKS, MOZILLA, LeftOut, left_out
from forensics.parsers.mail.mailbox_times import facts_of_name, maildir_name
from forensics.parsers.mail.outline import Outline
from forensics.parsers.mail.placed_bodies import PlacedBodies
from forensics.parsers.mail.reading import attempt
from forensics.parsers.mail.server_form import server_form
from forensics.parsers.mail.signed_parts import read_signed_parts
from forensics.parsers.mail.texts import read_texts

FORMAT = Format(
    id="mail.rfc5322",
    title="Internet message",
    media_types=("message/rfc822",),
    extensions=(".eml", ".mht", ".mhtml", ".mim", ".nws"),
    version=9,
)

_FIELD = re.compile(rb"(?:>?From [^\r\n]{1,200}[\r\n]+)?[!-9;-~]{1,100}[ \t]*:")
"""An attached message begins like this; anything else is identified by its content."""
_LONG_HEAD = 1 << 18
"""A header may begin with more than a head's bytes of one field, or of fields that say nothing."""

times_in_name = maildir_name
"""The file of a mail in a Maildir is called by the time when it was stored."""
facts_in_name = facts_of_name
"""And by its size, or the number that its mailbox gave it."""


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether the content begins with header fields of which at least two are known in mail."""
    known, end = known_fields(head)
    if known < 2 and end == len(head) and source.size > end > 0:
        known, _ = known_fields(source.read(0, _LONG_HEAD))
    return known >= 2


def sniff_named(head: bytes, source: ByteSource) -> bool:
    """Whether the content begins with a header field; enough where its name or its container says mail."""
    return known_fields(head)[1] > 0 or behind_junk(head) > 0


def sniff_inside(head: bytes, source: ByteSource) -> bool:
    """Whether a full header stands behind some lines of text."""
    return behind_junk(head) > 0


def header_fields(source: ByteSource, context: ParseContext) -> tuple[HeaderField, ...]:
    """Return the header fields of a message as `parse` gives them."""
    data = source.read(0, min(source.size, context.limits.memory_bytes))
    return headers.of_message(data, headers.line_end(data), context.limits.header_fields).fields


def bodies(source: ByteSource, context: ParseContext) -> PlacedBodies:
    """Return the texts of a message with their places."""
    if source.size <= context.limits.memory_bytes:
        data = source.read(0, source.size)
        reader = mime.Reader(data, headers.line_end(data), context.limits)
        return PlacedBodies(Bodies(reader.message(source.size), data, reader.leaves.decoded))
    outline = Outline(source, context.limits)
    root = mime.Reader(outline.data, outline.newline, context.limits).message(outline.size)
    return PlacedBodies(Bodies(root, outline.data), outline)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a message that a reader is shown."""
    return bodies(source, context).text_parts()


def _children(reader: mime.Reader, limit: int, gone: LeftOut) -> Iterator[ChildItem | Notice]:
    for place, (part, content, end, second) in enumerate(reader.leaves.items):
        if place >= limit:
            rest = reader.leaves.items[place:]
            text = "more parts than the limit of child items"
            yield Notice(
                code="mail.children", text=text, unread=sum([later.end - later.part.body_start for later in rest])
            )
            return
        number = part.number or "1"
        kept = gone.elsewhere.get(part.body_start)
        yield ChildItem(
            step=Step(
                kind=StepKind.MIME_PART,
                name=f"~{number}" if second else number,
                index=place,
                start=part.body_start,
                end=end,
                decoder=part.decoder,
                sha256=part.sha256 if kept is None else "",
            ),
            content=content if kept is None else None,
            name=part.filename.encode(),
            other_names=part.other_names,
            declared_type=part.media_type,
            times=attempt([], "the dates of a file", (part.start, part.body_start), file_times, part) or (),
            notices=(kept,) if kept is not None else (),
            format=FORMAT.id if is_message(part) and _begins_with_field(content) else "",
        )
    rest_allowed = limit - len(reader.leaves.items)
    for around, place, file in reader.leaves.in_text[:rest_allowed]:
        yield _in_text(around, place, file)
    if further := reader.leaves.in_text[rest_allowed:]:
        text = "more files in texts than the limit of child items"
        yield Notice(code="mail.children", text=text, unread=sum([file.end - file.start for _, _, file in further]))


def _begins_with_field(content: bytes | ByteSource | None) -> bool:
    head = content if isinstance(content, bytes | None) else content.read(0, _LONG_HEAD)
    return head is not None and _FIELD.match(head) is not None


def _in_text(around: Step, place: int, file: Embedded) -> ChildItem:
    """Return a file that stands inside a text."""
    step = Step(
        kind=StepKind.STREAM,
        name=f"{file.kind}[{place}]",
        start=file.start,
        end=file.end,
        decoder=file.decoder,
        sha256=sha256(file.content).hexdigest(),
    )
    notices: tuple[Notice, ...] = ()
    if file.fault:
        locator = Locator(ranges=((file.start, file.end),), steps=(around,))
        notices = (Notice(code=f"mail.{file.kind}_damaged", text=file.fault, locator=locator),)
    return ChildItem(step=step, outer=(around,), content=file.content, name=file.name, notices=notices)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Message | ChildItem | Notice]:
    """Yield what was odd, the message, and its attachments.

    Args:
        source: the message; of one larger than ``limits.memory_bytes`` large parts are decoded in pieces, and of what
            is left the first so many bytes are read.
        where: where it stands.
        context: limits, and where large parts go.

    Yields:
        Notices, one `Message`, then a `ChildItem` for each attached message and for each leaf that is named,
        attached, or neither text/plain nor text/html.
    """
    limits = context.limits
    if source.size > limits.memory_bytes:
        yield from _large(source, where, context)
        return
    message, reader, notices, gone = _message(source.read(0, source.size), source.size, where, limits)
    yield from notices
    yield message
    yield from _children(reader, limits.children, gone)


def _large(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Message | ChildItem | Notice]:
    outline = Outline(source, context.limits)
    large = LargeLeaves(source, outline, context.spool)
    message, reader, notices, gone = _message(outline.data, outline.size, where, context.limits, large)
    yield from large.notices
    yield from map(outline.placed, notices)
    yield outline.placed(message)
    yield from map(outline.placed, _children(reader, context.limits.children, gone))


def _message(
    data: bytes, size: int, where: Location, limits: Limits, large: LargeLeaves | None = None
) -> tuple[Message, mime.Reader, list[Notice], LeftOut]:
    """Return what a message of *size* bytes in all says, who read its structure, what was odd and what is not in it.

    Of a *large* one the inside of some parts is not among its bytes.
    """
    reader = mime.Reader(data, large.newline if large else headers.line_end(data), limits)
    reader.leaves.large = large
    root, leaves, whole = reader.message(size), reader.leaves, len(data) == size and large is None
    reading = read_fields(data, root, leaves.charset, limits.field_bytes, whole=whole)
    texts = read_texts(root, reading, leaves.decoded)
    body = root.body_start, len(data)
    filed = attempt(reading.notices, "the dates of files", body, file_times, root) or ()
    parts = attempt(reading.notices, "the times in ids of parts", body, part_times, root, reading.date) or ()
    all_leaves = tuple(root.leaves())
    gone = LeftOut()
    altered = [part for part in all_leaves if APPLE in part.by_key or MOZILLA in part.by_key]
    if altered and any(mark in data for mark in MARKS):
        gone = attempt(reading.notices, "what programs took out", body, left_out, all_leaves, where) or gone
    times = (*reading.timestamps, *parts, *filed, *gone.times)
    signed = attempt(reading.notices, "signed parts", body, read_signed_parts, root, all_leaves, data, leaves.decoded)
    shown = attempt(reading.notices, "the form of the message", (0, root.body_start), form, root, reading.date, times)
    served = attempt(reading.notices, "the servers' fields", (0, root.body_start), server_form, root)
    reading.notices += unread_dates((*filed, *gone.times))
    message = reading.message(
        texts,
        size=size,
        tree=MimeTree(root),
        parts=all_leaves,
        breaks_off=root.breaks_off,
        signed_parts=signed or (),
        timestamps=times,
        form=(*(shown or ()), *texts.form),
        server_form=served or (),
        non_ascii=leaves.non_ascii or not reading.subject.value.isascii() or not data[: root.body_start].isascii(),
        items=len(leaves.items) + len(leaves.in_text),
    )
    return message, reader, [*reader.notices, *reading.notices, *gone.notices], gone
