"""How often genuine items show the same, in counts, and on which kind of mail these were made."""

from collections.abc import Iterator, Mapping

from forensics.knowledge.rates import ANY
from forensics.knowledge.wording import Wording
from forensics.model.findings import Reference


def seen(reference: Reference | None, kind: str, say: Wording) -> list[str]:
    """Say a reference rate in clauses.

    Args:
        reference: ``None`` where nothing was counted.
        kind: ``message``, ``document``, ``archive``, ``occurrence`` or ``cluster``.
        say: the language.
    """
    if reference is None:
        return [say.text("report.rate.unknown")]
    return [say.text(f"report.rate.seen.{kind}", hits=reference.hits, n=reference.n), *_kinds(reference, say)]


def _kinds(reference: Reference, say: Wording) -> Iterator[str]:
    """Say how many senders the hits have, what kind of mail was counted, and how often the item's own kind shows it."""
    if reference.series is not None and reference.series < reference.hits:
        yield say.counted("report.rate.series", reference.series)
    named = [say.text(f"report.route.{route}") for route in reference.routes if route != ANY]
    if not named:
        return
    alike = not reference.route or reference.route in reference.routes
    yield say.text("report.rate.on" if alike else "report.rate.on_only", kinds=say.joined(named))
    if reference.route and set(reference.routes) != {reference.route} and reference.route_n:
        of = say.text(f"report.route.{reference.route}")
        yield say.text("report.rate.own_route", hits=reference.route_hits, n=reference.route_n, kind=of)


def resting_on(here: Mapping[str, int], counted: Mapping[str, int], say: Wording) -> list[str]:
    """Say which kinds of mail the archive holds, on which kinds the rates rest, and which were never counted.

    Args:
        here: route to mails of the archive.
        counted: route to genuine mails.
        say: the language.
    """
    if not here:
        return []
    said = [say.text("report.kinds.here", kinds=_numbered(here, say))]
    said.append(say.text("report.kinds.counted", kinds=_numbered(counted, say)))
    if missing := [say.text(f"report.route.{route}") for route in here if route not in counted]:
        said.append(say.text("report.kinds.never", kinds=say.joined(missing)))
    return said


def _numbered(routes: Mapping[str, int], say: Wording) -> str:
    ordered = sorted(routes.items(), key=lambda entry: (-entry[1], entry[0]))
    return say.joined(
        [say.text("report.kinds.one", n=n, kind=say.text(f"report.route.{route}")) for route, n in ordered]
    )
