"""What an archive claims to hold and holds: mailboxes by month, and the messages that mails name and it lacks."""

from enum import StrEnum

import msgspec

from forensics.model.lines import Place


class Mark(StrEnum):
    """In what a month shows more than chance allows; closed, part of the JSON contract."""

    MISSING = "missing"
    """Threads with missing messages."""
    NUMBERS = "numbers"
    """Numbers that are left out."""
    SILENCE = "silence"
    """Days without a mail."""


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mailbox and month."""

    schema: str = "forensics/ledger/1"
    source: str
    """Its label."""
    mailbox: str
    """Location of its mails as text, without their own last part; empty for the files that stand in no folder."""
    month: str
    """``2016-07`` of Date, else of arrival, UTC; empty where nothing dates the mails."""
    mails: int
    answered: int
    """Messages that these mails answer, by their ids."""
    missing: int
    """Of them, those that the archive does not hold."""
    threads: int
    """Threads in which these mails answer a message, so that one could be missing: without mails of the first days
    of a mailbox, or after a long silence, which answer what may never have been in it."""
    incomplete: int
    """Of them, those in which an answered message is missing."""
    expected: float
    """Share of incomplete threads that nothing need explain: the larger of that of the mailbox's other months and that
    of genuine mail of its route; 0 to 1."""
    numbers: int
    """Numbers that its mails have: given by lists, else those of its files' names; 0: they are not numbered."""
    numbers_missing: int
    """Numbers that are left out between these and the next."""
    silent_days: int
    """Longest run of whole days without a mail that begins in the month and ends before a later mail."""
    silent_from: str
    """Its first day, ``2016-07-14``; empty if it is none."""
    marks: tuple[Mark, ...] = ()
    """In what the month shows more than chance allows; no mark says who or what caused it."""


class MissingLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message that mails name and the archive does not hold, with what these tell of it."""

    schema: str = "forensics/missing/1"
    id: str
    """Its Message-ID, without angle brackets."""
    subject: str
    """Of a mail that answers or names it, reply marks and list tags left out; may be empty."""
    written_after: str
    """RFC 3339 UTC: Date of the message that it answers; empty where that is not known."""
    written_before: str
    """Earliest Date of the mails that name it."""
    quoted_name: str
    """Who wrote it, as a mail that answers it says above its quote; empty where none does."""
    quoted_address: str
    """Their address, as far as it stands there."""
    quoted_date: str
    """When, as it stands there; without a zone where none is written."""
    id_time: str
    """Time inside its Message-ID where its form is known to carry one; without a zone where it is a local time."""
    id_scheme: str
    """Program or family that makes such ids; empty where there is no time."""
    mentions: int
    """Mails that name it."""
    replies: int
    """Of them, those that answer it."""
    repliers: tuple[str, ...]
    """Addresses of those who answered it, at most 5, in their order."""
    replier_count: int
    named_by: str
    """SHA-256 of the first that answers it, else of the first that names it."""
    location: Place
    """Where that mail stands."""
    reference: str
    """Where it stands in a reference source, as text; empty if it does not."""
    restricted: bool = False
    """A mail that names it may not be quoted: what these mails tell of it is left out."""


class LedgerReach(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a ledger can rest on."""

    mails: int
    """Outside other mails."""
    answering: int
    """Of them, those that say by an id which message they answer."""
    missing: int
    """Messages that are named and missing."""
    judged: bool
    """Whether it was worked out which mail answers which."""
    unread: int = 0
    """Items that were not read, or not in full: they may hold some of what is missing."""


class Ledger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a report shows of a ledger."""

    reach: LedgerReach
    months: tuple[LedgerLine, ...]
    """Of the mailboxes with most mails, those first; months in their order."""
    mailboxes: int
    """All of the case."""
    marked: int
    """Months of all mailboxes that have a mark."""
