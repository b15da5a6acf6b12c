"""Where the messages of a mailbox begin and end, and what was not clear about it.

Source: RFC 4155; mboxcl and mboxcl2 for Content-Length.
"""

import re
from collections.abc import Iterator

import msgspec

from forensics.intake.windows import Window
from forensics.parsers.mail._mbox_separators import (
    HEADER_BYTES,
    LINE_BYTES,
    Evidence,
    Form,
    Separator,
    begins_field,
    evidence,
    read_line,
)

AHEAD = 4 << 20
COVERED = 64
"""Mails inside a message of mboxcl that are kept as other readers cut them; all are counted."""
LENGTH_BYTES = 1 << 18
"""How far into a message Content-Length is looked for."""

_TORN_FIELD = re.compile(rb"\A[!-9;-~]{0,200}\Z")
_HEADER = re.compile(rb"\A(?:[!-9;-~]{1,200}[ \t]*:|>From |\r?\n|\r)")
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r?\n")
_BREAKS = b"\n\r\0"
"""What a separator may follow: line ends, and the zeros that a crash or a compaction leaves."""


class Ending(msgspec.Struct, frozen=True, gc=False):
    """How a message ends."""

    end: int
    """First byte after the message's own."""
    following: Separator | None
    blank: bool
    """Whether a blank line stands between."""
    covered: tuple[Separator, ...] = ()
    """Separators inside the message, for readers that do not go by its Content-Length; the first `COVERED` of them and
    one more, where the last of these ends."""


class Places:
    """Counts places and keeps the first ones."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[tuple[int, int]] = []

    def add(self, start: int, end: int) -> None:
        """Count one."""
        self.count += 1
        if len(self.first) < 64:
            self.first.append((start, end))


class Lines:
    """Finds separators in a range of a mailbox; notes what was not clear on the way."""

    def __init__(self, window: Window, end: int) -> None:
        self._window = window
        # Far looks must not move the window: a hostile Content-Length in each message would have it read again.
        self._far = Window(window.source, 1024)
        self._end = end
        self.opening = Form.DATED
        """Form of the mailbox's first separator: others are held against it."""
        self.doubtful = Places()
        """Lines with a date that are taken for text: no header follows."""
        self.unspaced = Places()
        """Separators without a blank line before them."""
        self.covered = Places()
        """Lines like separators that a Content-Length puts inside a message."""
        self.other_form = Places()
        """Separators with a date where the first has none, or without where it has one."""
        self.inside = Places()
        """Lines before what looks like a header that are taken for text: patches, and words."""
        self.holes = Places()
        """Runs of NUL bytes before a separator."""

    def resume(self, start: int, opening: Form) -> Separator | None:
        """Return the separator at which a mailbox was cut; what was not clear about it is noted here.

        Args:
            start: where it begins.
            opening: form of the mailbox's first separator.
        """
        self.opening = opening
        found = self._read(start, self._window)
        if found is not None:
            hole = self._hole_before(start, 0)
            self._note(found, hole, self._blank_before(hole, 0))
        return found

    def first(self, start: int, reach: int) -> Separator | None:
        """Return the first separator at or after *start*, if it begins before *reach*."""
        found = self._read(start, self._window)
        if found is not None and (found.form in (Form.DATED, Form.PATCH) or self._field_follows(found)):
            self.opening = found.form
            return found
        for found in self._candidates(start, min(reach, self._end)):
            if (found.form in (Form.DATED, Form.PATCH) and self._header_follows(found)) or (
                self._field_follows(found)
                and self._blank_before(self._hole_before(found.start, start), start)
                and self._evidence(found).strong
            ):
                self.opening = found.form
                return found
        return None

    def ending(self, separator: Separator) -> Ending:
        """Return where the message after a separator ends."""
        stated = self._stated_end(separator.end)
        if stated is not None:
            return stated
        for found in self._candidates(separator.end, self._end):
            hole = self._hole_before(found.start, separator.end)
            blank = self._blank_before(hole, separator.end)
            if self._separates(found, blank):
                self._note(found, hole, blank)
                return Ending(_end_before(found.start, hole, blank, separator.end), found, bool(blank))
        cut = self._end < self._window.source.size
        hole = self._hole_before(self._end, separator.end) if cut else self._end
        blank = self._blank_before(hole, separator.end)
        return Ending(_end_before(self._end, hole, blank, separator.end), None, bool(blank))

    def _note(self, found: Separator, hole: int, blank: int) -> None:
        if not blank:
            self.unspaced.add(found.start, found.end)
        if (found.form is Form.DATED) is not (self.opening is Form.DATED):
            self.other_form.add(found.start, found.end)
        if hole < found.start:
            self.holes.add(hole, found.start)

    def _candidates(self, start: int, end: int) -> Iterator[Separator]:
        at = start
        while (at := self._window.find(b"From ", at, end)) >= 0:
            if at == start or self._window.read(at - 1, at) in _BREAKS:
                found = self._read(at, self._window)
                if found is not None:
                    yield found
            at += 5

    def _separates(self, found: Separator, blank: int) -> bool:
        if found.form is Form.DATED or (found.form is Form.PATCH and self.opening is Form.PATCH):
            if self._header_follows(found):
                return True
            if blank and self.opening in (Form.DATED, Form.PATCH):
                self.doubtful.add(found.start, found.end)
            return False
        if not self._field_follows(found):
            return False
        if blank and self.opening in (Form.PLAIN, Form.WORDS) and found.form is not Form.PATCH:
            return True
        said = self._evidence(found)
        if found.form is Form.PLAIN and (said.known if blank else said.strong):
            return True
        if found.form is Form.WORDS and blank and said.strong:
            return True
        if found.form is Form.PATCH or (said.known if blank else said.strong):
            self.inside.add(found.start, found.end)
        return False

    def _read(self, start: int, window: Window) -> Separator | None:
        line = window.read(start, min(start + LINE_BYTES, self._end))
        return read_line(line, start, start + len(line) >= self._end)

    def _field_follows(self, found: Separator) -> bool:
        return begins_field(self._window.read(found.end, found.end + 256))

    def _evidence(self, found: Separator) -> Evidence:
        return evidence(self._window.read(found.end, found.end + HEADER_BYTES))

    def _header_follows(self, found: Separator) -> bool:
        """Whether a message can begin after a line with a date: with a field, or without any.

        What follows is read beyond the end of a range: every range sees what the whole sees.
        """
        following = self._window.read(found.end, found.end + 256)
        torn = found.end + 256 > self._window.source.size
        return bool(_HEADER.match(following) or (torn and _TORN_FIELD.match(following)))

    def _blank_before(self, start: int, floor: int) -> int:
        """Return the length of the empty line that ends at *start*, 0 if there is none."""
        before = self._window.read(max(start - 4, 0), start)
        if before.endswith(b"\r\n"):
            return 2 * (before == b"\r\n\r\n" or before[-3:-2] == b"\n" or start - floor == 2)
        if before.endswith((b"\n", b"\r")):
            return int(before[-2:-1] == before[-1:] or start - floor == 1)
        return 0

    def _hole_before(self, end: int, floor: int) -> int:
        """Return where the NUL bytes that end at *end* begin; *end* if there are none."""
        while end > floor and self._window.read(end - 1, end) == b"\0":
            start = max(floor, end - 65_536)
            end = start + len(self._window.source.read(start, end).rstrip(b"\0"))
        return end

    def _stated_end(self, start: int) -> Ending | None:
        """Return the end by Content-Length (mboxcl), if a separator or the end of the file stands exactly there."""
        header = self._window.read(start, min(start + 8192, self._end))
        if b"ength" not in header and b"ENGTH" not in header:
            return None
        size, body = _header_size(header)
        if size < 0 and len(header) == 8192:
            size, body = _header_size(self._window.read(start, min(start + LENGTH_BYTES, self._end)))
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
        if following is None or (following.form is Form.DATED) is not (self.opening is Form.DATED):
            return None
        return self._covering(start, Ending(end, following, gap > 0))

    def _starts_line(self, at: int) -> bool:
        return self._far.read(at - 1, at) == b"\n"

    def _covering(self, start: int, ending: Ending) -> Ending:
        """Note the lines inside a message that would separate without its Content-Length."""
        covered: list[Separator] = []
        for found in self._candidates(start, ending.end):
            if found.form is Form.DATED and self._header_follows(found):
                self.covered.add(found.start, found.end)
                if len(covered) <= COVERED:
                    covered.append(found)
        return msgspec.structs.replace(ending, covered=tuple(covered)) if covered else ending


def _end_before(start: int, hole: int, blank: int, floor: int) -> int:
    """Return the end of the message before *start*: NUL bytes there stay with it, for they are nothing else's."""
    return start if hole < start else max(floor, start - blank)


def _header_size(data: bytes) -> tuple[int, int]:
    """Return where the header ends (after its last line break) and where the body begins; -1 if not in *data*."""
    lf = data.find(b"\n\n")
    crlf = data.find(b"\n\r\n", 0, lf if lf >= 0 else len(data))
    if crlf >= 0:
        return crlf + 1, crlf + 3
    return (lf + 1, lf + 2) if lf >= 0 else (-1, 0)


def doubtful_notes(lines: Lines) -> Iterator[tuple[str, str, Places]]:
    """Yield code, sentence and places of each kind of line that was not clear."""
    kinds = (
        (
            "mbox.from_line",
            "lines with a date after a blank line, but no header follows: taken for text",
            lines.doubtful,
        ),
        ("mbox.no_blank_line", "separators without a blank line before them", lines.unspaced),
        (
            "mbox.from_line_inside",
            "lines like separators inside what Content-Length says is one message",
            lines.covered,
        ),
        (
            "mbox.from_line_inside",
            "lines that begin with From before what looks like a header, in no form of separators or in that of a git"
            " patch: taken for text; they may begin messages",
            lines.inside,
        ),
        (
            "mbox.separator_form",
            "separators of another form than the first one: taken for the beginnings of messages; they may be text",
            lines.other_form,
        ),
        (
            "mbox.nul_hole",
            "runs of NUL bytes before a separator, kept at the end of the message before it",
            lines.holes,
        ),
    )
    for code, text, places in kinds:
        if places.count:
            yield code, text, places
