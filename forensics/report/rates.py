"""How often genuine items show the same, in counts, and on which kind of mail these were made."""

from collections.abc import Iterator, Mapping

from forensics.knowledge.combined import MOST
from forensics.knowledge.rates import ANY
from forensics.knowledge.wording import Wording
from forensics.model.findings import Combined, Finding, Reference
from forensics.model.sentences import says
from forensics.stages.grading.owners import LIMIT
from forensics.stages.grading.strength import THRESHOLDS

_SEEN = {
    "message": says("report.rate.seen.message", one="seen in {hits} of {n} genuine mails"),
    "document": says("report.rate.seen.document", one="seen in {hits} of {n} genuine documents"),
    "archive": says("report.rate.seen.archive", one="seen in {hits} of {n} genuine containers"),
    "occurrence": says("report.rate.seen.occurrence", one="seen in {hits} of {n} genuine items"),
    "cluster": says("report.rate.seen.cluster", one="seen in {hits} of {n} comparable groups of genuine items"),
}
_RARER = {
    "message": says("report.rate.rarer.message", one="rarer than 1 in {rarer} genuine mails (seen in {hits} of {n})"),
    "document": says(
        "report.rate.rarer.document", one="rarer than 1 in {rarer} genuine documents (seen in {hits} of {n})"
    ),
    "archive": says(
        "report.rate.rarer.archive", one="rarer than 1 in {rarer} genuine containers (seen in {hits} of {n})"
    ),
    "occurrence": says(
        "report.rate.rarer.occurrence", one="rarer than 1 in {rarer} genuine items (seen in {hits} of {n})"
    ),
    "cluster": says(
        "report.rate.rarer.cluster",
        one="rarer than 1 in {rarer} comparable groups of genuine items (seen in {hits} of {n})",
    ),
}
_TOGETHER = says(
    "report.rate.together",
    one=(
        "{owners} independent kinds of evidence, each moderate alone; {least} or more such met on 1 of {of} genuine "
        "mails ({corpora}): rarer than 1 in {rarer}."
    ),
    many=(
        "{owners} independent kinds of evidence, each moderate alone; {least} or more such met on {n} of {of} genuine "
        "mails, {senders} ({corpora}): rarer than 1 in {rarer}."
    ),
    none=(
        "{owners} independent kinds of evidence, each moderate alone; {least} or more such met on none of {of} genuine "
        "mails ({corpora}): rarer than 1 in {rarer}."
    ),
)
_MET = says(
    "report.rate.met",
    one="{owners} independent kinds of evidence; {least} or more such met on 1 of {of} genuine mails",
    many="{owners} independent kinds of evidence; {least} or more such met on {n} of {of} genuine mails",
    none="{owners} independent kinds of evidence; {least} or more such met on none of {of} genuine mails",
)
_TOGETHER_FILES = says(
    "report.rate.together_files",
    one=(
        "{owners} independent kinds of evidence, each moderate alone; {least} or more such met in 1 of {of} genuine "
        "files ({corpora}): rarer than 1 in {rarer}."
    ),
    many=(
        "{owners} independent kinds of evidence, each moderate alone; {least} or more such met in {n} of {of} genuine "
        "files, {owned} ({corpora}): rarer than 1 in {rarer}."
    ),
    none=(
        "{owners} independent kinds of evidence, each moderate alone; {least} or more such met in none of {of} genuine "
        "files ({corpora}): rarer than 1 in {rarer}."
    ),
)
_MET_FILES = says(
    "report.rate.met_files",
    one="{owners} independent kinds of evidence; {least} or more such met in 1 of {of} genuine files",
    many="{owners} independent kinds of evidence; {least} or more such met in {n} of {of} genuine files",
    none="{owners} independent kinds of evidence; {least} or more such met in none of {of} genuine files",
)
_OWNED = says("report.rate.owned", one="all of them of 1 owner", many="of {n} owners")
_EXCEPTION_FILES = says(
    "report.rate.exception_files",
    one=(
        "Together they make the entry strong if at most 1 in {limit} genuine files shows as many; this is the one "
        "exception to the limit for a single finding, 1 in {single}."
    ),
)
_EXCEPTION = says(
    "report.rate.exception",
    one=(
        "Together they make the entry strong if at most 1 in {limit} genuine mails shows as many; this is the one "
        "exception to the limit for a single finding, 1 in {single}."
    ),
)
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
_POOLS = {
    "one_moment": says(
        "report.rate.pool.one_moment",
        one="counted over all rules on what one program writes at one moment",
    )
}
_CORPORA = says("report.rate.corpora", one="corpus: {corpora}", many="corpora: {corpora}")
_OTHERS = says("report.rate.others", one="1 other", many="{n} others")
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


NAMED = 2
"""Corpora named where there is little room; the others are counted."""
_RARE = 0.01
"""Rate above which a count alone says enough: "rarer than 1 in 3" tells nobody anything."""


def seen(
    reference: Reference | None, kind: str, say: Wording, rate: float | None = None, most: int | None = None
) -> list[str]:
    """Say a reference rate in clauses.

    Args:
        reference: ``None`` where nothing was counted.
        kind: ``message``, ``document``, ``archive``, ``occurrence`` or ``cluster``.
        say: the language.
        rate: upper bound of the share of genuine items; ``None``: the counts alone are said.
        most: corpora to name, the others are counted; ``None``: all.
    """
    if reference is None:
        return [say.say(UNKNOWN)]
    pooled = _pooled(reference, say)
    return [_first(reference, kind, say, rate), *pooled, *_kinds(reference, say), _counted_in(reference, say, most)]


def how_rare(finding: Finding, kind: str, say: Wording, *, named: bool = True) -> str:
    """Say in one clause how rare a finding is, on which kind of mail that was counted, and in which corpora."""
    reference = finding.reference
    if reference is None:
        return say.say(UNKNOWN)
    first = _first(reference, kind, say, bound_of(finding))
    corpora = [_counted_in(reference, say, NAMED)] if named else []
    return say.clauses([first, *_pooled(reference, say), *_counted_on(reference, say), *corpora])


def bound_of(finding: Finding) -> float | None:
    """Return the upper bound of the share of genuine items that show a finding; where a habit decides there is none."""
    return finding.rate if finding.habit is None else None


def together(combined: Combined, say: Wording, most: int | None = None) -> tuple[str, str]:
    """Say what makes an entry strong although each of its findings is moderate, and by which limit.

    Args:
        combined: what meets in it.
        say: the language.
        most: corpora to name, the others are counted; ``None``: all.
    """
    files = _of_files(combined)
    met = say.say(
        _TOGETHER_FILES if files else _TOGETHER,
        combined.hits,
        owners=combined.owners,
        least=min(combined.owners, MOST),
        of=combined.n,
        **{"owned" if files else "senders": say.say(_OWNED if files else _SERIES, combined.series)},
        corpora=_corpora(combined.corpus, say, most),
        rarer=_one_in(combined.bound),
    )
    exception = _EXCEPTION_FILES if files else _EXCEPTION
    return met, say.say(exception, limit=_one_in(LIMIT), single=_one_in(THRESHOLDS[0][0]))


def _of_files(combined: Combined) -> bool:
    return combined.routes == (ANY,)


def met_briefly(combined: Combined, say: Wording) -> str:
    """Say what makes an entry strong although each of its findings is moderate, without the corpora."""
    return say.say(
        _MET_FILES if _of_files(combined) else _MET,
        combined.hits,
        owners=combined.owners,
        least=min(combined.owners, MOST),
        of=combined.n,
    )


def _first(reference: Reference, kind: str, say: Wording, rate: float | None) -> str:
    if rate is None or not 0 < rate <= _RARE:
        return say.say(_SEEN[kind], hits=reference.hits, n=reference.n)
    return say.say(_RARER[kind], rarer=_one_in(rate), hits=reference.hits, n=reference.n)


def _pooled(reference: Reference, say: Wording) -> list[str]:
    return [say.say(_POOLS[reference.pool])] if reference.pool in _POOLS else []


def _one_in(rate: float) -> int:
    """Return of how many one at most shows something, two digits of it: never more than the rate says."""
    whole = int(1 / rate + 1e-6)
    digits = str(whole)
    return int(digits[:2].ljust(len(digits), "0"))


def _counted_in(reference: Reference, say: Wording, most: int | None = None) -> str:
    return say.say(_CORPORA, len(reference.corpus.split("+")), corpora=_corpora(reference.corpus, say, most))


def _corpora(names: str, say: Wording, most: int | None = None) -> str:
    """Name corpora; beyond so many they are counted."""
    found = [name.strip() for name in names.split("+")]
    shown = found if most is None or len(found) <= most else found[:most]
    rest = len(found) - len(shown)
    return say.joined([*shown, say.say(_OTHERS, rest)] if rest else shown)


def _kinds(reference: Reference, say: Wording) -> Iterator[str]:
    """Say how many senders the hits have, what kind of mail was counted, and how often the item's own kind shows it."""
    if reference.series is not None and reference.series < reference.hits:
        yield say.say(_SERIES, reference.series)
    on = _counted_on(reference, say)
    if not on:
        return
    yield from on
    if reference.route and set(reference.routes) != {reference.route} and reference.route_n:
        of = say.say(_ROUTES[reference.route])
        yield say.say(_OWN_ROUTE, hits=reference.route_hits, n=reference.route_n, kind=of)


def _counted_on(reference: Reference, say: Wording) -> list[str]:
    """Say what kind of mail was counted; empty where the corpora mix them, or hold none."""
    named = [say.say(_ROUTES[route]) for route in reference.routes if route != ANY]
    if not named:
        return []
    alike = not reference.route or reference.route in reference.routes
    return [say.say(_COUNTED_ON if alike else _COUNTED_ON_ONLY, kinds=say.joined(named))]


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
