"""Lines of a mailbox that may separate its messages: what form they have, and what follows them.

RFC 4155 asks for sender and asctime date; programs leave the date out, write it in other forms, or a bare ``From ``.
The less a line says, the more the header after it has to.

Source: RFC 4155 appendix A; git-format-patch(1) for the constant date of patches.
"""

import re
from enum import Enum

import msgspec

LINE_BYTES = 1000
"""A longer line is no separator."""
HEADER_BYTES = 4096
"""How far a header is looked at after a line without an asctime date."""

_WEEKDAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?[ \t]+"
_DAY = rb"(?:[A-Z][a-z]{2}[ \t]+\d{1,2}|\d{1,2}[ \t]+[A-Z][a-z]{2}[ \t]+\d{4}),?[ \t]+"
_DATE = re.compile(
    rb"[ \t](" + _WEEKDAY + _DAY + rb"\d{1,2}:\d\d(?::\d\d)?[^\r\n]{0,40}?)[ \t]*(?:remote from[^\r\n]*)?[\r\n]*\Z"
)
_PATCH = re.compile(rb"From (?:[0-9a-f]{40}|[0-9a-f]{64}) Mon Sep 17 00:00:00 2001\s*\Z")
_SENDER = re.compile(rb"From[ \t]+(?:\"[^\"\r\n]{0,200}\"\S{0,320}|\S{1,320}(?: at \S{1,320})?)[ \t]*")
_WHEN = re.compile(rb"\d{1,2}[:.]\d\d|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{8}")
_LINE_END = re.compile(rb"\r{0,2}\n|\r")
_HEADER_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_FIELD = re.compile(
    rb"([!-9;-~]{1,200})[ \t]*:[^\r\n]*(?:\r{0,2}\n|\r|\Z)(?:[ \t][^\r\n]*(?:\r{0,2}\n|\r|\Z))*",
)
_WRITTEN_BY_PEOPLE = frozenset((b"from", b"to", b"cc", b"bcc", b"date", b"subject", b"sender", b"reply-to"))
_WRITTEN_BY_PROGRAMS = re.compile(
    rb"received|return-path|message-id|mime-version|content-(?:type|transfer-encoding|length)|delivered-to|in-reply-to"
    rb"|references|status|lines|user-agent|dkim-signature|envelope-to|newsgroups|path|list-[a-z-]+|x-[!-9;-~]+"
    rb"|resent-[a-z-]+|delivery-date|authentication-results|arc-[a-z-]+|received-spf|thread-(?:topic|index)|importance"
)


class Form(Enum):
    """What a line that begins with ``From `` looks like."""

    DATED = "a date as asctime writes it"
    PATCH = "the constant date of a git patch"
    PLAIN = "no sender, one sender, or a date in another form"
    WORDS = "words"


class Separator(msgspec.Struct, frozen=True, gc=False):
    """A From_ line."""

    start: int
    end: int
    """First byte of the message."""
    date: tuple[int, int] | None
    """Range of its date; ``None`` where it has none."""
    form: Form = Form.DATED


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """What the fields after a line say."""

    known: int = 0
    """Names known in mail."""
    by_programs: int = 0
    """Those among them that people do not write into texts."""

    @property
    def strong(self) -> bool:
        """Whether hardly anything but the header of a mail reads so."""
        return self.known > 1 and self.by_programs > 0


def read_line(line: bytes, start: int, whole: bool) -> Separator | None:
    """Read a line that begins with ``From ``.

    Args:
        line: at most `LINE_BYTES` from its beginning.
        start: where it stands.
        whole: whether it may end without a line end: the file does.
    """
    if not line.startswith(b"From ") or line[5:7].lstrip(b" \t")[:1] == b":":
        return None
    ending = _LINE_END.search(line)
    if ending is None and not whole:
        return None
    size = len(line) if ending is None else ending.end()
    found = _DATE.search(line, 4, size)
    if found is not None:
        form = Form.PATCH if _PATCH.match(line[:size]) else Form.DATED
        return Separator(start, start + size, (start + found.start(1), start + found.end(1)), form)
    text = line[:size].rstrip()
    sender = _SENDER.match(text)
    at = len(text) if sender is None else sender.end()
    if at == len(text) and (b"@" in text or b" at " in text or text in (b"From", b"From -")):
        return Separator(start, start + size, None, Form.PLAIN)
    if _WHEN.search(text, at):
        return Separator(start, start + size, (start + at, start + len(text)), Form.PLAIN)
    return Separator(start, start + size, None, Form.PLAIN if b"@" in text else Form.WORDS)


def is_undated(line: bytes) -> bool:
    """Whether a line has no date as separators have it."""
    return _DATE.search(line) is None


def begins_field(data: bytes) -> bool:
    """Whether *data* begins with a field name and its colon."""
    return _HEADER_FIELD.match(data) is not None


def evidence(header: bytes) -> Evidence:
    """Count the known names among the fields with which *header* begins."""
    known: set[bytes] = set()
    programs = 0
    found = _FIELD.match(header)
    while found is not None and not (known and programs and len(known) > 1):
        name = found[1].lower()
        by_program = _WRITTEN_BY_PROGRAMS.fullmatch(name) is not None
        if name not in known and (by_program or name in _WRITTEN_BY_PEOPLE):
            known.add(name)
            programs += by_program
        found = _FIELD.match(header, found.end()) if found.end() < len(header) else None
    return Evidence(len(known), programs)
