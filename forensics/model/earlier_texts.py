"""What a document still has of an earlier text: words that a tracked change took out, texts that nothing shows."""

from collections.abc import Iterable, Iterator
from typing import Protocol

_CHANGE, _UNUSED = "ooxml.change", "ooxml.string_unused"
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
    """Yield what was done and the words: of tracked changes who did it, of a workbook texts that no cell names."""
    for one in properties:
        if one.name == _UNUSED:
            yield "Text that no cell shows", one.value
        elif one.name == _CHANGE and one.value.startswith(_TAKEN_OUT):
            done, _, words = one.value.partition(": ")
            if words:
                yield f"Words {done}", words
