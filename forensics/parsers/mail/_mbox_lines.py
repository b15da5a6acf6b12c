"""Lines of a mailbox that matter: separators, what only looks like one, and how lines in bodies were quoted.

Source: RFC 4155; the four variants after J. Zawinski and R. Nelson (mboxo, mboxrd, mboxcl, mboxcl2).
"""

import re
from collections.abc import Iterator

import msgspec

from forensics.parsers._windows import Window

AHEAD = 4 << 20
LINE_BYTES = 1000
"""A longer line is no separator."""
HEADER_BYTES = 1 << 18
"""How far into a message Content-Length is looked for."""

_WEEKDAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?[ \t]+"
_DAY = rb"(?:[A-Z][a-z]{2}[ \t]+\d{1,2}|\d{1,2}[ \t]+[A-Z][a-z]{2}[ \t]+\d{4}),?[ \t]+"
_DATE = re.compile(
    rb"[ \t](" + _WEEKDAY + _DAY + rb"\d{1,2}:\d\d(?::\d\d)?[^\r\n]{0,40}?)[ \t]*(?:remote from[^\r\n]*)?\r?\n?\Z"
)
_FIELD = re.compile(rb"\A[!-9;-~]{1,200}[ \t]*:")
_TORN_FIELD = re.compile(rb"\A[!-9;-~]{0,200}\Z")
_HEADER = re.compile(rb"\A(?:[!-9;-~]{1,200}[ \t]*:|>From |\r?\n)")
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r?\n")


class Separator(msgspec.Struct, frozen=True, gc=False):
    """A From_ line."""

    start: int
    end: int
    """First byte of the message."""
    date: tuple[int, int] | None
    """Range of its date; ``None`` where it has none."""


class Ending(msgspec.Struct, frozen=True, gc=False):
    """How a message ends."""

    end: int
    """First byte after the message's own."""
    following: Separator | None
    blank: bool
    """Whether a blank line stands between."""


class Places:
    """Counts places and keeps the first ones."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[tuple[int, int]] = []

    def add(self, found: Separator) -> None:
        """Count one."""
        self.count += 1
        if len(self.first) < 64:
            self.first.append((found.start, found.end))


class Lines:
    """Finds separators in a range of a mailbox; notes what was not clear on the way."""

    def __init__(self, window: Window, end: int) -> None:
        self._window = window
        # Far looks must not move the window: a hostile Content-Length in each message would have it read again.
        self._far = Window(window.source, 1024)
        self._end = end
        self.dated = True
        """Whether separators carry a date; the first one decides."""
        self.doubtful = Places()
        """Lines with a date that are taken for text: no header follows."""
        self.unspaced = Places()
        """Separators without a blank line before them."""
        self.covered = Places()
        """Lines like separators that a Content-Length puts inside a message."""

    def first(self, start: int, reach: int) -> Separator | None:
        """Return the first separator at or after *start*, if it begins before *reach*."""
        found = self._read(start, self._window)
        if found is not None and (found.date or self._header_follows(found)):
            self.dated = found.date is not None
            return found
        at = start
        while (at := self._window.find(b"\nFrom ", at, min(reach, self._end))) >= 0:
            found = self._read(at + 1, self._window)
            if found is not None and found.date and self._header_follows(found):
                return found
            at += 1
        return None

    def ending(self, separator: Separator) -> Ending:
        """Return where the message after a separator ends."""
        stated = self._stated_end(separator.end)
        if stated is not None:
            return stated
        at = separator.end - 1
        while True:
            at = self._window.find(b"\nFrom ", at, self._end)
            if at < 0:
                return self._last(separator.end)
            found = self._read(at + 1, self._window)
            if found is not None:
                blank = self._blank_before(at + 1, separator.end)
                if self._separates(found, blank):
                    if not blank:
                        self.unspaced.add(found)
                    return Ending(max(separator.end, found.start - blank), found, bool(blank))
            at += 1

    def _last(self, start: int) -> Ending:
        blank = self._blank_before(self._end, start)
        return Ending(self._end - blank, None, bool(blank))

    def _separates(self, found: Separator, blank: int) -> bool:
        if (found.date is None) is self.dated:
            return False
        if not self._header_follows(found):
            if blank and self.dated:
                self.doubtful.add(found)
            return False
        return bool(blank) or found.date is not None

    def _read(self, start: int, window: Window) -> Separator | None:
        line = window.read(start, min(start + LINE_BYTES, self._end))
        if not line.startswith(b"From ") or line[5:7].lstrip()[:1] in (b":", b""):
            return None
        size = line.find(b"\n") + 1
        if size == 0:
            if start + len(line) < self._end:
                return None
            size = len(line)
        found = _DATE.search(line, 4, size)
        return Separator(start, start + size, (start + found.start(1), start + found.end(1)) if found else None)

    def _header_follows(self, found: Separator) -> bool:
        """Whether a message can begin after a line: with a field, or, if the line has a date, without any."""
        following = self._window.read(found.end, min(found.end + 256, self._end))
        if found.date is None:
            return _FIELD.match(following) is not None
        return bool(_HEADER.match(following) or (found.end + 256 > self._end and _TORN_FIELD.match(following)))

    def _blank_before(self, start: int, floor: int) -> int:
        """Return the length of the empty line that ends at *start*, 0 if there is none."""
        before = self._window.read(max(start - 4, 0), start)
        if before.endswith(b"\r\n") and (before == b"\r\n\r\n" or before[-3:-2] == b"\n" or start - floor == 2):
            return 2
        if before.endswith(b"\n\n") or (before.endswith(b"\n") and start - floor == 1):
            return 1
        return 0

    def _stated_end(self, start: int) -> Ending | None:
        """Return the end by Content-Length (mboxcl), if a separator or the end of the file stands exactly there."""
        header = self._window.read(start, min(start + 8192, self._end))
        if b"ength" not in header and b"ENGTH" not in header:
            return None
        size, body = _header_size(header)
        if size < 0 and len(header) == 8192:
            size, body = _header_size(self._window.read(start, min(start + HEADER_BYTES, self._end)))
            header = self._window.read(start, start + max(size, 0))
        found = _LENGTH.search(b"\n" + header[: max(size, 0)].lower())
        if found is None:
            return None
        end = start + body + int(found[1])
        if end > self._end:
            return None
        rest = self._far.read(end, min(end + 4, self._end))
        gap = len(rest) - len(rest.lstrip(b"\r\n"))
        if end + gap >= self._end and gap <= 2:
            return self._covering(start, Ending(end, None, gap > 0))
        following = self._read(end + gap, self._far) if gap <= 4 and self._starts_line(end + gap) else None
        if following is None or (following.date is None) is self.dated:
            return None
        return self._covering(start, Ending(end, following, gap > 0))

    def _starts_line(self, at: int) -> bool:
        return self._far.read(at - 1, at) == b"\n"

    def _covering(self, start: int, ending: Ending) -> Ending:
        """Note the lines inside a message that would separate without its Content-Length."""
        at, last = start, ending.end
        while (at := self._window.find(b"\nFrom ", at, last)) >= 0:
            found = self._read(at + 1, self._window)
            if found is not None and found.date and self._header_follows(found):
                self.covered.add(found)
            at += 1
        return ending


def _header_size(data: bytes) -> tuple[int, int]:
    """Return where the header ends (after its last line break) and where the body begins; -1 if not in *data*."""
    lf = data.find(b"\n\n")
    crlf = data.find(b"\n\r\n", 0, lf if lf >= 0 else len(data))
    if crlf >= 0:
        return crlf + 1, crlf + 3
    return (lf + 1, lf + 2) if lf >= 0 else (-1, 0)


_FROM_LINE = re.compile(rb"\n(>*)From [^\n]*")
_DEPTH = re.compile(rb">*")


class Quoting(msgspec.Struct, frozen=True):
    """How lines that begin with From were quoted, as far as the file shows."""

    decoder: str
    """``mboxrd/1``, ``mboxo/1``, or empty: read as stored."""
    doubt: str
    """Why the evidence does not settle it; empty if it does, or if all readings give the same bytes."""


def quoting(sample: bytes) -> Quoting:
    """Decide the quoting variant from the first megabytes of a mailbox.

    In a passage of lines that begin with n ``>`` (a reply's quotation, or none), a line ``>>..From`` with more of them
    was quoted again, as mboxrd does; one with n was left alone, as mboxo does. A bare ``From `` line in a body shows a
    writer that does not quote (mboxcl2), or only what looks like a separator.
    """
    again = alone = quoted = bare = 0
    for match in _FROM_LINE.finditer(sample):
        depth = len(match[1])
        if depth == 0:
            bare += not _DATE.search(match[0][:LINE_BYTES]) and not _FIELD.match(
                sample[match.end() + 1 : match.end() + 256]
            )
            continue
        quoted += 1
        around = _depth_around(sample, match)
        again += depth > 1 and depth > around
        alone += depth == around
    if not quoted:
        return Quoting("mboxrd/1", "")
    if bare:
        return Quoting("", f"{bare} lines that begin with From stand unquoted beside {quoted} quoted ones")
    if again and alone:
        return Quoting("mboxrd/1", f"{again} quoted lines are as mboxrd writes them, {alone} as mboxo does")
    return Quoting("mboxo/1" if alone else "mboxrd/1", "")


def _depth_around(sample: bytes, match: re.Match[bytes]) -> int:
    """Return the larger number of ``>`` that the lines before and after begin with."""
    before_start = sample.rfind(b"\n", max(0, match.start() - 2000), match.start()) + 1
    before = _DEPTH.match(sample, before_start, match.start())
    after = _DEPTH.match(sample, match.end() + 1)
    return max(len(before[0]) if before else 0, len(after[0]) if after else 0)


def doubtful_notes(lines: Lines) -> Iterator[tuple[str, str, Places]]:
    """Yield code, sentence and places of each kind of line that was not clear."""
    if lines.doubtful.count:
        text = "lines with sender and date after a blank line, but no header follows: taken for text"
        yield "mbox.from_line", text, lines.doubtful
    if lines.unspaced.count:
        yield "mbox.no_blank_line", "separators without a blank line before them", lines.unspaced
    if lines.covered.count:
        text = "lines like separators inside what Content-Length says is one message"
        yield "mbox.from_line_inside", text, lines.covered
