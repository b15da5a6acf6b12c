"""Recall, false items, chance checks, ranking and set-aside counts of one case against its labels.

A finding accuses its subjects of role suspect or either; those that speak for an item accuse nobody. A plant is found
at a strength if a finding of that strength or above accuses one of its items. A clean item is a false item if a
finding accuses it, unless its role is either and the same finding accuses a planted item: one of the two *is* wrong.
An item that moderate findings make strong together is accused at strong.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from forensics.engine.measuring.alarms import accused, combined
from forensics.model.findings import Finding, Ranked
from forensics.model.rules import State
from samples.scoring.chance import bound_per_thousand, larger, more_only, per_thousand
from samples.scoring.result import DEPTHS, STRENGTHS, Alarm, Chance, FalseItems, Found, Order, Recall
from samples.scoring.told import blamed_by, told
from samples.scoring.truth import Plant, Truth
from samples.scoring.vouched import Vouched

_NOTHING = Vouched()
ORDER = {"context": 0, "weak": 1, "moderate": 2, "strong": 3}


def blamed(findings: Iterable[Finding], truth: Truth | None, lines: Iterable[Ranked] = ()) -> dict[str, int]:
    """Return the best strength at which each item is accused; clean partners of planted items are not.

    Args:
        findings: of the case.
        truth: the labels; ``None``: nothing was planted.
        lines: its ranking, for items that are strong by several findings together.
    """
    best: dict[str, int] = {}
    for finding in findings:
        for item in blamed_by(finding, truth):
            best[item] = max(ORDER[finding.strength], best.get(item, 0))
    return best | dict.fromkeys(combined(lines), ORDER["strong"])


def recall(
    truth: Truth,
    best: Mapping[str, int],
    before: Mapping[str, int] | None = None,
    spoken: Vouched = _NOTHING,
    seen: frozenset[str] = frozenset(),
    seen_before: frozenset[str] = frozenset(),
) -> tuple[list[Recall], list[Recall]]:
    """Return recall by operation and by class; removed mails cannot be found and are left out.

    Args:
        truth: the labels.
        best: what `blamed` gives.
        before: the same for the mails before anything was planted, if that was scanned too.
        spoken: which plants findings speak for.
        seen: what `told` gives.
        seen_before: the same of the items before anything was planted.
    """
    there = [plant for plant in truth.plants if plant.items]

    def row(name: str, plants: Sequence[Plant], shams: Sequence[str]) -> Recall:
        at = [max((best.get(item, 0) for item in plant.items), default=0) for plant in plants]
        found = {word: sum(one >= ORDER[word] for one in at) for word in STRENGTHS}
        old = None if before is None else sum(before.get(plant.before, 0) >= 1 for plant in plants)
        accused_shams = sum(best.get(sham, 0) >= 1 for sham in shams)
        held = [sum(plant.key in keys for plant in plants) for keys in (spoken.authenticated, spoken.intact)]
        return Recall(
            name=name,
            plants=len(plants),
            found=found,
            shams=len(shams),
            shams_accused=accused_shams,
            before=old,
            authenticated=held[0],
            intact=held[1],
            told=sum(bool(plant.items & seen) for plant in plants),
            told_before=sum(plant.before in seen_before for plant in plants),
            shams_told=sum(sham in seen for sham in shams),
        )

    operations = sorted({plant.operation for plant in there} | set(truth.shams.values()))
    by_operation = [
        row(
            name,
            [plant for plant in there if plant.operation == name],
            [sham for sham, operation in truth.shams.items() if operation == name],
        )
        for name in operations
    ]
    by_class = [row(name, [plant for plant in there if plant.cls == name], ()) for name in ("D", "D/P", "P", "N")]
    return by_operation, by_class


def false_items(truth: Truth, best: Mapping[str, int], seen: frozenset[str] = frozenset()) -> list[FalseItems]:
    """Return false items over all clean mails, and by kind; attachments count with the unplanted mails.

    Honest edits have a row of each operation besides. *seen* is what `told` gives.
    """
    numbers = {"all": sum(truth.clean.values()), **truth.clean, **Counter(truth.honest.values())}
    rows = []
    for kind, n in numbers.items():
        if not n:
            continue
        clean = [item for item in {*best, *seen} if item not in truth.planted and _is(truth, item, kind)]
        counts = {word: sum(best.get(item, 0) >= ORDER[word] for item in clean) for word in STRENGTHS}
        rows.append(false_share(kind, n, counts, len(seen.intersection(clean))))
    return rows


def false_share(kind: str, n: int, items: dict[str, int], seen: int = 0) -> FalseItems:
    """Return false items by strength with their share of so many clean mails and its bound."""
    shares = {word: per_thousand(count, n) for word, count in items.items()}
    bounds = {word: bound_per_thousand(count, n) for word, count in items.items()}
    return FalseItems(kind, n, items, shares, bounds, seen)


def _is(truth: Truth, item: str, kind: str) -> bool:
    return kind in ("all", truth.kinds.get(item, "unplanted"), truth.honest.get(item))


def chances(truth: Truth, best: Mapping[str, int], before: Mapping[str, int] | None = None) -> list[Chance]:
    """Test at weak and above that class N and shams look clean.

    Against their own mails before the edit, pair by pair, where those were scanned: mails that suit an operation are
    not a fair sample of all mails. Else, and for sham inserts, against unplanted mails.
    """
    hopeless = [plant for plant in truth.plants if plant.cls == "N" and plant.items]
    inserts = [frozenset([item]) for item, kind in truth.kinds.items() if kind == "sham_insert"]
    if before is None:
        shams = [frozenset([item]) for item in truth.shams]
        rows = [_unpaired("class N", [plant.items for plant in hopeless], truth, best)]
        rows.append(_unpaired("sham", shams, truth, best))
    else:
        pairs = [(max(best.get(item, 0) for item in plant.items), before.get(plant.before, 0)) for plant in hopeless]
        rows = [_paired("class N", pairs)]
        rows.append(
            _paired("sham", [(best.get(item, 0), before.get(old, 0)) for item, old in truth.sham_before.items()])
        )
    rows.append(_unpaired("sham_insert", inserts, truth, best))
    return [row for row in rows if row.n]


def _paired(name: str, pairs: Sequence[tuple[int, int]]) -> Chance:
    now, then = sum(one >= 1 for one, _ in pairs), sum(one >= 1 for _, one in pairs)
    p = more_only(sum(a >= 1 > b for a, b in pairs), sum(b >= 1 > a for a, b in pairs))
    return Chance(name, "before", now, len(pairs), then, len(pairs), round(p, 4))


def _unpaired(name: str, members: Sequence[frozenset[str]], truth: Truth, best: Mapping[str, int]) -> Chance:
    clean_n = truth.clean["unplanted"]
    clean_hits = sum(
        at >= 1 and item not in truth.planted and _is(truth, item, "unplanted") for item, at in best.items()
    )
    hits = sum(any(best.get(item, 0) >= 1 for item in items) for items in members)
    p = larger(hits, len(members), clean_hits, clean_n)
    return Chance(name, "unplanted", hits, len(members), clean_hits, clean_n, round(p, 4))


def order(truth: Truth, lines: Sequence[Ranked], best: Mapping[str, int]) -> Order:
    """Return how high plants stand; members of a cluster follow each other, partners of planted items do not count."""
    seen: set[str] = set()
    ranks: list[tuple[str, str]] = []
    within = dict.fromkeys(DEPTHS, 0)
    held: set[str] = set()
    for number, line in enumerate(lines, 1):
        for item in items_of(line):
            plant = truth.planted.get(item)
            if plant is not None:
                held.add(plant.key)
            if item not in seen and (plant is not None or best.get(item, 0) >= 1):
                ranks.append((plant.key if plant else "", plant.cls if plant else ""))
            seen.add(item)
        for depth in DEPTHS:
            if number <= depth:
                within[depth] = len(held)
    there = [plant for plant in truth.plants if plant.items]
    return Order(
        lines=len(lines),
        plants=len(there),
        average_precision=_average_precision(ranks, {plant.key for plant in there if plant.cls != "N"}),
        average_precision_d=_average_precision(ranks, {plant.key for plant in there if plant.cls == "D"}),
        within=within,
    )


def _average_precision(ranks: Sequence[tuple[str, str]], wanted: set[str]) -> float:
    """Mean over the wanted plants of the precision where each first stands; 0 for those not ranked."""
    right, place, total = set[str](), 0, 0.0
    for key, _ in ranks:
        if key and key not in wanted:
            continue  # A plant of another class is neither right nor wrong here.
        place += 1
        if key and key not in right:
            right.add(key)
            total += len(right) / place
    return round(total / len(wanted), 4) if wanted else 0.0


def items_of(line: Ranked) -> list[str]:
    """Return the digests of a line: its item and the item's partners, or the members of its cluster."""
    return [ref.sha256 for ref in line.items]


def set_aside(truth: Truth, findings: Iterable[Finding]) -> list[tuple[str, str, int, int]]:
    """Return rule, reason, count, and how many accuse planted items, of findings brought down to context."""
    counts: Counter[tuple[str, str]] = Counter()
    planted: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        if finding.strength != "context":
            continue
        cause = next((state.cause for state in finding.benign if state.state is State.EXPLAINS), "")
        reason = cause or ("habit" if finding.habit else "no rate" if finding.rate is None else "common")
        counts[finding.rule, reason] += 1
        planted[finding.rule, reason] += any(item in truth.planted for item in accused(finding))
    return [(*key, count, planted[key]) for key, count in sorted(counts.items())]


def worst(truth: Truth, lines: Sequence[Ranked], best: Mapping[str, int], findings: Sequence[Finding]) -> list[Alarm]:
    """Return the lines that accuse clean items only, highest first."""
    by_id = {finding.id: finding for finding in findings}
    found = []
    for line in lines:
        items = items_of(line)
        if any(item in truth.planted for item in items) or not any(best.get(item, 0) for item in items):
            continue
        cited = by_id[line.findings[0]].evidence if line.findings else ()
        evidence = [f"{fact.label}: {fact.raw.text}" for fact in cited if hasattr(fact, "raw")]
        place = (
            line.item.location.text
            if line.item
            else f"{len(items)} items: {line.cluster.value if line.cluster else ''}"
        )
        found.append(Alarm(line.rank, line.strength, line.score, place, line.reasons, tuple(evidence)))
    return found


def found_plants(
    truth: Truth, findings: Sequence[Finding], spoken: Vouched = _NOTHING, lines: Iterable[Ranked] = ()
) -> list[Found]:
    """Return every plant with its best strength, the rules that found it, and what speaks for it."""
    together = {truth.planted[item].key for item in combined(lines) if item in truth.planted}
    best: dict[str, str] = dict.fromkeys(sorted(together), "strong")
    rules: dict[str, dict[str, None]] = {}
    any_strength: dict[str, dict[str, None]] = {}
    for finding in findings:
        for key in {truth.planted[item].key for item in accused(finding) if item in truth.planted}:
            if ORDER[finding.strength] > ORDER[best.get(key, "context")]:
                best[key] = finding.strength
            if finding.strength != "context":
                rules.setdefault(key, {})[finding.rule] = None
        for key in {truth.planted[item].key for item in told([finding], truth) if item in truth.planted}:
            any_strength.setdefault(key, {})[finding.rule] = None
    return [
        Found(
            plant.key,
            plant.cls,
            best.get(plant.key, ""),
            tuple(rules.get(plant.key, ())),
            tuple(sorted(spoken.authenticated.get(plant.key, ()))),
            plant.key in spoken.intact,
            tuple(any_strength.get(plant.key, ())),
        )
        for plant in truth.plants
    ]
