"""Scores that clean mails reach, each corpus graded with the rates of the others."""

import csv
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError
from forensics.knowledge.rates import same_source


class ScoreRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many mails of a corpus have exactly this score; score 0 counts those that are not ranked."""

    corpus: str
    score: float
    mails: int


@cache
def scores() -> tuple[ScoreRow, ...]:
    """Return all rows, in the order of the table.

    Raises:
        KnowledgeError: a row is malformed or negative.
    """
    text = resources.files(__package__).joinpath("clean_scores.csv").read_text(encoding="utf-8")
    found = []
    for number, record in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            row = msgspec.convert(record, ScoreRow, strict=False)
        except msgspec.ValidationError as wrong:
            raise KnowledgeError(f"clean_scores.csv line {number}: {wrong}") from wrong
        if row.score < 0 or row.mails < 0:
            raise KnowledgeError(f"clean_scores.csv line {number}: a negative score or count")
        found.append(row)
    return tuple(found)


@cache
def at_least(score: float, leave_out: tuple[str, ...] = ()) -> tuple[int, int]:
    """Return how many clean mails have this score or a higher one, and of how many.

    Args:
        score: as a ranked line has it.
        leave_out: corpora that are not counted, nor those of the same source.
    """
    gone = {name for one in leave_out for name in same_source(one)}
    rows = [row for row in scores() if row.corpus not in gone]
    return sum(row.mails for row in rows if row.score >= score), sum(row.mails for row in rows)
