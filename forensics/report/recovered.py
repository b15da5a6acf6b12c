"""Keys that a recovery found, for the terminal."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from forensics.knowledge.wording import NONE, Wording
from forensics.model.facts import TICKS_PER_SECOND, Precision
from forensics.model.instants import calendar
from forensics.model.recovering import RecoveredKey, RecoverProgress, Recovery
from forensics.model.sentences import says
from forensics.report import key_lists
from forensics.report.cells import grid, plain

_FOUND = says("report.recovered.found", one="1 key recovered", many="{n} keys recovered", none="No key recovered")
_BOUND = says(
    "report.recovered.bound",
    one=(
        "A recovered key shows which mails one key made, not whose key it is: anybody can sign mails under any name. "
        "The domain's owner or an archive of DNS can confirm it."
    ),
)
_MISFITS = says(
    "report.recovered.misfits",
    one="1 signature does not open, although its length fits and others of its time open",
    many="{n} signatures do not open, although their length fits and others of their time open",
)
_FAILED = says(
    "report.recovered.failed",
    one="1 selector gave no key: its headers were changed on their way, or its signatures are of many keys",
    many="{n} selectors gave no key: their headers were changed on their way, or their signatures are of many keys",
)
_LEFT = says(
    "report.recovered.left",
    one="1 selector is left to try; the same command goes on",
    many="{n} selectors are left to try; the same command goes on",
)
_OPENED = says("report.recovered.opened", one="{opened} of {n}")
_PROGRESS = says("report.recovered.progress", one="found {found}, selectors left {selectors}, {elapsed} s: {trying}")


def table(recovery: Recovery, language: str = "en") -> RenderableType:
    """Return a line a key with what it opens, and what is left."""
    say = Wording(language)
    parts: list[RenderableType] = []
    if recovery.found:
        parts += [_keys(recovery.found, say), Text()]
    return Group(*parts, *[plain(line) for line in _said(recovery, say)])


def progress(at: RecoverProgress, language: str = "en") -> str:
    """Return one line that says how far a recovery is."""
    say = Wording(language)
    elapsed, trying = say.number(int(at.elapsed_s)), " ".join(at.trying)
    return say.say(_PROGRESS, found=at.found, selectors=at.selectors, elapsed=elapsed, trying=trying)


def _keys(found: Iterable[RecoveredKey], say: Wording) -> RenderableType:
    numbers = ("bits", "opens", "senders", "seconds")
    table = grid(say, ("selector", "bits", "opens", "span", "senders", "seconds"), right=numbers, wide="selector")
    for one in found:
        opened = say.say(_OPENED, opened=one.opened, n=one.tested)
        span = "\n".join([_day(at, say) for at in (one.key.first_seen, one.key.last_seen)])
        cells = (f"{one.key.domain}\n{one.key.selector}", str(one.bits), opened, span)
        numbered = (say.number(one.senders), say.decimal(one.cpu_s))
        table.add_row(*[Text("\n").join(map(plain, cell.split("\n"))) for cell in (*cells, *numbered)])
    return table


def _day(at: int | None, say: Wording) -> str:
    shown = None if at is None else calendar(at * TICKS_PER_SECOND, Precision.DAY)
    return say.say(NONE) if shown is None else shown


def _said(recovery: Recovery, say: Wording) -> Iterable[str]:
    yield say.say(_FOUND, len(recovery.found))
    if misfits := sum([one.misfits for one in recovery.found]):
        yield say.say(_MISFITS, misfits)
    if recovery.failed:
        yield say.say(_FAILED, recovery.failed)
    if recovery.left:
        yield say.say(_LEFT, recovery.left)
    if recovery.found:
        yield say.say(_BOUND)
    if recovery.found or not recovery.judged:
        yield key_lists.judged(recovery.judged, say.language)
