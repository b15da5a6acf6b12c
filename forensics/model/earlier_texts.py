"""What a document still has of an earlier text: words that a change took out, texts and rows that nothing shows."""

from collections.abc import Iterable, Iterator
from typing import Protocol

_CHANGE = "ooxml.change"
_NAMED = {
    "ooxml.string_unused": "Text that no cell shows",
    "ooxml.pivot_cell_differs": "Another value in a pivot cache",
    "ooxml.pivot_row_gone": "Row of a pivot cache alone",
    "ooxml.pivot_item_unused": "Item that a pivot cache once had",
}
_TAKEN_OUT = ("deleted by ", "moved away by ", "cell deleted by ")


class Said(Protocol):
    """A property of a document."""

    @property
    def name(self) -> str:
        """Closed list of facts."""

    @property
    def value(self) -> str:
        """As it is said."""


def earlier_texts(properties: Iterable[Said]) -> Iterator[tuple[str, str]]:
    """Yield what was done and the words: of tracked changes who did it, of a workbook what only caches keep."""
    for one in properties:
        if one.name in _NAMED:
            yield _NAMED[one.name], one.value
        elif one.name == _CHANGE and one.value.startswith(_TAKEN_OUT):
            done, _, words = one.value.partition(": ")
            if words:
                yield f"Words {done}", words
