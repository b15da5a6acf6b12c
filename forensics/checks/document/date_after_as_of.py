"""A document's own time lies after the day on which the archive was captured or examined."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, LOCAL, bin_of, cite, clock, shown, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document
from forensics.model.documents import DocumentFacts
from forensics.model.facts import ClockKind, Timestamp
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import (
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="document.date_after_as_of",
    version=2,
    title="Document dated after the archive was captured",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.DATED,
    bins=nested("after>2d", "after>1y"),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("author_clock", "camera_clock", "as_of_wrong", "date_set_by_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:D-14",),
)

_SAID = {
    "created": says(
        "rule.document.date_after_as_of.created",
        one=(
            "The document says it was created at {date}, {late} after {as_of}, when the archive was captured or "
            "examined."
        ),
    ),
    "modified": says(
        "rule.document.date_after_as_of.modified",
        one=(
            "The document says it was last saved at {date}, {late} after {as_of}, when the archive was captured "
            "or examined."
        ),
    ),
}

TOLERANCE = 2 * DAY
_BINS = ((365 * DAY, "after>1y"), (TOLERANCE, "after>2d"))


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the latest of the document's own two times with as-of, local times at their earliest."""
    stamps = [(label, stamp) for label, stamp in (("modified", facts.modified), ("created", facts.created)) if stamp]
    late, label, stamp = max([(_earliest(stamp) - context.as_of, label, stamp) for label, stamp in stamps], key=_first)
    name = bin_of(late, _BINS)
    if not name:
        return
    values = {"date": shown(stamp), "as_of": clock(context.as_of)[:10], "late": span(late)}
    yield Observation(
        sentence=_SAID[label](**values),
        bin=name,
        evidence=(cite(label, stamp, Role.SUSPECT),),
        suspect=stamp.locator.path,
    )


def _first(entry: tuple[int, str, Timestamp]) -> int:
    return entry[0]


def _earliest(stamp: Timestamp) -> int:
    if isinstance(stamp.instant, int):
        return stamp.instant
    return stamp.wall - LOCAL if isinstance(stamp.wall, int) else -(10**18)


def cases() -> Iterator[Case]:
    """Cases around as-of, which is 2026-01-01."""
    yield fires(document(None, "2026-02-01T10:00:00Z"), "saved a month after as-of", bin="after>2d")
    yield fires(document("2030-02-01T10:00:00Z", "2020-01-01T00:00:00Z"), "created years after it", bin="after>1y")
    yield fires(document("2026-02-01T10:00:00Z"), "a creation date alone", bin="after>2d")
    camera = document(None, "2027-02-01T10:00:00", format="image.jpeg", clock=ClockKind.CAMERA)
    yield fires(camera, "a camera's local time", bin="after>1y")
    yield silent(document(None, "2026-01-03T12:00:00"), "a local time that may be within two days")
    yield silent(document("2017-03-06T10:00:00Z", "2017-03-06T11:00:00Z"), "years before it")
