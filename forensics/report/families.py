"""Documents that share editing sessions: the families that a report lists, and what an entry says of its own."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from forensics.knowledge.wording import NONE, Wording
from forensics.model.findings import ItemRef, Ranked
from forensics.model.lineage import LineageFamily, LineageMember
from forensics.model.sentences import says
from forensics.report.finding_views import PLACE_MAX
from forensics.report.lineage import DERIVED, related
from forensics.report.phrases import MORE

_NUMBER = says("report.families.number", one="No. {n} of the family")
_FIRST = says("report.families.first", one="By its editing sessions made from none of these")
DIGEST_SHOWN = 16
ITEMS_MAX = 5
"""Items of an entry of which the relatives are told."""
FAMILIES_MAX = 50


class MemberRow(msgspec.Struct, frozen=True):
    """One document of a family."""

    place: int
    name: str
    relation: str
    sessions: int
    saved: str
    digest: str
    rank: int
    """Of the entry that it stands in; 0: none of those that are shown."""


class FamilyView(msgspec.Struct, frozen=True):
    """One family in a table."""

    number: int
    documents: int
    rows: tuple[MemberRow, ...]
    more: str


class Relatives(msgspec.Struct, frozen=True):
    """What an entry says of the relatives of one of its documents."""

    digest: str
    """Of the document, where the entry has several; else empty."""
    said: tuple[str, ...]
    family: int
    """Number of its family in the list."""
    place: int
    documents: int


class Families:
    """Makes both from the families of a summary.

    Args:
        families: as the summary has them.
        public: whether places are withheld; digests then stand for them.
        say: the language.
    """

    def __init__(self, families: Sequence[LineageFamily], say: Wording, *, public: bool) -> None:
        self._families = families[:FAMILIES_MAX]
        self._say, self._public = say, public
        self._places = {
            one.ref.sha256: (number, one)
            for number, family in enumerate(self._families, start=1)
            for one in family.members
        }

    def views(self, shown: Sequence[Ranked]) -> list[FamilyView]:
        """Return the families as tables.

        Args:
            shown: lines of the ranking that have an entry; documents of these lead there.
        """
        ranks: Mapping[str, int] = {ref.sha256: line.rank for line in reversed(shown) for ref in line.items}
        return [self._view(number, family, ranks) for number, family in enumerate(self._families, start=1)]

    def of(self, ranked: Ranked) -> tuple[Relatives, ...]:
        """Return what is said of the documents of one entry; nothing of those that share sessions with none."""
        found = [self._places[ref.sha256] for ref in ranked.items if ref.sha256 in self._places][:ITEMS_MAX]
        several = len(ranked.items) > 1
        return tuple(
            [
                Relatives(
                    digest=member.ref.sha256[:DIGEST_SHOWN] if several else "",
                    said=tuple(self._said(self._families[number - 1], member)),
                    family=number,
                    place=member.place,
                    documents=self._families[number - 1].documents,
                )
                for number, member in found
            ]
        )

    def _said(self, family: LineageFamily, member: LineageMember) -> Iterator[str]:
        above = next((one for one in family.members if one.place == member.other), None)
        if above is not None and (said := related(member, self._name(above.ref), self._say)):
            yield said
        same = [one for one in family.members if one.relation == "same_sessions" and one.other == member.place]
        if above is None and same:
            yield related(same[0], self._name(same[0].ref), self._say)
        derived = [one for one in family.members if one.relation == "derives" and one.other == member.place]
        if derived and family.documents == len(family.members):
            named = [self._name(one.ref) for one in derived[:ITEMS_MAX]]
            if len(derived) > ITEMS_MAX:
                named.append(self._say.say(MORE, len(derived) - ITEMS_MAX))
            yield self._say.say(DERIVED, len(derived), places=", ".join(named))

    def _name(self, ref: ItemRef) -> str:
        return ref.sha256[:DIGEST_SHOWN] if self._public else ref.location.text[-PLACE_MAX:]

    def _view(self, number: int, family: LineageFamily, ranks: Mapping[str, int]) -> FamilyView:
        rows = [
            MemberRow(
                place=one.place,
                name="" if self._public else self._name(one.ref),
                relation=self._relation(one),
                sessions=one.sessions,
                saved=self._say.instant(one.saved),
                digest=one.ref.sha256[:DIGEST_SHOWN],
                rank=ranks.get(one.ref.sha256, 0),
            )
            for one in family.members
        ]
        left = family.documents - len(rows)
        return FamilyView(number, family.documents, tuple(rows), self._say.say(MORE, left) if left else "")

    def _relation(self, one: LineageMember) -> str:
        if one.relation == "first":
            return self._say.say(_FIRST)
        above = self._say.say(_NUMBER, one.other) if one.other else ""
        return related(one, above, self._say) or self._say.say(NONE)
