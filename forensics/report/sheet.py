"""One item for a terminal: facts, all clocks, findings with their evidence, rules with and without power."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from forensics.knowledge.wording import Wording
from forensics.model.findings import EvidenceAggregate, Finding
from forensics.model.instants import claimed
from forensics.model.summary import ItemFacts
from forensics.report.cells import graded, grid, pairs, plain
from forensics.report.clocks import clock_rows
from forensics.report.rates import seen
from forensics.report.visible import visible, visible_bytes

QUOTE_BYTES = 400
OCCURRENCES = 5
EVIDENCE = 20
HEADER_CHARACTERS = 600


def show(facts: ItemFacts, found: Iterable[Finding], language: str = "en", *, judged: bool = True) -> RenderableType:
    """Return the sheet of one item.

    Args:
        facts: what it is.
        found: the findings about it.
        language: a language of the sentence catalogue.
        judged: whether the rules have run over all of its case.
    """
    return Group(*_parts(facts, tuple(found), Wording(language), judged))


def not_asked(rules: int, language: str = "en") -> str:
    """Say how many rules need an archive and were not asked."""
    return Wording(language).counted("report.sheet.not_asked", rules)


def _parts(facts: ItemFacts, found: tuple[Finding, ...], say: Wording, judged: bool) -> Iterator[RenderableType]:
    yield plain(facts.title or facts.ref.location.text, "bold")
    yield pairs(_identity(facts, say))
    yield from _clocks(facts, say)
    yield Text()
    yield Text(_said(facts, len(found), say, judged), style="bold")
    for finding in found:
        yield Text()
        yield from _finding(finding, facts.ref.sha256, say)
    if facts.headers:
        yield Text()
        yield Text(say.text("report.sheet.headers"), style="bold")
        for field in facts.headers:
            yield plain(f"{field.start:>6}  {visible_bytes(field.raw.rstrip())}"[:HEADER_CHARACTERS])
    if facts.notices:
        yield Text()
        yield Text(say.text("report.block.notices"), style="bold")
        yield pairs([(notice.code, notice.text) for notice in facts.notices[:40]])
    yield Text()
    none = say.text("report.none_given")
    yield pairs(
        [
            (say.text("report.sheet.power" if judged else "report.sheet.could"), ", ".join(facts.power) or none),
            (say.text("report.sheet.no_power"), ", ".join(facts.no_power) or none),
        ]
    )


def _said(facts: ItemFacts, found: int, say: Wording, judged: bool) -> str:
    """Say how many findings there are, or how many rules looked and saw nothing."""
    if not found and not judged:
        return say.text("report.sheet.unjudged")
    if not found and not facts.power:
        return say.text("report.sheet.not_judged")
    rules = len(facts.power) + len(facts.no_power)
    return say.counted("report.sheet.findings", found, judged=len(facts.power), rules=rules)


def _identity(facts: ItemFacts, say: Wording) -> Iterator[tuple[str, str]]:
    none = say.text("report.none_given")
    yield say.text("report.block.sha256"), facts.ref.sha256
    kind = facts.media_type or none
    status, parser = say.text(f"report.status.{facts.status}"), facts.parser or none
    content = say.text("report.block.facts", bytes=facts.size, type=kind, status=status, parser=parser)
    yield say.text("report.block.content"), content
    places = [place.text for place in facts.occurrences[:OCCURRENCES]]
    if len(facts.occurrences) > OCCURRENCES:
        places.append(say.counted("report.more", len(facts.occurrences) - OCCURRENCES))
    yield say.text("report.block.stands_in"), "\n".join(places)
    yield from [(label, visible(value[:400])) for label, value in facts.claims]


def _clocks(facts: ItemFacts, say: Wording) -> Iterator[RenderableType]:
    if not facts.timestamps:
        return
    yield Text()
    yield Text(say.text("report.block.clocks"), style="bold")
    table = grid(say, ("utc", "clock"), wide="clock")
    for row in clock_rows(facts.timestamps, claimed(facts.timestamps), say):
        difference = say.text("report.clocks.claimed") if row.claimed else row.difference
        who = say.text("report.timeline.clock", clock=f"{row.clock} {row.owner}".strip(), what=row.described)
        when = Text("\n").join([plain(row.utc), plain(difference, "dim")])
        table.add_row(when, Text("\n").join([plain(who), plain(row.raw), plain(row.path, "dim")]))
    yield table


def _finding(finding: Finding, own: str, say: Wording) -> Iterator[RenderableType]:
    yield Text.assemble(graded(finding.strength, say), "  ", plain(finding.statement, "bold"))
    yield Padding(Group(*_details(finding, own, say)), (0, 0, 0, 2))


def _details(finding: Finding, own: str, say: Wording) -> Iterator[RenderableType]:
    yield plain("; ".join(seen(finding.reference, "occurrence", say)))
    if finding.habit is not None:
        habit = finding.habit
        yield plain(say.text("report.rate.habit", hits=habit.hits, n=habit.n, group=habit.group))
    if finding.contradiction:
        yield plain(say.text("report.contradiction"))
    yield Text()
    yield from _evidence(finding, own, say)
    if finding.benign:
        yield Text()
        yield Text(say.text("report.block.benign"), style="dim")
        for state in finding.benign:
            mark, word = say.state(state)
            note = f" ({state.note})" if state.note else ""
            yield plain(f"{mark} {word}: {say.cause(state.cause)}{note}")
    yield Text()
    yield pairs([(say.text("report.block.settle"), finding.settle.replace("\n", " "))])
    proposition = say.text(f"report.proposition.{finding.proposition.value}")
    rule = f"{finding.rule} {say.text('report.version', version=str(finding.rule_version))}"
    yield plain(say.text("report.block.finding", id=finding.id, rule=rule, proposition=proposition), "dim")


def _evidence(finding: Finding, own: str, say: Wording) -> Iterator[RenderableType]:
    for part in finding.evidence[:EVIDENCE]:
        if isinstance(part, EvidenceAggregate):
            counted = say.text("report.count.of", k=part.k, n=part.n)
            yield plain(say.text("report.sheet.count", label=part.label, counted=counted, query=part.query))
            continue
        role = say.text(f"report.role.{part.role.value}")
        yield plain(say.text("report.sheet.fact", label=part.label, value=part.value[:400], role=role))
        where = [part.locator.path, *[f"{start}-{end}" for start, end in part.locator.ranges[:4]]]
        if part.item.sha256 != own:
            where.append(say.text("report.fact.elsewhere", place=part.item.location.text))
        quoted, place = plain(visible_bytes(part.raw.b64[:QUOTE_BYTES])), plain(" ".join(where), "dim")
        yield Padding(Group(quoted, place), (0, 0, 0, 2))
    if len(finding.evidence) > EVIDENCE:
        yield plain(say.counted("report.more", len(finding.evidence) - EVIDENCE), "dim")
