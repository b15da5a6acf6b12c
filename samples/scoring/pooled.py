"""Scores of several archives on one page, without a word of any mail: fit to be published."""

from collections.abc import Iterable, Sequence
from statistics import fmean

from samples.scoring import measures
from samples.scoring.page import SPOKEN, TESTED, authenticated, before, operation, share, table
from samples.scoring.result import DEPTHS, STRENGTHS, FalseItems, Recall, Score

ALL = "all archives"


def markdown(scores: Sequence[Score]) -> str:
    """Return recall, false items, chance checks and ranking, of each archive and over all of them."""
    blocks = [*_recall(scores), *_archives(scores), *_ranking(scores), *_set_aside(scores)]
    return "\n\n".join(blocks) + "\n"


def _recall(scores: Sequence[Score]) -> Iterable[str]:
    if not any(score.plants for score in scores):
        return
    yield (
        "Plants found at that strength or above, by class: D the archive alone can show it, P partly, N not at all. "
        "Before: how many were accused before they were edited. Authenticated, intact: how many a signature is said to "
        "authenticate, or to explain in a finding."
    )
    held = [(ALL, _summed([row for score in scores for row in score.by_class]))]
    held += [(score.source, [row for row in score.by_class if row.plants]) for score in scores]
    yield table(
        ("archive", "class", "plants", *STRENGTHS, "before", *SPOKEN),
        [
            (name, row.name, row.plants, *row.found.values(), before(row.before), row.authenticated, row.intact)
            for name, rows in held
            for row in rows
        ],
    )
    yield from authenticated([plant for score in scores for plant in score.plants])
    if not any(score.by_operation and score.scenario in ("ops", "mixed", "repeated") for score in scores):
        return
    yield (
        "By operation, all archives together; a sham is the same operation on another mail with nothing changed. Below "
        "for each archive: found at weak, moderate and strong, of how many."
    )
    rows = _summed([row for score in scores for row in score.by_operation])
    yield table(("operation", "plants", *STRENGTHS, "shams", "accused", *SPOKEN), [operation(row) for row in rows])
    yield table(
        ("operation", *[score.source for score in scores]),
        [(row.name, *[_found(score, row.name) for score in scores]) for row in rows],
    )


def _found(score: Score, name: str) -> str:
    row = next((row for row in score.by_operation if row.name == name and row.plants), None)
    return f"{'/'.join(map(str, row.found.values()))} of {row.plants}" if row else "-"


def _summed(rows: Iterable[Recall]) -> list[Recall]:
    by_name: dict[str, list[Recall]] = {}
    for row in rows:
        if row.plants:
            by_name.setdefault(row.name, []).append(row)
    order = {name: place for place, name in enumerate(("D", "D/P", "P", "N"))}
    return [
        Recall(
            name,
            sum(row.plants for row in held),
            {word: sum(row.found[word] for row in held) for word in STRENGTHS},
            sum(row.shams for row in held),
            sum(row.shams_accused for row in held),
            sum(row.before or 0 for row in held),
            sum(row.authenticated for row in held),
            sum(row.intact for row in held),
        )
        for name, held in sorted(by_name.items(), key=lambda one: (order.get(one[0], 9), one[0]))
    ]


def _archives(scores: Sequence[Score]) -> Iterable[str]:
    yield "False items of 1,000 clean mails, the one-sided upper 95 % bound in brackets."
    rows = [(ALL, row) for row in _pooled(scores)] + [
        (score.source, row) for score in scores for row in score.false_items
    ]
    yield table(
        ("archive", "clean mails", "mails", *STRENGTHS),
        [
            (name, row.kind, row.mails, *[share(row.items[s], row.per_thousand[s], row.bound[s]) for s in STRENGTHS])
            for name, row in rows
        ],
    )
    tested = [(score.source, one) for score in scores for one in score.chances]
    if tested:
        yield TESTED
        yield table(
            ("archive", "group", "accused", "of", "against", "accused", "of", "p"),
            [
                (source, one.group, one.hits, one.n, one.against, one.clean_hits, one.clean_n, f"{one.p:.3f}")
                for source, one in tested
            ],
        )


def _pooled(scores: Sequence[Score]) -> list[FalseItems]:
    """Return false items over the mails of all archives, by kind of clean mail."""
    kinds: dict[str, list[FalseItems]] = {}
    for score in scores:
        for row in score.false_items:
            kinds.setdefault(row.kind, []).append(row)
    return [
        measures.false_share(
            kind, sum(row.mails for row in held), {word: sum(row.items[word] for row in held) for word in STRENGTHS}
        )
        for kind, held in kinds.items()
    ]


def _ranking(scores: Sequence[Score]) -> Iterable[str]:
    yield (
        "Ranking: lines, plants that can be found, how many of them stand in the first lines, average precision over "
        "class D and over all but N. Mean of the archives: "
        f"{_mean(score.order.average_precision_d for score in scores)} over class D, "
        f"{_mean(score.order.average_precision for score in scores)} over all but N."
    )
    yield table(
        ("archive", "lines", "plants", *[f"first {depth}" for depth in DEPTHS], "AP of D", "AP"),
        [
            (
                score.source,
                score.order.lines,
                score.order.plants,
                *[score.order.within[depth] for depth in DEPTHS],
                f"{score.order.average_precision_d:.3f}",
                f"{score.order.average_precision:.3f}",
            )
            for score in scores
        ],
    )


def _mean(values: Iterable[float]) -> str:
    return f"{fmean(values):.3f}"


def _set_aside(scores: Sequence[Score]) -> Iterable[str]:
    sums: dict[tuple[str, str], list[int]] = {}
    for score in scores:
        for rule, reason, count, planted in score.set_aside:
            held = sums.setdefault((rule, reason), [0, 0])
            held[0] += count
            held[1] += planted
    if sums:
        yield "Findings set aside (brought down to context), all archives together, and how many accuse planted items."
        yield table(("rule", "reason", "findings", "planted"), [(*key, *held) for key, held in sorted(sums.items())])
