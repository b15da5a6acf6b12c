"""What a case keeps in English, in another language: by the findings that have the keys and values of its sentences."""

from collections.abc import Callable, Iterable, Iterator, Set
from typing import TypeVar

from msgspec.structs import replace

from forensics.casestore import Queries
from forensics.checks import load_all
from forensics.knowledge.languages import ENGLISH
from forensics.knowledge.wording import Wording
from forensics.model.findings import Finding, Ranked, SetAside, StoredFinding
from forensics.stages.grading import anchored, archive_property, concluding, findings, habit_lines

Row = TypeVar("Row", Finding, Ranked, SetAside)

DECLARING = (anchored, archive_property, concluding, findings, habit_lines)
"""Modules of stages whose sentences a case keeps: they are declared by being imported."""

_BY_ID = "SELECT stored AS text FROM findings WHERE id IN (SELECT unnest($ids::VARCHAR[])) ORDER BY id"
_ALL = "SELECT stored AS text FROM findings"
"""As they are stored: any that says a sentence will do."""


def declare() -> None:
    """Declare every sentence that a case can hold."""
    load_all()


def findings_that_say(queries: Queries, ids: Set[str], beside: Set[str]) -> dict[str, StoredFinding]:
    """Return findings by id, and one for each English sentence that is said beside them, where a finding says it."""
    left = set(beside) - {""}
    found = {one.finding.id: one for one in queries.stored(_BY_ID, {"ids": sorted(ids)}, StoredFinding)}
    left.difference_update(*[_said(one) for one in found.values()])
    others = queries.stored(_ALL, {}, StoredFinding)
    while left and (other := next(others, None)) is not None:
        if _said(other) & left:
            found[other.finding.id] = other
            left -= _said(other)
    return found


def _said(stored: StoredFinding) -> set[str]:
    """Return what a finding says in English that is said elsewhere too."""
    return {stored.finding.statement, *[state.note for state in stored.finding.benign]}


def texts(stored: StoredFinding, say: Wording) -> Iterator[tuple[str, str]]:
    """Yield in English and in a language what a finding says that is said elsewhere too; `declare` comes before."""
    english, written = stored.finding, say.finding(stored)
    yield english.statement, written.statement
    for before, after in zip(english.benign, written.benign, strict=True):
        yield before.note, after.note


def in_language(
    queries: Queries, rows: Iterable[Row], language: str, shown: Callable[[StoredFinding], StoredFinding]
) -> tuple[Row, ...]:
    """Return rows with their sentences in a language; what has no key, or no translation, stays in English.

    Args:
        queries: the case.
        rows: as they may be shown.
        language: ``en``, or a language that has a catalogue.
        shown: returns a finding as it may be shown: what may not be quoted in English may not be in another language.

    Raises:
        UsageError: there is no such language.
    """
    found = tuple(rows)
    if language == ENGLISH:
        return found
    declare()
    say = Wording(language)
    ids = {one for row in found for one in _ids(row)}
    say_so = findings_that_say(queries, ids, {text for row in found for text in _beside(row)})
    stored = {name: shown(one) for name, one in say_so.items()}
    said = dict([pair for one in stored.values() for pair in texts(one, say)])
    return tuple([_written(row, stored, said, say) for row in found])


def _ids(row: Finding | Ranked | SetAside) -> tuple[str, ...]:
    if isinstance(row, Finding):
        return (row.id,)
    return row.findings if isinstance(row, Ranked) else ()


def _beside(row: Finding | Ranked | SetAside) -> tuple[str, ...]:
    if isinstance(row, Ranked):
        return (*row.reasons, *row.supported_by)
    return (row.statement,) if isinstance(row, SetAside) else ()


def _written(row: Row, stored: dict[str, StoredFinding], said: dict[str, str], say: Wording) -> Row:
    if isinstance(row, Finding):
        if row.id not in stored:
            return row
        written = say.finding(stored[row.id])
        return replace(row, statement=written.statement, settle=written.settle, benign=written.benign)
    if isinstance(row, SetAside):
        return replace(row, statement=said.get(row.statement, row.statement))
    reasons, supported = [tuple([said.get(one, one) for one in texts]) for texts in (row.reasons, row.supported_by)]
    conclusion, side = say.concluded(row)
    return replace(row, reasons=reasons, supported_by=supported, conclusion=conclusion, side=side)
