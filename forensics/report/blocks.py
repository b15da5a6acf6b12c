"""One block per ranked item or cluster: everything the template shows, in order, as plain values."""

import msgspec

from forensics.knowledge.terms import STATUSES, STRENGTHS
from forensics.knowledge.wording import NONE, Wording
from forensics.model.comparing import Side
from forensics.model.facts import Timestamp
from forensics.model.findings import Finding, ItemRef, Ranked, Related, StoredFinding
from forensics.model.instants import claimed, moment
from forensics.model.items import Status
from forensics.model.rules import Subject
from forensics.model.sentences import says
from forensics.model.summary import CaseSummary, ItemFacts
from forensics.reader.in_language import texts
from forensics.report import concluded, phrases, replay
from forensics.report.clocks import ClockRow, clock_rows, picture
from forensics.report.cluster_titles import cluster_title
from forensics.report.compared import IN_PART, named
from forensics.report.families import Families, Relatives
from forensics.report.finding_views import LEVELS, PLACE_MAX, TEXT_MAX, FindingView, finding_view
from forensics.report.marks import beside
from forensics.report.pictures.clock_plot import ClockPlot
from forensics.report.pictures.members import Strip, strip
from forensics.report.rates import HABIT, NAMED, UNKNOWN, bound_of, how_rare, met_briefly, seen, together

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
_CLEAN_SCORE = says("report.clean_score", one="A score at least this high: {at_least} of {n} genuine items.")

MEMBERS_MAX = 100
OCCURRENCES_MAX = 10
FINDINGS_MAX = 12
DIGEST_SHOWN = 16
DIFFERING_MAX = 3_000
"""Characters of two texts side by side."""
CHANGED_MAX = 30
CHANGED_SHOWN = 120
"""Characters of a value before and after."""
_OF_TEXT = ("text_added", "text_removed")
"""Hex digits of a digest in tables and commands; blocks show it whole."""


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
    conclusion: str
    side: str
    """Which of two mails is likelier the changed one, or that nothing tells; empty for one."""
    text: str
    """How a mail begins."""
    related: tuple[tuple[str, str, str], ...]
    """Of each other mail of the entry: what it is to the item, what it is called, and its digest."""
    traits: tuple[concluded.TraitView, ...]
    differing: tuple[tuple[str, str], ...]
    """Words of the item and of the other mail of its entry, in order: which has them, and the words."""
    changed: tuple[tuple[str, str, str], ...]
    """What else differs between a document and its original, or one nearly as it is: what, the one, the other."""
    strength: str
    level: int
    sha256: str
    facts_line: str
    occurrences: tuple[str, ...]
    occurrences_more: str
    claims: tuple[tuple[str, str], ...]
    marks: tuple[str, ...]
    findings: tuple[FindingView, ...]
    findings_more: str
    clocks: tuple[ClockRow, ...]
    clock_picture: ClockPlot | None
    claimed: str
    members: tuple[MemberView, ...]
    members_more: str
    strip: Strip | None
    strip_day: str
    supported: tuple[str, ...]
    relatives: tuple[Relatives, ...]
    notices: tuple[tuple[str, str], ...]
    no_power: str
    commands: tuple[str, ...]
    recheck: replay.Recheck | None
    score: str
    together: tuple[str, ...]
    """What makes the entry strong although each of its findings is moderate; empty where one finding is strong."""


class Builder:
    """Makes blocks and their parts from one summary in one language."""

    def __init__(self, summary: CaseSummary, wording: Wording) -> None:
        self.summary = summary
        self.wording = wording
        self.rules = {rule.id: rule for rule in summary.rules}
        self.families = Families(summary.families, wording, public=summary.public)
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
        _, side = say.concluded(ranked)
        moments = [(n + 1, ticks) for n, time in enumerate(saved) if time and (ticks := moment(time)) is not None]
        return Block(
            rank=ranked.rank,
            anchor=f"rank-{ranked.rank}",
            title=self.title(ranked),
            conclusion=self.conclusion(ranked)[:TEXT_MAX],
            side=side[:TEXT_MAX],
            text=self.summary.texts.get(facts.ref.sha256, "")[:TEXT_MAX] if facts else "",
            related=tuple([self._related(one) for one in ranked.related]),
            traits=concluded.traits(ranked, say),
            differing=self._differing(ranked.rank),
            changed=self._changed(ranked.rank),
            strength=say.say(STRENGTHS[ranked.strength]),
            level=LEVELS.get(ranked.strength, 0),
            sha256=facts.ref.sha256 if facts else ranked.item.sha256 if ranked.item else "",
            facts_line=self._facts_line(facts) if facts else "",
            occurrences=tuple([place.text[:PLACE_MAX] for place in facts.occurrences[:OCCURRENCES_MAX]])
            if facts
            else (),
            occurrences_more=self._more(len(facts.occurrences) - OCCURRENCES_MAX) if facts else "",
            claims=facts.claims if facts else (),
            marks=tuple(beside(ranked.marks, len(ranked.items), say.language, short=False)),
            findings=tuple([self._finding(stored, ranked) for stored in chosen[:FINDINGS_MAX]]),
            findings_more=self._more(len(chosen) - FINDINGS_MAX),
            clocks=clock_rows(times, claim, say),
            clock_picture=picture(times, claim, say, self.said(ranked)),
            claimed=say.reading(claim) if claim else "",
            members=tuple([self._member(n + 1, ref) for n, ref in enumerate(members[:MEMBERS_MAX])]),
            members_more=self._more(len(members) - MEMBERS_MAX),
            strip=strip(moments),
            strip_day=say.instant(min([ticks for _, ticks in moments]))[:10] if moments else "",
            supported=tuple([self.written(said) for said in ranked.supported_by]),
            relatives=self.families.of(ranked),
            notices=tuple([(notice.code, notice.text[:300]) for notice in facts.notices[:20]]) if facts else (),
            no_power=", ".join(facts.no_power) if facts else "",
            commands=self._commands(ranked),
            recheck=replay.item(facts.ref.location) if facts and not facts.restricted else None,
            score=self._score(ranked),
            together=together(ranked.combined, say) if ranked.combined else (),
        )

    def written(self, english: str) -> str:
        """Return a sentence that a case keeps in English in the report's language, where a finding has its key."""
        return self._written.get(english) or self.wording.english(english)

    def conclusion(self, ranked: Ranked) -> str:
        """Return what the evidence of a line comes to; where it does not add up, its first reason."""
        drawn, _ = self.wording.concluded(ranked)
        return drawn or (self.written(ranked.reasons[0]) if ranked.reasons else "")

    def said(self, ranked: Ranked) -> int | None:
        """Return the moment that the clocks of a line's item say in place of the claimed one."""
        return ranked.concluded.said if ranked.concluded else None

    def title(self, ranked: Ranked) -> str:
        """Name a ranked line: what it is."""
        if ranked.cluster is not None and ranked.restricted:
            return self.wording.say(phrases.SEALED_CLUSTER, len(ranked.cluster.members))
        if ranked.cluster is not None:
            return cluster_title(ranked.cluster, self.wording)
        first, *others = dict.fromkeys([self.item_title(ref) for ref in ranked.items]) or ("",)
        return " ".join([first, *[self.wording.say(phrases.OR, item=other) for other in others]])

    def _related(self, one: Related) -> tuple[str, str, str]:
        digest = one.item.sha256[:DIGEST_SHOWN]
        return concluded.relation(one, self.wording), self.item_title(one.item), digest

    def _differing(self, rank: int) -> tuple[tuple[str, str], ...]:
        """Return the subject and text of a line's item beside those of the other mail, as runs of words."""
        line = self.summary.against.get(rank)
        found = [] if line is None else [run for one in line.unexplained for run in one.runs]
        left, shown = DIFFERING_MAX, []
        for run in found:
            if left <= 0:
                shown.append((Side.BOTH.value, "…"))
                break
            shown.append((run.side.value, run.text if len(run.text) <= left else f"{run.text[:left]}…"))
            left -= len(run.text)
        if shown and line is not None and not line.whole:
            shown.append((Side.BOTH.value, self.wording.say(IN_PART)))
        return tuple(shown)

    def _changed(self, rank: int) -> tuple[tuple[str, str, str], ...]:
        """Return what differs beside words between a document of a line and the other one."""
        line = self.summary.against.get(rank)
        if line is None or line.mails:
            return ()
        found = [one for one in line.unexplained if not one.runs and one.kind not in ("words", *_OF_TEXT)]
        return tuple(
            [
                (named(one, self.wording), one.one.value[:CHANGED_SHOWN], one.other.value[:CHANGED_SHOWN])
                for one in found[:CHANGED_MAX]
            ]
        )

    def item_title(self, ref: ItemRef) -> str:
        """Name an item by subject or file name, else by its place."""
        facts = self.summary.items.get(ref.sha256)
        if facts is None or facts.restricted:
            return ref.location.text[-PLACE_MAX:]
        kind = _kind(facts.media_type)
        if not facts.title:
            return self.wording.say(_UNTITLED[kind])
        return self.wording.say(_TITLED[kind], title=facts.title[:200])

    def findings(self, ranked: Ranked) -> list[StoredFinding]:
        """Return the findings of a ranked line, those that decide first; none where it stands for other entries."""
        if ranked.cluster is not None and ranked.cluster.kind == "folded":
            return []
        return [self.summary.findings[key] for key in ranked.findings if key in self.summary.findings]

    def rate(self, stored: StoredFinding, cluster: bool = False) -> tuple[str, ...]:
        """Say how often genuine items show the same, in counts."""
        finding, say = self.wording.finding(stored), self.wording
        said = seen(finding.reference, self._kind(finding, cluster=cluster), say, bound_of(finding))
        if finding.habit is not None:
            habit = finding.habit
            said.append(say.say(HABIT, hits=habit.hits, n=habit.n, group=habit.group))
        return tuple(said)

    def other(self, ranked: Ranked) -> str:
        """Name the first other mail that a line is about, after what it is to the item; empty where there is none."""
        if not ranked.related:
            return ""
        relation, title, _ = self._related(ranked.related[0])
        return f"{relation}{self.wording.colon}{title}"

    def how_sure(self, ranked: Ranked, *, short: bool = False) -> str:
        """Say how rare what an entry shows is on genuine mail: one count, of what its strength rests on.

        Args:
            ranked: the line.
            short: leave out in which corpora that was counted.
        """
        found = self.findings(ranked)
        if ranked.combined is not None:
            return (
                met_briefly(ranked.combined, self.wording)
                if short
                else together(ranked.combined, self.wording, NAMED)[0]
            )
        if not found:
            return "" if ranked.cluster else self.wording.say(UNKNOWN)
        decides = found[0].finding
        return how_rare(decides, self._kind(decides, cluster=of_group(ranked)), self.wording, named=not short)

    def remains(self, ranked: Ranked) -> tuple[str, ...]:
        """Name the innocent causes that remain of any finding of an entry, those of what decides first."""
        causes = [cause for one in self.findings(ranked) for cause in self.wording.open_causes(one.finding.benign)]
        return tuple(dict.fromkeys(causes))

    def _kind(self, finding: Finding, *, cluster: bool) -> str:
        rule = self.rules.get(finding.rule)
        return "cluster" if cluster else (rule.subject if rule else Subject.OCCURRENCE).value

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
        own = ranked.item.sha256 if ranked.item else ""
        return finding_view(
            stored, self.wording, self.rate(stored, of_group(ranked)), own, of_cluster=ranked.cluster is not None
        )

    def _saved(self, ref: ItemRef) -> Timestamp | None:
        """Return when a member was saved; a mail's Date is no such time."""
        facts = self.summary.items.get(ref.sha256)
        return claimed(facts.timestamps) if facts and _kind(facts.media_type) != "mail" else None

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


def of_group(ranked: Ranked) -> bool:
    """Whether the counts of a line's findings are of groups of items, not of single ones."""
    return ranked.cluster is not None and not ranked.cluster.kind


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
