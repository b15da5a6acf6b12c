"""Every exception of this package.

ForensicsError
├─ IntakeError          evidence or container cannot be opened
├─ ParseError           carries the byte offset
│  ├─ WrongFormat       not this format: try the next parser
│  ├─ Malformed
│  ├─ Truncated
│  └─ LimitExceeded
├─ CheckError           a rule broke its contract
├─ KnowledgeError       a table is invalid
├─ CaseStoreError
│  ├─ IntegrityError    a digest does not match
│  ├─ OtherVersion      a case that this version of the program cannot read
│  ├─ CaseLocked        another process holds the case
│  └─ StorageFull       nothing more can be written; the scan can be resumed
├─ WorkerFailed         worker processes end by themselves, whatever they are given
├─ Interrupted          stopped by the user or by a change of the source; can be resumed
└─ UsageError           wrong call or command line

Something odd in the evidence is a ``Notice``, not an exception: an exception means that this item cannot be read
further.
"""


class ForensicsError(Exception):
    """Base of all exceptions that leave this package."""


class IntakeError(ForensicsError):
    """Evidence or a container cannot be opened."""


class ParseError(ForensicsError):
    """An item cannot be read further.

    Attributes:
        offset: bytes from the start of the item, or ``None`` where the place is not known.
    """

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


class WrongFormat(ParseError):
    """Not this format: try the next parser."""


class Malformed(ParseError):
    """The structure breaks its own rules."""


class Truncated(ParseError):
    """The data end inside a structure."""


class LimitExceeded(ParseError):
    """A count limit was hit (bytes, parts, depth)."""


class CheckError(ForensicsError):
    """A rule broke its contract."""


class KnowledgeError(ForensicsError):
    """A table of the knowledge base is invalid."""


class CaseStoreError(ForensicsError):
    """The case folder cannot be read or written."""


class IntegrityError(CaseStoreError):
    """A digest does not match."""


class OtherVersion(CaseStoreError):
    """A case in a form that this version of the program does not know; nothing is wrong with the evidence."""


class CaseLocked(CaseStoreError):
    """Another process holds the case."""


class StorageFull(CaseStoreError):
    """Nothing more can be written; the scan can be resumed."""


class NotJudged(CaseStoreError):
    """Results were asked for of a case that is not wholly read and judged; the scan can be resumed."""


class WorkerFailed(ForensicsError):
    """Worker processes end by themselves, whatever they are given: a fault of the installation or of ours."""


class Interrupted(ForensicsError):
    """Stopped before the end; a second run does only what is missing."""


class UsageError(ForensicsError):
    """A wrong call or command line."""
