"""The score of a leak of files as Markdown: as of mail, with honest edits, and with rules that have no counts yet."""

from collections import Counter
from collections.abc import Iterable, Sequence

from samples.planting.files.operations import HONEST, OPERATIONS
from samples.scoring.measures import ORDER
from samples.scoring.page import alarms, aside, ranked, share, table, tested
from samples.scoring.result import STRENGTHS, Found, Recall, Score

_TITLES = {operation.id: operation.title for operation in (*OPERATIONS, *HONEST)}
_TOLD = (
    "Told: by a finding of any strength that no cause or habit excuses, a lure too. A rule that has no counts yet "
    "makes context only and shows there."
)

_BEFORE = ("told before", "weak before")
GOAL_ROWS = frozenset({3, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 16, 18, 38, 39, 41, 43, 50})
"""Rows of the knowledge base's table of operations whose recall is a goal; 10, 12 in part and 18 need LibreOffice."""


def markdown(score: Score) -> str:
    """Return all measures of a case of files."""
    blocks = [
        f"## {score.source}, scenario {score.scenario}, seed {score.seed}",
        f"{score.mails:,} files with {len(score.plants)} planted taints.",
        *recall(score),
        *recall_by_row(score),
        *false(score),
        *told_clean(score),
        *tested(score),
        *ranked(score),
        *aside(score),
        *alarms(score),
    ]
    return "\n\n".join(blocks) + "\n"


def recall(score: Score) -> Iterable[str]:
    """Yield recall by class and by operation, and the rules that told each."""
    yield (
        "Plants that a finding of that strength or above accuses, by class: D the file or the archive alone can show "
        "it, P partly, N not at all. Before: how many of them were told, and accused at weak, before they were edited. "
        f"{_TOLD}"
    )
    yield table(
        ("class", "plants", "told", *STRENGTHS, *_BEFORE),
        [(row.name, row.plants, row.told, *row.found.values(), *_before(row)) for row in score.by_class if row.plants],
    )
    yield (
        "The same by operation. A sham is the same handling of another file with nothing changed: what accuses shams "
        "sees the program, not the taint."
    )
    yield table(
        ("operation", "what", "plants", "told", *STRENGTHS, *_BEFORE, "shams", "told", "weak"),
        [
            (
                *(row.name, _TITLES.get(row.name, ""), row.plants, row.told, *row.found.values(), *_before(row)),
                *(row.shams, row.shams_told, row.shams_accused),
            )
            for row in score.by_operation
        ],
    )
    counts = Counter([(plant.operation, rule) for plant in score.plants for rule in plant.told])
    if counts:
        yield "By which rules, at any strength."
        yield table(("operation", "rule", "plants"), [(*key, count) for key, count in sorted(counts.items())])
    if score.lacking:
        lacking = ", ".join([f"{name} {count}" for name, count in sorted(score.lacking.items())])
        yield f"Plants that no file suited: {lacking}."


def recall_by_row(score: Score) -> Iterable[str]:
    """Yield recall by row of the knowledge base's table, for the rows that are a goal and for all of these together."""
    rows = {operation.id: GOAL_ROWS.intersection(operation.rows) for operation in OPERATIONS}
    plants = [plant for plant in score.plants if rows.get(plant.operation)]
    lines = [
        _row(str(number), [plant for plant in plants if number in rows[plant.operation]])
        for number in sorted(set().union(*[rows[plant.operation] for plant in plants]))
    ]
    if lines:
        yield (
            "The same by row of the knowledge base's table of operations, for the rows whose recall is a goal. A plant "
            "of two rows counts in each, and once in all."
        )
        whole = _row("all", plants), _row("class D", [plant for plant in plants if plant.cls == "D"])
        yield table(("row", "operations", "plants", "told", *STRENGTHS), [*lines, *whole])


def _row(name: str, plants: Sequence[Found]) -> tuple[str | int, ...]:
    operations = " ".join(sorted({plant.operation for plant in plants})) if name.isdigit() else ""
    found = [sum(ORDER[plant.strength or "context"] >= ORDER[word] for plant in plants) for word in STRENGTHS]
    return (name, operations, len(plants), sum(bool(plant.told) for plant in plants), *found)


def told_clean(score: Score) -> Iterable[str]:
    """Yield which rules tell clean items, at any strength."""
    if score.told_clean:
        yield "Clean items that are told, by rule and bin, files inside others among the unplanted."
        yield table(("rule", "bin", "unplanted", "shams", "honest"), score.told_clean)


def _before(row: Recall) -> tuple[str, str]:
    return ("-", "-") if row.before is None else (str(row.told_before), str(row.before))


def false(score: Score) -> Iterable[str]:
    """Yield false items of clean files, of shams and of honest edits."""
    yield (
        "Clean items that a finding of that strength or above accuses: count, of 1,000 files of that kind, and in "
        f"brackets the one-sided upper 95 % bound. Files inside others count with the unplanted. {_TOLD}"
    )
    yield table(
        ("clean files", "what", "files", "told", *STRENGTHS),
        [
            (
                *(row.kind, _TITLES.get(row.kind, ""), row.mails, row.told),
                *[share(row.items[s], row.per_thousand[s], row.bound[s]) for s in STRENGTHS],
            )
            for row in score.false_items
        ],
    )
