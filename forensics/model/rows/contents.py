"""Table ``contents``."""

import msgspec


class ContentRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One distinct byte stream."""

    sha256: str
    size: int
    media_type: str
    parser: str
    """``id/version`` of the parser that read it; empty if none did."""
    status: str
