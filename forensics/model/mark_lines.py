"""Lines of the list of marks, and what marking gives back."""

import msgspec

from forensics.model.findings import ItemRef
from forensics.model.lines import Place


class MarkLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One act on one item, as ``forensics mark CASE`` lists it."""

    schema: str = "forensics/marks/1"
    act: int
    """From 1; the items of one entry that were marked together have one number."""
    mark: str
    """``reviewed``, ``innocent``, ``keep``, ``question``, or ``undone``: taken back."""
    by: str
    time: str
    """RFC 3339, UTC, to the second."""
    note: str
    stands: bool
    """Whether it is the latest act of this reader on the item, and no undoing."""
    sha256: str
    """Empty: the item was not read, and is known by its place."""
    location: Place


class Marked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What marking did."""

    act: int
    mark: str
    """The verdict, or ``undone``."""
    by: str
    items: tuple[ItemRef, ...]
    """All items of the entry, where a rank was marked; undone: those that had a mark of this reader."""
    head: str
    """Custody head after it."""
