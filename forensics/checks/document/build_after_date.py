"""A workbook or presentation was last saved by a build that was released after the latest of its own times."""

from collections.abc import Iterator

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._facts import DAY, bin_of, cite, cite_fact, clock, shown, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.compound import MAC, old_document
from forensics.examples.files import document, fact
from forensics.examples.times import time
from forensics.knowledge.constants import is_library_time, is_template_time
from forensics.knowledge.document_births import BUILD_SLACK, build_born
from forensics.model import document_marks as marks
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Context, Observation, Proposition, Role, Rule, Strength, Subject, nested
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.build_after_date",
    version=2,
    title="Saved by a build that did not yet exist",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.BUILD,
    bins=nested("before", "before>1y"),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("prerelease", "date_set_by_tool", "author_clock"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("MS-XLSX 2.6", "MS-XLS 2.4.21", "MS-PPT 2.3.3", "kb:CLK-1", "kb:OOX-6b"),
)

_SAID = says(
    "rule.document.build_after_date",
    one=(
        "The workbook was last saved by build {build} of Excel, and builds with such a number were released from "
        "{released} on; the latest of the workbook's own times is {date}, {early} before that build can have been in "
        "use."
    ),
)
_SLIDES = says(
    "rule.document.build_after_date.slides",
    one=(
        "The presentation was last saved by build {build} of PowerPoint, and builds with such a number were released "
        "from {released} on; the latest of the presentation's own times is {date}, {early} before that build can have "
        "been in use."
    ),
)
_BINS = ((365 * DAY, "before>1y"), (0, "before"))


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the release of the build with the latest of the document's own times."""
    named, latest = marks.build(facts), marks.latest(facts)
    if named is None or latest is None or is_template_time(latest[1]) or is_library_time(latest[1]):
        return
    said, number = named
    born, (stamp, at) = build_born(number), latest
    early = (born - BUILD_SLACK) * DAY - at
    name = bin_of(early, _BINS) if born else ""
    if not name:
        return
    slides = said.name == "ppt.build"
    build = said.value if slides else str(number)
    values = {"build": build, "released": clock(born * DAY)[:10], "date": shown(stamp), "early": span(early)}
    yield Observation(
        sentence=(_SLIDES if slides else _SAID)(**values),
        bin=name,
        evidence=(cite("latest time", stamp, Role.SUSPECT), cite_fact("build", said, Role.WITNESS)),
        suspect=stamp.locator.path,
    )


def _book(saved: str, build: str, application: str = "Microsoft Excel") -> DocumentFacts:
    said = (("application", application), ("workbook_build", build), ("workbook_last_edited", "7"))
    properties = tuple([fact(f"ooxml.{name}", value) for name, value in said])
    return document("2017-03-06T10:00:00Z", saved, format="ooxml.excel", properties=properties)


def cases() -> Iterator[Case]:
    """Cases of builds before and after their release."""
    yield fires(_book("2020-03-06T10:00:00Z", "23530"), "ten months before that build", bin="before")
    yield fires(_book("2017-03-06T11:00:00Z", "27425"), "seven years before it", bin="before>1y")
    yield silent(_book("2020-11-20T10:00:00Z", "23530"), "a tester, six weeks before")
    yield silent(_book("2024-03-06T10:00:00Z", "23530"), "years later")
    yield silent(_book("2017-03-06T11:00:00Z", "10526", "Microsoft Macintosh Excel"), "Excel for Mac counts otherwise")
    yield silent(_book("2017-03-06T11:00:00Z", "14420"), "the number of Excel 2013 and 2016 as sold in a box")
    yield silent(_book("2017-03-06T11:00:00Z", "99999"), "a number of no known build")
    old = {"format": "ole2.excel", "application": "Microsoft Excel 16.0", "ole2_version": "16.0"}
    times = ("2012-01-10T10:00:00Z", "2012-01-16T16:37:00Z")
    xls = {**old, "xls_last_saved": "8"}
    yield fires(old_document(*times, **xls, xls_build="20314/1997"), "an old workbook", bin="before>1y")
    yield silent(old_document(*times, **xls, xls_build="14420/1997"), "the number of Excel 2016 as sold in a box")
    yield silent(old_document(*times, **xls, xls_build="20314/1997", system=MAC), "Excel for Mac")
    ppt = old | {"format": "ole2.powerpoint", "application": "Microsoft Office PowerPoint 16.0"}
    yield fires(old_document(*times, **ppt, ppt_build="14026"), "an old presentation", bin="before>1y")
    yield silent(old_document(*times, **ppt | {"ole2_version": "9.3821"}, ppt_build="8141"), "of PowerPoint 2000")
    yield silent(old_document("2021-09-01T10:00:00Z", None, **ppt, ppt_build="14026"), "in its year")
    book = _book("2020-03-06T10:00:00Z", "23530")
    refreshed = time("2021-01-12T10:00:00", path="pivot", kind=TimeKind.PIVOT_REFRESHED)
    yield silent(replace(book, timestamps=(*book.timestamps, refreshed)), "it was worked on when that build was there")
