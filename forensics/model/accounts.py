"""Every byte of a source is in one account: read, not read for a reason, left alone, or holding nothing."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """Which bytes a sum of an item is of; closed, part of the contract of table ``occurrences``."""

    UNREAD = "unread"
    """Of its own bytes: its notices say that they were not read."""
    STORED = "stored"
    """Of the bytes that its container stores it in: they gave nothing of it."""
    PADDING = "padding"
    """Of its own bytes: they hold nothing."""


class State(StrEnum):
    """What became of a byte of a source; closed, part of the JSON contract."""

    PARSED = "parsed"
    """It stands in an item that was read: in its structure, or in what it says."""
    PARTIAL = "partial"
    """It stands in an item that was read in part, and is what was not."""
    UNREAD = "unread"
    """It stands in an item of which nothing was read."""
    SKIPPED = "skipped"
    """It stands in what was left alone on purpose, or holds no facts."""
    PADDING = "padding"
    """It holds nothing."""


class AccountShare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bytes of a source that are alike in state, reason and type."""

    state: State
    reason: str = ""
    """Notice code that says why they were not read; of padding, its kind. Empty: they were read, or the file that they
    stand in has been begun and not been read to its end."""
    media_type: str = ""
    """Of the item that they stand in; empty if unknown."""
    items: int
    """That they stand in."""
    size: int
    """Bytes of the source."""


class AccountSums(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bytes in each state of `State`."""

    parsed: int = 0
    partial: int = 0
    unread: int = 0
    skipped: int = 0
    padding: int = 0


class AccountLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source: what became of each of its bytes."""

    schema: str = "forensics/accounts/1"
    source: str
    """Its label."""
    files: int
    size: int
    """Bytes of its files."""
    sums: AccountSums
    """Bytes in each state; together they are ``size`` plus ``difference``."""
    difference: int = 0
    """Bytes by which the sum of the states differs from the size of the files; anything but 0 is an error of ours."""
    shared: int = 0
    """Bytes that more than one item lays claim to, in the layer where they stand; they count for the first."""
    excess: int = 0
    """Bytes that notices say were not read beyond those that stand beside the items inside; they are not counted."""
    unrecorded: int = 0
    """Items read in part by an earlier version, which did not record how much: all their own bytes count as partial."""
    shares: tuple[AccountShare, ...]
    """The sums by state, reason and type, largest first."""
