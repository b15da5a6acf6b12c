"""What restored mails of the same route before: that is tried first, and restores most of them at the first try."""

from collections import Counter
from collections.abc import Hashable
from typing import Generic, TypeVar

Way = TypeVar("Way", bound=Hashable)


class Memory(Generic[Way]):
    """Ways that worked, by route; a way is whatever names what was done.

    Args:
        most: ways of one route that are tried first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._ways: dict[str, Counter[Way]] = {}

    def worked(self, route: str, way: Way) -> None:
        """Remember a way that restored a mail."""
        self._ways.setdefault(route, Counter())[way] += 1

    def likely(self, route: str) -> list[Way]:
        """Return the ways that restored most mails of a route, the most frequent first; of equals the older first."""
        known = self._ways.get(route)
        return [way for way, _ in known.most_common(self._most)] if known else []
