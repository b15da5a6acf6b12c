"""Keys for a terminal: those at hand, selectors that need one, and what a key file gave."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from forensics.knowledge.wording import NONE, Wording
from forensics.model.key_lines import AtHand, KeyLine, KeyUse
from forensics.model.keys import Key, KeyFile
from forensics.model.sentences import Saying, says
from forensics.report.cells import grid, plain
from forensics.report.signatures import limits
from forensics.report.visible import visible

_AT_HAND: Mapping[AtHand, Saying] = {
    AtHand.FILE: says("report.keys.file", one="from a file"),
    AtHand.RECOVERED: says("report.keys.recovered", one="recovered"),
    AtHand.OTHER: says("report.keys.other", one="another only"),
    AtHand.UNTESTED: says("report.keys.untested", one="not tested"),
    AtHand.NONE: says("report.keys.none", one="none"),
}
_OPENED = says("report.keys.opened", one="{opened} of {n}")
_HOLDS = says("report.keys.holds", one="{holds} hold")
_SPAN = says("report.keys.span", one="{first} to {last}")
_ASK_OWNER = says("report.keys.ask_owner", one="Ask: whoever runs {organization}, or an archive of DNS")
_ASK_PLATFORM = says("report.keys.ask_platform", one="Ask: {platform}, which signs for others, or an archive of DNS")
_TAKEN = says("report.keys.taken", one="{file}: 1 key", many="{file}: {n} keys", none="{file}: no key")
_REFUSED = says("report.keys.refused", one="1 entry gave none", many="{n} entries gave none")
_PASSED = says("report.keys.passed", one="1 other record", many="{n} other records")
_MORE = says("report.keys.more", one="1 more that is not listed", many="{n} more that are not listed")
_JUDGED = says("report.keys.judged", one="The case was judged with them.")
_STORED = says(
    "report.keys.stored",
    one=(
        "The keys are stored, but the case was not judged with them: its sources are not at hand as they were scanned. "
        "Name their place with --source, or run forensics scan again."
    ),
)
_REMOVED = says("report.keys.removed", one="{domain}, selector {selector}: taken out ({origin})")
_WITHOUT = says("report.keys.judged_without", one="The case was judged without them.")
_STILL_WITH = says(
    "report.keys.still_with",
    one=(
        "The keys are taken out, but the case was not judged without them: its sources are not at hand as they were "
        "scanned. Name their place with --source, or run forensics scan again."
    ),
)
_DAY = len("2017-01-01")
ORIGINS = 3


def keys(rows: Iterable[KeyLine], language: str = "en") -> RenderableType:
    """Return one entry a key: whose it is, its length, what it opens, where it came from."""
    say = Wording(language)
    table = grid(say, ("selector", "bits", "opens", "key"), right=("bits", "opens"), wide="selector")
    for row in rows:
        more = [span(row.first_seen, row.last_seen, say), *row.origins[:ORIGINS], limits(row.limits, say)]
        opened = [say.number(row.opens), say.say(_HOLDS, holds=row.holds)]
        table.add_row(
            _named(row.selector, row.domain, more),
            plain(say.number(row.bits)),
            Text("\n").join([plain(opened[0]), plain(opened[1], "dim")]),
            plain(say.say(_AT_HAND[AtHand(row.obtained)])),
        )
    return table


def coverage(rows: Iterable[KeyUse], language: str = "en") -> RenderableType:
    """Return one entry a selector and algorithm: mails that its key would decide, and whom to ask for it."""
    say = Wording(language)
    columns = ("selector", "decides", "mails", "opens", "key")
    table = grid(say, columns, right=("decides", "mails", "opens"), wide="selector")
    for row in rows:
        more = [say.listed([part for part in (row.algorithm, span(row.first, row.last, say)) if part])]
        if row.decides and row.at_hand in (AtHand.NONE, AtHand.OTHER):
            asked = _ASK_PLATFORM if row.platform else _ASK_OWNER
            more.append(say.say(asked, platform=row.platform, organization=row.organization))
        table.add_row(
            _named(row.selector, row.domain, more),
            plain(say.number(row.decides)),
            plain(say.number(row.mails)),
            plain(say.say(_OPENED, opened=row.opened, n=row.signatures)),
            plain(say.say(_AT_HAND[row.at_hand])),
        )
    return table


def files(read: Iterable[KeyFile], language: str = "en") -> Iterator[str]:
    """Yield what each key file gave, and below it what gave none, a line each."""
    say = Wording(language)
    for file in read:
        said = [say.say(_TAKEN, file.taken, file=visible(file.name))]
        if file.refused:
            said.append(say.say(_REFUSED, file.refused))
        if file.other:
            said.append(say.say(_PASSED, file.other))
        yield ", ".join(said)
        yield from [f"  {visible(notice.text)}" for notice in file.notices]
        if file.refused > len(file.notices):
            yield f"  {say.say(_MORE, file.refused - len(file.notices))}"


def judged(done: bool, language: str = "en") -> str:
    """Say whether a case was judged with keys that were added, and what to do where it was not."""
    return Wording(language).say(_JUDGED if done else _STORED)


def removed(keys: Iterable[Key], language: str = "en") -> Iterator[str]:
    """Yield the keys that were taken out, a line each."""
    say = Wording(language)
    for key in keys:
        yield say.say(_REMOVED, domain=visible(key.domain), selector=visible(key.selector), origin=visible(key.origin))


def judged_without(done: bool, language: str = "en") -> str:
    """Say whether a case was judged without keys that were taken out, and what to do where it was not."""
    return Wording(language).say(_WITHOUT if done else _STILL_WITH)


def _named(selector: str, domain: str, more: Iterable[str]) -> Text:
    lines = [plain(domain), plain(selector), *[plain(line, "dim") for line in more if line]]
    return Text("\n").join(lines)


def span(first: str, last: str, say: Wording) -> str:
    """Return two times as days, the first to the last; empty where there is neither."""
    if not first and not last:
        return ""
    none = say.say(NONE)
    return say.say(_SPAN, first=first[:_DAY] or none, last=last[:_DAY] or none)
