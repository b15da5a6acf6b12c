"""How far a scan is, for whoever shows it."""

import msgspec


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a scan is."""

    items: int
    size: int
    """Bytes of source files read in this run."""
    total: int
    """Bytes of source files to read in this run."""
    observations: int
    elapsed_s: float
    current: str = ""
