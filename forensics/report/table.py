"""Tables for a terminal of 80 columns; text of the evidence stands in them with its control characters visible."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from forensics.knowledge.rates import RateRow
from forensics.knowledge.wording import Wording
from forensics.model.findings import Finding, Ranked
from forensics.model.lines import ItemLine, TimelineLine
from forensics.model.presence import names_of
from forensics.model.rules import Rule
from forensics.report.cells import DIGEST_SHOWN, graded, grid, pairs, plain
from forensics.report.rates import seen
from forensics.report.visible import visible


def items(rows: Iterable[ItemLine], language: str = "en") -> RenderableType:
    """Return one line an occurrence: digest, size, type, state, place."""
    say = Wording(language)
    table = grid(say, ("item", "size", "type", "status", "location"), right=("size",), wide="location")
    for row in rows:
        status = say.text(f"report.status.{row.status}")
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
            lines.append(plain(say.counted("report.more", len(row.reasons) - 3), "dim"))
        table.add_row(plain(str(row.rank)), graded(row.strength, say), Text("\n").join(lines))
    return table


def findings(rows: Iterable[Finding], language: str = "en") -> RenderableType:
    """Return one entry a finding: strength, statement, how often genuine items show it, rule and item."""
    say = Wording(language)
    table = grid(say, ("strength", "statement"), wide="statement")
    for row in rows:
        where = plain(f"{row.item.sha256[:DIGEST_SHOWN]} {row.item.location.text}", "dim")
        rule = plain(f"{row.id} {row.rule} {say.text('report.version', version=str(row.rule_version))}", "dim")
        lines = [plain(row.statement), plain("; ".join(seen(row.reference, "occurrence", say))), rule, where]
        table.add_row(graded(row.strength, say), Text("\n").join(lines))
    return table


def timeline(rows: Iterable[TimelineLine], language: str = "en") -> RenderableType:
    """Return one line a time: when, whose clock, what."""
    say = Wording(language)
    table = grid(say, ("time", "message"), wide="message")
    for row in rows:
        when = Text("\n").join([plain(row.datetime), *[plain(tag, "dim") for tag in row.tag]])
        clock = plain(
            say.text("report.timeline.clock", clock=f"{row.clock} {row.owner}".strip(), what=row.timestamp_desc)
        )
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
        ("judges", say.text(f"report.subject.{row.subject.value}")),
        ("needs", ", ".join(needs) or say.text("report.none_given")),
        ("may_mean", say.text(f"report.proposition.{row.proposition.value}")),
        ("ceiling", say.text(f"report.strength.{row.ceiling.word}")),
        ("group", row.group),
        ("compared", row.compare_with or say.text("report.none_given")),
        ("benign", "\n".join([say.cause(cause) for cause in row.benign]) or say.text("report.none_given")),
        ("settle", say.say(row.settle)),
        ("references", ", ".join(row.references)),
    )
    head = plain(f"{row.id} {say.text('report.version', version=str(row.version))}", "bold")
    parts: list[RenderableType] = [
        head,
        plain(row.title),
        Text(),
        pairs([(say.text(f"report.rule.{k}"), v) for k, v in facts]),
    ]
    if not rates:
        return Group(*parts, Text(), plain(say.text("report.rate.unknown")))
    table = grid(say, ("bin", "corpus", "era", "route", "hits", "of", "senders"), ("hits", "of", "senders"), "corpus")
    for one in rates:
        counts = (say.number(one.hits), say.number(one.n), "" if one.series is None else say.number(one.series))
        table.add_row(*[plain(cell) for cell in (one.bin, one.corpus, one.era, one.route, *counts)])
    return Group(*parts, table)


def _what(row: Ranked, say: Wording) -> Text:
    if row.cluster is not None:
        count = len(row.cluster.members)
        return plain(say.counted("report.item.cluster", count, value=row.cluster.value), "bold")
    if row.item is None:
        return Text()
    return Text.assemble((visible(row.item.location.text), "bold"), (f" {row.item.sha256[:DIGEST_SHOWN]}", "dim"))
