"""A tracked change or comment is dated after the document was last saved."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import LOCAL, cite, shown, span
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
    title="A change was made after the last save",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.CHANGES,
    bins=(Bin("later"),),
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


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the last change, read in the zone furthest east, with the save."""
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


def _wall(stamp: Timestamp) -> int:
    return stamp.wall if isinstance(stamp.wall, int) else -(1 << 62)


def _changed(at: str, saved: str) -> DocumentFacts:
    facts = document("2017-03-06T10:00:00Z", saved)
    change = time(at, path="change", kind=TimeKind.TRACKED_CHANGE)
    return DocumentFacts(
        format=facts.format, timestamps=(*facts.timestamps, change), created=facts.created, modified=facts.modified
    )


def cases() -> Iterator[Case]:
    """Cases around the zones' reach."""
    yield fires(_changed("2017-03-09T10:00:00", "2017-03-06T11:00:00Z"), "three days later", bin="later")
    yield silent(_changed("2017-03-06T23:00:00", "2017-03-06T11:00:00Z"), "a change in a zone 12 h ahead")
    yield silent(_changed("2017-03-05T10:00:00", "2017-03-06T11:00:00Z"), "before the save")
