"""Why a list is empty: which filters matched how many items, and what else was asked."""

from collections.abc import Iterator, Mapping

from forensics.knowledge.wording import Wording
from forensics.model.selecting import Matches, Selection
from forensics.model.sentences import Saying, says
from forensics.report.visible import visible

_OPTIONS: Mapping[str, str] = {
    "person": "--person",
    "sender": "--from",
    "recipient": "--to",
    "since": "--since",
    "until": "--until",
    "folder": "--folder",
    "thread": "--thread",
    "text": "--text",
}
"""By field of a `Selection`."""
_NONE_IN_CASE = says("report.nothing.no_items", one="The case holds no item yet.")
_ALONE = says("report.nothing.alone", one="1 for {filter}", many="{n} for {filter}", none="none for {filter}")
_NO_MATCH = says(
    "report.nothing.no_match",
    one="The only item of the case does not match: {filters}.",
    many="No item of {n} matches: {filters}.",
)
_NONE_OF_ALL = says(
    "report.nothing.none_together",
    one="The only item of the case does not match all filters: {filters}.",
    many="No item of {n} matches all filters: {filters}.",
)
_MATCHED = says(
    "report.nothing.matched",
    one="1 item of {of} matches ({filters}), and no {line}.",
    many="{n} items of {of} match ({filters}), and no {line}.",
)
_NO_LINE = says("report.nothing.no_line", one="There is no {line}.")
LINES: Mapping[str, Saying] = {
    "item": says("report.nothing.item", one="item{asked}"),
    "rank": says("report.nothing.rank", one="entry of the ranking{asked} names one of them"),
    "finding": says("report.nothing.finding", one="finding{asked} is about one of them"),
    "time": says("report.nothing.time", one="time{asked} of one of them has a date"),
}
"""What a line of a list is, where filters matched items."""
ALL_LINES: Mapping[str, Saying] = {
    "item": says("report.nothing.any_item", one="item{asked} in the case"),
    "rank": says("report.nothing.any_rank", one="entry of the ranking{asked}"),
    "finding": says("report.nothing.any_finding", one="finding{asked}"),
    "time": says("report.nothing.any_time", one="time with a date{asked}"),
}
"""What a line of a list is, where nothing was filtered."""
_ASKED = says("report.nothing.asked", one=" with {options}")


def lines(
    kind: str, where: Selection | None, matches: Matches | None, asked: Mapping[str, str], language: str = "en"
) -> Iterator[str]:
    """Yield why a list has no line.

    Args:
        kind: what its lines are, a key of `LINES`.
        where: what was selected.
        matches: how many items that is; ``None`` where nothing was selected.
        asked: further options and their values; what is empty was not asked.
        language: ``en``, or a language that has a catalogue.
    """
    say = Wording(language)
    options = say.listed([f"{option} {visible(value)}" for option, value in asked.items() if value])
    further = say.say(_ASKED, options=options) if options else ""
    if where is None or matches is None:
        yield say.say(_NO_LINE, line=say.say(ALL_LINES[kind], asked=further))
        return
    if not matches.items:
        yield say.say(_NONE_IN_CASE)
        return
    named = {name: _option(where, name) for name in where.given}
    said = [say.say(_ALONE, matches.alone[name], filter=option) for name, option in named.items()]
    if matches.matched:
        line = say.say(LINES[kind], asked=further)
        filters = say.listed(list(named.values()))
        yield say.say(_MATCHED, matches.matched, of=matches.items, filters=filters, line=line)
    elif len(named) == 1:
        yield say.say(_NO_MATCH, matches.items, filters=next(iter(named.values())))
    else:
        yield say.say(_NONE_OF_ALL, matches.items, filters=say.listed(said))


def _option(where: Selection, name: str) -> str:
    """Return a filter as it is typed."""
    if name == "reviewed":
        return "--reviewed" if where.reviewed else "--not-reviewed"
    return f"{_OPTIONS[name]} {visible(str(getattr(where, name)))}"
