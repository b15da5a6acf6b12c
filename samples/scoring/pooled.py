"""Scores of several archives on one page, without a word of any mail: fit to be published."""

from collections.abc import Iterable, Sequence

from samples.scoring.page import TESTED, before, table
from samples.scoring.result import DEPTHS, STRENGTHS, Recall, Score


def markdown(scores: Sequence[Score]) -> str:
    """Return recall over all archives, and for each archive false items, chance checks and ranking."""
    blocks = [*_recall(scores), *_archives(scores), *_ranking(scores), *_set_aside(scores)]
    return "\n\n".join(blocks) + "\n"


def _recall(scores: Sequence[Score]) -> Iterable[str]:
    if not any(score.plants for score in scores):
        return
    yield (
        "Plants found at that strength or above, all archives together, by class: D the archive alone can show it, P "
        "partly, N not at all. Before: how many were accused before they were edited."
    )
    classes = _summed([row for score in scores for row in score.by_class])
    yield table(
        ("class", "plants", *STRENGTHS, "before"),
        [(row.name, row.plants, *row.found.values(), before(row.before)) for row in classes],
    )
    if not any(score.by_operation and score.scenario in ("ops", "mixed") for score in scores):
        return
    yield "By operation; a sham is the same operation on another mail with nothing changed."
    rows = _summed([row for score in scores for row in score.by_operation])
    yield table(
        ("operation", "plants", *STRENGTHS, "shams", "accused"),
        [(row.name, row.plants, *row.found.values(), row.shams, row.shams_accused) for row in rows],
    )


def _summed(rows: Iterable[Recall]) -> list[Recall]:
    sums: dict[str, Recall] = {}
    for row in rows:
        old = sums.get(row.name, Recall(row.name, 0, dict.fromkeys(STRENGTHS, 0), 0, 0, 0))
        found = {word: old.found[word] + row.found[word] for word in STRENGTHS}
        plants, shams = old.plants + row.plants, old.shams + row.shams
        accused, then = old.shams_accused + row.shams_accused, (old.before or 0) + (row.before or 0)
        sums[row.name] = Recall(row.name, plants, found, shams, accused, then)
    order = {name: place for place, name in enumerate(("D", "D/P", "P", "N"))}
    return sorted([row for row in sums.values() if row.plants], key=lambda row: (order.get(row.name, 9), row.name))


def _archives(scores: Sequence[Score]) -> Iterable[str]:
    yield "False items of 1,000 clean mails, the one-sided upper 95 % bound in brackets."
    rows = []
    for score in scores:
        for row in score.false_items:
            shares = [f"{row.items[s]}: {row.per_thousand[s]:.2f} ({row.bound[s]:.2f})" for s in STRENGTHS]
            rows.append((score.source, row.kind, row.mails, *shares))
    yield table(("archive", "clean mails", "mails", *STRENGTHS), rows)
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


def _ranking(scores: Sequence[Score]) -> Iterable[str]:
    yield (
        "Ranking: lines, plants that can be found, how many of them stand in the first lines, average precision over "
        "class D and over all but N."
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
