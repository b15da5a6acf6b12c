"""The words of an XML part: what stands in the elements that show text, by expat, with no tree in memory.

A document type is refused before any entity is read, as everywhere (`forensics.parsers._xml`); what a fault cuts off is
said by the text not being whole.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple
from xml.parsers import expat

MAX_CHARACTERS = 4_000_000
"""Of one part; of a longer one the beginning is read."""
_MAX_DEPTH = 256
_NONE: Mapping[str, str] = MappingProxyType({})


class Shown(NamedTuple):
    """Which elements of a vocabulary show text; names without their namespace."""

    texts: Collection[str]
    """Their characters are shown, and those of what stands in them."""
    ends: Mapping[str, str]
    """What follows the end of an element: a line end after a paragraph."""
    marks: Mapping[str, str] = _NONE
    """What an element stands for by itself: a tab."""


class Words(NamedTuple):
    """The text of one part."""

    text: str
    whole: bool
    """Whether all of it was read."""


class _Full(Exception):
    pass


class _Reader:
    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._inside = self._depth = 0
        self.said: list[str] = []
        self._size = 0

    def start(self, tag: str, _attributes: object) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _Full
        local = tag.rpartition("}")[2]
        self._inside += local in self._shown.texts
        if local in self._shown.marks:
            self._add(self._shown.marks[local])

    def end(self, tag: str) -> None:
        self._depth -= 1
        local = tag.rpartition("}")[2]
        self._inside -= local in self._shown.texts
        if local in self._shown.ends:
            self._add(self._shown.ends[local])

    def characters(self, text: str) -> None:
        if self._inside:
            self._add(text)

    def _add(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_CHARACTERS:
            raise _Full
        self.said.append(text)

    def refuse(self, *_: object) -> None:
        raise _Full


def words_of(data: bytes, shown: Shown) -> Words:
    """Return what a part shows, as far as it can be read."""
    reader, parser = _Reader(shown), expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.characters, reader.refuse
    whole = True
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError, _Full):  # malformed, or an encoding that Python does not have
        whole = False
    return Words("".join(reader.said).strip(), whole)
