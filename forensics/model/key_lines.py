"""JSON lines about keys: those at hand, and those that signatures of the archive need."""

from enum import StrEnum

import msgspec


class AtHand(StrEnum):
    """Which key there is for the signatures of a selector."""

    FILE = "file"
    """A key from a file opens some."""
    RECOVERED = "recovered"
    """A key that was recovered from the archive opens some, and none from a file does."""
    OTHER = "other"
    """There are keys of the selector, and none opens any: the one that signed is missing."""
    UNTESTED = "untested"
    """There are keys, and nothing says yet whether they open any: the case was not judged with them, or the signatures
    are of a kind that is not read."""
    NONE = "none"


class KeyLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key record that a case has."""

    schema: str = "forensics/keys/1"
    key: str
    """Names it in table ``verdicts``."""
    domain: str
    selector: str
    algorithm: str
    """``rsa`` or ``ed25519``; what the record says where its key cannot be read."""
    bits: int
    obtained: str
    """``file`` or ``recovered``."""
    origins: tuple[str, ...]
    """Files that hold it, or how it was recovered."""
    first_seen: str
    """RFC 3339 UTC, as its files say; empty where none does."""
    last_seen: str
    limits: tuple[str, ...]
    """Why its signatures authenticate nothing, or less: of `forensics.authenticity.limits.LIMITS`."""
    opens: int
    """Signatures that it opens: it is the key that made them."""
    holds: int
    """Of these, signatures whose header is as it was signed."""
    mails: int
    """Mails that have a signature which it opens."""


class KeyUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Signatures of one selector and algorithm, and the key that they need."""

    schema: str = "forensics/key-coverage/1"
    domain: str
    selector: str
    algorithm: str
    signatures: int
    mails: int
    first: str
    """RFC 3339 UTC: earliest time that a signature states, or its mail's arrival; empty where there is neither."""
    last: str
    at_hand: AtHand
    opened: int
    """Signatures that a key at hand opens."""
    decides: int
    """Mails none of whose signatures a key at hand opens: those that this key would decide."""
    organization: str
    """The part of the domain that its owner registered: who can say what the key was."""
    platform: str
    """Who signs under the domain for others; empty where its owner does."""


class SignatureVerdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one signature of a mail says under the keys that were given."""

    sha256: str
    """Of the mail."""
    kind: str
    """``dkim``, ``ams`` or ``as``..., as in table ``signatures``."""
    index: int
    domain: str
    selector: str
    algorithm: str
    header: str
    """`forensics.model.authentication.HeaderOutcome`; empty where no key of its selector was given."""
    body: str
    """`forensics.model.authentication.BodyOutcome`, which needs no key; empty for a seal, which signs none."""
    origin: str
    """File of the key."""
    aligned: bool
    """Whether ``d=`` is the domain of From, or shares its organization."""
    limits: tuple[str, ...]
    """Why it authenticates less than it holds: of `forensics.authenticity.limits.LIMITS`."""
    mended_header: tuple[str, ...] = ()
    """Fields that differ from what was signed, where the header holds once they are as they were."""
    mended_body: tuple[str, ...] = ()
    """Steps that undo what was done to the body, where it holds after them."""
    untestable: str = ""
    """Header field that it covers and that a list wrote itself: the header cannot be tested then."""
