"""What an item is called against what it holds: claims of another family of formats than its content."""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.knowledge.types import UNKNOWN, family, types
from forensics.model.items import Occurrence
from forensics.model.locations import Locator
from forensics.model.rules import Evidence, Role

DANGEROUS = ("executable", "script")
"""Families of what runs."""


class Mismatch(NamedTuple):
    """A claim that the content does not meet."""

    kind: str
    """``name`` or ``type``: what makes the claim."""
    claim: str
    """The media type that is claimed."""
    claimed: str
    found: str
    """Families of what is claimed and of what is there."""
    shown: str
    """What is there, in words."""

    def values(self, item: Occurrence) -> dict[str, str]:
        """Return what sentences say of it."""
        return {
            "name": item.name[:200],
            "claim": self.claim,
            "found": self.shown,
            "claimed_family": self.claimed,
            "found_family": self.found,
        }

    def evidence(self, item: Occurrence) -> tuple[Evidence, Evidence]:
        """Return the claim and the content."""
        return fact(self.kind, f"{item.name[:200]} ({self.claim})", self.kind), fact("content", self.shown, "content")


def mismatch(item: Occurrence) -> Mismatch | None:
    """Return the first claim of an item that its content does not meet.

    Families of types are compared, never single types: many names of one thing are no disguise.
    """
    found = UNKNOWN if item.unrecognized else family(item.media_type)
    if not found:
        return None
    for claim, kind in _claims(item):
        claimed = family(claim)
        # A declared type alone is set by careless programs; it counts only where it hides a program.
        if (claimed, found) in types().disguises and (kind == "name" or found in DANGEROUS):
            shown = item.media_type or "of no form that is known here"
            return Mismatch(kind, claim, claimed, found, shown)
    return None


def _claims(item: Occurrence) -> Iterator[tuple[str, str]]:
    """Yield the types that an item is given from outside, and how."""
    for claim in (item.extension_type, *item.other_types):
        yield claim, "name"
    yield item.declared_type, "type"


def fact(label: str, value: str, path: str) -> Evidence:
    """Return a fact of a place; its bytes stand in the container (its step in the location), not in the item."""
    return Evidence(role=Role.SUSPECT, label=label, value=value, raw=b"", locator=Locator(path=f"occurrence:{path}"))
