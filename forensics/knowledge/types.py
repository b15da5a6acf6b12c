"""What a user takes a file of a media type for, and which content under which name is a disguise."""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError

UNKNOWN = "unknown"
"""Family of content whose form nothing recognizes."""


class Types(msgspec.Struct, frozen=True, kw_only=True):
    """The table of types."""

    families: dict[str, str]
    """Media type to family."""
    disguises: frozenset[tuple[str, str]]
    """Claimed family and family of the content."""


@cache
def types() -> Types:
    """Return the table.

    Raises:
        KnowledgeError: a type stands in two families, or a disguise names an unknown one.
    """
    raw = tomllib.loads(resources.files(__package__).joinpath("types.toml").read_text(encoding="utf-8"))
    families: dict[str, str] = {}
    for family, members in raw["families"].items():
        for member in members:
            if member in families:
                raise KnowledgeError(f"types.toml: {member} stands in two families")
            families[member] = family
    disguises = frozenset([(claimed, found) for claimed, those in raw["disguises"].items() for found in those])
    if unknown := {family for pair in disguises for family in pair} - {*raw["families"], UNKNOWN}:
        raise KnowledgeError(f"types.toml: no such family: {sorted(unknown)}")
    return Types(families=families, disguises=disguises)


def family(media_type: str) -> str:
    """Return the family of a media type; empty if it says nothing."""
    return types().families.get(media_type.partition(";")[0].strip().lower(), "")
