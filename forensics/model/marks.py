"""Marks: what those who read a case decided of its items. They stand beside results and change none."""

from enum import StrEnum

import msgspec

NOTE_CHARACTERS = 4_000
NAME_CHARACTERS = 200


class Verdict(StrEnum):
    """What a reader says of an item."""

    REVIEWED = "reviewed"
    INNOCENT = "innocent"
    KEEP = "keep"
    QUESTION = "question"


UNDONE = "undone"
"""Stands in the place of a verdict where a reader took the mark back."""


class ItemMark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mark that stands: the latest act of one reader on an item."""

    mark: str
    """``reviewed``, ``innocent``, ``keep`` or ``question``."""
    by: str
    """The name that the reader gave."""
    time: str
    """RFC 3339, UTC, to the second."""
    note: str = ""
    items: int = 1
    """Of several items that are one entry: how many of them it stands on."""
