"""A mail read for comparison: its facts, its bytes, and its texts."""

from typing import NamedTuple

from forensics.model.byte_sources import MemoryBytes
from forensics.model.facts import Located
from forensics.model.items import Limits, Notice, ParseContext
from forensics.model.locations import Location, Locator
from forensics.model.mail import HeaderField, Message, MimePart
from forensics.parsers.mail import rfc5322
from forensics.parsers.mail.addresses import MAX_BYTES
from forensics.parsers.mail.bodies import Bodies
from forensics.parsers.mail.words import decode_text

VALUE_BYTES = 1_000
"""Bytes and characters of one value that are kept."""


class ComparedMail(NamedTuple):
    """One of two mails.

    Attributes:
        data: its bytes.
        message: what it says.
        root: its MIME tree.
        bodies: its texts.
        whole: whether all of it could be read.
    """

    data: bytes
    message: Message
    root: MimePart
    bodies: Bodies
    whole: bool


_NOWHERE = Location(())


def read_mail(data: bytes, limits: Limits) -> ComparedMail:
    """Read a mail as a scan reads it."""
    message, whole = None, True
    for found in rfc5322.parse(MemoryBytes(data), _NOWHERE, ParseContext(limits=limits)):
        if isinstance(found, Message):
            message = found
            break
        if isinstance(found, Notice) and found.unread:
            whole = False
    assert message is not None and message.tree is not None
    root = message.tree.root
    return ComparedMail(data, message, root, Bodies(root, data), whole)


def header_whole(data: bytes, limits: Limits) -> bool:
    """Whether all header fields of a mail, and all addresses in them, are within the limits of what is read."""
    fields = read_mail(data, limits).root.headers
    return len(fields) < limits.header_fields and all(len(field.raw) <= MAX_BYTES for field in fields)


def value_of(field: HeaderField) -> str:
    """Return what a header field says: decoded, white space folded."""
    return " ".join(decode_text(field.body).split())


def located(field: HeaderField, place: int = 0, value: str | None = None) -> Located:
    """Return what a header field says with its bytes.

    Args:
        field: the field.
        place: its position among the fields of its name.
        value: what is said of it; all by default.
    """
    said = value_of(field) if value is None else value
    return quoted(said, field.raw, field.start, field.locator(place).path)


def quoted(value: str, raw: bytes, start: int, path: str) -> Located:
    """Return a value with the bytes that say it; of long ones the beginning.

    Args:
        value: the value.
        raw: its bytes.
        start: where they begin in the item.
        path: what stands there, for people.
    """
    raw = raw[:VALUE_BYTES]
    ranges = ((start, start + len(raw)),) if raw else ()
    return Located(value[:VALUE_BYTES], raw, Locator(ranges=ranges, path=path))
