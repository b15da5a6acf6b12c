"""Tag lists of signatures: each tag with its place.

Source: RFC 6376 3.2.
"""

from collections.abc import Iterable
from typing import NamedTuple

WHITE = b" \t\r\n"


class Tag(NamedTuple):
    """One tag of a list."""

    name: bytes
    value: bytes
    """All up to the semicolon, white space included."""
    start: int
    """First byte of the value in the field body."""


def read_tags(body: bytes) -> list[Tag]:
    """Return the tags of a field body in their order; what has no equals sign is none."""
    tags: list[Tag] = []
    at = 0
    for piece in body.split(b";"):
        name, sign, value = piece.partition(b"=")
        end = at + len(piece)
        if sign:
            tags.append(Tag(name.strip(WHITE), value, end - len(value)))
        at = end + 1
    return tags


def values(tags: Iterable[Tag]) -> dict[bytes, bytes]:
    """Return the value of each name; of equal tags the first counts, values keep their inner white space."""
    found: dict[bytes, bytes] = {}
    for name, value, _ in tags:
        if name not in found:
            found[name] = value.strip()
    return found
