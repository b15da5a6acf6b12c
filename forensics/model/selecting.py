"""Which items of a case a list is about."""

import msgspec


class Selection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Items that all given filters match; what is empty does not filter.

    An item that is no mail is matched by what is said of the mail in which it stands, where it stands in one.
    """

    person: str = ""
    """In any address field: an address, a name, or a part of either. Case and accents do not matter."""
    sender: str = ""
    """The same in From and Sender."""
    recipient: str = ""
    """The same in To, Cc and Bcc."""
    since: str = ""
    """The claimed date is this day, this moment (RFC 3339) or later. Days are those of UTC, and a date without a zone
    is read as if it were UTC. What claims no date is not matched."""
    until: str = ""
    """The claimed date is this day, this moment or earlier: the whole day counts."""
    folder: str = ""
    """A part of the place, readable or percent-encoded. Case does not matter."""
    thread: str | int = ""
    """A reference to an item: its thread."""
    text: str = ""
    """Words of the text, found by the full-text index."""
    reviewed: bool | None = None
    """Whether a reader marked the item."""

    @property
    def given(self) -> tuple[str, ...]:
        """The names of the filters that are given, in their order."""
        return tuple([name for name in self.__struct_fields__ if getattr(self, name) not in ("", None)])


class Matches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many items a selection matches."""

    items: int
    """All items of the case, as `items` lists them."""
    matched: int
    """Those that every filter matches."""
    alone: dict[str, int]
    """By filter how many it matches alone."""
