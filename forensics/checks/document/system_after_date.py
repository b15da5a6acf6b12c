"""A document was last saved on an operating system that was released after the latest of its own times."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite, clock, shown, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.compound import old_document
from forensics.examples.times import time
from forensics.knowledge.constants import is_library_time, is_template_time
from forensics.knowledge.office_systems import system_of
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Timestamp
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Context, Evidence, Observation, Proposition, Role, Rule, Strength, Subject, nested
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.system_after_date",
    version=1,
    title="Saved on a system that did not yet exist",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.OFFICE_ON_WINDOWS | DocumentHas.DATED,
    bins=nested("before", "before>2y"),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("prerelease", "date_set_by_tool", "author_clock"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("MS-OLEPS 2.21", "kb:CLK-2", "kb:OLE-4"),
)

_SAID = says(
    "rule.document.system_after_date",
    one=(
        "The document was last saved on {system}, released on {released}, but the latest of its own times is {date}, "
        "{early} before that."
    ),
)

_OWN = (TimeKind.SUMMARY_CREATED, TimeKind.SUMMARY_SAVED, TimeKind.SUMMARY_PRINTED)
_BINS = ((730 * DAY, "before>2y"), (0, "before"))


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the release with the latest of the times of creation, last save and last print."""
    number = next((one for one in facts.properties if one.name == "ole2.system"), None)
    system = system_of(number.value) if number is not None else None
    stamps = [stamp for stamp in facts.timestamps if stamp.kind in _OWN and _at(stamp) > 0]
    if number is None or system is None or not stamps:
        return
    latest = max(stamps, key=_at)
    early = system.released * DAY - _at(latest)
    name = bin_of(early, _BINS)
    # A blank document's own date says nothing of when it was saved.
    if not name or is_template_time(_at(latest)) or is_library_time(_at(latest)):
        return
    values = {"system": system.name, "released": clock(system.released * DAY)[:10]}
    yield Observation(
        sentence=_SAID(**values, date=shown(latest), early=span(early)),
        bin=name,
        evidence=(
            cite("latest time", latest, Role.SUSPECT),
            Evidence(role=Role.WITNESS, label="system", value=number.value, raw=number.raw, locator=number.locator),
        ),
        suspect=latest.locator.path,
    )


def _at(stamp: Timestamp) -> int:
    return stamp.instant if isinstance(stamp.instant, int) else 0


def cases() -> Iterator[Case]:
    """Cases of systems."""
    windows_10, windows_7 = "0x0002000A", "0x00020106"
    old = ("2007-03-01T10:00:00Z", "2007-03-06T10:00:00Z")
    yield fires(old_document(*old, system=windows_10), "Windows 10, in 2007", bin="before>2y")
    yield fires(
        old_document("2009-01-10T10:00:00Z", "2009-01-10T10:00:00Z", system=windows_7), "its beta", bin="before"
    )
    yield silent(old_document(*old), "Windows XP, in 2007")
    paper = time("2016-01-05T10:00:00Z", path="printed", kind=TimeKind.SUMMARY_PRINTED)
    yield silent(old_document(*old, paper, system=windows_10), "printed when that system existed")
    yield silent(old_document("1996-10-14T23:33:28Z", None, system=windows_10), "the date of a blank workbook")
    yield silent(old_document(*old, system="0x00020B04"), "a system of no known release")
