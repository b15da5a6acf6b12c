"""How a unit is read when workers fail at it: what to try next, and which item to leave out in the end.

What a failed worker names as its current item may be a lie, so an item is left out only after a fresh process that was
given its file alone has failed too. All of it is decided here, without processes: `attempts` yields jobs and is sent
what came of each.
"""

from collections.abc import Generator, Mapping, Sequence
from typing import TypeVar

import msgspec

from forensics.engine.reading.process import Why
from forensics.engine.reading.protocol import PULSE_TEXT, Job
from forensics.engine.reading.units import Unit
from forensics.errors import WorkerFailed
from forensics.model.locations import quote

FRUITLESS = 2
"""Failures of a whole unit that no file alone explains, until all of its files are tried for the cause."""
MOST_FRUITLESS = 4
"""The same, until the unit is given up: all its files are recorded as not read."""
MANY = 8
"""Items left out, after which the others are searched for at once: each attempt at the whole reads all before them."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A job that came to nothing."""

    why: Why
    victim: str
    """Location that the worker's page named; a claim."""
    words: str
    """The fault, and the end of what the worker said on standard error."""


T = TypeVar("T")
Trying = Generator[Job, Failure | None, T]
"""Yields jobs, is sent what went wrong with each, and returns what it has found out."""


def attempts(unit: Unit) -> Trying[None]:
    """Yield jobs until the unit has been read as a whole; the last job that is yielded is the one that counts.

    Raises:
        WorkerFailed: not even a file that is left out can be recorded: the fault is not in the evidence.
    """
    names = [quote(file.name)[:PULSE_TEXT] for file in unit.files]
    skip: dict[str, str] = {}
    fruitless, many = 0, MANY
    while (failure := (yield Job(unit=unit, last=len(names), skip=skip))) is not None:
        again = yield from _alone(unit, names, skip, failure)
        if again is None and len(names) == 1:
            return
        blamed = _blamed(names, skip, failure, again)
        fruitless = 0 if blamed else fruitless + 1
        if fruitless >= FRUITLESS or len(skip) >= many:
            blamed |= yield from _search(unit, names, skip, (0, len(names)), failure)
            many = 2 * len(skip) + MANY
        if fruitless >= MOST_FRUITLESS and blamed.keys() <= skip.keys():
            if all(name in skip for name in names):
                raise _hopeless(failure)
            blamed = dict.fromkeys(names, str(failure.why))
        skip = {**skip, **blamed}


def _file_of(location: str) -> str:
    return location.partition(" > ")[0]


def _alone(unit: Unit, names: Sequence[str], skip: Mapping[str, str], failure: Failure) -> Trying[Failure | None]:
    """Try the file that a failure names, or the only one, alone; ``None``: that went well, or no file is named."""
    named = _file_of(failure.victim)
    if named not in names and len(names) > 1:
        return None
    place = names.index(named) if named in names else 0
    return (yield Job(unit=unit, first=place, last=place + 1, skip=dict(skip)))


def _blamed(names: Sequence[str], skip: Mapping[str, str], failure: Failure, again: Failure | None) -> dict[str, str]:
    """Return what to leave out: an item at which both failed, else the file, if that failed alone."""
    if again is None:
        return {}
    item, file = failure.victim, _file_of(failure.victim)
    if file not in names:
        item = file = names[0]  # the only one
    if file in skip:
        raise _hopeless(again)
    return {item if again.victim == item and item not in skip else file: str(again.why)}


def _hopeless(failure: Failure) -> WorkerFailed:
    return WorkerFailed(f"worker processes end on their own, whatever they read: {failure.words}")


def _search(
    unit: Unit, names: Sequence[str], skip: Mapping[str, str], span: tuple[int, int], failure: Failure
) -> Trying[dict[str, str]]:
    """Return the files of a span, which failed as a whole, that fail alone; found by halves."""
    first, last = span
    if last - first == 1:
        return {names[first]: str(failure.why)}
    blamed: dict[str, str] = {}
    middle = (first + last) // 2
    for half in ((first, middle), (middle, last)):
        found = yield Job(unit=unit, first=half[0], last=half[1], skip=dict(skip))
        if found is not None:
            blamed |= yield from _search(unit, names, skip, half, found)
    return blamed
