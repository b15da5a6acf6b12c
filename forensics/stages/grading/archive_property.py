"""What more than a fifth of an archive's mails show is a property of the archive, and no single mail's fault.

An export may give every mail a new id, a conversion new boundaries, a server's clock may be wrong for years. No habit
of a sender or host tells that where the archive has no server times. Such observations are set aside together, with one
statement. Where what they rest on was made within a short time beside that of the mails' dates, it was made at an
export: then it is no witness of any mail, also of one that shows something rarer.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from forensics.model.facts import TICKS_PER_SECOND
from forensics.model.instants import calendar
from forensics.model.rules import BenignState, Role, Rule, State, Subject
from forensics.model.sentences import Sentence, Value, says
from forensics.stages.grading.rank import APART, SUPPORT, WHOLE_ARCHIVE
from forensics.stages.grading.strength import explained_by
from forensics.stages.observed import Observed, Rows, with_state
from forensics.stages.power import rule_power

_SHOWN_BY_MANY = says(
    "archive.property",
    one=(
        "{title}: {k} of the {n} mails here that could show it do. What so many show is treated as a property of "
        "this archive: it accuses none of them, and clears none."
    ),
)
_MADE_AT_EXPORT = says(
    "archive.property.export",
    one=(
        "{title}: {k} of the {n} mails here that could show it do. For {held} of these, the facts behind it were "
        "made between {first} and {last}, while the mails are dated from {since} to {until}: an export or a "
        "conversion of the archive creates such facts afresh. They say nothing about any single mail: they "
        "accuse none and clear none."
    ),
)

LEAST = 20
"""Mails that could show it, below which no share says anything of the archive (as for habits)."""
LEAST_EXPORTED = 5
"""The same where an export shows and more than half of them rest on it: made together, dated apart."""
SHARE = 5
"""A property is what more than one mail in five shows."""
DENSE = 0.95
"""Share of the witness times that must stand together for an export."""
NARROW = 10
"""How many times shorter than the span of the mails' own dates the export must be."""
_DAY = 86_400 * TICKS_PER_SECOND


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """When what the observations of a property rest on was made, all of it at once; ticks."""

    core: tuple[int, int]
    """Shortest span that holds nearly all of it."""
    first: int
    last: int
    """Of what was made with the core."""
    held: int
    """Observations that rest on this."""
    since: int
    until: int
    """First and last of the mails' own dates."""

    def holds(self, at: int | None) -> bool:
        """Whether a witness was made with the core: within as long again before and after, a day at least."""
        return at is not None and _near(at, self.core)


class Property(msgspec.Struct, frozen=True, kw_only=True):
    """One bin of a rule that the archive as a whole shows."""

    rule: Rule
    bin: str
    hits: int
    n: int
    export: Export | None
    """``None`` where nothing shows one."""

    @property
    def statement(self) -> Sentence:
        """The property in a sentence or two."""
        values: dict[str, Value] = {"title": self.rule.title, "k": self.hits, "n": self.n}
        made = self.export
        if made is None:
            return _SHOWN_BY_MANY(**values)
        values |= {"held": made.held, "first": _shown(made.first), "last": _shown(made.last)}
        values |= {"since": _shown(made.since)[:10], "until": _shown(made.until)[:10]}
        return _MADE_AT_EXPORT(**values)


class _Shown:
    """What is asked of the observations of one rule in one bin.

    Attributes:
        hits: how many items show it, in this bin or one that lies within.
        own: how many observations are in the bin itself.
        witnesses: the times that speak against their items, of the observations that have one.
        dates: the suspect times of those that have one.
    """

    def __init__(self) -> None:
        self.hits = self.own = 0
        self.witnesses, self.dates = array("q"), array("q")

    def add(self, one: Observed) -> None:
        """Take an observation of the bin itself into account."""
        self.own += 1
        self.witnesses.extend(_cited(one, Role.WITNESS))
        self.dates.extend(_cited(one, Role.SUSPECT))


def archive_properties(rows: Rows, observed: Iterable[Observed]) -> tuple[Property, ...]:
    """Return what more than a fifth of all mails that could show it show, sorted by rule and bin.

    Args:
        rows: queries of the case.
        observed: every observation, before clusters are merged; those of one rule one after the other.
    """
    asked = (one for one in observed if one.rule.subject is Subject.MESSAGE)
    asked = (one for one in asked if one.rule.proposition not in APART | SUPPORT)
    shown = [_bins(same) for _, same in groupby(asked, key=lambda one: one.rule.id)]
    rules = [rule for rule, _ in shown]
    powered = {power.rule: power.powered for power in rule_power(rows, rules)} if rules else {}
    found = []
    for rule, bins in sorted(shown, key=lambda entry: entry[0].id):
        n = powered[rule.id]
        for name, own in sorted(bins.items()):
            if not own.own or n < LEAST_EXPORTED or own.hits * SHARE <= n:
                continue
            export = _export(own)
            if n >= LEAST or (export is not None and 2 * export.held > n):
                found.append(Property(rule=rule, bin=name, hits=own.hits, n=n, export=export))
    return tuple(found)


def _bins(observed: Iterable[Observed]) -> tuple[Rule, dict[str, _Shown]]:
    """Return the rule of some observations, and what they show by bin."""
    bins: dict[str, _Shown] = {}
    items: dict[str, set[str]] = {}
    for one in observed:
        rule, name = one.rule, one.observation.bin
        bins.setdefault(name, _Shown()).add(one)
        for within in (name, *rule.wider(name)):
            items.setdefault(within, set()).update(one.items)
    for name, own in bins.items():
        own.hits = len(items[name])
    return rule, bins


def set_apart(observed: Iterable[Observed], properties: Sequence[Property]) -> Iterator[Observed]:
    """Explain what the archive as a whole shows, in the order given; what another cause explains stays with it."""
    by_rule: dict[str, list[Property]] = {}
    for one in properties:
        by_rule.setdefault(one.rule.id, []).append(one)
    for seen in observed:
        yield _explained(seen, by_rule[seen.rule.id]) if seen.rule.id in by_rule else seen


def _explained(one: Observed, properties: Sequence[Property]) -> Observed:
    at = next(_cited(one, Role.WITNESS), None)
    covering = next((known for known in properties if _covers(known, one, at)), None)
    if covering is None or explained_by(one.observation.benign):
        return one
    state = BenignState(cause=WHOLE_ARCHIVE, state=State.EXPLAINS, note=covering.statement)
    return msgspec.structs.replace(one, observation=with_state(one.observation, state))


def _covers(known: Property, one: Observed, at: int | None) -> bool:
    return known.export.holds(at) if known.export else one.observation.bin == known.bin


def _shown(ticks: int) -> str:
    return calendar(ticks) or str(ticks)


def _export(own: _Shown) -> Export | None:
    """Return when what the observations rest on was made, where that took far less time than the mails' dates span."""
    witnesses, dates = sorted(own.witnesses), sorted(own.dates)
    if len(witnesses) < own.own or not dates:
        return None
    core, span = _densest(witnesses), _densest(dates)
    if (core[1] - core[0]) * NARROW > span[1] - span[0]:
        return None
    held = [at for at in witnesses if _near(at, core)]
    return Export(core=core, first=held[0], last=held[-1], held=len(held), since=dates[0], until=dates[-1])


def _near(at: int, core: tuple[int, int]) -> bool:
    slack = max(core[1] - core[0], _DAY)
    return core[0] - slack <= at <= core[1] + slack


def _densest(times: Sequence[int]) -> tuple[int, int]:
    """Return the shortest span that holds nearly all of sorted times: one planted among them must not widen it."""
    held = max(int(len(times) * DENSE), 1)
    return min([(times[at], times[at + held - 1]) for at in range(len(times) - held + 1)], key=lambda s: s[1] - s[0])


def _cited(one: Observed, role: Role) -> Iterator[int]:
    """Yield the first time of the item itself that is cited in a role."""
    for fact in one.observation.evidence:
        at = fact.instant if fact.instant is not None else fact.wall
        if at is not None and fact.role is role and fact.sha256 in ("", one.main.sha256):
            yield at
            return
