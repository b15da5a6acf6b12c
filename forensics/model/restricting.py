"""Lists of what may not be quoted: addresses, domains and folders of privileged mail."""

from enum import StrEnum

import msgspec

from forensics.model.findings import ItemRef


class EntryKind(StrEnum):
    """What an entry of a list names."""

    ADDRESS = "address"
    DOMAIN = "domain"
    FOLDER = "folder"


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a list."""

    kind: EntryKind
    value: str
    """An address or domain in lower case; a folder, or a file that holds others, as locations print it."""


class RestrictionState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a case says of the list that is in force."""

    entries: tuple[Entry, ...] = ()
    """Empty: nothing is restricted."""
    idle: tuple[Entry, ...] = ()
    """Of these, those that name nothing in the case as far as it has been read."""
    items: int = 0
    """Contents that are never quoted."""
    unread: int = 0
    """Places of items that were not read, which are not named."""
    opened: int = 0
    """Items that were unsealed since the list was given."""


class Restricting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What giving a list did."""

    entries: tuple[Entry, ...]
    changed: bool
    """Whether it is another list than the one in force before."""
    index_dropped: bool = False
    """Whether an index of words was taken out."""
    head: str
    """Custody head after it."""


class Unsealed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What unsealing did."""

    items: tuple[ItemRef, ...]
    """Those that were named, all of the entry where a rank was; what stands inside them is open with them."""
    by: str
    head: str
    """Custody head after it."""
