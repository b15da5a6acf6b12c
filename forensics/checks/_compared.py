"""What differs between items that were compared: both values in their places as evidence, and places of a form."""

from collections.abc import Iterable, Iterator

from forensics.model.comparing import ComparedItem, Difference
from forensics.model.facts import Located
from forensics.model.rules import Evidence, Role


class Places:
    """What documents have in the places where others that are nearly alike have other words."""

    def __init__(self) -> None:
        self._others: dict[tuple[str, str, str], set[str]] = {}

    def add(self, one: str, other: str, found: list[Difference]) -> None:
        """Take where two documents differ."""
        for place in found:
            self._others.setdefault(_key(one, place, place.one), set()).add(place.other.value)
            self._others.setdefault(_key(other, place, place.other), set()).add(place.one.value)

    def form(self, one: str, other: str, found: list[Difference]) -> bool:
        """Whether in each place where two differ another document has a third text."""
        return all(self._many(one, place, place.one) or self._many(other, place, place.other) for place in found)

    def _many(self, sha256: str, place: Difference, said: Located) -> bool:
        return said.value != "" and len(self._others[_key(sha256, place, said)]) > 1


def _key(sha256: str, place: Difference, said: Located) -> tuple[str, str, str]:
    """Return where a document has some words: the cell of a workbook may be another one in the other."""
    return sha256, said.locator.path or place.name, said.value


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
