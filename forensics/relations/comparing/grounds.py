"""What may lawfully have happened to one of two copies and not to the other."""

from typing import NamedTuple

from forensics.model.comparing import Cause
from forensics.relations.comparing.hops import Way
from forensics.relations.comparing.reading import ComparedMail

_LIST_FIELDS = ("list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere", "x-mailman-version")
_EXCHANGE = "x-ms-exchange-organization-"
"""What the Exchange of a mailbox writes, and takes out of what leaves it."""


class Grounds(NamedTuple):
    """What the two copies themselves show of their ways.

    Attributes:
        way: their trace fields compared.
        lists: ids of the lists by which only the one came, and only the other; ``?`` for a list that names none.
        rewritten: whether one was written anew: its boundaries, or the order of its fields, are others.
        exchange: whether the one, and the other, was written by an Exchange mailbox, and its counterpart was not.
    """

    way: Way
    lists: tuple[frozenset[str], frozenset[str]]
    rewritten: bool
    exchange: tuple[bool, bool] = (False, False)

    @property
    def route(self) -> Cause | None:
        """Why something that servers write may stand in one copy alone."""
        return Cause.ROUTE if self.way.differs else None

    @property
    def list_(self) -> Cause | None:
        """Why something that lists do may have been done to one copy alone."""
        return Cause.LIST if self.way.differs and self.lists[0] != self.lists[1] else None

    @property
    def sent_copy(self) -> Cause | None:
        """Why something that only its sender's copy has, or lacks, may differ."""
        return Cause.SENT_COPY if self.way.none[0] != self.way.none[1] else None

    @property
    def anew(self) -> Cause | None:
        """Why the form of a mail may differ."""
        if self.way.differs:
            return Cause.ROUTE
        return Cause.REWRITTEN if self.rewritten else None

    def gateway(self, *, of_one: bool) -> Cause | None:
        """Why something that gateways do may have been done to the one copy, or to the other."""
        return Cause.FILTER if self.way.above[0 if of_one else 1] else None


def grounds_of(one: ComparedMail, other: ComparedMail, way: Way) -> Grounds:
    """Return what may have happened to two copies."""
    mine, yours = _lists(one), _lists(other)
    exchange = [any(name.startswith(_EXCHANGE) for name in mail.root.by_key) for mail in (one, other)]
    own = exchange[0] > exchange[1], exchange[1] > exchange[0]
    return Grounds(way, (mine - yours, yours - mine), _rewritten(one, other), own)


def _lists(mail: ComparedMail) -> frozenset[str]:
    if mail.message.list_id:
        return frozenset((mail.message.list_id,))
    return frozenset("?") if any(mail.root.first(name) for name in _LIST_FIELDS) else frozenset()


def _rewritten(one: ComparedMail, other: ComparedMail) -> bool:
    if one.root.boundary is not None and other.root.boundary is not None and one.root.boundary != other.root.boundary:
        return True
    mine, yours = (list(dict.fromkeys(field.key for field in mail.root.headers)) for mail in (one, other))
    shared = set(mine) & set(yours)
    order = [key for key in mine if key in shared], [key for key in yours if key in shared]
    return order[0] != order[1]
