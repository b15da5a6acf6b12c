"""One block per ranked item or cluster: everything the template shows, in order, as plain values."""

import msgspec

from forensics.knowledge.terms import PROPOSITIONS, ROLES, STATUSES, STRENGTHS
from forensics.knowledge.wording import NONE, Wording
from forensics.model.facts import Timestamp
from forensics.model.findings import EvidenceAggregate, EvidenceBytes, ItemRef, Ranked, StoredFinding
from forensics.model.instants import claimed, moment
from forensics.model.items import Status
from forensics.model.rules import Role, Subject
from forensics.model.sentences import says
from forensics.model.summary import CaseSummary, ItemFacts
from forensics.reader.in_language import texts
from forensics.report import axis, phrases, replay
from forensics.report.clocks import ClockRow, clock_rows, picture
from forensics.report.quotes import Piece, quote
from forensics.report.rates import HABIT, seen

_TITLED = {
    "mail": says("report.item.mail", one="Mail “{title}”"),
    "document": says("report.item.document", one="Document “{title}”"),
    "image": says("report.item.image", one="Image “{title}”"),
}
_UNTITLED = {
    "mail": says("report.item.mail.untitled", one="Mail without a subject"),
    "document": says("report.item.document.untitled", one="Document without a name"),
    "image": says("report.item.image.untitled", one="Image without a name"),
}
_CAPPED = {
    "ceiling": says(
        "report.capped.ceiling",
        one="The count alone would give a higher grade; this is the highest that this rule gives.",
    ),
    "calibration": says(
        "report.capped.calibration",
        one="The count alone would give a higher grade; too few genuine items were compared.",
    ),
    "no rate": says("report.capped.no_rate", one="No count of genuine items exists, so it is context only."),
    "explained": says("report.capped.explained", one="An innocent cause explains it, so it is context only."),
    "unsolicited": says(
        "report.capped.unsolicited",
        one="Spam shows this too, and nothing here shows that the sender is a correspondent: at most weak.",
    ),
    "habit": says("report.capped.habit", one="Comparable items of this archive do the same, which lowers the grade."),
}
_CLEAN_SCORE = says("report.clean_score", one="A score at least this high: {at_least} of {n} genuine items.")

MEMBERS_MAX = 100
OCCURRENCES_MAX = 10
FINDINGS_MAX = 12
PLACE_MAX = 400
TEXT_MAX = 1_000
"""Characters of one sentence."""
EVIDENCE_MAX = 20
CLUSTER_EVIDENCE_MAX = 4
DIGEST_SHOWN = 16
"""Hex digits of a digest in tables and commands; blocks show it whole."""


class BenignView(msgspec.Struct, frozen=True):
    """One innocent cause with its mark and word."""

    mark: str
    word: str
    cause: str
    note: str


class EvidenceView(msgspec.Struct, frozen=True):
    """One quoted fact."""

    role: str
    decides: bool
    label: str
    value: str
    pieces: tuple[Piece, ...]
    path: str
    bytes: str
    elsewhere: str
    """Location of the other item that the fact stands in; empty for the block's own item."""
    recheck: replay.Recheck | None


class CountView(msgspec.Struct, frozen=True):
    """One count over the archive."""

    label: str
    counted: str
    query: str
    parameters: str


class FindingView(msgspec.Struct, frozen=True):
    """One finding."""

    id: str
    rule: str
    strength: str
    level: int
    statement: str
    rate: tuple[str, ...]
    remarks: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]
    evidence_more: str
    counts: tuple[CountView, ...]
    benign: tuple[BenignView, ...]
    settle: str
    proposition: str
    references: str


class MemberView(msgspec.Struct, frozen=True):
    """One member of a cluster."""

    number: int
    name: str
    author: str
    last_author: str
    saved: str
    digest: str
    location: str


class Block(msgspec.Struct, frozen=True):
    """One ranked line in full."""

    rank: int
    anchor: str
    title: str
    strength: str
    level: int
    sha256: str
    facts_line: str
    occurrences: tuple[str, ...]
    occurrences_more: str
    claims: tuple[tuple[str, str], ...]
    findings: tuple[FindingView, ...]
    findings_more: str
    clocks: tuple[ClockRow, ...]
    clock_picture: axis.ClockAxis | None
    claimed: str
    members: tuple[MemberView, ...]
    members_more: str
    strip: axis.Strip | None
    strip_day: str
    supported: tuple[str, ...]
    notices: tuple[tuple[str, str], ...]
    no_power: str
    commands: tuple[str, ...]
    recheck: replay.Recheck | None
    score: str


class Builder:
    """Makes blocks and their parts from one summary in one language."""

    def __init__(self, summary: CaseSummary, wording: Wording) -> None:
        self.summary = summary
        self.wording = wording
        self.rules = {rule.id: rule for rule in summary.rules}
        self._written = dict([pair for stored in summary.findings.values() for pair in texts(stored, self.wording)])

    def block(self, ranked: Ranked) -> Block:
        """Return the block of a ranked line."""
        say = self.wording
        facts = self._facts(ranked)
        chosen = self.findings(ranked)
        members = ranked.cluster.members if ranked.cluster else ()
        saved = [self._saved(ref) for ref in members[:MEMBERS_MAX]]
        times = facts.timestamps if facts else ()
        claim = claimed(times)
        moments = [(n + 1, ticks) for n, time in enumerate(saved) if time and (ticks := moment(time)) is not None]
        return Block(
            rank=ranked.rank,
            anchor=f"rank-{ranked.rank}",
            title=self.title(ranked),
            strength=say.say(STRENGTHS[ranked.strength]),
            level=LEVELS.get(ranked.strength, 0),
            sha256=facts.ref.sha256 if facts else ranked.item.sha256 if ranked.item else "",
            facts_line=self._facts_line(facts) if facts else "",
            occurrences=tuple([place.text[:PLACE_MAX] for place in facts.occurrences[:OCCURRENCES_MAX]])
            if facts
            else (),
            occurrences_more=self._more(len(facts.occurrences) - OCCURRENCES_MAX) if facts else "",
            claims=facts.claims if facts else (),
            findings=tuple([self._finding(stored, ranked) for stored in chosen[:FINDINGS_MAX]]),
            findings_more=self._more(len(chosen) - FINDINGS_MAX),
            clocks=clock_rows(times, claim, say),
            clock_picture=picture(times, claim),
            claimed=say.reading(claim) if claim else "",
            members=tuple([self._member(n + 1, ref) for n, ref in enumerate(members[:MEMBERS_MAX])]),
            members_more=self._more(len(members) - MEMBERS_MAX),
            strip=axis.strip(moments),
            strip_day=say.instant(min([ticks for _, ticks in moments]))[:10] if moments else "",
            supported=tuple([self.written(said) for said in ranked.supported_by]),
            notices=tuple([(notice.code, notice.text[:300]) for notice in facts.notices[:20]]) if facts else (),
            no_power=", ".join(facts.no_power) if facts else "",
            commands=self._commands(ranked),
            recheck=replay.item(facts.ref.location) if facts else None,
            score=self._score(ranked),
        )

    def written(self, english: str) -> str:
        """Return a sentence that a case keeps in English in the report's language, where a finding has its key."""
        return self._written.get(english) or self.wording.english(english)

    def title(self, ranked: Ranked) -> str:
        """Name a ranked line: what it is."""
        if ranked.cluster is not None:
            return self.wording.say(phrases.CLUSTER, len(ranked.cluster.members), value=ranked.cluster.value[:200])
        first, *others = dict.fromkeys([self.item_title(ref) for ref in ranked.items]) or ("",)
        return " ".join([first, *[self.wording.say(phrases.OR, item=other) for other in others]])

    def item_title(self, ref: ItemRef) -> str:
        """Name an item by subject or file name, else by its place."""
        facts = self.summary.items.get(ref.sha256)
        if facts is None:
            return ref.location.text[-PLACE_MAX:]
        kind = _kind(facts.media_type)
        if not facts.title:
            return self.wording.say(_UNTITLED[kind])
        return self.wording.say(_TITLED[kind], title=facts.title[:200])

    def findings(self, ranked: Ranked) -> list[StoredFinding]:
        """Return the findings of a ranked line, those that decide first."""
        return [self.summary.findings[key] for key in ranked.findings if key in self.summary.findings]

    def rate(self, stored: StoredFinding, cluster: bool = False) -> tuple[str, ...]:
        """Say how often genuine items show the same, in counts."""
        finding, say = self.wording.finding(stored), self.wording
        rule = self.rules.get(finding.rule)
        kind = "cluster" if cluster else (rule.subject if rule else Subject.OCCURRENCE).value
        said = seen(finding.reference, kind, say)
        if finding.habit is not None:
            habit = finding.habit
            said.append(say.say(HABIT, hits=habit.hits, n=habit.n, group=habit.group))
        return tuple(said)

    def _facts(self, ranked: Ranked) -> ItemFacts | None:
        return self.summary.items.get(ranked.item.sha256) if ranked.item else None

    def _facts_line(self, facts: ItemFacts) -> str:
        say = self.wording
        return say.say(
            phrases.CONTENT_FACTS,
            size=say.size(facts.size),
            bytes=facts.size,
            type=facts.media_type or say.say(NONE),
            status=say.say(STATUSES[Status(facts.status)]),
            parser=facts.parser or say.say(NONE),
        )

    def _finding(self, stored: StoredFinding, ranked: Ranked) -> FindingView:
        finding, say = self.wording.finding(stored), self.wording
        own = ranked.item.sha256 if ranked.item else ""
        quoted = [part for part in finding.evidence if isinstance(part, EvidenceBytes)]
        most = CLUSTER_EVIDENCE_MAX if ranked.cluster else EVIDENCE_MAX
        return FindingView(
            id=finding.id,
            rule=f"{finding.rule} {say.say(phrases.VERSION, version=str(finding.rule_version))}",
            strength=say.say(STRENGTHS[finding.strength]),
            level=LEVELS.get(finding.strength, 0),
            statement=finding.statement[:TEXT_MAX],
            rate=self.rate(stored, ranked.cluster is not None),
            remarks=self._remarks(stored),
            evidence=tuple([self._evidence(part, own) for part in quoted[:most]]),
            evidence_more=self._more(len(quoted) - most),
            counts=tuple([self._count(part) for part in finding.evidence if isinstance(part, EvidenceAggregate)]),
            benign=tuple(
                [BenignView(*say.state(state), say.cause(state.cause), state.note) for state in finding.benign]
            ),
            settle=finding.settle,
            proposition=say.say(PROPOSITIONS[finding.proposition]),
            references=", ".join(finding.references),
        )

    def _remarks(self, stored: StoredFinding) -> tuple[str, ...]:
        say, said = self.wording, []
        if stored.finding.contradiction:
            said.append(say.say(phrases.CONTRADICTION))
        if stored.capped in _CAPPED:
            said.append(say.say(_CAPPED[stored.capped]))
        return tuple(said)

    def _evidence(self, part: EvidenceBytes, own: str) -> EvidenceView:
        say, locator = self.wording, part.locator
        spans = [f"{say.number(start)}\N{EN DASH}{say.number(end)}" for start, end in locator.ranges[:8]]
        return EvidenceView(
            role=say.say(ROLES[part.role]),
            decides=part.role is not Role.WITNESS,
            label=part.label[:100],
            value=part.value[:500],
            pieces=quote(part, say),
            path=locator.path[:300],
            bytes=", ".join(spans),
            elsewhere=part.item.location.text[:PLACE_MAX] if part.item.sha256 != own else "",
            recheck=replay.evidence(part),
        )

    def _count(self, part: EvidenceAggregate) -> CountView:
        return CountView(
            label=part.label,
            counted=self.wording.say(phrases.COUNT_OF, k=part.k, n=part.n),
            query=part.query,
            parameters=", ".join([f"{name} = {value}" for name, value in sorted(part.parameters.items())])[:500],
        )

    def _saved(self, ref: ItemRef) -> Timestamp | None:
        facts = self.summary.items.get(ref.sha256)
        return claimed(facts.timestamps) if facts else None

    def _member(self, number: int, ref: ItemRef) -> MemberView:
        facts, say = self.summary.items.get(ref.sha256), self.wording
        saved = self._saved(ref)
        none = say.say(NONE)
        return MemberView(
            number=number,
            name=((facts.title if facts else "") or ref.location.steps[-1].text)[:200],
            author=_claim(facts, AUTHOR) or none,
            last_author=_claim(facts, LAST_AUTHOR) or none,
            saved=say.reading(saved) if saved else none,
            digest=ref.sha256[:DIGEST_SHOWN],
            location=ref.location.text,
        )

    def _commands(self, ranked: Ranked) -> tuple[str, ...]:
        shown = ranked.items[:1] if ranked.cluster else ranked.items[:MEMBERS_MAX]
        return tuple([f"forensics show CASE {ref.sha256[:DIGEST_SHOWN]}" for ref in shown])

    def _score(self, ranked: Ranked) -> str:
        clean = ranked.clean_score
        if not clean:
            return ""
        return self.wording.say(_CLEAN_SCORE, at_least=clean["at_least"], n=clean["n"])

    def _more(self, n: int) -> str:
        return self.wording.say(phrases.MORE, n) if n > 0 else ""


LEVELS = {"context": 0, "weak": 1, "moderate": 2, "strong": 3}
AUTHOR = frozenset({"author", "creator"})
LAST_AUTHOR = frozenset({"last author", "last saved by", "last modified by", "last_author"})


def _kind(media_type: str) -> str:
    if media_type.startswith("message/"):
        return "mail"
    if media_type.startswith("image/"):
        return "image"
    return "document"


def _claim(facts: ItemFacts | None, labels: frozenset[str]) -> str:
    return next((value for label, value in facts.claims if label.lower() in labels), "") if facts else ""
