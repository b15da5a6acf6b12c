"""The rule reference, made from the rules themselves, their rates and their cases."""

from collections.abc import Iterator
from typing import Any

from forensics.checks import RULES, load
from forensics.knowledge.benign import CAUSES
from forensics.knowledge.pools import VERSION, pool_of, rows_id
from forensics.knowledge.rates import not_counted, rates_of, shaped_on
from forensics.model.presence import names_of
from forensics.model.rules import STORE_HEADER, Rule, Subject
from forensics.report.references import published

_OF_STORES = frozenset(("stored", "stored times", "modifier"))
"""Presence of what only stores say, by name."""


def render() -> str:
    """Return the page of all rules: one section a rule, in the order in which they run."""
    parts = [
        "# Rules\n",
        "Made by `forensics rules --pages` from the rules, their rates and their cases. A rule states what was\n"
        "observed; how strong that is follows from how often genuine items show the same (`docs/method.md`).\n",
    ]
    for name in RULES:
        parts += _page(load(name))
    return "\n".join(parts)


def _page(module: Any) -> Iterator[str]:
    rule: Rule = module.RULE
    yield f"## {rule.id}\n"
    yield f"{rule.title}. {(module.__doc__ or '').strip().splitlines()[0]}\n"
    yield f"- judges: {rule.subject.value}; needs: {_needs(rule)}; version {rule.version}"
    yield f"- may mean: {rule.proposition.value.replace('_', ' ')}; at most {rule.ceiling.word}"
    compared = f"; habit of: {rule.compare_with}" if rule.compare_with else ""
    yield f"- independence group: {rule.group}{compared}"
    if rule.subject is Subject.MESSAGE:
        yield f"- on mail that a store keeps as properties: {_on_stored(rule)}"
    yield f"- would settle it: {rule.settle.one}"
    yield f"- references: {', '.join(published(rule.references)) or 'none published'}\n"
    yield "Innocent causes:\n"
    for cause in (*rule.benign, STORE_HEADER) if rule.of_program else rule.benign:
        yield f"- `{cause}`: {CAUSES[cause].wording.one}"
    yield "\nSeen on genuine items:\n"
    counted = rates_of(rule.id, rule.version)
    if counted:
        yield "| bin | corpus | era | route | hits | of | senders | of |\n|---|---|---|---|---:|---:|---:|---:|"
        for row in counted:
            # What a bin was cut to fit gives no rate for it.
            name = f"{row.corpus} (gives no rate)" if row.corpus in shaped_on(rule.id, row.bin) else row.corpus
            cells = (
                row.bin,
                name,
                row.era,
                row.route,
                *[_number(n) for n in (row.hits, row.n, row.series, row.series_n)],
            )
            yield f"| {' | '.join(cells)} |"
    else:
        yield "Not counted yet: at most context."
    for one in rule.bins:
        if routes := sorted(not_counted(rule.id, one.name)):
            on = ", ".join(routes)
            yield f"\nRows of `{one.name}` on route {on} were taken out: the rule never says it of such mail."
        if name := pool_of(rule.id, one.name):
            yield f"\n`{one.name}` may take the rate of the pool `{name}`: {_pool(name)}."
    yield "\nCases:\n"
    for case in module.cases():
        yield f"- {case.text}"
    yield ""


def _pool(name: str) -> str:
    rows = rates_of(rows_id(name), VERSION)
    return f"{sum([row.hits for row in rows]):,} of {sum([row.n for row in rows]):,} files"


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _on_stored(rule: Rule) -> str:
    if not _OF_STORES.isdisjoint(names_of(rule.subject, rule.needs)):
        return "for such mail alone"
    return "as on other mail, where a server's field is in its header" if rule.as_delivered else "at most weak"


def _needs(rule: Rule) -> str:
    return ", ".join(names_of(rule.subject, rule.needs)) or "nothing"
