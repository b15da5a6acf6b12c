"""Numbers that a mailbox or a tracker gives out one after another."""

from enum import StrEnum

import msgspec

from forensics.model.facts import Located


class NumberKind(StrEnum):
    """What was numbered."""

    UID = "uid"
    """The mail, by the mailbox that kept it: the later it was put there, the larger."""
    TICKET = "ticket"
    """What the mail is about: a bug, an issue, a request."""


class GivenNumber(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One number in a message's header."""

    kind: NumberKind
    by: str
    """Whose count it is, lower case: the tracker, with the project where each counts alone; empty: not named."""
    opens: bool = False
    """Whether the mail is the tracker's own about a ticket that was just opened."""
    written: Located
    """The number, decimal, with its whole field."""
