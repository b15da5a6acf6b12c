"""Documents that share editing sessions: where one stands among them, and all of a family."""

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


class LineageMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One document of a family."""

    ref: ItemRef
    place: int
    """In the order of derivation, from 1."""
    relation: str
    """To `other`: `forensics.model.rows.lineage.LineageRow.relation`; empty where one of the two may not be quoted."""
    other: int
    """Place of the likely ancestor, or of the nearest relative; 0: none."""
    sessions: int
    other_sessions: int
    shared: int
    saved: int | None
    """When it was saved last by its own clock, 100 ns since 1970."""


class LineageFamily(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Documents that are related by their editing sessions, by each other or by way of others."""

    documents: int
    members: tuple[LineageMember, ...]
    """In the order of derivation; of a large family those that entries are about, those from which these were made,
    and the first others."""
