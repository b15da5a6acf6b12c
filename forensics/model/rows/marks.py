"""Table ``marks``: what readers decided of items; a unit for each act, which is never written again."""

import msgspec


class MarkRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One act of one reader on one item; the latest of a reader counts."""

    act: int
    """From 1, in the order in which they were done."""
    sha256: str
    """Empty: the item was not read; then the place names it."""
    location: str
    location_text: str
    mark: str
    """``reviewed``, ``innocent``, ``keep``, ``question``; ``undone``: the reader took back what was marked before."""
    author: str
    """The name that the reader gave."""
    time: str
    """RFC 3339, UTC."""
    note: str
