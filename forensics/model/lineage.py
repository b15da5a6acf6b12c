"""Where a document stands among those with which it shares editing sessions."""

import msgspec

from forensics.model.findings import ItemRef


class LineagePlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One document in its family, as the case was last judged."""

    documents: int
    """Of the family."""
    place: int
    """Position in it, in the order of derivation, from 1."""
    relation: str
    """To `other`: `forensics.model.rows.lineage.LineageRow.relation`."""
    other: ItemRef | None
    """The likely ancestor, or the nearest relative; none: of its family none is older."""
    sessions: int
    """Editing sessions that it lists."""
    other_sessions: int
    shared: int
    """Sessions that both list."""
    derived: tuple[ItemRef, ...]
    """Documents of which it is the likely ancestor, by their places in the family; at most 20."""
    derived_count: int
    family: tuple[ItemRef, ...]
    """The documents of the family in the order of derivation; at most 20."""
