"""What a rule or finding rests on, as far as a reader can look it up."""

from collections.abc import Iterable

_NOTES = "kb:"
"""Before the number of a row of the notes that the rules were made from, which were never published."""


def published(references: Iterable[str]) -> list[str]:
    """Return the references that a reader can look up: RFCs, specifications, counts of this project."""
    return [one for one in references if not one.startswith(_NOTES)]
