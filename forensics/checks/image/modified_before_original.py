"""A picture says that it was changed before it was taken."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite, later_by, offsets, shown, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document
from forensics.model.documents import DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND, ClockKind
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="image.modified_before_original",
    version=2,
    title="Picture changed before it was taken",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.PICTURE | DocumentHas.CREATED | DocumentHas.MODIFIED,
    bins=(Bin("one_clock"), Bin("two_clocks")),
    group="camera clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("camera_clock", "zone_changed", "date_set_by_tool"),
    settle=settle.CAMERA,
    references=("EXIF 2.32 4.6.5", "kb:IMG-1"),
)

_SAID = says(
    "rule.image.modified_before_original",
    one="The picture says it was changed at {changed}, {early} before it was taken at {taken}.",
)


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare DateTime with DateTimeOriginal: as they stand if one camera wrote both, else as local intervals."""
    taken, changed = facts.created, facts.modified
    if taken is None or changed is None:
        return
    early = later_by(taken, changed)
    if early <= 2 * TICKS_PER_SECOND:
        return
    values = {"taken": shown(taken), "changed": shown(changed), "early": span(early)}
    yield Observation(
        sentence=_SAID(**values),
        bin="one_clock" if (taken.clock, taken.owner) == (changed.clock, changed.owner) else "two_clocks",
        evidence=(cite("DateTime", changed, Role.EITHER), cite("DateTimeOriginal", taken, Role.EITHER)),
        suspect=taken.locator.path,
        benign=offsets("zone_changed", early),
    )


def cases() -> Iterator[Case]:
    """Cases of one camera's clock."""
    camera = ClockKind.CAMERA
    wrong = document("2017-03-06T10:00:00", "2017-03-06T09:00:00", format="image.jpeg", clock=camera)
    yield fires(wrong, "changed an hour before it was taken", bin="one_clock")
    same = document("2017-03-06T10:00:00", "2017-03-06T10:00:00", format="image.jpeg", clock=camera)
    yield silent(same, "as the camera wrote it")
    day = document("2017-03-06T10:00:00", "2017-03-06", format="image.jpeg", clock=camera)
    yield silent(day, "a day is no midnight")
    later = document("2017-03-06T10:00:00", "2017-04-06T10:00:00", format="image.jpeg", clock=camera)
    yield silent(later, "edited a month later")
    edited = document("2017-03-06T10:00:00", "2017-03-06T09:00:00+00:00", format="image.jpeg", clock=camera)
    yield silent(edited, "a local time against another clock's: 14 h either way")
