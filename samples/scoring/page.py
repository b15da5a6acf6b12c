"""A score as Markdown: each table after a sentence that says what it counts."""

from collections import Counter
from collections.abc import Iterable, Sequence

from samples.scoring.result import STRENGTHS, Found, Recall, Score

SHOWN_REASONS = 3
SPOKEN = ("authenticated", "intact")
"""Columns of what speaks for a plant: a finding that says so, and one that was explained as signed intact."""
TESTED = (
    "Groups that should look clean, at weak and above: against their own mails before the edit (exact test of the "
    "pairs that differ), or against unplanted mails (Fisher's exact test); both one-sided."
)


def markdown(score: Score) -> str:
    """Return all measures of a case."""
    taints = f"{len(score.plants)} planted taints" if score.plants else "nothing planted"
    blocks = [
        f"## {score.source}, scenario {score.scenario}, seed {score.seed}",
        f"{score.mails:,} mails with {taints}.",
        *_recall(score),
        *_false(score),
        *tested(score),
        *ranked(score),
        *aside(score),
        *alarms(score),
    ]
    return "\n\n".join(blocks) + "\n"


def _recall(score: Score) -> Iterable[str]:
    if not score.by_operation:
        return
    yield (
        "Plants that a finding of that strength or above accuses, by class: D the archive alone can show it, P partly, "
        "N not at all. Before: how many of them were accused before they were edited. Authenticated, intact: how many "
        "a signature is said to authenticate, or to explain in a finding."
    )
    yield table(
        ("class", "plants", *STRENGTHS, "before", *SPOKEN),
        [
            (row.name, row.plants, *row.found.values(), before(row.before), row.authenticated, row.intact)
            for row in score.by_class
            if row.plants
        ],
    )
    yield (
        "The same by operation. A sham is the same operation on another mail with nothing changed: what accuses shams "
        "sees the tool, not the taint."
    )
    yield table(
        ("operation", "plants", *STRENGTHS, "shams", "accused", *SPOKEN),
        [operation(row) for row in score.by_operation],
    )
    yield from authenticated(score.plants)
    if score.lacking:
        lacking = ", ".join([f"{name} {count}" for name, count in sorted(score.lacking.items())])
        yield f"Plants that no mail suited: {lacking}."


def operation(row: Recall) -> tuple[object, ...]:
    """Return the cells of an operation."""
    return (row.name, row.plants, *row.found.values(), row.shams, row.shams_accused, row.authenticated, row.intact)


def authenticated(plants: Iterable[Found]) -> Iterable[str]:
    """Yield which plants are authenticated, by operation and by what is said to hold."""
    counts = Counter([(plant.operation, name) for plant in plants for name in plant.authenticated])
    if not counts:
        yield "No plant is authenticated."
        return
    yield (
        "Plants that a finding of proposition authenticated names, by what it says to hold. What no signature covers "
        "may have been planted all the same."
    )
    yield table(("operation", "holds", "plants"), [(*key, count) for key, count in sorted(counts.items())])


def _false(score: Score) -> Iterable[str]:
    yield (
        "Clean items that a finding of that strength or above accuses: count, of 1,000 clean mails, and in brackets "
        "the one-sided upper 95 % bound."
    )
    yield table(
        ("clean mails", "mails", *STRENGTHS),
        [
            (row.kind, row.mails, *[share(row.items[s], row.per_thousand[s], row.bound[s]) for s in STRENGTHS])
            for row in score.false_items
        ],
    )


def share(count: int, per_thousand: float, bound: float) -> str:
    """Return a count, its share of 1,000 and the bound of that."""
    return f"{count}: {per_thousand:.2f} ({bound:.2f})"


def tested(score: Score) -> Iterable[str]:
    """Yield which groups look clean that should."""
    if not score.chances:
        return
    yield TESTED
    yield table(
        ("group", "accused", "of", "against", "accused", "of", "p", "verdict"),
        [
            (
                one.group,
                one.hits,
                one.n,
                one.against,
                one.clean_hits,
                one.clean_n,
                f"{one.p:.3f}",
                _verdict(one.more_often),
            )
            for one in score.chances
        ],
    )


def before(count: int | None) -> str:
    """Return a count that may not be known."""
    return "-" if count is None else str(count)


def _verdict(more_often: bool) -> str:
    return "more often than clean" if more_often else "not more often than clean"


def ranked(score: Score) -> Iterable[str]:
    """Yield how high the ranking holds the plants."""
    order = score.order
    if not order.plants:
        yield f"The ranking has {order.lines} lines."
        return
    within = ", ".join([f"{count} in the first {depth}" for depth, count in order.within.items()])
    yield (
        f"The ranking has {order.lines} lines. Of {order.plants} plants it holds {within}. Average precision: "
        f"{order.average_precision_d:.3f} over class D, {order.average_precision:.3f} over all but N."
    )


def aside(score: Score) -> Iterable[str]:
    """Yield what was set aside."""
    if not score.set_aside:
        return
    yield "Findings that were set aside (brought down to context), and how many of them accuse planted items."
    yield table(("rule", "reason", "findings", "planted"), score.set_aside)


def alarms(score: Score) -> Iterable[str]:
    """Yield the worst false alarms with their evidence."""
    if not score.worst:
        return
    yield "The highest ranked lines that accuse clean items only."
    for one in score.worst:
        yield "\n".join(
            [
                f"- rank {one.rank}, {one.strength}, score {one.score}: `{one.item}`",
                *[f"    - {reason}" for reason in one.reasons[:SHOWN_REASONS]],
                *[f"    - `{fact}`" for fact in one.evidence[:SHOWN_REASONS]],
            ]
        )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return an aligned table; columns of numbers stand right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max([len(name), *[len(row[place]) for row in cells]]) for place, name in enumerate(head)]
    numbers = [all(row[place][:1].isdigit() for row in cells) for place in range(len(head))]

    def line(row: Sequence[str]) -> str:
        pieces = [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        ]
        return f"| {' | '.join(pieces)} |"

    rule = [("-" * (width - 1) + ":") if number else "-" * width for width, number in zip(widths, numbers, strict=True)]
    return "\n".join([line(head), f"| {' | '.join(rule)} |", *[line(row) for row in cells]])
