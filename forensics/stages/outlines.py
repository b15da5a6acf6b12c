"""All observations of a case, one after the other: they are spooled, so that stages that ask for all hold one."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import Protocol, overload

import msgspec

from forensics.errors import CheckError
from forensics.model.rows.explanations import ExplanationRow
from forensics.model.rules import Observation, Rule
from forensics.model.sentences import Sentence
from forensics.stages.observed import Observed, once_each, rough_order, with_state

EXPLANATIONS = """
SELECT e.*, o.sha256 FROM explanations e LEFT JOIN (
    SELECT rule, sha256, sha256(observation) AS observation FROM observations GROUP BY ALL) o USING (rule, observation)
ORDER BY e.rule, o.sha256, e.n
"""
"""What explainers found, in the order of the observations."""


class Texts(Protocol):
    """Texts by their numbers from 1 on."""

    def __getitem__(self, number: int, /) -> bytes:
        """Return a text."""


Spooling = Callable[[Iterable[bytes]], Texts]
"""Puts texts where they can be read in another order."""


def held(texts: Iterable[bytes]) -> Texts:
    """Keep texts in memory: for who has few."""
    return dict(enumerate(texts, start=1))


class Explained(ExplanationRow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `EXPLANATIONS`."""

    sha256: str | None
    """Of the observation's item; ``None``: it is not stored."""


class _Text(msgspec.Struct, frozen=True, array_like=True):
    """An observation as it is spooled, its rule left out."""

    key: str
    outlined: bool
    beside: tuple[Sentence, ...]
    observation: Observation


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Text)


class Outlines(Sequence[Observed]):
    """Observations that are spooled; each is made when it is asked for.

    Args:
        texts: their texts.
        runs: rules and the numbers of the texts of their observations, in order.
    """

    def __init__(self, texts: Texts, runs: Sequence[tuple[Rule, Sequence[int]]]) -> None:
        self._texts, self._runs = texts, runs
        self._ends = list(accumulate([len(numbers) for _, numbers in runs]))

    def of(self, wanted: Callable[[Rule], bool]) -> "Outlines":
        """Return the observations of some rules."""
        return Outlines(self._texts, [(rule, numbers) for rule, numbers in self._runs if wanted(rule)])

    def once_each(self, items: Sequence[str]) -> "Outlines":
        """Return them sorted and each once, as the function of that name does.

        Args:
            items: digests of their main items.
        """
        runs: list[tuple[Rule, Sequence[int]]] = []
        for rule, numbers in sorted(self._runs, key=lambda run: run[0].id):
            kept = array("L")
            for _, same in groupby(sorted(numbers, key=lambda number: items[number - 1]), lambda at: items[at - 1]):
                alike = [(number, self._made(rule, number)) for number in same]
                places = {id(one): number for number, one in alike}
                kept.extend([places[id(one)] for one in once_each([one for _, one in alike])])
            runs.append((rule, kept))
        return Outlines(self._texts, runs)

    def place(self, index: int) -> int:
        """Return the place among all that are spooled of one of these."""
        return self._found(index)[1] - 1

    def _found(self, index: int) -> tuple[Rule, int]:
        if not 0 <= index < len(self):
            raise IndexError(index)
        run = bisect_right(self._ends, index)
        rule, numbers = self._runs[run]
        return rule, numbers[index - self._ends[run]]

    def _made(self, rule: Rule, number: int) -> Observed:
        text = _decoder.decode(self._texts[number])
        return Observed(
            rule=rule, observation=text.observation, key=text.key, outlined=text.outlined, beside=text.beside
        )

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Observed]:
        for rule, numbers in self._runs:
            for number in numbers:
                yield self._made(rule, number)

    @overload
    def __getitem__(self, index: int) -> Observed: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Observed]: ...
    def __getitem__(self, index: int | slice) -> Observed | Sequence[Observed]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        return self._made(*self._found(index))


class Named(Sequence[Observation]):
    """Observations as explainers are asked of them: with the ids of their rules."""

    def __init__(self, observed: Sequence[Observed]) -> None:
        self._observed = observed

    def __len__(self) -> int:
        return len(self._observed)

    def __iter__(self) -> Iterator[Observation]:
        return map(_named, self._observed)

    @overload
    def __getitem__(self, index: int) -> Observation: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Observation]: ...
    def __getitem__(self, index: int | slice) -> Observation | Sequence[Observation]:
        if isinstance(index, slice):
            return [_named(one) for one in self._observed[index]]
        return _named(self._observed[index])


def _named(one: Observed) -> Observation:
    return msgspec.structs.replace(one.observation, rule=one.rule.id)


def spooled(observed: Iterable[Observed], spool: Spooling = held) -> Outlines:
    """Spool observations as they come, those of one rule one after the other."""
    runs: list[tuple[Rule, range]] = []

    def texts() -> Iterator[bytes]:
        for number, one in enumerate(observed, start=1):
            if runs and runs[-1][0] is one.rule:
                runs[-1] = (one.rule, range(runs[-1][1].start, number + 1))
            else:
                runs.append((one.rule, range(number, number + 1)))
            yield _encoder.encode(_Text(one.key, one.outlined, one.beside, one.observation))

    return Outlines(spool(texts()), runs)


def spooled_once(observed: Iterable[Observed], spool: Spooling = held) -> Outlines:
    """Spool observations, those of one rule one after the other; return them as `once_each` does."""
    items: list[str] = []

    def met() -> Iterator[Observed]:
        for one in observed:
            items.append(one.main.sha256)
            yield one

    return spooled(met(), spool).once_each(items)


def explained(observed: Iterable[Observed], found: Iterable[Explained]) -> Iterator[Observed]:
    """Yield stored observations with what explainers found of them.

    Args:
        observed: by rule and item.
        found: what was found, likewise.

    Raises:
        CheckError: an explanation speaks of an observation that is not among these.
    """
    groups = groupby(found, key=lambda row: (row.rule, row.sha256))
    group = next(groups, None)
    for of_item, same in groupby(observed, key=rough_order):
        of_keys: dict[str, list[Explained]] = {}
        if group is not None and group[0] == of_item:
            for row in group[1]:
                of_keys.setdefault(row.observation, []).append(row)
            group = next(groups, None)
        for one in same:
            seen = one.observation
            for row in of_keys.pop(one.key, ()):
                seen = with_state(seen, row.benign)
            yield one if seen is one.observation else msgspec.structs.replace(one, observation=seen)
        if of_keys:
            raise _stray(of_item[0])
    if group is not None:
        raise _stray(group[0][0])


def _stray(rule: str) -> CheckError:
    return CheckError(f"an explanation speaks of an observation of {rule} that is not stored")
