"""The findings of a case that cite an item that may not be quoted, and what is said in their place."""

import re
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from forensics.casestore import Queries
from forensics.checks import RULES, load
from forensics.knowledge.wording import Wording
from forensics.model.findings import CauseState, EvidenceBytes, Finding, Ranked, StoredFinding
from forensics.model.sentences import Sentence, says
from forensics.reader.sealing.items import SealedItems

_RANKED = says("restricted.ranked", one="Restricted, not quoted. {title}: entry {rank} of the ranking.")
_UNRANKED = says("restricted.unranked", one="Restricted, not quoted. {title}.")
_WITHHELD = says("restricted.withheld", one="What rests on items that may not be quoted is left out.")
_DIGEST = re.compile(rb"[0-9a-f]{64}")
_ALL = "SELECT id, stored FROM findings ORDER BY id"
_RANKS = "SELECT rank, unnest(CAST(ranked->'$.findings' AS VARCHAR[])) AS id FROM ranking ORDER BY rank, id"


class _Row(msgspec.Struct, frozen=True):
    id: str
    stored: str


class _Rank(msgspec.Struct, frozen=True):
    rank: int
    id: str


class SealedFindings:
    """The findings that are about an item that may not be quoted, or cite one.

    Args:
        queries: the case.
        items: what may not be quoted.
    """

    def __init__(self, queries: Queries, items: SealedItems) -> None:
        self._items = items
        self._quoted = items.digests | items.archives
        self._rules: dict[str, str] = {}
        self._said: set[str] = set()
        for row in queries.rows(_ALL, {}, _Row):
            if self._may_cite(row.stored):
                stored = msgspec.json.decode(row.stored, type=StoredFinding)
                if self.cites(stored.finding):
                    self._rules[row.id] = stored.finding.rule
                    self._said.update([stored.finding.statement, *[state.note for state in stored.finding.benign]])
        self._said.discard("")
        self._ranks = {row.id: row.rank for row in queries.rows(_RANKS, {}, _Rank)} if self._rules else {}

    def _may_cite(self, stored: str) -> bool:
        if '"sha256":""' in stored:
            return True
        return any(found.decode("ascii") in self._quoted for found in _DIGEST.findall(stored.encode()))

    def cites(self, finding: Finding) -> bool:
        """Whether a finding is about an item that may not be quoted, or shows something of one."""
        refs = [(finding.item.sha256, finding.item.location)]
        refs += [(one.sha256, one.location) for one in finding.subjects]
        for part in finding.evidence:
            if isinstance(part, EvidenceBytes):
                refs.append((part.item.sha256, part.item.location))
            elif not self._quoted.isdisjoint(part.sample):
                return True
        return any(sha256 in self._quoted or self._items.seals(sha256, place) for sha256, place in refs)

    def seals(self, identifier: str) -> bool:
        """Whether the finding of an id is one of them."""
        return identifier in self._rules

    def says(self, text: str) -> bool:
        """Whether a text is what one of them states."""
        return text in self._said

    def sentence(self, identifier: str, rule: str) -> Sentence:
        """Return what is said in the place of a finding's statement: its rule's title, and where it is ranked."""
        title = load(rule).RULE.title if rule in RULES else rule
        if identifier in self._ranks:
            return _RANKED(title=title, rank=self._ranks[identifier])
        return _UNRANKED(title=title)

    def statement(self, identifier: str, rule: str) -> str:
        """Return the same in English."""
        return Wording("en").said(self.sentence(identifier, rule))

    def finding(self, finding: Finding) -> Finding:
        """Return one of them without anything of an item: strength, counts and states stay."""
        return replace(
            finding,
            statement=self.statement(finding.id, finding.rule),
            evidence=(),
            habit=replace(finding.habit, group="") if finding.habit else None,
            benign=tuple([CauseState(cause=one.cause, state=one.state) for one in finding.benign]),
            restricted=True,
        )

    def stored(self, stored: StoredFinding) -> StoredFinding:
        """Return one of them as it is stored, likewise."""
        return replace(
            stored,
            finding=self.finding(stored.finding),
            sentence=self.sentence(stored.finding.id, stored.finding.rule),
            coverage=(),
            notes=(),
            suspect="",
            cluster="",
        )

    def reasons(self, line: Ranked) -> tuple[str, ...]:
        """Return what is said of a line of the ranking, of which each sentence may quote: its rules alone."""
        found = [self.statement(one, self._rules[one]) for one in line.findings if one in self._rules]
        return tuple(dict.fromkeys(found)) or (Wording("en").say(_WITHHELD),)

    def kept(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Return texts without those that one of the findings states."""
        shown: Mapping[str, str] = {text: Wording("en").say(_WITHHELD) if self.says(text) else text for text in texts}
        return tuple(dict.fromkeys(shown.values()))
