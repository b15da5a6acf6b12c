"""The desk as who reads a case uses it: bytes, header fields and texts of items, read by a process of its own.

The process is started when something is first asked for, and again when it ended. Bytes are compared with their digest
here; of header fields and texts the form is checked, and that they lie inside the item. What one item brings the
process to costs that item alone.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from forensics.casestore import CaseFolder
from forensics.engine.desk.process import DeskProcess, Lost, Refused
from forensics.engine.desk.protocol import (
    ANSWER_BYTES,
    Kind,
    Opening,
    Request,
    Wanted,
    unpack_difference,
    unpack_headers,
    unpack_texts,
)
from forensics.errors import ForensicsError, IntegrityError, NotRead, UsageError
from forensics.model.comparing import Comparison
from forensics.model.items import Limits
from forensics.model.mail import HeaderField
from forensics.model.texts import TextPart

BYTES_A_SECOND = 20_000_000
"""Of the source files in which an item stands: they are hashed before it is read, which is no hanging."""
COMPARED_A_SECOND = 50_000
"""Bytes of two items that are compared word by word."""
GROUP = 64
"""Items that the process is asked for at once."""
_T = TypeVar("_T")


def desk_of(folder: CaseFolder, roots: Mapping[str, Path], passwords: Sequence[bytes] = ()) -> "Desk":
    """Return the desk of a case, to be closed; nothing is started yet.

    Args:
        folder: the case.
        roots: label of a source to where it lies.
        passwords: tried in order on encrypted members.
    """
    spool = folder.tmp if os.access(folder.tmp, os.W_OK) else None
    return Desk(roots, folder.info.options.limits, passwords, spool=spool)


class Desk:
    """Reads items of the sources of a case; for one thread.

    Args:
        roots: label of a source to where it lies.
        limits: what one layer may decode to.
        passwords: tried in order on encrypted members.
        spool: folder for decoded layers that are larger than memory; the system's where ``None``.
    """

    def __init__(
        self, roots: Mapping[str, Path], limits: Limits, passwords: Sequence[bytes] = (), *, spool: Path | None = None
    ) -> None:
        self._opening = Opening(
            roots={label: os.path.abspath(os.fsencode(root)) for label, root in roots.items()},  # noqa: PTH100  bytes
            limits=limits,
            passwords=tuple(passwords),
            spool=None if spool is None else os.fsencode(spool.absolute()),
        )
        self._process: DeskProcess | None = None
        self._closed = False

    def close(self) -> None:
        """End the process; a second call does nothing."""
        self._closed = True
        self._end()

    def read(self, wanted: Wanted) -> bytes:
        """Return the bytes of an item.

        Raises:
            IntegrityError: no place has its bytes, and at the first other bytes stand.
            IntakeError: no place has them, and the first cannot be read, or the item never was.
            NotRead: the process ended over it.
        """
        return b"".join(self.pieces(wanted))

    def pieces(self, wanted: Wanted) -> Iterator[bytes]:
        """Yield the bytes of an item in pieces of at most 1 MiB.

        They are those of the item once all have been taken: the digest is compared at the end.

        Raises:
            IntegrityError: no place has its bytes, and at the first other bytes stand; or what came was not the item.
            IntakeError: no place has them, and the first cannot be read, or the item never was.
            NotRead: the process ended over it.
        """
        running = hashlib.sha256()
        for piece in self._stream(wanted, 0, wanted.size):
            running.update(piece)
            yield piece
        if running.hexdigest() != wanted.sha256:
            self._end()
            raise IntegrityError(f"{wanted.text}: the bytes that were read are not those that were scanned")

    def part(self, wanted: Wanted, start: int, end: int) -> bytes:
        """Return bytes ``start:end`` of an item, fewer only at its end.

        The process has compared the digest of the whole item; here a part cannot be compared with anything.

        Raises:
            IntegrityError: no place has its bytes, and at the first other bytes stand.
            IntakeError: no place has them, and the first cannot be read, or the item never was.
            NotRead: the process ended over it.
        """
        start, end = max(0, start), min(end, wanted.size)
        part = b"".join(self._stream(wanted, start, max(start, end)))
        if len(part) != max(0, end - start):
            self._end()
            raise IntegrityError(f"{wanted.text}: {len(part)} bytes came instead of {end - start}")
        return part

    def header_fields(self, wanted: Wanted) -> tuple[HeaderField, ...]:
        """Return the header fields of a message; none where the item is none, whose source is not read then.

        Raises:
            IntegrityError: no place has its bytes, and at the first other bytes stand.
            IntakeError: no place has them, and the first cannot be read, or the item never was.
            ParseError: it cannot be parsed.
            NotRead: the process ended over it.
        """
        return self._one("headers", wanted, unpack_headers)

    def texts(self, wanted: Wanted) -> tuple[TextPart, ...]:
        """Return the texts of an item.

        Raises:
            NoText: it is neither a message nor a text; its source is not read then.
            IntegrityError: no place has its bytes, and at the first other bytes stand.
            IntakeError: no place has them, and the first cannot be read, or the item never was.
            ParseError: it cannot be parsed.
            NotRead: the process ended over it.
        """
        return self._one("texts", wanted, unpack_texts)

    def texts_of(self, items: Iterable[Wanted]) -> Iterator[tuple[Wanted, tuple[TextPart, ...] | ForensicsError]]:
        """Yield the texts of many items in the order asked for, or why one has none.

        Items of one file or mailbox are read fast when they follow each other. Leaving the iterator early ends the
        process; the next request starts another.

        Raises:
            WorkerFailed: the process cannot be started.
        """
        left = iter(items)
        while group := tuple(islice(left, GROUP)):
            yield from self._answers("texts", group, unpack_texts)

    def difference(self, one: Wanted, other: Wanted) -> Comparison:
        """Return what differs between two items; both are held in memory for it.

        Raises:
            IntegrityError: no place of one has its bytes, and at the first other bytes stand.
            IntakeError: no place of one has them, and the first cannot be read, or the item never was.
            NotRead: the process ended over them.
        """
        return self._one("difference", one, unpack_difference, other)

    def _one(
        self, kind: Kind, wanted: Wanted, unpack: Callable[[Wanted, bytes], _T], other: Wanted | None = None
    ) -> _T:
        [(_, answer)] = self._answers(kind, (wanted,), unpack, other)
        if isinstance(answer, ForensicsError):
            raise answer
        return answer

    def _answers(
        self, kind: Kind, group: Sequence[Wanted], unpack: Callable[[Wanted, bytes], _T], other: Wanted | None = None
    ) -> Iterator[tuple[Wanted, _T | ForensicsError]]:
        left = deque(group)
        fresh = False
        while left:
            try:
                process, fresh = self._at_work()
                process.ask(Request(kind=kind, items=tuple(left), other=other))
                while left:
                    answer = _answer(process, left[0], unpack, other)
                    fresh = False
                    yield left.popleft(), answer
            except Lost as lost:
                self._end()
                if fresh:  # else what it read before may have brought it there
                    wanted = left.popleft()
                    yield wanted, _not_read(wanted, lost, other)
            except BaseException:
                if left:
                    self._end()
                raise

    def _stream(self, wanted: Wanted, start: int, end: int) -> Iterator[bytes]:
        request = Request(kind="bytes", items=(wanted,), start=start, end=end)
        while True:
            process, fresh = self._at_work()
            begun = whole = False
            try:
                process.ask(request)
                for piece in process.answer(end - start, _patience_s(wanted)):
                    begun = True
                    yield piece
                whole = True
                return
            except Refused as refused:
                whole = True
                raise refused.failed.error(wanted) from None
            except Lost as lost:
                if fresh or begun:
                    raise _not_read(wanted, lost) from lost
            finally:
                if not whole:
                    self._end()

    def _at_work(self) -> tuple[DeskProcess, bool]:
        """Return the process, and whether it has read nothing yet."""
        if self._closed:
            raise UsageError("this case is closed; open it again")
        if self._process is None:
            self._process = DeskProcess(self._opening)
        return self._process, not self._process.used

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
        self._process = None


def _answer(
    process: DeskProcess, wanted: Wanted, unpack: Callable[[Wanted, bytes], _T], other: Wanted | None
) -> _T | ForensicsError:
    try:
        raw = b"".join(process.answer(ANSWER_BYTES, _patience_s(wanted, other)))
    except Refused as refused:
        return refused.failed.error(wanted)
    try:
        return unpack(wanted, raw)
    except ValueError as error:
        raise Lost("an answer that is none") from error


def _patience_s(wanted: Wanted, other: Wanted | None = None) -> float:
    if other is not None:
        return _patience_s(wanted) + _patience_s(other) + (wanted.size + other.size) / COMPARED_A_SECOND
    files = {(place.steps[0].source, place.steps[0].name): place.steps[0].end for place in wanted.places}
    return sum(files.values()) / BYTES_A_SECOND


def _not_read(wanted: Wanted, lost: Lost, other: Wanted | None = None) -> NotRead:
    named = wanted.text if other is None else f"{wanted.text} or {other.text}"
    return NotRead(f"{named} could not be read: {lost}")
