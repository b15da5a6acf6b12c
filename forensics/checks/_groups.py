"""Items that hang together by what they share."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar


class Sharing(Protocol):
    """A row that says of one item that it carries one token."""

    @property
    def token(self) -> str:
        """What several items may carry."""
        ...

    @property
    def sha256(self) -> str:
        """The item."""
        ...


R = TypeVar("R", bound=Sharing)


def joined(rows: Iterable[R]) -> Iterator[list[R]]:
    """Yield the rows of items that share tokens, directly or by way of others, in the order of their first token."""
    by_token: dict[str, list[R]] = {}
    tokens_of: dict[str, list[str]] = {}
    for row in rows:
        by_token.setdefault(row.token, []).append(row)
        tokens_of.setdefault(row.sha256, []).append(row.token)
    seen: set[str] = set()
    for first in by_token:
        if first in seen:
            continue
        seen.add(first)
        group: list[R] = []
        waiting = [first]
        while waiting:
            for row in by_token[waiting.pop()]:
                group.append(row)
                more = [token for token in tokens_of[row.sha256] if token not in seen]
                seen.update(more)
                waiting += more
        yield group
