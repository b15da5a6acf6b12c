"""Parts of packages that say the same in other bytes: what a program does that reads a package and writes it anew."""

from collections import Counter
from xml.parsers import expat

_LISTS = (".rels", "[content_types].xml")
_XML = (".xml", ".rels", ".vml")


class _Refused(Exception):
    pass


def same_xml(name: str, one: bytes, other: bytes) -> bool:
    """Whether two versions of a part are the same XML: elements, attributes and texts, whatever quotes and encoding.

    Args:
        name: of the part; in lists of parts and relationships the order says nothing.
        one: a version.
        other: another.
    """
    if not name.lower().endswith(_XML):
        return False
    mine, yours = _said(one), _said(other)
    if mine is None or yours is None:
        return False
    return Counter(mine) == Counter(yours) if name.lower().endswith(_LISTS) else mine == yours


def _said(data: bytes) -> list[str] | None:
    """Return what a part says, an element or text each; ``None`` where it is no XML or has a document type."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    said: list[str] = []
    attributes = "\x00"

    def start(tag: str, found: dict[str, str]) -> None:
        said.append(f"<{tag}{attributes}{attributes.join([f'{key}={found[key]}' for key in sorted(found)])}")

    def end(_: str) -> None:
        said.append(">")

    def refuse(*_: object) -> None:
        raise _Refused

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = said.append, refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError, _Refused):
        return None
    return said
