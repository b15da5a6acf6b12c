"""Table ``chains``, made over the whole case: what a verifier with the keys at hand says of each ARC chain."""

import msgspec


class ChainRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ARC sets of one message; a message without any has no row."""

    sha256: str
    outcome: str
    """``pass``, ``fail``, or ``unknown``: nothing fails but for what is not at hand."""
    reason: str = ""
    """Why it does not pass: of `forensics.authenticity.chain.REASONS`."""
    instance: int = 0
    """Set that it does not pass at; 0: at none that can be named."""
    oldest_pass: int | None = None
    """Lowest set from which on all message signatures hold, 0: all of them; absent where the newest does not."""
    sets: int = 0
    """Highest number of a set."""
    claimed: str = ""
    """What the newest seal says of the sets before it: ``cv=``."""
