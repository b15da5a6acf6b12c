"""The relatives of a document in words: from which it was made, which were made from it."""

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType

from forensics.knowledge.wording import Wording
from forensics.model.lineage import LineageMember, LineagePlace
from forensics.model.sentences import Saying, says
from forensics.report.cells import plain
from forensics.report.threads import MORE

_RELATIONS: Mapping[str, Saying] = {
    "derives": says(
        "report.lineage.derives",
        one=(
            "By its editing sessions made from {place} or a copy of it: it lists all {shared} editing sessions of "
            "that, and {more} more"
        ),
    ),
    "same_sessions": says("report.lineage.same_sessions", one="Lists the same {shared} editing sessions as {place}"),
    "fork": says(
        "report.lineage.fork",
        one=(
            "Of one origin with {place}: both list {shared} editing sessions, this one {more} more, that {others} more"
        ),
    ),
    "same_origin": says(
        "report.lineage.same_origin",
        one=(
            "Shares {shared} editing sessions with {place}, perhaps those of a template; it lists {more} more, that "
            "{others} more"
        ),
    ),
    "shared_parts": says(
        "report.lineage.shared_parts",
        one=(
            "Has identifiers of slides, shapes or sheets in common with {place}, as copies of these or of a whole file "
            "have: {shared}; it has {more} more, that {others} more"
        ),
    ),
}
DERIVED = says(
    "report.lineage.derived",
    one="From it 1 document here was made: {places}",
    many="From it {n} documents here were made: {places}",
)
_FAMILY = says(
    "report.lineage.family",
    one="Documents that share editing sessions, in the order of derivation ({place} of {total}): {places}",
)
_PARTS = says(
    "report.lineage.parts",
    one="Documents that share slides, shapes or sheets ({place} of {total}): {places}",
)
SHOWN = 5
"""Documents that a line names."""


def lines(place: LineagePlace, language: str = "en") -> RenderableType:
    """Return the lines on a document's relatives."""
    return Group(*map(plain, _lines(place, Wording(language))))


def related(place: LineagePlace | LineageMember, other: str, say: Wording) -> str:
    """Say what a document is to its likely ancestor or nearest relative; empty where it is the first.

    Args:
        place: of the document.
        other: what the relative is called.
        say: the language.
    """
    if place.relation not in _RELATIONS:
        return ""
    return say.say(
        _RELATIONS[place.relation],
        place=other,
        shared=str(place.shared),
        more=str(place.sessions - place.shared),
        others=str(place.other_sessions - place.shared),
    )


def _lines(place: LineagePlace, say: Wording) -> Iterator[str]:
    if place.other is not None and (said := related(place, place.other.location.text, say)):
        yield said
    if place.derived:
        named = [one.location.text for one in place.derived[:SHOWN]]
        if place.derived_count > SHOWN:
            named.append(say.say(MORE, place.derived_count - SHOWN))
        yield say.say(DERIVED, place.derived_count, places=", ".join(named))
    named = [one.location.text for one in place.family[:SHOWN]]
    if place.documents > SHOWN:
        named.append(say.say(MORE, place.documents - SHOWN))
    yield say.say(
        _PARTS if place.relation == "shared_parts" else _FAMILY,
        place=str(place.place),
        total=str(place.documents),
        places=", ".join(named),
    )
