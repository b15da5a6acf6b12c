"""Every exception of this package.

ForensicsError
├─ IntakeError          evidence or container cannot be opened
├─ ParseError           carries the byte offset
│  ├─ WrongFormat       not this format: try the next parser
│  ├─ Malformed
│  ├─ Truncated
│  ├─ Locked            encrypted, and no key or password opens it
│  └─ LimitExceeded
├─ CheckError           a rule broke its contract
├─ KnowledgeError       a table is invalid
├─ CaseStoreError
│  ├─ IntegrityError    a digest does not match
│  │  └─ PasswordNeeded what it is the digest of is encrypted, and no password given opens it
│  ├─ OtherVersion      a case that this version of the program cannot read
│  ├─ CaseLocked        another process holds the case
│  ├─ StorageFull       nothing more can be written; the scan can be resumed
│  ├─ MemoryFull        a query needs more memory than it may take; nothing is known of the case by that
│  ├─ NotJudged         results of a case that is not wholly read and judged
│  └─ CaseChanged       the case was written to since it was opened
├─ NotRead              an item brought the process that read it again to its end
├─ WorkerFailed         worker processes end by themselves, whatever they are given
├─ Interrupted          stopped by the user or by a change of the source; can be resumed
└─ UsageError           wrong call or command line
   ├─ UnknownItem       a reference means no item of the case
   ├─ AmbiguousItem     a reference means several items
   ├─ Restricted        what may not be quoted
   ├─ NoText            the item has no text that is read
   ├─ NoIndex           the case has no index of its words
   └─ NotInstalled      an optional package is missing

Something odd in the evidence is a ``Notice``, not an exception: an exception means that this item cannot be read
further.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """Exit codes of the command line; other programs rely on them."""

    DONE = 0
    USAGE = 2
    UNREAD = 3
    INTERNAL = 4
    VERIFICATION = 5
    RESUMABLE = 6


class ForensicsError(Exception):
    """Base of all exceptions that leave this package.

    Attributes:
        code: what was met, in one word that other programs may compare; each class has its own.
        exit_code: what the command line ends with.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[Exit] = Exit.INTERNAL


class IntakeError(ForensicsError):
    """Evidence or a container cannot be opened."""

    code = "intake"
    exit_code = Exit.USAGE


class ParseError(ForensicsError):
    """An item cannot be read further.

    Attributes:
        offset: bytes from the start of the item, or ``None`` where the place is not known.
    """

    code = "parse"

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


class WrongFormat(ParseError):
    """Not this format: try the next parser."""

    code = "wrong_format"


class Malformed(ParseError):
    """The structure breaks its own rules."""

    code = "malformed"


class Truncated(ParseError):
    """The data end inside a structure."""

    code = "truncated"


class Locked(ParseError):
    """It is encrypted, and no key or password that is at hand opens it."""

    code = "locked"


class LimitExceeded(ParseError):
    """A count limit was hit (bytes, parts, depth)."""

    code = "limit_exceeded"


class CheckError(ForensicsError):
    """A rule broke its contract."""

    code = "check"


class KnowledgeError(ForensicsError):
    """A table of the knowledge base is invalid."""

    code = "knowledge_table"


class CaseStoreError(ForensicsError):
    """The case folder cannot be read or written."""

    code = "case_store"
    exit_code = Exit.USAGE


class IntegrityError(CaseStoreError):
    """A digest does not match."""

    code = "integrity"
    exit_code = Exit.VERIFICATION


class PasswordNeeded(IntegrityError):
    """What is looked for is encrypted, and no password given opens it: nothing is known of its digest."""

    code = "password_needed"


class OtherVersion(CaseStoreError):
    """A case in a form that this version of the program does not know; nothing is wrong with the evidence."""

    code = "other_version"


class CaseLocked(CaseStoreError):
    """Another process holds the case."""

    code = "case_locked"
    exit_code = Exit.RESUMABLE


class StorageFull(CaseStoreError):
    """Nothing more can be written; the scan can be resumed."""

    code = "storage_full"
    exit_code = Exit.RESUMABLE


class MemoryFull(CaseStoreError):
    """A query needs more memory than it may take: nothing is known of the case by that."""

    code = "memory_full"
    exit_code = Exit.UNREAD


class NotJudged(CaseStoreError):
    """Results were asked for of a case that is not wholly read and judged; the scan can be resumed."""

    code = "not_judged"
    exit_code = Exit.RESUMABLE


class CaseChanged(CaseStoreError):
    """The case was written to since it was opened: open it again."""

    code = "case_changed"
    exit_code = Exit.RESUMABLE


class NotRead(ForensicsError):
    """An item brought the process that read it again to its end: it crashed, hung, or needed too much memory."""

    code = "not_read"
    exit_code = Exit.UNREAD


class WorkerFailed(ForensicsError):
    """Worker processes end by themselves, whatever they are given: a fault of the installation or of ours."""

    code = "worker_failed"


class Interrupted(ForensicsError):
    """Stopped before the end; a second run does only what is missing."""

    code = "interrupted"
    exit_code = Exit.RESUMABLE


class UsageError(ForensicsError):
    """A wrong call or command line."""

    code = "usage"
    exit_code = Exit.USAGE


class UnknownItem(UsageError):
    """A reference means no item of the case."""

    code = "unknown_item"


class AmbiguousItem(UsageError):
    """A reference means several items of the case.

    Attributes:
        candidates: digests of the items, or locations where they share one; at most 6.
        described: a line for each of them, with text of the evidence as it stands; empty where nothing is said.
    """

    code = "ambiguous_item"

    def __init__(self, message: str, candidates: Iterable[str] = (), described: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)
        self.described = tuple(described)


class Restricted(UsageError):
    """What was asked for may not be quoted: a list of the case names it, and it was not unsealed."""

    code = "restricted"


class NoText(UsageError):
    """The item has no text that is read: it is neither a mail nor a text."""

    code = "no_text"


class NoIndex(UsageError):
    """The case has no index of its words."""

    code = "no_index"


class NotInstalled(UsageError):
    """A package that only this call needs is not installed."""

    code = "not_installed"
