"""A habit that nothing anchors is a line of the ranking: one finding about all items that show it.

What most items of a sender or a server show is what these always do, or it was planted to excuse one of them; nothing
here tells which. So none of them is set aside, each keeps its finding, and whoever reads the ranking meets one line.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from forensics.knowledge.languages import ENGLISH
from forensics.knowledge.wording import Wording
from forensics.model.codec import encode
from forensics.model.findings import CauseState, EvidenceBytes, StoredFinding
from forensics.model.rules import Role, Rule, State, Strength, SubjectRef
from forensics.model.sentences import says

MOST_EVIDENCE = 40
"""Facts that the line quotes, the first of each item; the findings of the items quote all."""

Key = tuple[str, str, str]
"""Rule, bin, value of the comparison group."""

_LINE = says(
    "habit.line",
    one="{n} item of {kind} ({value}) shows this: {title}.",
    many=(
        "{n} items of {kind} ({value}) show this: {title}. So do {k} of {of} comparable items here, the one that is "
        "judged left out. What is anchored among them (by a signature that holds, the same bytes in another source, "
        "or an anchored answer) does not establish it: either it always happens there, or they were planted together. "
        "None of them excuses another."
    ),
)
_KINDS = {
    "sender": says("habit.kind.sender", one="one sender"),
    "sender_client": says("habit.kind.sender_client", one="one sender and program"),
    "first_hop": says("habit.kind.first_hop", one="one first server"),
    "list": says("habit.kind.list", one="one list"),
    "by-host": says("habit.kind.host", one="one server"),
    "by-host pair": says("habit.kind.hosts", one="one pair of servers"),
    "authentication server": says("habit.kind.authentication", one="one authenticating server"),
    "author_application": says("habit.kind.author", one="one author and program"),
}
"""By the comparison group of a rule (`groups.GROUPS`)."""

_ENGLISH = Wording(ENGLISH)
_STRENGTHS = {strength.word: strength for strength in Strength}


def key_of(stored: StoredFinding) -> Key | None:
    """Return which habit a finding follows that nothing anchors; ``None`` where it follows none, or is context."""
    finding = stored.finding
    habit = finding.habit
    if habit is None or habit.anchored is not False or finding.strength == Strength.CONTEXT.word:
        return None
    return finding.rule, finding.bin, habit.group


class HabitLines:
    """Collects findings that follow habits which nothing anchors, and makes one finding of each habit's."""

    def __init__(self) -> None:
        self._first: dict[Key, tuple[Rule, StoredFinding]] = {}
        self._subjects: dict[Key, dict[str, SubjectRef]] = {}
        self._evidence: dict[Key, list[EvidenceBytes]] = {}

    def add(self, rule: Rule, stored: StoredFinding) -> None:
        """Take a finding into account, each once; the others do not matter."""
        key = key_of(stored)
        if key is None:
            return
        first = self._first.get(key)
        if first is None or _order(stored) < _order(first[1]):
            self._first[key] = (rule, stored)
        subjects = self._subjects.setdefault(key, {})
        for subject in stored.finding.subjects:
            if subject.role is not Role.WITNESS:
                subjects.setdefault(subject.sha256, subject)
        quoted = [part for part in stored.finding.evidence if isinstance(part, EvidenceBytes)]
        evidence = self._evidence.setdefault(key, [])
        if quoted and len(evidence) < MOST_EVIDENCE:
            evidence.append(next((part for part in quoted if part.role is not Role.WITNESS), quoted[0]))

    def findings(self) -> Iterator[StoredFinding]:
        """Yield a finding for each habit of two items or more, by rule, bin and value."""
        for key, (rule, first) in sorted(self._first.items(), key=lambda entry: entry[0]):
            subjects = tuple([self._subjects[key][sha256] for sha256 in sorted(self._subjects[key])])
            if len(subjects) > 1:
                yield _finding(rule, first, subjects, self._evidence[key])


def _order(stored: StoredFinding) -> tuple[int, float, str]:
    finding = stored.finding
    return (-_STRENGTHS[finding.strength], finding.rate or 0.0, finding.id)


def _finding(
    rule: Rule, first: StoredFinding, subjects: tuple[SubjectRef, ...], evidence: Sequence[EvidenceBytes]
) -> StoredFinding:
    """Make the finding of all of them, as strong as the strongest of theirs."""
    one = first.finding
    habit = one.habit
    assert habit is not None
    said = _LINE(
        len(subjects),
        kind=_KINDS[rule.compare_with](),
        value=habit.group[:200],
        title=rule.title,
        k=habit.hits,
        of=habit.n,
    )
    named = ["habit", rule.id, rule.version, one.bin, habit.group, [(s.role, s.sha256) for s in subjects]]
    main = subjects[0]
    finding = msgspec.structs.replace(
        one,
        id=hashlib.sha256(encode(named)).hexdigest()[:16],
        statement=_ENGLISH.said(said),
        subjects=subjects,
        item=msgspec.structs.replace(one.item, sha256=main.sha256, location=main.location),
        evidence=tuple(evidence),
        benign=tuple([CauseState(cause=cause, state=State.OPEN) for cause in rule.benign]),
    )
    return StoredFinding(
        finding=finding,
        sentence=said,
        settle=first.settle,
        notes=tuple([None for _ in rule.benign]),
        suspect=first.suspect,
        cluster=habit.group,
        capped="unanchored",
        of_habit=True,
    )


def without_line(
    items: Mapping[str, tuple[Strength, Sequence[StoredFinding]]], findings: Iterable[StoredFinding]
) -> frozenset[str]:
    """Return the items that have nothing but what lines of habits say already, and need no line of their own.

    Args:
        items: by digest the strength of an item's line, and the findings that it is made of.
        findings: all that count.
    """
    lines = {key: _STRENGTHS[one.finding.strength] for one in findings if one.of_habit and (key := key_of(one))}
    return frozenset(
        [
            item
            for item, (strength, found) in items.items()
            if all((key := key_of(one)) is not None and lines.get(key, -1) >= strength for one in found)
        ]
    )
