"""Tables for a terminal of 80 columns; text of the evidence stands in them with its control characters visible."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from forensics.knowledge.rates import RateRow
from forensics.knowledge.terms import PROPOSITIONS, STATUSES, STRENGTHS, SUBJECTS
from forensics.knowledge.wording import NONE, Wording
from forensics.model.findings import Cluster, Finding, ItemRef, Ranked
from forensics.model.items import Status
from forensics.model.labels import ItemLabel
from forensics.model.lines import ItemLine, TimelineLine
from forensics.model.locations import Location
from forensics.model.presence import names_of
from forensics.model.rules import Rule
from forensics.model.sentences import says
from forensics.report import concluded, labels, phrases
from forensics.report.cells import DIGEST_SHOWN, graded, grid, pairs, plain
from forensics.report.cluster_titles import cluster_title
from forensics.report.marks import beside
from forensics.report.rates import NAMED, UNKNOWN, bound_of, seen, together
from forensics.report.references import published
from forensics.report.visible import visible

MEMBERS_SHOWN = 3
"""Members of a cluster that its line names."""
BYTES = says("report.items.bytes", one="1 byte", many="{n} bytes", none="empty")
_SHARE = says(
    "report.rank.share", one="{k} of the 1 that the rule could judge", many="{k} of the {n} that the rule could judge"
)
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
    """Return an entry an occurrence: digest, type, size; the date it claims; subject or name, who, place, state."""
    say = Wording(language)
    table = grid(say, ("item", "claimed", "mail_or_file"), wide="mail_or_file")
    for row in rows:
        label = row.label or ItemLabel(path=row.location.text)
        kind = row.parser.partition("/")[0] or row.media_type.rpartition("/")[2][:14]
        named = [plain(row.sha256[:DIGEST_SHOWN]), plain(kind), plain(say.say(BYTES, row.size), "dim")]
        lines = [*labels.lines(label, say), *_unread(row, say), *map(plain, beside(row.marks, 1, language))]
        table.add_row(*[Text("\n").join(cell) for cell in (named, labels.claimed(label), lines)])
    return table


def _unread(row: ItemLine, say: Wording) -> list[Text]:
    """Return how far an item was read, and why no further; nothing of one that was read in full."""
    if row.status == Status.PARSED:
        return []
    codes = " ".join([notice.code for notice in row.notices[:3]])
    return [plain(": ".join([text for text in (say.say(STATUSES[Status(row.status)]), codes) if text]))]


def rank(rows: Iterable[Ranked], language: str = "en") -> RenderableType:
    """Return the ranking: number, strength, what the evidence comes to, what it is and why."""
    say = Wording(language)
    table = grid(say, ("rank", "strength", "reasons"), right=("rank",), wide="reasons")
    for row in rows:
        lines = [*concluded.lines(row, say), _what(row, say), *[plain(reason) for reason in row.reasons[:3]]]
        if len(row.reasons) > 3:
            lines.append(plain(say.say(phrases.MORE, len(row.reasons) - 3), "dim"))
        if row.combined is not None:
            lines.append(plain(together(row.combined, say, NAMED)[0], "dim"))
        lines += [plain(said) for said in beside(row.marks, len(row.items), language)]
        table.add_row(plain(str(row.rank)), graded(row.strength, say), Text("\n").join(lines))
    return table


def findings(rows: Iterable[Finding], language: str = "en") -> RenderableType:
    """Return one entry a finding: strength, statement, how often genuine items show it, rule and item."""
    say = Wording(language)
    table = grid(say, ("strength", "statement"), wide="statement")
    for row in rows:
        where = _item(row.item, say)
        rule = plain(f"{row.id} {row.rule} {say.say(phrases.VERSION, version=str(row.rule_version))}", "dim")
        rarity = plain(say.clauses(seen(row.reference, "occurrence", say, bound_of(row), NAMED)))
        lines = [plain(row.statement), rarity, rule, *where]
        lines += [plain(said) for said in beside(row.marks, 1, language)]
        table.add_row(graded(row.strength, say), Text("\n").join(lines))
    return table


def timeline(rows: Iterable[TimelineLine], language: str = "en") -> RenderableType:
    """Return one line a time: when, whose clock, what."""
    say = Wording(language)
    table = grid(say, ("time", "message"), wide="message")
    for row in rows:
        when = Text("\n").join([plain(row.datetime), *[plain(tag, "dim") for tag in row.tag]])
        clock = plain(say.say(phrases.CLOCK, clock=f"{row.clock} {row.owner}".strip(), what=row.timestamp_desc))
        table.add_row(
            when, Text("\n").join([clock, plain(row.message), plain(Location(row.location.steps).readable, "dim")])
        )
    return table


def rules(rows: Iterable[Rule], language: str = "en") -> RenderableType:
    """Return one line a rule: id, title, what it judges, its ceiling."""
    say = Wording(language)
    table = grid(say, ("rule", "title", "ceiling"), wide="title")
    for row in rows:
        table.add_row(plain(row.id), plain(say.title(row)), graded(row.ceiling.word, say))
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
        ("references", say.listed(published(row.references)) or say.say(NONE)),
    )
    head = plain(f"{row.id} {say.say(phrases.VERSION, version=str(row.version))}", "bold")
    parts: list[RenderableType] = [
        head,
        plain(say.title(row)),
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
        if row.restricted:
            return plain(say.say(phrases.SEALED_CLUSTER, len(row.cluster.members)), "bold")
        return Text("\n").join(_cluster(row.cluster, say))
    if row.item is None:
        return Text()
    others = [plain(say.say(phrases.OR, item=_named(ref)), "dim") for ref in row.partners]
    return Text("\n").join([*_item(row.item, say, style="bold"), *others])


def _cluster(cluster: Cluster, say: Wording) -> list[Text]:
    """Return what a cluster is, which share its members are of what could be judged, and the first of them."""
    count = len(cluster.members)
    lines = [plain(cluster_title(cluster, say), "bold")]
    if cluster.testable >= count:
        lines.append(plain(say.say(_SHARE, cluster.testable, k=count), "dim"))
    lines += [plain(_named(member), "dim") for member in cluster.members[:MEMBERS_SHOWN]]
    if count > MEMBERS_SHOWN:
        lines.append(plain(say.say(phrases.MORE, count - MEMBERS_SHOWN), "dim"))
    return lines


def _item(item: ItemRef, say: Wording, style: str = "") -> list[Text]:
    """Return what an item is recognized by: date and subject or name, who to whom, place and digest."""
    label = item.label or ItemLabel(path=item.location.text)
    digest = f" {item.sha256[:DIGEST_SHOWN]}" if item.sha256 else ""
    said = labels.lines(label, say, dated=True, style=style)
    return [*said[:-1], Text.assemble(said[-1], (digest, "dim"))]


def _named(ref: ItemRef) -> str:
    label = ref.label or ItemLabel(path=ref.location.text)
    day = f"{label.date[:10]} " if label.date else ""
    return f"{day}{visible(label.path)} {ref.sha256[:DIGEST_SHOWN]}"
