"""How often genuine items show the same, in counts, and on which kind of mail these were made."""

from collections.abc import Iterator, Mapping

from forensics.knowledge.rates import ANY
from forensics.knowledge.wording import Wording
from forensics.model.findings import Reference
from forensics.model.sentences import says

_SEEN = {
    "message": says("report.rate.seen.message", one="seen in {hits} of {n} genuine mails"),
    "document": says("report.rate.seen.document", one="seen in {hits} of {n} genuine documents"),
    "archive": says("report.rate.seen.archive", one="seen in {hits} of {n} genuine containers"),
    "occurrence": says("report.rate.seen.occurrence", one="seen in {hits} of {n} genuine items"),
    "cluster": says("report.rate.seen.cluster", one="seen in {hits} of {n} comparable groups of genuine items"),
}
_ROUTES = {
    "list": says("report.route.list", one="public list mail"),
    "direct": says("report.route.direct", one="mail received directly"),
    "exported": says("report.route.exported", one="mail without trace fields"),
    "bulk": says("report.route.bulk", one="bulk mail"),
    "unsolicited": says("report.route.unsolicited", one="spam"),
    "any": says("report.route.any", one="mail of mixed kinds"),
}
_SERIES = says("report.rate.series", one="all of them from 1 sender", many="from at most {n} senders")
_OWN_ROUTE = says("report.rate.own_route", one="among {kind}, {hits} of {n}")
_COUNTED_ON = says("report.rate.on", one="counted on {kinds}")
_COUNTED_ON_ONLY = says("report.rate.on_only", one="counted on {kinds} only")
HABIT = says("report.rate.habit", one="in this archive in {hits} of {n} comparable items ({group})")
UNKNOWN = says("report.rate.unknown", one="no count of genuine items yet")
_KINDS_HERE = says("report.kinds.here", one="Mails here: {kinds}.")
_KINDS_COUNTED = says(
    "report.kinds.counted",
    one="Genuine mails that the rates are based on, at most (each finding gives its own number): {kinds}.",
)
_KINDS_NEVER = says(
    "report.kinds.never",
    one="No genuine {kinds} was counted: how rare a finding is was measured on other kinds.",
)
_NUMBER_OF = says("report.kinds.one", one="{n} ({kind})")


def seen(reference: Reference | None, kind: str, say: Wording) -> list[str]:
    """Say a reference rate in clauses.

    Args:
        reference: ``None`` where nothing was counted.
        kind: ``message``, ``document``, ``archive``, ``occurrence`` or ``cluster``.
        say: the language.
    """
    if reference is None:
        return [say.say(UNKNOWN)]
    return [say.say(_SEEN[kind], hits=reference.hits, n=reference.n), *_kinds(reference, say)]


def _kinds(reference: Reference, say: Wording) -> Iterator[str]:
    """Say how many senders the hits have, what kind of mail was counted, and how often the item's own kind shows it."""
    if reference.series is not None and reference.series < reference.hits:
        yield say.say(_SERIES, reference.series)
    named = [say.say(_ROUTES[route]) for route in reference.routes if route != ANY]
    if not named:
        return
    alike = not reference.route or reference.route in reference.routes
    yield say.say(_COUNTED_ON if alike else _COUNTED_ON_ONLY, kinds=say.joined(named))
    if reference.route and set(reference.routes) != {reference.route} and reference.route_n:
        of = say.say(_ROUTES[reference.route])
        yield say.say(_OWN_ROUTE, hits=reference.route_hits, n=reference.route_n, kind=of)


def resting_on(here: Mapping[str, int], counted: Mapping[str, int], say: Wording) -> list[str]:
    """Say which kinds of mail the archive holds, on which kinds the rates rest, and which were never counted.

    Args:
        here: route to mails of the archive.
        counted: route to genuine mails.
        say: the language.
    """
    if not here:
        return []
    said = [say.say(_KINDS_HERE, kinds=_numbered(here, say))]
    said.append(say.say(_KINDS_COUNTED, kinds=_numbered(counted, say)))
    if missing := [say.say(_ROUTES[route]) for route in here if route not in counted]:
        said.append(say.say(_KINDS_NEVER, kinds=say.joined(missing)))
    return said


def _numbered(routes: Mapping[str, int], say: Wording) -> str:
    ordered = sorted(routes.items(), key=lambda entry: (-entry[1], entry[0]))
    return say.joined([say.say(_NUMBER_OF, n=n, kind=say.say(_ROUTES[route])) for route, n in ordered])
