"""How often genuine items show the same, in counts, and on which kind of mail these were made."""

from collections.abc import Iterator

from forensics.knowledge.rates import ANY
from forensics.model.findings import Reference
from forensics.report.wording import Wording


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
    if set(reference.routes) != {reference.route} and reference.route_n:
        of = say.text(f"report.route.{reference.route}")
        yield say.text("report.rate.own_route", hits=reference.route_hits, n=reference.route_n, kind=of)
