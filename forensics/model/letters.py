"""Requests to those whose servers wrote into the mails that do not fit: which records of theirs would settle what."""

from enum import StrEnum

import msgspec


class RecordKind(StrEnum):
    """What a server left in a mail."""

    TRACE = "trace"
    """A trace field (``Received``) by one of its hosts."""
    SIGNATURE = "signature"
    """A DKIM signature or an ARC seal for its domain."""
    LIST = "list"
    """The id of a mailing list under its domain."""


class AskedRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One record in a mail that its maker can compare with their own."""

    kind: RecordKind
    host: str
    """The host that wrote it, the domain that signed, the list's id."""
    id: str = ""
    """The id that the host gave the message, the selector of the key; empty where none stands there."""
    protocol: str = ""
    """How the host received it (RFC 5321 ``with``), of a trace field."""
    at: int | None = None
    """The time in the record, 100 ns since 1970 UTC; None: it has none that can be read."""

    @property
    def numbered(self) -> bool:
        """Whether its id finds it: a trace field's id of digits and dots is a version, or a number that comes again."""
        return bool(self.id) and not (self.kind is RecordKind.TRACE and self.id.replace(".", "").isdecimal())


class AskedMail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mail and the records of one organization in it."""

    sha256: str
    rank: int
    """The best rank of an entry that it, or a file in it, belongs to."""
    message_id: str
    """Without its angle brackets; empty: it has none."""
    date: str
    """Its Date field as written; empty: it has none."""
    records: tuple[AskedRecord, ...]
    other_days: tuple[str, ...] = ()
    """Days (UTC) of other times of the mail, more than a day from every time in the records, oldest first."""


class Letter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one organization is asked."""

    organization: str
    """The domain that it registered."""
    mails: tuple[AskedMail, ...]
    """Those of the best rank first."""
    left_out: int = 0
    """Further mails with records of theirs, which the letter does not list."""


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom an entry can be asked of, and the record of theirs that names most."""

    organization: str
    record: AskedRecord


class Letters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All requests of a case."""

    letters: tuple[Letter, ...]
    """First those that could settle most."""
    entries: int
    """Entries of the ranking that were looked at."""
    unasked: int
    """Those of them on whose items nobody with a registered domain left a record."""
    restricted: int = 0
    """Further entries of which an item may not be quoted, or those who could be asked not be named."""
    by_rank: dict[int, tuple[Asked, ...]] = {}
    """By rank, the organizations with records in mails of the entry, those with most first."""
