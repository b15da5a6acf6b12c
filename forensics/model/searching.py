"""What a search of a case's words finds, and what it could not look through."""

from enum import StrEnum

import msgspec

from forensics.model.lines import Place


class TextState(StrEnum):
    """Whether the text of an item is among the words of an index, and why not."""

    WHOLE = "whole"
    CUT = "cut"
    """Only its beginning: it is longer than what is read of one item."""
    ENCRYPTED = "encrypted"
    """It, or a part of it, cannot be read without a key; what stands around that is among the words."""
    EMPTY = "empty"
    """It was read, and has no text."""
    PICTURE = "picture"
    """A picture, sound or film."""
    SIGNATURE = "signature"
    """A detached signature or a key."""
    HOLDER = "holder"
    """It holds items, which stand for themselves."""
    NO_READER = "no_reader"
    """Of a format whose text is not read."""
    NOT_READ = "not_read"
    """The scan could not read it."""
    MISSING = "missing"
    """Its source was not at hand when the index was made."""
    CHANGED = "changed"
    """Other bytes stood in its source when the index was made."""
    FAILED = "failed"
    """Reading its text failed."""
    RESTRICTED = "restricted"
    """It could not be quoted when the index was made: nothing of it is among the words."""


SEARCHED = (TextState.WHOLE, TextState.HOLDER)
"""Outcomes that leave nothing out."""


class Excerpt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words around what was found. It is text of the evidence: it may hold control and bidirectional characters."""

    text: str
    """On one line; white space is one space."""
    found: tuple[tuple[int, int], ...]
    """Ranges of ``text``, in characters."""
    begins: bool
    """Whether it is the beginning of the text that it was taken from."""
    ends: bool
    where: str = "text"
    """What it was taken from: ``text``, ``subject``, ``names`` of files and people, ``ids`` of a mail and its list."""

    @property
    def shown(self) -> str:
        """The text, with dots where more stands before or behind it."""
        return f"{'' if self.begins else '…'}{self.text}{'' if self.ends else '…'}"


class SearchLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item in which all words were found."""

    schema: str = "forensics/search/1"
    sha256: str
    size: int
    media_type: str
    location: Place
    """The first of its places."""
    places: int
    """How many it has."""
    name: str
    """File name at the first place; may be empty."""
    subject: str
    """Of a mail; empty otherwise."""
    sender: str
    """Address by which a mail's sender is known; empty otherwise."""
    date: str
    """Date of a mail, RFC 3339 with its offset as written; empty where it states none that can be read."""
    excerpt: Excerpt | None = None
    """Left out where none was asked for, or the words cannot be found again in what is read of the item now."""
    outcome: TextState | None = None
    """How its text was read again, where that gave no excerpt."""


class Coverage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of a case a search looked through."""

    indexed: bool
    """Whether the texts were searched; without an index of the case only subjects and names are."""
    whole: bool
    """Whether the case is read to its end: what is not read yet is in no index."""
    items: int
    """Contents of the case: equal bytes are one."""
    outcomes: tuple[tuple[TextState, int], ...]
    """Of those that were there when the index was made, and are, how many came to each, in the order of `TextState`; of
    items that were not read each place counts, as it was then."""
    added: int = 0
    """Contents that the case has since the index was made: they are not in it."""
    gone: int = 0
    """Contents of the index that the case has no longer."""
    made: str = ""
    """When the index was made, by the custody log."""

    @property
    def complete(self) -> bool:
        """Whether every text of the case was looked through."""
        left = [n for outcome, n in self.outcomes if outcome not in SEARCHED and n]
        return self.indexed and self.whole and not self.added and not left


class BuiltIndex(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An index that was made."""

    coverage: Coverage
    size: int
    """Bytes of its file."""
    sha256: str
    head: str
    """Custody head afterwards."""


class RemovedIndex(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An index that was taken out."""

    removed: bool
    """Whether its file was there."""
    head: str
    """Custody head afterwards."""
