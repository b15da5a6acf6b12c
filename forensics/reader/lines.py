"""A list of a case that is read as far as it is asked for: its first lines, all of them, or their number alone."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class Lines(Iterator[T], Generic[T]):
    """All lines in order, streamed once.

    Args:
        read: yields the first lines, as many as are asked for; all where that is ``None``.
        count: returns how many there are.
    """

    def __init__(self, read: Callable[[int | None], Iterator[T]], count: Callable[[], int]) -> None:
        self._read = read
        self._count = count
        self._stream: Iterator[T] | None = None

    def __next__(self) -> T:
        if self._stream is None:
            self._stream = self._read(None)
        return next(self._stream)

    def first(self, most: int | None) -> Iterator[T]:
        """Yield the first lines, whatever was streamed before; only what these need is read.

        Args:
            most: how many; ``None``: all.
        """
        return self._read(most)

    def count(self) -> int:
        """Return how many lines there are; none is read for that."""
        return self._count()

    def changed(self, change: Callable[[T], U]) -> "Lines[U]":
        """Return the same lines, each as *change* returns it."""
        return Lines(lambda most: map(change, self._read(most)), self._count)
