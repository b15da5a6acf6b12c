"""From a count to a strength: reference rates, thresholds, caps (design section 4, points 1, 2 and 4)."""

from collections.abc import Callable, Sequence

import msgspec
from msgspec import structs

from forensics.knowledge import pools
from forensics.knowledge.rates import ANY, EXPORTED, UNSOLICITED, RateRow, rates_of, same_source, shaped_on
from forensics.model.findings import CauseState, Habit, Reference
from forensics.model.rules import BenignState, Rule, State, Strength
from forensics.stages.grading.bounds import lower_bound, upper_bound

ENOUGH = 3_000
"""Powered items below which no rate makes more than moderate, and below which era and route are given up."""
CALIBRATED = 300
"""Powered items below which a rule is out of calibration: at most weak."""
SHRINK = 1_000
"""Weight of the pool, in items, in the estimate of a single corpus."""
THRESHOLDS = ((1e-4, Strength.STRONG), (1e-3, Strength.MODERATE), (1e-2, Strength.WEAK))

OWN_ONLY = frozenset({UNSOLICITED, EXPORTED})
"""Routes whose corpora serve items of their own route only: mail without a trace lacks most of what rules look at."""
IN_SPAM = 1e-3
"""Share of unsolicited mails above which a stranger's mail that shows the same is at most weak."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A reference rate and the counts it comes from."""

    rate: float
    reference: Reference


class Graded(msgspec.Struct, frozen=True, kw_only=True):
    """The strength of one observation, and why it is not higher."""

    strength: Strength
    rate: float | None
    capped: str
    """``explained``, ``no rate``, ``habit``, ``unanchored``, ``calibration``, ``ceiling``, ``unsolicited``, ``stored``;
    empty where the reference rate decides."""
    measured: Measured | None
    habit: Habit | None


def rounded(rate: float) -> float:
    """Keep six significant digits, so that no machine's last bit decides."""
    return float(f"{rate:.6g}")


def from_rate(rate: float) -> Strength:
    """Return the strength that a rate alone gives."""
    for limit, strength in THRESHOLDS:
        if rate <= limit:
            return strength
    return Strength.CONTEXT


def measure(rows: Sequence[RateRow], era: str, route: str) -> Measured | None:
    """Return the reference rate for an item of an era and route.

    Args:
        rows: all rows of one rule version and bin.
        era: ``before2010`` or ``from2010``; empty if not known.
        route: ``list``, ``direct``, ``exported``, ``bulk`` or ``unsolicited``; empty if not known.

    Returns:
        The largest of the pool's upper bound, the worst corpus's shrunk estimate, and that of all mails that came the
        item's own way; ``None`` without any row.
    """
    usable = _apart([row for row in rows if row.route not in OWN_ONLY or row.route == route])
    chosen = _nearest(usable, era, route)
    hits, n = _sums(chosen)
    if n == 0:
        return None
    groups = [_sums([row for row in chosen if row.corpus == name]) for name in {row.corpus for row in chosen}]
    groups.append(own := _sums([row for row in usable if row.route == route]))
    worst = max([(k + SHRINK * hits / n) / (m + SHRINK) for k, m in groups])
    return Measured(rate=rounded(max(upper_bound(hits, n), worst)), reference=_reference(chosen, route, own))


def _nearest(usable: Sequence[RateRow], era: str, route: str) -> Sequence[RateRow]:
    """Return the rows of the item's era and route, of its era, or all: the first that hold enough items.

    One corpus alone does not speak for a route: it is one organization's mail, or one export.
    """
    of_era = [row for row in usable if _fits(row.era, era)]
    alike = [row for row in of_era if _fits(row.route, route)]
    if _sums(alike)[1] >= ENOUGH and (route == UNSOLICITED or len({row.corpus for row in alike}) > 1):
        return alike
    return of_era if _sums(of_era)[1] >= ENOUGH else usable


def _sums(rows: Sequence[RateRow]) -> tuple[int, int]:
    return sum([row.hits for row in rows]), sum([row.n for row in rows])


def _reference(rows: Sequence[RateRow], route: str, own: tuple[int, int]) -> Reference:
    hits, n = _sums(rows)
    series = [row.series for row in rows if row.hits]
    return Reference(
        hits=hits,
        n=n,
        corpus="+".join(sorted({row.corpus for row in rows})),
        series=sum([one for one in series if one is not None]) if None not in series else None,
        routes=tuple(sorted({row.route for row in rows})),
        route=route,
        route_hits=own[0],
        route_n=own[1],
    )


def share_in_spam(rows: Sequence[RateRow]) -> float:
    """Return the share of unsolicited mails that show a bin; 0 where none was counted."""
    counted = [row for row in rows if row.route == UNSOLICITED]
    n = sum([row.n for row in counted])
    return sum([row.hits for row in counted]) / n if n else 0.0


def _apart(rows: Sequence[RateRow]) -> Sequence[RateRow]:
    """Keep of corpora that were drawn from one source the one with the most items."""
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[row.corpus] = sizes.get(row.corpus, 0) + row.n
    kept = {name for name, n in sizes.items() if (n, name) == max((sizes.get(o, 0), o) for o in same_source(name))}
    return rows if len(kept) == len(sizes) else [row for row in rows if row.corpus in kept]


def _fits(of_row: str, of_item: str) -> bool:
    # A corpus that spans both eras, or mixes routes, holds items like this one too.
    return not of_item or of_row in (of_item, ANY)


class ReferenceRates:
    """Looks up reference rates, each computed once."""

    def __init__(self, rows_of: Callable[[str, int], Sequence[RateRow]] = rates_of) -> None:
        self._rows_of = rows_of
        self._known: dict[tuple[str, int, str, str, str], Measured | None] = {}
        self._in_spam: dict[tuple[str, int, str], float] = {}

    def of(self, rule: Rule, bin_name: str, era: str, route: str) -> Measured | None:
        """Return the rate of a rule's bin for items of an era and route; ``None`` where nothing was counted."""
        key = (rule.id, rule.version, bin_name, era, route)
        if key not in self._known:
            self._known[key] = self._better(rule, bin_name, measure(self._rows(rule, bin_name), era, route), era, route)
        return self._known[key]

    def _better(self, rule: Rule, bin_name: str, own: Measured | None, era: str, route: str) -> Measured | None:
        """Return the rate of a bin's pool where it belongs to one and that says more than its own, else its own."""
        pool = pools.pool_of(rule.id, bin_name)
        if own is None or not pool:
            return own
        rows = self._rows_of(pools.rows_id(pool), pools.VERSION)
        shared = measure(rows, era, route)
        hits, n = _sums(_apart(self._rows(rule, bin_name)))
        if shared is None or shared.rate >= own.rate or not pools.stays(hits, n, rows):
            return own
        return structs.replace(shared, reference=structs.replace(shared.reference, pool=pool))

    def in_spam(self, rule: Rule, bin_name: str) -> float:
        """Return the share of unsolicited mails that show a rule's bin."""
        key = (rule.id, rule.version, bin_name)
        if key not in self._in_spam:
            self._in_spam[key] = share_in_spam(self._rows(rule, bin_name))
        return self._in_spam[key]

    def _rows(self, rule: Rule, bin_name: str) -> Sequence[RateRow]:
        shaped = shaped_on(rule.id, bin_name)
        rows = self._rows_of(rule.id, rule.version)
        return [row for row in rows if row.bin == bin_name and row.corpus not in shaped]


def explained_by(benign: Sequence[BenignState | CauseState]) -> str:
    """Return the first cause that explains the observation; empty if none does."""
    return next((state.cause for state in benign if state.state is State.EXPLAINS), "")


def grade_one(
    rule: Rule,
    bin_name: str,
    measured: Measured | None,
    habit: Habit | None,
    benign: Sequence[BenignState],
    in_spam: float = 0.0,
    *,
    as_counted: bool = True,
) -> Graded:
    """Return the strength of an observation.

    Args:
        rule: for its ceilings.
        bin_name: the observation's bin.
        measured: the reference rate of its bin; ``None``: nothing was counted.
        habit: an *established* habit of its comparison group, or ``None``; one that is not anchored excuses down to
            moderate at most.
        benign: states of its innocent causes.
        in_spam: share of unsolicited mails that show it, where the archive does not exclude that it is one; else 0.
        as_counted: whether what was counted is such as its items: mail as it was sent, not as a store keeps it.
    """
    explained = explained_by(benign)
    if measured is None:
        capped = "explained" if explained else "no rate"
        return Graded(strength=Strength.CONTEXT, rate=None, capped=capped, measured=None, habit=habit)
    rate = measured.rate
    if habit is not None and habit.anchored is not False:
        k, n = (habit.anchored_hits, habit.anchored_n) if habit.anchored else (habit.hits, habit.n)
        rate = max(rate, rounded(lower_bound(k, n)))
    strength, capped = _capped(rule.ceiling_of(bin_name), measured, rate)
    if habit is not None and habit.anchored is False and strength > Strength.MODERATE:
        strength, capped = Strength.MODERATE, "unanchored"
    if in_spam > IN_SPAM and strength > Strength.WEAK:
        strength, capped = Strength.WEAK, "unsolicited"
    if not as_counted and strength > Strength.WEAK:
        strength, capped = Strength.WEAK, "stored"
    if explained:
        strength, capped = Strength.CONTEXT, "explained"
    return Graded(strength=strength, rate=rate, capped=capped, measured=measured, habit=habit)


def _capped(ceiling: Strength, measured: Measured, rate: float) -> tuple[Strength, str]:
    reference = measured.reference
    strength, capped = from_rate(rate), ""
    if strength < from_rate(measured.rate):
        capped = "habit"
    elif reference.n < CALIBRATED and strength < from_rate(reference.hits / reference.n):
        # The bound of so few items is wide: the strength is low because too little was measured.
        capped = "calibration"
    if reference.n < ENOUGH:
        limit = Strength.WEAK if reference.n < CALIBRATED else Strength.MODERATE
        if strength > limit:
            strength, capped = limit, "calibration"
    if strength > ceiling:
        strength, capped = ceiling, "ceiling"
    return strength, capped
