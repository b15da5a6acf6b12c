"""One item for a terminal: facts, all clocks, findings with their evidence, rules with and without power."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from forensics.knowledge.terms import PROPOSITIONS, ROLES, STATUSES
from forensics.knowledge.wording import NONE, Wording
from forensics.model.findings import EvidenceAggregate, Finding, Ranked
from forensics.model.instants import claimed
from forensics.model.items import Status
from forensics.model.rules import Strength
from forensics.model.sentences import says
from forensics.model.summary import ItemFacts
from forensics.report import concluded, phrases
from forensics.report.cells import graded, grid, pairs, plain
from forensics.report.clocks import clock_rows, summary
from forensics.report.marks import beside
from forensics.report.rates import HABIT, bound_of, seen, together
from forensics.report.restrictions import ITEM
from forensics.report.visible import visible, visible_bytes

_UNJUDGED = says("report.sheet.unjudged", one="The rules have not judged this case.")
_COULD = says("report.sheet.could", one="Could be judged by")
_NOT_ASKED = says(
    "report.sheet.not_asked",
    one="Not run: 1 rule that compares items of an archive; forensics scan runs it.",
    many="Not run: {n} rules that compare items of an archive; forensics scan runs them.",
)
_NOT_JUDGED = says(
    "report.sheet.not_judged",
    one="No rule had the facts that it needs, so nothing can be said for or against the item.",
)
_FINDINGS = says(
    "report.sheet.findings",
    one="1 finding",
    many="{n} findings",
    none=(
        "No findings: {judged} of {rules} rules for such items had the facts that they need, and none of them found "
        "what it looks for."
    ),
)
_HEADERS = says(
    "report.sheet.headers",
    one="Header fields, read again from the source, each with the position of its first byte",
)
_CLOCKS = says("report.sheet.clocks", one="Clocks")
_POWER = says("report.sheet.power", one="Judged by")
_NO_POWER = says("report.sheet.no_power", one="Lacks facts for")
_FACT = says("report.sheet.fact", one="{label}: {value} ({role})")
_COUNT = says("report.sheet.count", one="{label}: {counted} ({query})")

QUOTE_BYTES = 400
OCCURRENCES = 5
EVIDENCE = 20
HEADER_CHARACTERS = 600


def show(
    facts: ItemFacts,
    found: Iterable[Finding],
    language: str = "en",
    *,
    judged: bool = True,
    entry: Ranked | None = None,
    between: Iterable[RenderableType] = (),
) -> RenderableType:
    """Return the sheet of one item: what was found comes first, long tables last.

    Args:
        facts: what it is.
        found: the findings about it.
        language: ``en``, or a language that has a catalogue.
        judged: whether the rules have run over all of its case.
        entry: the line of the ranking that it stands in.
        between: what stands between the findings and the tables, such as its text.
    """
    return Group(*_parts(facts, tuple(found), Wording(language), judged, entry, between))


def not_asked(rules: int, language: str = "en") -> str:
    """Say how many rules need an archive and were not asked."""
    return Wording(language).say(_NOT_ASKED, rules)


def _parts(
    facts: ItemFacts,
    found: tuple[Finding, ...],
    say: Wording,
    judged: bool,
    entry: Ranked | None,
    between: Iterable[RenderableType],
) -> Iterator[RenderableType]:
    yield plain(facts.title or facts.ref.location.text, "bold")
    if entry is not None:
        yield from concluded.sheet(entry, facts.ref.sha256, say)
    clocks = [] if facts.restricted else [(say.say(_CLOCKS), summary(facts.timestamps, say))]
    yield pairs([*_identity(facts, say), *clocks])
    if facts.restricted:
        yield Text()
        yield Text(say.say(ITEM), style="bold")
    yield Text()
    yield Text(_said(facts, len(found), say, judged), style="bold")
    if entry is not None and entry.combined is not None:
        said = plain(" ".join(together(entry.combined, say)))
        yield Text.assemble(graded(Strength.STRONG.word, say), "  ", said)
    for finding in found:
        yield Text()
        yield from _finding(finding, facts.ref.sha256, say)
    for part in between:
        yield Text()
        yield part
    yield from _clocks(facts, say)
    if facts.headers:
        yield Text()
        yield Text(say.say(_HEADERS), style="bold")
        for field in facts.headers:
            yield plain(f"{field.start:>6}  {visible_bytes(field.raw.rstrip())}"[:HEADER_CHARACTERS])
    if facts.notices:
        yield Text()
        yield Text(say.say(phrases.NOTICES), style="bold")
        yield pairs([(notice.code, notice.text) for notice in facts.notices[:40]])
    yield Text()
    none = say.say(NONE)
    yield pairs(
        [
            (say.say(_POWER if judged else _COULD), ", ".join(facts.power) or none),
            (say.say(_NO_POWER), ", ".join(facts.no_power) or none),
        ]
    )


def _said(facts: ItemFacts, found: int, say: Wording, judged: bool) -> str:
    """Say how many findings there are, or how many rules looked and saw nothing."""
    if not found and not judged:
        return say.say(_UNJUDGED)
    if not found and not facts.power:
        return say.say(_NOT_JUDGED)
    rules = len(facts.power) + len(facts.no_power)
    return say.say(_FINDINGS, found, judged=len(facts.power), rules=rules)


def _identity(facts: ItemFacts, say: Wording) -> Iterator[tuple[str, str]]:
    none = say.say(NONE)
    yield say.say(phrases.SHA256), facts.ref.sha256
    kind = facts.media_type or none
    status, parser = say.say(STATUSES[Status(facts.status)]), facts.parser or none
    content = say.say(phrases.CONTENT_FACTS, bytes=facts.size, type=kind, status=status, parser=parser)
    yield say.say(phrases.CONTENT), content
    places = [place.text for place in facts.occurrences[:OCCURRENCES]]
    if len(facts.occurrences) > OCCURRENCES:
        places.append(say.say(phrases.MORE, len(facts.occurrences) - OCCURRENCES))
    yield say.say(phrases.STANDS_IN), "\n".join(places)
    yield from [(label, visible(value[:400])) for label, value in facts.claims]
    if facts.marks:
        yield say.say(phrases.MARKS), "\n".join(map(visible, beside(facts.marks, language=say.language, short=False)))


def _clocks(facts: ItemFacts, say: Wording) -> Iterator[RenderableType]:
    if not facts.timestamps:
        return
    yield Text()
    yield Text(say.say(phrases.ALL_CLOCKS), style="bold")
    table = grid(say, ("utc", "clock"), wide="clock")
    for row in clock_rows(facts.timestamps, claimed(facts.timestamps), say):
        difference = say.say(phrases.CLAIMED) if row.claimed else row.difference
        who = say.say(phrases.CLOCK, clock=f"{row.clock} {row.owner}".strip(), what=row.described)
        when = Text("\n").join([plain(row.utc), plain(difference, "dim")])
        table.add_row(when, Text("\n").join([plain(who), plain(row.raw), plain(row.path, "dim")]))
    yield table


def _finding(finding: Finding, own: str, say: Wording) -> Iterator[RenderableType]:
    yield Text.assemble(graded(finding.strength, say), "  ", plain(finding.statement, "bold"))
    yield Padding(Group(*_details(finding, own, say)), (0, 0, 0, 2))


def _details(finding: Finding, own: str, say: Wording) -> Iterator[RenderableType]:
    yield plain(say.clauses(seen(finding.reference, "occurrence", say, bound_of(finding))))
    if finding.habit is not None:
        habit = finding.habit
        yield plain(say.say(HABIT, hits=habit.hits, n=habit.n, group=habit.group))
    if finding.contradiction:
        yield plain(say.say(phrases.CONTRADICTION))
    yield Text()
    yield from _evidence(finding, own, say)
    if finding.benign:
        yield Text()
        yield Text(say.say(phrases.INNOCENT_CAUSES), style="dim")
        for state in finding.benign:
            mark, word = say.state(state)
            note = f" ({state.note})" if state.note else ""
            yield plain(say.labelled(f"{mark} {word}", f"{say.cause(state.cause)}{note}"))
    yield Text()
    yield Text(say.say(phrases.SETTLE), style="dim")
    yield plain(finding.settle.replace("\n", " "))
    proposition = say.say(PROPOSITIONS[finding.proposition])
    rule = f"{finding.rule} {say.say(phrases.VERSION, version=str(finding.rule_version))}"
    yield plain(say.say(phrases.FINDING, id=finding.id, rule=rule, proposition=proposition), "dim")


def _evidence(finding: Finding, own: str, say: Wording) -> Iterator[RenderableType]:
    for part in finding.evidence[:EVIDENCE]:
        if isinstance(part, EvidenceAggregate):
            counted = say.say(phrases.COUNT_OF, k=part.k, n=part.n)
            yield plain(say.say(_COUNT, label=part.label, counted=counted, query=part.query))
            continue
        role = say.say(ROLES[part.role])
        yield plain(say.say(_FACT, label=part.label, value=part.value[:400], role=role))
        where = [part.locator.path, *[f"{start}-{end}" for start, end in part.locator.ranges[:4]]]
        if part.item.sha256 != own:
            where.append(say.say(phrases.ELSEWHERE, place=part.item.location.text))
        quoted, place = plain(visible_bytes(part.raw.b64[:QUOTE_BYTES])), plain(" ".join(where), "dim")
        yield Padding(Group(quoted, place), (0, 0, 0, 2))
    if len(finding.evidence) > EVIDENCE:
        yield plain(say.say(phrases.MORE, len(finding.evidence) - EVIDENCE), "dim")
