"""A signed mail taken apart for repairs: its fields, its body, and the places of both in the item."""

from itertools import pairwise

import msgspec

from forensics.model.items import Limits
from forensics.model.mail import HeaderField
from forensics.parsers.mail import delimiters, headers
from forensics.parsers.mail.entity import parse_encoding
from forensics.parsers.mail.parameters import Value, parse_value
from forensics.replay.base64 import base64
from forensics.replay.quoted_printable import quoted_printable

LINE = b"\n"
_CRLF = b"\r\n"
_DEFAULT_TYPE = parse_value(b"text/plain")


class Mail(msgspec.Struct, frozen=True):
    """A mail with LF line ends, which signatures do not tell from CRLF."""

    data: bytes
    fields: tuple[HeaderField, ...]
    body_start: int
    parts: int
    """Most parts of a multipart that are looked at."""
    stored: bytes
    """The item as it is."""

    def place(self, offset: int) -> int:
        """Return the offset in the item of one in ``data``."""
        if len(self.stored) == len(self.data):
            return offset
        at, left = 0, offset
        for line in self.stored.split(_CRLF):
            if left <= len(line):
                return at + left
            at += len(line) + len(_CRLF)
            left -= len(line) + len(LINE)
        return len(self.stored)


def read_mail(content: bytes, limits: Limits) -> Mail:
    """Take a mail apart."""
    data = content.replace(_CRLF, LINE) if _CRLF in content else content
    block = headers.of_message(data, LINE, limits.header_fields)
    return Mail(data, block.fields, block.body_start, limits.parts, content)


class Removed(msgspec.Struct, frozen=True):
    """A piece of a body that was not signed."""

    text: bytes
    """Decoded, white space at its ends left out."""
    start: int
    """In `Mail.data`, as ``end``: where it stands, or the encoded body that holds it."""
    end: int
    shown: bool
    """Whether it is nothing but plain text that a reader is shown, neither a file nor what only programs read."""


class Body(msgspec.Struct, frozen=True):
    """A body as it may have been signed, with the MIME fields that then stood in the header."""

    content: bytes
    mime: dict[str, bytes]
    """Lower-case name to the whole field, for the fields whose names begin with ``content-``."""
    start: int
    """Where ``content`` stands in `Mail.data`; of one that was encoded anew, where it stands as it is here."""
    end: int
    verbatim: bool = True
    """Whether it stands there just so."""
    steps: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()

    @property
    def type(self) -> Value:
        """Its Content-Type."""
        field = self.mime.get("content-type")
        return parse_value(body_of(field)) if field is not None else _DEFAULT_TYPE

    @property
    def encoding(self) -> str:
        """Its transfer encoding, lower case; empty where no field names one."""
        field = self.mime.get("content-transfer-encoding")
        return parse_encoding(body_of(field)).token if field is not None else ""

    def piece(self, start: int, end: int) -> tuple[int, int]:
        """Return where a range of the content stands in `Mail.data`, or what holds it."""
        return (self.start + start, self.start + end) if self.verbatim else (self.start, self.end)

    def changed(self, step: str, content: bytes, **fields: bytes) -> "Body":
        """Return it with another content in the same place; *fields* are MIME fields, ``_`` for ``-``."""
        mime = self.mime | {name.replace("_", "-"): field for name, field in fields.items()}
        return Body(content, mime, self.start, self.end, False, (*self.steps, step), self.removed)


class Part(msgspec.Struct, frozen=True):
    """A part of a multipart: ranges in the content of a `Body`."""

    delimiter: int
    """Start of the delimiter line above it, with the line end before that."""
    start: int
    body_start: int
    end: int
    closing: int
    """First byte after the delimiter line below it."""
    mime: dict[str, bytes]


def body_of_mail(mail: Mail) -> Body:
    """Return the body as it is here."""
    return Body(mail.data[mail.body_start :], mime_fields(mail.fields), mail.body_start, len(mail.data))


def parts_of(mail: Mail, body: Body) -> list[Part]:
    """Return the parts of a multipart; none where it is not closed, or no multipart."""
    kind = body.type
    boundary = kind.parameters.get("boundary", "").encode("utf-8", "replace")
    if not kind.value.startswith("multipart/") or not boundary:
        return []
    content = body.content
    lines = delimiters.find(content, LINE, 0, len(content), boundary, mail.parts).lines
    if not lines or lines[-1].kind != delimiters.CLOSE:
        return []
    parts: list[Part] = []
    for line, following in pairwise(lines):
        end = max(following.start - 1, line.end)
        block = headers.split(content, line.end, end, LINE, mail.parts)
        mime = mime_fields(block.fields)
        parts.append(Part(max(line.start - 1, 0), line.end, block.body_start, end, following.end, mime))
    return parts


def mime_fields(fields: tuple[HeaderField, ...]) -> dict[str, bytes]:
    """Return the fields that describe an entity, the topmost of each name."""
    found: dict[str, bytes] = {}
    for field in fields:
        if field.key.startswith("content-"):
            found.setdefault(field.key, field.raw)
    return found


def body_of(field: bytes) -> bytes:
    """Return what stands behind the colon."""
    return field.partition(b":")[2]


def decoded(content: bytes, encoding: str) -> bytes:
    """Undo a transfer encoding; lines end with LF."""
    if encoding == "base64":
        return base64(content).replace(_CRLF, LINE)
    return quoted_printable(content) if encoding == "quoted-printable" else content
