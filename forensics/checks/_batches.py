"""What was changed together: windows of ten minutes over rows in the order of their times."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from forensics.checks._facts import MINUTE

_Row = TypeVar("_Row")

WINDOW = 10 * MINUTE


def batches(
    rows: Iterable[_Row], at: Callable[[_Row], int], counts: Callable[[list[_Row]], bool]
) -> Iterator[list[_Row]]:
    """Take windows from the first row on; a window that counts ends where the next begins.

    Args:
        rows: by their times.
        at: the time of one.
        counts: whether rows of one window are a batch.
    """
    batch: list[_Row] = []
    for row in rows:
        while batch and at(row) - at(batch[0]) > WINDOW:
            if counts(batch):
                yield batch
                batch = []
            else:
                batch.pop(0)
        batch.append(row)
    if counts(batch):
        yield batch
