"""Tables ``restrictions`` and ``unsealed``: what may not be quoted, and what was opened all the same."""

import msgspec


class RestrictionRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a list; a list is a unit, and the last one counts."""

    list: int
    """Number of the list, from 1."""
    kind: str
    """``address``, ``domain``, ``folder``."""
    value: str


class UnsealedRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item that was opened while a list was in force; a later list closes it again."""

    list: int
    """Number of that list."""
    act: int
    """From 1, in the order in which items were opened."""
    sha256: str
    """Empty: the item was not read; then the place names it."""
    location: str
    location_text: str
    author: str
    """The name that was given."""
    time: str
    """RFC 3339, UTC."""
