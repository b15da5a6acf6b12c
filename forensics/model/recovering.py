"""What a recovery of keys may be told, and what it found."""

import msgspec

from forensics.model.keys import Key


class RecoverOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a recovery may be told; all of it optional."""

    domain: str = ""
    """Only keys of this signing domain; empty: of all."""
    selector: str = ""
    """Only keys of this selector; empty: of all."""
    seconds: float = 600
    """Wall clock after which no more is tried; 0: until nothing is left to try."""
    jobs: int = 0
    """Processes; 0: as many as there are processors."""


class Misfit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signature that no key at hand opens, although its length is theirs and it was signed while one was in use."""

    sha256: str
    """Of its mail."""
    kind: str
    index: int
    """With ``kind`` its row in table ``signatures``."""


class RecoveredKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key that was computed from signatures, with what it opens; its span is that of the times of signing."""

    key: Key
    bits: int
    opened: int
    """Signatures that it opens: it is the key that they were made with, whatever was changed since."""
    holds: int
    """Of them, those whose header is as it was signed."""
    tested: int
    """Signatures of the selector and of the key's length that the archive has."""
    senders: int
    """Different addresses in From of the mails whose signatures it opens."""
    misfits: int
    """Signatures of that length, made within its span, that no key at hand opens."""
    misfitting: tuple[Misfit, ...]
    """The first `MISFITS` of them."""
    pairs: int
    """Pairs of signatures that were tried until this key was found; 0: it is another domain's key."""
    cpu_s: float
    """Processor seconds that these took."""


MISFITS = 1000


class Recovery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a recovery found."""

    found: tuple[RecoveredKey, ...]
    """In the order in which they were found."""
    failed: int
    """Selectors of which no pair that was tried gave a key."""
    left: int
    """Selectors that there was no time for."""
    judged: bool
    """Whether the case is judged with what was found; else `forensics.scan` of its sources judges it."""
    head: str
    """Custody head to write down."""


class RecoverProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a recovery is."""

    selectors: int
    """That are left to try."""
    found: int
    elapsed_s: float
    trying: tuple[str, ...]
    """``domain/selector`` of those that are being computed."""
