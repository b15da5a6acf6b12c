"""One pass of expat over a large XML part, with the place of each event, and no tree in memory.

A document type is refused before any entity is read, as everywhere (`forensics.parsers._xml`).
"""

from functools import lru_cache
from xml.parsers import expat

from forensics.parsers._xml import let_go

MAX_DEPTH = 256


class Full(Exception):
    """Enough was read: a limit, or a document type."""


class Scan:
    """Takes the events of a part; who derives from it overrides what it wants to see.

    Names come as ``namespace}local``; `local` gives the name alone.
    """

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def characters(self, text: str) -> None:
        """Text stands in the innermost element; in pieces."""

    @property
    def at(self) -> int:
        """Where the present event begins in the part, in bytes."""
        return self._parser.CurrentByteIndex

    def read(self, data: bytes) -> bool:
        """Read a part; return whether all of it was."""
        parser = self._parser
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._element_begins, self._element_ends
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = self.characters, self._refuse
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, LookupError, ValueError, Full):  # malformed, or an encoding that Python does not have
            return False
        finally:
            let_go(parser)
        return True

    def _element_begins(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Full
        self.start(tag, attributes)

    def _element_ends(self, tag: str) -> None:
        self._depth -= 1
        self.end(tag)

    def _refuse(self, *_: object) -> None:
        raise Full


@lru_cache(maxsize=4096)
def local(name: str) -> str:
    """Return a name without its namespace; a part has few names and very many elements."""
    return name.rpartition("}")[2]


def named(attributes: dict[str, str], name: str) -> str:
    """Return the value of the attribute of a local name, in whatever namespace; empty if there is none."""
    for key, value in attributes.items():
        if key == name or key.endswith(f"}}{name}"):
            return value
    return ""


def tag_end(data: bytes, start: int) -> int:
    """Return where the tag that begins at *start* ends."""
    return data.find(b">", start) + 1 or len(data)
