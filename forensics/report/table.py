"""Tables for a terminal of 80 columns; text of the evidence stands in them with its control characters visible."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from forensics.knowledge.rates import RateRow
from forensics.knowledge.terms import PROPOSITIONS, STATUSES, STRENGTHS, SUBJECTS
from forensics.knowledge.wording import NONE, Wording
from forensics.model.findings import Finding, ItemRef, Ranked
from forensics.model.items import Status
from forensics.model.lines import ItemLine, TimelineLine
from forensics.model.presence import names_of
from forensics.model.rules import Rule
from forensics.model.sentences import says
from forensics.report import phrases
from forensics.report.cells import DIGEST_SHOWN, graded, grid, pairs, plain
from forensics.report.rates import UNKNOWN, seen
from forensics.report.visible import visible

_LABELS = {
    "judges": says("report.rule.judges", one="Judges"),
    "needs": says("report.rule.needs", one="Needs"),
    "may_mean": says("report.rule.may_mean", one="May mean"),
    "ceiling": says("report.rule.ceiling", one="At most"),
    "group": says("report.rule.group", one="Group"),
    "compared": says("report.rule.compared", one="Habit of"),
    "benign": says("report.rule.benign", one="Innocent causes"),
    "settle": says("report.rule.settle", one="Settled by"),
    "references": says("report.rule.references", one="References"),
}


def items(rows: Iterable[ItemLine], language: str = "en") -> RenderableType:
    """Return one line an occurrence: digest, size, type, state, place."""
    say = Wording(language)
    table = grid(say, ("item", "size", "type", "status", "location"), right=("size",), wide="location")
    for row in rows:
        status = say.say(STATUSES[Status(row.status)])
        codes = "" if row.status == "parsed" else " ".join([notice.code for notice in row.notices[:3]])
        table.add_row(
            plain(row.sha256[:DIGEST_SHOWN], "dim"),
            plain(say.number(row.size)),
            plain(row.parser.partition("/")[0] or row.media_type.rpartition("/")[2][:14]),
            plain(status),
            Text("\n").join([plain(part) for part in (row.location.text, codes) if part]),
        )
    return table


def rank(rows: Iterable[Ranked], language: str = "en") -> RenderableType:
    """Return the ranking: number, strength, what it is and why."""
    say = Wording(language)
    table = grid(say, ("rank", "strength", "reasons"), right=("rank",), wide="reasons")
    for row in rows:
        lines = [_what(row, say), *[plain(reason) for reason in row.reasons[:3]]]
        if len(row.reasons) > 3:
            lines.append(plain(say.say(phrases.MORE, len(row.reasons) - 3), "dim"))
        table.add_row(plain(str(row.rank)), graded(row.strength, say), Text("\n").join(lines))
    return table


def findings(rows: Iterable[Finding], language: str = "en") -> RenderableType:
    """Return one entry a finding: strength, statement, how often genuine items show it, rule and item."""
    say = Wording(language)
    table = grid(say, ("strength", "statement"), wide="statement")
    for row in rows:
        where = plain(f"{row.item.sha256[:DIGEST_SHOWN]} {row.item.location.text}", "dim")
        rule = plain(f"{row.id} {row.rule} {say.say(phrases.VERSION, version=str(row.rule_version))}", "dim")
        lines = [plain(row.statement), plain(say.clauses(seen(row.reference, "occurrence", say))), rule, where]
        table.add_row(graded(row.strength, say), Text("\n").join(lines))
    return table


def timeline(rows: Iterable[TimelineLine], language: str = "en") -> RenderableType:
    """Return one line a time: when, whose clock, what."""
    say = Wording(language)
    table = grid(say, ("time", "message"), wide="message")
    for row in rows:
        when = Text("\n").join([plain(row.datetime), *[plain(tag, "dim") for tag in row.tag]])
        clock = plain(say.say(phrases.CLOCK, clock=f"{row.clock} {row.owner}".strip(), what=row.timestamp_desc))
        table.add_row(when, Text("\n").join([clock, plain(row.message), plain(row.location.text, "dim")]))
    return table


def rules(rows: Iterable[Rule], language: str = "en") -> RenderableType:
    """Return one line a rule: id, title, what it judges, its ceiling."""
    say = Wording(language)
    table = grid(say, ("rule", "title", "ceiling"), wide="title")
    for row in rows:
        table.add_row(plain(row.id), plain(row.title), graded(row.ceiling.word, say))
    return table


def rule(row: Rule, rates: Sequence[RateRow], language: str = "en") -> RenderableType:
    """Return one rule in full, with its counts on genuine items."""
    say = Wording(language)
    needs = names_of(row.subject, row.needs)
    facts = (
        ("judges", say.say(SUBJECTS[row.subject])),
        ("needs", ", ".join(needs) or say.say(NONE)),
        ("may_mean", say.say(PROPOSITIONS[row.proposition])),
        ("ceiling", say.say(STRENGTHS[row.ceiling.word])),
        ("group", row.group),
        ("compared", row.compare_with or say.say(NONE)),
        ("benign", "\n".join([say.cause(cause) for cause in row.benign]) or say.say(NONE)),
        ("settle", say.say(row.settle)),
        ("references", ", ".join(row.references)),
    )
    head = plain(f"{row.id} {say.say(phrases.VERSION, version=str(row.version))}", "bold")
    parts: list[RenderableType] = [
        head,
        plain(row.title),
        Text(),
        pairs([(say.say(_LABELS[k]), v) for k, v in facts]),
    ]
    if not rates:
        return Group(*parts, Text(), plain(say.say(UNKNOWN)))
    table = grid(say, ("bin", "corpus", "era", "route", "hits", "of", "senders"), ("hits", "of", "senders"), "corpus")
    for one in rates:
        counts = (say.number(one.hits), say.number(one.n), "" if one.series is None else say.number(one.series))
        table.add_row(*[plain(cell) for cell in (one.bin, one.corpus, one.era, one.route, *counts)])
    return Group(*parts, table)


def _what(row: Ranked, say: Wording) -> Text:
    if row.cluster is not None:
        count = len(row.cluster.members)
        return plain(say.say(phrases.CLUSTER, count, value=row.cluster.value), "bold")
    if row.item is None:
        return Text()
    others = [f"\n{say.say(phrases.OR, item=_named(ref))}" for ref in row.partners]
    return Text.assemble(
        (visible(row.item.location.text), "bold"), (f" {row.item.sha256[:DIGEST_SHOWN]}", "dim"), *others
    )


def _named(ref: ItemRef) -> str:
    return f"{visible(ref.location.text)} {ref.sha256[:DIGEST_SHOWN]}"
