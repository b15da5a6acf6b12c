"""A mail as a case has it, for readers of the case."""

import msgspec

from forensics.model.facts import Located, Timestamp
from forensics.model.locations import Location


class MessageParty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mailbox in an address field."""

    field: str
    """Lower-case field name: ``from``, ``to``."""
    name: str
    """Display name, decoded; empty if none."""
    address: str
    """addr-spec in its own case; empty if none could be read."""
    domain: str
    """Lower-case domain; empty if none."""


class MessageFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mail: who, when, and what it answers; its text is read by `Case.text`."""

    sha256: str
    size: int
    location: Location
    """Its first place, by source and the text of locations."""
    message_id: Located
    subject: Located
    """Of both the value is decoded, and empty where there is none."""
    sender: str
    """Address by which the sender is known; empty where From names nobody."""
    parties: tuple[MessageParty, ...]
    date: Timestamp | None
    """Of the Date field; ``None`` where there is none that can be read."""
    arrived: int | None
    """Time of the topmost trace field that has one, in 100 ns since 1970 UTC; ``None``: none has."""
    timestamps: tuple[Timestamp, ...]
    """Every time that the mail states, its Date among them."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    list_id: str
    client: Located
    """Program that wrote it, as far as it says so."""
