"""The summary of a checked file that holds many items: how many there are, what was found, and what comes first."""

from collections.abc import Iterator, Sequence

from forensics.knowledge.terms import STATUSES, STRENGTHS
from forensics.knowledge.wording import Wording
from forensics.model.findings import Finding
from forensics.model.items import Status
from forensics.model.rules import Strength
from forensics.model.sentences import says
from forensics.reader.check import Checked
from forensics.report.notices import REMEDIES

SHEETS = 10
"""Of so many items each has its sheet; of more a summary is printed."""
FIRST = 10
"""Findings that a summary shows."""
_ITEMS = says(
    "report.checked.items",
    one="{file} is the only item: {states}.",
    many="{file} and all inside it are {n} different items: {states}.",
)
_STATE = says("report.checked.state", one="{n} {state}")
_FOUND = says(
    "report.checked.found",
    one="1 finding: {strengths}.",
    many="{n} findings: {strengths}.",
    none="No findings.",
)
_REST = says("report.checked.rest", one="1 more finding of weak or above.", many="{n} more findings of weak or above.")
_REMEDY = says("report.checked.remedy", one="Not read ({n}): {what}")
_MORE = says("report.checked.more", one="--all prints a sheet of every item, --format json gives everything.")
_COMPARE = says("report.checked.compare", one="To compare the items and rank them:")


def strongest(checked: Checked) -> list[Finding]:
    """Return the findings of weak and above, strongest first."""
    order = {strength.word: -strength for strength in Strength}
    above = [one for one in checked.findings if one.strength != Strength.CONTEXT.word]
    return sorted(above, key=lambda one: (order[one.strength], one.rate or 0, one.id))


def head(checked: Checked, file: str, language: str = "en") -> Iterator[str]:
    """Yield how many items there are, how far they were read, and how many findings at which strength."""
    say = Wording(language)
    states = _counted([facts.status for facts in checked.items], list(Status))
    said = say.listed([say.say(_STATE, n=n, state=say.say(STATUSES[Status(state)])) for state, n in states])
    yield say.say(_ITEMS, len(checked.items), file=file, states=said)
    words = [strength.word for strength in sorted(Strength, reverse=True)]
    strengths = _counted([one.strength for one in checked.findings], words)
    found = say.listed([say.say(_STATE, n=n, state=say.say(STRENGTHS[word])) for word, n in strengths])
    yield say.say(_FOUND, len(checked.findings), strengths=found)


def tail(checked: Checked, command: str, language: str = "en") -> Iterator[str]:
    """Yield how many findings are not shown, and the command that compares the items."""
    say = Wording(language)
    rest = len(strongest(checked)) - FIRST
    if rest > 0:
        yield say.say(_REST, rest)
    yield say.say(_MORE)
    yield say.say(_COMPARE)
    yield f"  {command}"


def remedies(checked: Checked, language: str = "en") -> Iterator[str]:
    """Yield what can be done about what was not read since nothing here reads its format."""
    say = Wording(language)
    for word, count in checked.remedies:
        yield say.say(_REMEDY, n=count, what=say.say(REMEDIES[word]))


def _counted(values: Sequence[str], order: Sequence[str]) -> list[tuple[str, int]]:
    return [(value, values.count(value)) for value in order if value in values]
