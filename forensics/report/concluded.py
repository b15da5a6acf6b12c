"""What the evidence of a ranked entry comes to: for a terminal, and as plain values for the page."""

from collections.abc import Iterator

import msgspec
from rich.console import RenderableType
from rich.text import Text

from forensics.knowledge.terms import RELATIONS, TRAITS
from forensics.knowledge.wording import NONE, Wording
from forensics.model.findings import Ranked, Related
from forensics.model.sentences import says
from forensics.report.cells import DIGEST_SHOWN, pairs, plain

SAME = says("report.concluded.same", one="the same: {value}")
_RELATED = says("report.concluded.related", one="Related")
_ITEM = says("report.concluded.item", one="{relation}: {place} {digest}")
_OF_ANOTHER = says(
    "report.concluded.of_another",
    one="Entry {rank} is about it too. Of that it is said, where “this one” is {place} {digest}:",
)
_RELATION = says("report.concluded.relation", one="another item of this entry")

RELATED_SHOWN = 5
VALUE_MAX = 160
"""Characters of one value."""


class TraitView(msgspec.Struct, frozen=True):
    """One trait of the mails of an entry."""

    trait: str
    same: bool
    values: tuple[str, ...]
    """Of the item and of each mail that it is compared with; one where they are the same."""


def lines(row: Ranked, say: Wording) -> list[Text]:
    """Return the lines that an entry of the ranking begins with; none where it has no conclusion."""
    conclusion, side = say.concluded(row)
    return [*([plain(conclusion, "bold")] if conclusion else []), *([plain(side)] if side else [])]


def sheet(row: Ranked, shown: str, say: Wording) -> Iterator[RenderableType]:
    """Yield what stands on top of an item's sheet: the conclusion, which mail was changed, and what they share.

    Args:
        row: the entry that the item stands in.
        shown: its digest. Sentences speak of the entry's own item: where that is another, this is said first.
        say: the language.
    """
    said = lines(row, say)
    if said and row.item is not None and row.item.sha256 != shown:
        place, digest = row.item.location.text, row.item.sha256[:DIGEST_SHOWN]
        yield plain(say.say(_OF_ANOTHER, rank=row.rank, place=place, digest=digest))
    yield from said
    if row.related:
        yield pairs([(say.say(_RELATED), "\n".join([_named(one, say) for one in row.related[:RELATED_SHOWN]]))])
    if views := traits(row, say):
        yield pairs([(view.trait, "\n".join(view.values)) for view in views])


def traits(row: Ranked, say: Wording) -> tuple[TraitView, ...]:
    """Return what the mails of an entry are compared by, in the order of the model."""
    return tuple(
        [
            TraitView(
                trait=say.say(TRAITS[one.trait]) if one.trait in TRAITS else one.trait,
                same=one.same,
                values=(say.say(SAME, value=one.values[0][:VALUE_MAX]),)
                if one.same
                else tuple([value[:VALUE_MAX] or say.say(NONE) for value in one.values]),
            )
            for one in row.compared
        ]
    )


def relation(one: Related, say: Wording) -> str:
    """Say what another mail is to the item of its entry."""
    return say.say(RELATIONS.get(one.relation, _RELATION))


def _named(one: Related, say: Wording) -> str:
    digest = one.item.sha256[:DIGEST_SHOWN]
    return say.say(_ITEM, relation=relation(one, say), place=one.item.location.text, digest=digest)
