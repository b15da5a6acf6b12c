"""Facts and timestamps: extracted values with their raw bytes and place."""

from enum import StrEnum

import msgspec

from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind

TICKS_PER_SECOND = 10_000_000
"""Instants are counted in 100 ns since 1970-01-01 UTC (fits int64 for the years -27000 to 31000)."""


FILETIME_EPOCH = 116_444_736_000_000_000
"""1970-01-01 in 100 ns since 1601, as FILETIME counts."""


class Absence(StrEnum):
    """Why there is no value; ``None`` means only "optional and not given"."""

    NOT_PRESENT = "not present"
    UNREADABLE = "unreadable"
    UNPARSABLE = "unparsable"
    NOT_APPLICABLE = "not applicable"
    NOT_AVAILABLE = "not available"


class Description(StrEnum):
    """What a time means; the words of plaso's ``TIME_DESCRIPTION_*`` where it has one."""

    SENT = "Sent Time"
    RECORDED = "Recorded Time"
    SIGNED = "Signature Time"
    EXPIRATION = "Expiration Time"
    CREATION = "Creation Time"
    MODIFICATION = "Content Modification Time"
    METADATA_MODIFICATION = "Metadata Modification Time"
    LAST_ACCESS = "Last Access Time"
    LAST_PRINTED = "Last Printed Time"
    DIGITIZED = "Digitized Time"
    DELIVERED = "Delivery Time"
    ADDED = "Added Time"
    POSITION = "GPS Time"
    PLANNED = "Planned Time"
    """What was to be: of an appointment, a task, a mail to be sent later. No clock was read for it."""
    IDENTIFIED = "Identifier Time"
    """An id was made: a Message-ID, a queue id, a boundary."""


class ClockKind(StrEnum):
    """Whose clock a time comes from."""

    SENDER = "sender"
    SERVER = "server"
    SIGNER = "signer"
    APPLICATION = "application"
    CAMERA = "camera"
    FILE_SYSTEM = "file system"
    PACKER = "packer"
    MAILBOX = "mailbox"


class Precision(StrEnum):
    """The finest unit that the written value carries."""

    DAY = "day"
    MINUTE = "minute"
    TWO_SECONDS = "2 s"
    SECOND = "s"
    MILLISECOND = "ms"
    MICROSECOND = "us"
    TICK = "100 ns"


class Located(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One extracted value, the bytes that say it, and where they stand."""

    value: str
    """Decoded; empty where there is none."""
    raw: bytes
    locator: Locator


ABSENT = Located("", b"", Locator())
"""No value anywhere."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One extracted value."""

    name: str
    """Controlled name, ``format.field``: ``ooxml.creator``, ``pdf.producer``, ``zip.member.method``."""
    value: str
    """The decoded value as text."""
    raw: bytes
    """The bytes it was decoded from, as they stand at its place; empty where it is counted or worked out over all that
    the place names."""
    locator: Locator


class Timestamp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One time, as written and as read.

    A local time without offset has a ``wall`` reading and no ``instant``: it stands for an interval of +-14 h.
    """

    instant: int | Absence
    """100 ns since 1970-01-01 UTC, or why there is none."""
    wall: int | Absence
    """The written calendar reading as if it were UTC, in the same unit."""
    offset_s: int | Absence
    """UTC offset as written, in seconds east; never inferred. ``NOT_PRESENT`` for ``-0000`` and local times."""
    precision: Precision
    description: Description
    clock: ClockKind
    owner: str
    """Whose clock, as far as the item names it: a host, an application, a signing domain; empty if unnamed."""
    raw: bytes
    """The bytes as they stand in the evidence."""
    locator: Locator
    """Its ``path`` names the field for people; unique within the item."""
    kind: TimeKind
    """What it was read from. It is no part of the JSON contract."""
    index: int = 0
    """Position of that among its like, from 0, where code asks it: fields of one name, hops, parts of a mail in their
    order, extra fields of one id."""
    scheme: str = ""
    """How an id gave the time: the program or family whose ids look so; where ids of others look so too, their names
    follow, `` or `` between them. Empty: the time is written out."""
