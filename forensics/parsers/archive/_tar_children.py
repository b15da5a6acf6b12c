"""The members of a tar as child items: stored as they are, sparse ones put together within the limits.

Source: POSIX.1-2017 pax; GNU tar manual.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial

from forensics.errors import WrongFormat
from forensics.intake.windows import RangeBytes, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Budget, ChildItem, Notice, ParseContext, Range
from forensics.model.locations import Locator, Step, StepKind, quote
from forensics.parsers import Yielded
from forensics.parsers import _beside as beside
from forensics.parsers._bounded import Decoding, Unread
from forensics.parsers.archive import _tar_sparse as sparse
from forensics.parsers.archive._tar_events import CONTINUED, Event, Gap, Member
from forensics.parsers.archive._tar_names import NAME_BYTES, name_notices
from forensics.parsers.archive._tar_runs import COMMON_BYTES
from forensics.parsers.archive._tar_survey import Survey, notice
from forensics.parsers.archive._tar_times import member_times
from forensics.parsers.archive._tar_walk import Walk
from forensics.parsers.archive.tar import FORMAT


def read(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of an archive, then its members in their order.

    Raises:
        WrongFormat: there is no header in it.
    """
    yield from read_rest(source, context)
    yield from _Reader(source, context).children(Walk(source).events(0, source.size))


def read_rest(source: ByteSource, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of an archive, and what is to be told of bytes that are no member's."""
    survey = Survey(source, context.limits)
    if not survey.found:
        raise WrongFormat("no header of a tar archive", 0)
    yield survey.facts(FORMAT.id)
    yield from survey.notices
    yield from survey.padding()


def read_run(source: ByteSource, part: Range, context: ParseContext) -> Iterator[Yielded]:
    """Yield the members of a run that `_tar_runs.runs` gave."""
    walk = Walk(source)
    if part.start:
        for event in walk.events(0, min(COMMON_BYTES, source.size)):
            if isinstance(event, Member):
                break
    yield from _Reader(source, context).children(walk.events(part.start, part.end, part.ordinal))


class _Reader:
    """Gives members their content."""

    def __init__(self, source: ByteSource, context: ParseContext) -> None:
        self._source = source
        self._context = context
        self._budget = context.budget or Budget(context.limits, source.size)

    def children(self, events: Iterable[Event]) -> Iterator[ChildItem]:
        """Yield every member that has content, and items that stand beside the archive."""
        for event in events:
            if isinstance(event, Member):
                if event.index >= self._context.limits.members:
                    return
                if event.has_content:
                    yield self._child(event)
            elif isinstance(event, Gap) and not event.is_extension:
                found = beside.piece(self._source, event.start, event.end)
                if found is not None and found.item:
                    yield beside.child(self._source, found, f"beside the archive, at {found.start}")

    def _child(self, member: Member) -> ChildItem:
        notices = [notice(odd) for odd in member.odd]
        notices += name_notices(member)
        if member.header.typeflag == CONTINUED:
            text = "a part of a file: another volume holds its beginning"
            notices.append(Notice(code="tar.continued", text=text))
        content: bytes | ByteSource | None
        decoder, spent = "copy/1", member.layout is not None
        if member.layout is None:
            content, sha256 = self._stored(member)
        else:
            decoder = member.layout.decoder
            try:
                content, sha256 = self._expanded(member, decoder)
            except Unread as why:
                content, sha256 = None, ""
                stored = member.data_end - member.data_start
                place = Locator(ranges=((member.data_start, member.data_end),))
                notices.insert(0, Notice(code=why.code, text=str(why), locator=place, unread=stored))
        name = member.name[:NAME_BYTES]
        return ChildItem(
            step=Step(
                kind=StepKind.MEMBER,
                name=quote(name),
                index=member.index,
                start=member.data_start,
                end=member.data_end,
                decoder=decoder,
                sha256=sha256,
            ),
            content=content,
            name=name.rpartition(b"/")[2],
            times=member_times(member),
            notices=tuple(notices),
            spent=spent,
        )

    def _stored(self, member: Member) -> tuple[bytes | ByteSource, str]:
        start, end = member.data_start, member.data_end
        if end - start <= self._context.limits.memory_bytes:
            data = self._source.read(start, end)
            return data, hashlib.sha256(data).hexdigest()
        running = hashlib.sha256()
        for block in blocks(self._source, start, end):
            running.update(block)
        return RangeBytes(self._source, start, end), running.hexdigest()

    def _expanded(self, member: Member, decoder: str) -> tuple[bytes | ByteSource, str]:
        stored = blocks(self._source, member.data_start, member.data_end)
        expand = partial(sparse.expand, parameter=decoder.partition(":")[2])
        decoding = Decoding(FORMAT.id, stored, expand, member.size, self._context, self._budget)
        content = decoding.content()
        return content, decoding.digest.hexdigest()
