"""A tracked change or comment is dated after the last save, or in local time and UTC that no zone sets apart."""

from collections.abc import Iterator
from itertools import pairwise

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._facts import HOUR, LOCAL, MINUTE, cite, shown, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document
from forensics.examples.times import time
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Timestamp
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.tracked_change_date",
    version=1,
    title="The date of a tracked change cannot be right",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.CHANGES,
    bins=(Bin("later"), Bin("no_zone")),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("author_clock", "other_writer", "date_set_by_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-9", "ECMA-376-1 17.13.5"),
)

_SAID = says(
    "rule.document.tracked_change_date",
    one=(
        "A change in the document is dated {change} by the clock of who made it, {late} after its last save at "
        "{saved}, even if that clock was 14 h ahead of UTC."
    ),
)


_NO_ZONE = says(
    "rule.document.tracked_change_date.no_zone",
    one=(
        "A change in the document is dated {local} by the clock of who made it and {utc} in UTC, both written at one "
        "moment; they are {apart} apart, which no time zone is."
    ),
)
_QUARTER = HOUR // 4
_EAST, _WEST = 14 * HOUR, -12 * HOUR


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the last change, read in the zone furthest east, with the save, and each local time with its UTC one."""
    changes = [stamp for stamp in facts.timestamps if stamp.kind is TimeKind.TRACKED_CHANGE]
    last = max(changes, key=_wall, default=None)
    saved = facts.modified
    if last is None or saved is None or not isinstance(saved.instant, int):
        return
    late = _wall(last) - LOCAL - saved.instant
    if late > 0:
        yield Observation(
            sentence=_SAID(change=shown(last), late=span(late), saved=shown(saved)),
            bin="later",
            evidence=(cite("last change", last, Role.EITHER), cite("modified", saved, Role.EITHER)),
            suspect=saved.locator.path,
        )
    for local, utc in pairwise(facts.timestamps):
        if (local.kind, utc.kind) != (TimeKind.TRACKED_CHANGE, TimeKind.TRACKED_CHANGE_UTC):
            continue
        if isinstance(local.wall, int) and isinstance(utc.instant, int) and not _a_zone(local.wall - utc.instant):
            yield Observation(
                sentence=_NO_ZONE(local=shown(local), utc=shown(utc), apart=span(local.wall - utc.instant)),
                bin="no_zone",
                evidence=(cite("local", local, Role.EITHER), cite("UTC", utc, Role.EITHER)),
                suspect=local.locator.path,
            )
            return


def _a_zone(ticks: int) -> bool:
    """Whether a local time is ahead of UTC as zones are: by a multiple of a quarter of an hour, to a minute."""
    rest = (ticks + MINUTE) % _QUARTER
    return _WEST - MINUTE <= ticks <= _EAST + MINUTE and rest <= 2 * MINUTE


def _wall(stamp: Timestamp) -> int:
    return stamp.wall if isinstance(stamp.wall, int) else -(1 << 62)


def _changed(at: str, saved: str) -> DocumentFacts:
    facts = document("2017-03-06T10:00:00Z", saved)
    change = time(at, path="change", kind=TimeKind.TRACKED_CHANGE)
    return DocumentFacts(
        format=facts.format, timestamps=(*facts.timestamps, change), created=facts.created, modified=facts.modified
    )


def _twice(local: str, utc: str) -> DocumentFacts:
    facts = _changed(local, "2017-03-09T11:00:00Z")
    other = time(utc, path="change.utc", kind=TimeKind.TRACKED_CHANGE_UTC)
    return replace(facts, timestamps=(*facts.timestamps, other))


def cases() -> Iterator[Case]:
    """Cases around the zones' reach, and of a change with both times."""
    yield fires(_twice("2017-03-06T12:31:00", "2017-03-06T08:14:00Z"), "4 h 17 min apart", bin="no_zone")
    yield fires(_twice("2017-03-06T12:31:00", "2017-03-04T10:31:00Z"), "two days apart", bin="no_zone")
    yield silent(_twice("2017-03-06T12:31:00", "2017-03-06T06:46:00Z"), "5 h 45 min: a zone")
    yield fires(_changed("2017-03-09T10:00:00", "2017-03-06T11:00:00Z"), "three days later", bin="later")
    yield silent(_changed("2017-03-06T23:00:00", "2017-03-06T11:00:00Z"), "a change in a zone 12 h ahead")
    yield silent(_changed("2017-03-05T10:00:00", "2017-03-06T11:00:00Z"), "before the save")
