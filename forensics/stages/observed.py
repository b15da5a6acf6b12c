"""An observation with the rule that made it, and what the archive explains of it: what grading starts from."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from sys import intern
from typing import Protocol, TypeVar

import msgspec

from forensics.errors import CheckError
from forensics.model.codec import decode, encode_text
from forensics.model.findings import ItemRef
from forensics.model.items import Notice
from forensics.model.locations import Location, Locator, StepKind
from forensics.model.rows.observations import ObservationRow
from forensics.model.rules import BenignState, Evidence, Observation, Role, Rule, State, Subject, SubjectRef
from forensics.model.sentences import Sentence

T = TypeVar("T")
Explanation = tuple[int, BenignState]
"""Place of an observation among those in question, and what was found of one of its innocent causes."""


class Rows(Protocol):
    """Runs one constant query over the case's tables and yields typed rows."""

    def __call__(self, sql: str, parameters: Mapping[str, object], kind: type[T], /) -> Iterable[T]:
        """Yield the rows of *sql* as *kind*, in the query's order."""


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """One observation, its subjects filled in, and its rule."""

    rule: Rule
    observation: Observation
    key: str = ""
    """SHA-256 of the observation's JSON as it is stored; empty where it is not."""
    outlined: bool = False
    """Whether the observation lacks what only its finding says: see `outline`."""
    beside: tuple[Sentence, ...] = ()
    """What its finding says beside the rule's sentence: why a role is not the rule's."""

    @property
    def accused(self) -> tuple[SubjectRef, ...]:
        """Subjects that the observation speaks against: suspects, and those of which one must be wrong."""
        return tuple([subject for subject in self.observation.subjects if subject.role is not Role.WITNESS])

    @property
    def items(self) -> tuple[str, ...]:
        """Digests of the accused, sorted, each once."""
        return tuple(sorted({subject.sha256 for subject in self.accused}))

    @property
    def main(self) -> SubjectRef:
        """The first suspect or either."""
        for subject in self.observation.subjects:
            if subject.role is not Role.WITNESS:
                return subject
        raise CheckError(f"{self.rule.id} yielded an observation without a subject it speaks against")


def in_order(observed: Iterable[Observed]) -> list[Observed]:
    """Sort by rule, item, place and the whole observation: an order that no order of arrival can change."""
    rough = sorted(observed, key=rough_order)
    # Writing out the whole observation is dear, and few share rule and item.
    return [one for _, same in groupby(rough, key=rough_order) for one in _settled(list(same))]


def rough_order(one: Observed) -> tuple[str, str]:
    """Return rule and item, by which stored observations are sorted first."""
    return (one.rule.id, one.main.sha256)


def _settled(same: list[Observed]) -> list[Observed]:
    if len(same) > 1:
        same.sort(key=lambda one: (_place(one.main.location), encode_text(one.observation)))
    return same


def _place(location: Location) -> tuple[tuple[str, int], ...]:
    """Return by what places are sorted: as they are met when a source is read from its beginning."""
    return tuple([(step.name, 0) if step.kind is StepKind.FILE else ("", step.start) for step in location.steps])


def item_ref(subject: SubjectRef) -> ItemRef:
    """Return a subject without its role."""
    return ItemRef(sha256=subject.sha256, location=subject.location)


def from_rows(
    stored: Iterable[ObservationRow], rules: Mapping[str, Rule]
) -> tuple[tuple[Observed, ...], tuple[Notice, ...]]:
    """Join stored observations with their rules.

    Args:
        stored: sorted by rule and item.
        rules: by id.

    Returns:
        Observations as `joined` gives them, and a notice for each rule version that is not in force.
    """
    strange: Counter[str] = Counter()
    return tuple(joined(stored, rules, strange)), not_in_force(strange)


def joined(stored: Iterable[ObservationRow], rules: Mapping[str, Rule], strange: Counter[str]) -> Iterator[Observed]:
    """Join stored observations with their rules, as they come.

    Args:
        stored: sorted by rule and item.
        rules: by id.
        strange: takes the rule versions that are not in force, with their numbers of observations.

    Yields:
        Observations in a fixed order, one for each content where a rule judges contents (two units may have met the
        same one: the first place in order stands).
    """
    for _, same in groupby(stored, key=lambda row: (row.rule, row.sha256)):
        group = []
        for row in same:
            rule = rules.get(row.rule)
            if rule is None or rule.version != row.rule_version:
                strange[f"{row.rule}/{row.rule_version}"] += 1
            else:
                group.append(Observed(rule=rule, observation=decode(row.observation, Observation), key=key_of(row)))
        yield from once_each(group)


def not_in_force(strange: Mapping[str, int]) -> tuple[Notice, ...]:
    """Return the notices on rule versions that are not in force."""
    return tuple(
        [
            Notice(
                code="engine.rule_not_in_force", text=f"{count} observations of {name} are stored but cannot be graded"
            )
            for name, count in sorted(strange.items())
        ]
    )


def key_of(row: ObservationRow) -> str:
    """Return the `Observed.key` of a stored observation."""
    return hashlib.sha256(row.observation.encode("utf-8")).hexdigest()


_UNSAID = Sentence("", {})
_NOWHERE = Location(())
_NO_PLACE = Locator(ranges=(), path="")


def outline(one: Observed) -> Observed:
    """Return what explaining and weighing ask of an observation: two fifths of it, for all are read several times.

    It lacks the sentence, counts, places, and of the facts all but whose and which time they are. One that belongs to a
    cluster is returned whole: it is merged with others.
    """
    seen = one.observation
    if seen.cluster:
        return one
    facts = [
        Evidence(
            role=fact.role,
            label="",
            value="",
            raw=b"",
            locator=_NO_PLACE,
            sha256=fact.sha256,
            kind=fact.kind,
            instant=fact.instant,
            wall=fact.wall,
        )
        for fact in seen.evidence
    ]
    subjects = [SubjectRef(role=each.role, sha256=each.sha256, location=_NOWHERE) for each in seen.subjects]
    outlined = msgspec.structs.replace(
        seen,
        sentence=_UNSAID,
        bin=intern(seen.bin),
        suspect=intern(seen.suspect),
        evidence=tuple(facts),
        subjects=tuple(subjects),
        aggregates=(),
    )
    return msgspec.structs.replace(one, observation=outlined, outlined=True)


def once_each(observed: Sequence[Observed]) -> tuple[Observed, ...]:
    """Sort, and keep one of several observations that say the same of the same content."""
    kept: list[Observed] = []
    for _, group in groupby(in_order(observed), key=rough_order):
        first: dict[tuple[object, ...], Observed] = {}
        same = list(group)
        for one in same:
            first.setdefault(_identity(one) if len(same) > 1 else (), one)
        kept.extend(first.values())
    return tuple(kept)


def _identity(one: Observed) -> tuple[object, ...]:
    rule, seen = one.rule, one.observation
    places = rule.subject is Subject.OCCURRENCE
    subjects = tuple([(s.role, s.sha256, s.location.text if places else "") for s in seen.subjects])
    facts = tuple([(fact.label, fact.sha256, encode_text(fact.locator)) for fact in seen.evidence])
    return (rule.id, seen.bin, seen.suspect, seen.cluster, subjects, facts)


def with_state(observation: Observation, state: BenignState) -> Observation:
    """Add what an explainer found, unless the rule settled that cause from its own facts."""
    known = next((own for own in observation.benign if own.cause == state.cause), None)
    if known is not None and known.state in (State.EXPLAINS, State.EXCLUDED):
        return observation
    others = [own for own in observation.benign if own.cause != state.cause]
    return msgspec.structs.replace(observation, benign=(*others, state))
