"""A message too large for memory: its structure without the inside of its large parts, and where everything stands.

Every line that begins as a boundary does, the header behind it and the beginning and end of what follows are kept; of
long runs between two such lines the inside is left out. What is read of the rest stands at other offsets, and is put
back.
"""

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate

import msgspec

from forensics.intake.windows import BLOCK, Window
from forensics.model.byte_sources import ByteSource
from forensics.model.items import ChildItem, Limits, Notice
from forensics.model.locations import Locator, Step
from forensics.model.mail import HeaderField, Message, MimePart
from forensics.parsers.mail import headers
from forensics.parsers.mail.bodies import MAX_BYTES
from forensics.parsers.mail.placing import Placing

KEPT = 1 << 14
"""Bytes of a part's beginning that are kept; of a text so many more than are read of one."""
TAIL = 1 << 12
_HEAD = 1 << 16
"""A header longer than this is not looked for: nothing behind it is left out."""
_SIGNS = 1_000_000
"""Lines that begin with two signs and are no delimiters, beyond which each is taken for one."""
_BLANK = {b"\n": re.compile(rb"\n\r?\n"), b"\r": re.compile(rb"\r\r")}
_TYPE = re.compile(rb"^content-type[ \t]*+:((?:[^\n]|\n[ \t])*+)", re.IGNORECASE | re.MULTILINE)
_NO_TEXT = re.compile(rb"\s*(?:application|audio|font|image|message|model|video)/", re.IGNORECASE)
_NAMED = re.compile(rb"boundary", re.IGNORECASE)
_BOUNDARY = re.compile(rb"boundary[ \t]*+=\s*+(?:\"([^\"\\\r\n]{1,200}+)\"|([^\s\"\\;()<>]{1,200}+))", re.IGNORECASE)
_PART = re.compile(rb"--[^\r\n]{1,200}+(?:\r?\n|\r)Content-", re.IGNORECASE)


class Outline(Placing):
    """What is kept of a message, and the way back from offsets in it to those in the message.

    Attributes:
        newline: the byte that ends lines, as `headers.line_end` has it.
        data: what is kept; at most ``limits.memory_bytes``.
        size: of all that would be kept; larger than *data* where that limit was met.
    """

    def __init__(self, source: ByteSource, limits: Limits) -> None:
        self._source = source
        self._window = Window(source, BLOCK)
        lines = self._window.find(b"\n", 0, source.size) >= 0
        self.newline = b"\n" if lines else headers.line_end(source.read(0, BLOCK))
        self._most = limits.memory_bytes
        self._known: tuple[bytes, ...] = ()
        self._signs = 0
        self._joints: list[int] = []
        removed: list[int] = []
        pieces: list[bytes] = []
        start = kept = 0
        for first, last in self._inner(limits.items):
            pieces.append(source.read(start, min(first, start + self._most - kept)))
            kept += first - start
            self._joints.append(kept)
            removed.append(last - first)
            start = last
        pieces.append(source.read(start, start + max(0, self._most - kept)))
        self._before = [0, *accumulate(removed)]
        self.data = b"".join(pieces)
        self.size = source.size - self._before[-1]

    def _inner(self, most_runs: int) -> list[tuple[int, int]]:
        """Return what is left out: the insides of long runs from one delimiter line to the next."""
        found, start, kept, runs = [], 0, 0, 0
        while start < self._source.size and kept <= self._most and runs < most_runs:
            head, body = self._header(start)
            self._learn(head)
            end = self._delimiter(start)
            inner = self._inside(start, end, head, body) if end - start > 2 * (KEPT + TAIL) else None
            kept += end - start
            if inner is not None:
                found.append(inner)
                kept -= inner[1] - inner[0]
            start, runs = end, runs + 1
        return found

    def _header(self, start: int) -> tuple[bytes, int]:
        """Return what may be a header, and the length with the blank line behind it; 0 where there is none."""
        for size in (_HEAD >> 4, _HEAD):
            head = self._window.read(start, start + size)
            blank = _BLANK[self.newline].search(head)
            if blank is not None:
                return head[: blank.start() + 1], blank.end()
        return head, 0

    def _learn(self, head: bytes) -> None:
        """Take the boundaries that a header names; where one is written oddly each line of two signs may have it."""
        found = [(quoted or plain).rstrip() for quoted, plain in _BOUNDARY.findall(head)]
        if len(found) < len(_NAMED.findall(head)):
            found.append(b"")
        self._known += tuple([one for one in found if one not in self._known])

    def _delimiter(self, start: int) -> int:
        """Return where the next line begins that may be a delimiter; the end of the message where none does."""
        size, mark, at = self._source.size, self.newline + b"--", start
        while (at := self._window.find(mark, at, size)) >= 0:
            at += 1
            line = self._window.read(at, at + 300)
            if line.startswith(self._known, 2) if self._known else _PART.match(line):
                return at
            self._signs += 1
            if self._signs == _SIGNS:
                self._known = (b"",)
        return size

    def _inside(self, start: int, end: int, head: bytes, body: int) -> tuple[int, int] | None:
        """Return the range of a run that need not be held; it begins and ends with a line where there are lines."""
        if not body:
            return None
        keep = KEPT
        kind = _TYPE.search(head)
        if kind is None or not _NO_TEXT.match(kind[1]):
            if end - start <= self._most // 2:
                return None
            keep += MAX_BYTES
        first = start + body + keep
        line = self._source.read(first, first + TAIL).find(self.newline) + 1
        last = self._tail(end)
        return (first + line, last) if last - first - line > KEPT else None

    def _tail(self, end: int) -> int:
        """Return where the kept end of a run begins: with a line, or with no sign that could begin a delimiter."""
        tail = self._source.read(end - TAIL, end)
        line = tail.find(self.newline, 0, -2) + 1
        if line:
            return end - TAIL + line
        before = self._source.read(end - 2 * TAIL, end - TAIL + 1).rstrip(b"-")
        return end - 2 * TAIL + len(before) - 1 if before else 0

    def lacks(self, start: int, end: int) -> bool:
        """Whether something of a range of what is kept was left out."""
        return bisect_right(self._joints, start) < bisect_left(self._joints, end)

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the message of which a range of what is kept is left."""
        first = start + self._before[bisect_right(self._joints, start)]
        return first, first if start == end else end + self._before[bisect_left(self._joints, end)]

    def field(self, found: HeaderField) -> HeaderField:
        """Return a header field with its place in the message."""
        return msgspec.structs.replace(found, start=self.whole(found.start, found.end)[0])

    def whole_struct(self, found: msgspec.Struct) -> msgspec.Struct | None:
        """Return a child item, whose steps lead from the message."""
        return self._child(found) if isinstance(found, ChildItem) else None

    def further(self, found: msgspec.Struct) -> dict[str, object]:
        """Return the ranges of a part, the size of the message, and how much a notice leaves unread."""
        if isinstance(found, MimePart):
            return self._ranges(found)
        if isinstance(found, Message):
            return {"size": self._source.size}
        if isinstance(found, Notice) and found.unread and found.locator is not None:
            return {"unread": found.unread + self._left_out(found.locator)}
        return {}

    def locator(self, found: Locator) -> Locator:
        """Return a place in the message."""
        if found.steps:
            return msgspec.structs.replace(found, steps=(self._step(found.steps[0]), *found.steps[1:]))
        return msgspec.structs.replace(found, ranges=tuple([self.whole(*one) for one in found.ranges]))

    def _step(self, step: Step) -> Step:
        start, end = self.whole(step.start, step.end)
        return msgspec.structs.replace(step, start=start, end=end)

    def _child(self, found: ChildItem) -> ChildItem:
        outer, step = found.outer, found.step
        if outer:
            outer = (self._step(outer[0]), *outer[1:])
        else:
            step = self._step(step)
        times, notices = self.placed(found.times), self.placed(found.notices)
        return msgspec.structs.replace(found, outer=outer, step=step, times=times, notices=notices)

    def _ranges(self, part: MimePart) -> dict[str, object]:
        start, end = self.whole(part.start, part.end)
        return {
            "start": start,
            "body_start": self.whole(part.body_start, part.body_start)[0],
            "end": end,
            "preamble": self.whole(*part.preamble),
            "epilogue": self.whole(*part.epilogue),
        }

    def _left_out(self, locator: Locator) -> int:
        """Return how many bytes of a place were left out."""
        if locator.steps:
            return 0
        spans = [(self.whole(start, end), end - start) for start, end in locator.ranges]
        return sum([end - start - length for (start, end), length in spans])
