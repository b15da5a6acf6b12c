"""Evidence of what differs between two items that were compared: both values, each in its place."""

from collections.abc import Iterable, Iterator

from forensics.model.comparing import ComparedItem, Difference
from forensics.model.facts import Located
from forensics.model.rules import Evidence, Role


def cite_both(differences: Iterable[Difference], one: ComparedItem, other: ComparedItem) -> Iterator[Evidence]:
    """Cite both sides of each difference, either of which may be the changed one."""
    for difference in differences:
        yield from _cite(difference, one, difference.one, Role.EITHER)
        yield from _cite(difference, other, difference.other, Role.EITHER)


def cite_against(differences: Iterable[Difference], original: ComparedItem, item: ComparedItem) -> Iterator[Evidence]:
    """Cite what an item has, and what its original, the one of the comparison, has in its place."""
    for difference in differences:
        yield from _cite(difference, item, difference.other, Role.SUSPECT)
        yield from _cite(difference, original, difference.one, Role.WITNESS)


def _cite(difference: Difference, side: ComparedItem, fact: Located, role: Role) -> Iterator[Evidence]:
    if fact.raw or fact.value:
        yield Evidence(
            role=role,
            label=f"{difference.kind.replace('_', ' ')} {difference.name}".strip(),
            value=fact.value,
            raw=fact.raw,
            locator=fact.locator,
            sha256=side.sha256,
            location=side.location,
        )
