"""The root of a compound file was changed at another time than its document says that it was last saved.

Whoever edits the properties of an old document moves the time of the last save; the file's own directory keeps when its
root was changed. Excel and PowerPoint change it when a file is only opened for writing, Word does not.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, LOCAL, MINUTE, bin_of, cite, settled, shown, span
from forensics.checks._reasons import BEYOND_LOCAL
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.compound import MAC, old_document, root
from forensics.model.compound_documents import first, program, root_changed
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    nested,
)
from forensics.model.sentences import says

RULE = Rule(
    id="document.root_time",
    version=2,
    title="An old document's file was not changed when it says it was saved",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.ROOT_TIME,
    bins=(
        *[Bin(f"{name}_early") for name in ("word", "excel", "powerpoint", "other")],
        *nested("word_late>2min", "word_late>1h", "word_late>1d"),
    ),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("local_time_as_utc", "opened_for_editing", "embedded_copy", "other_writer", "date_set_by_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("MS-CFB 2.6.4", "kb:OLE-2"),
)

_EARLY = says(
    "rule.document.root_time.early",
    one=(
        "The document says it was last saved at {saved}, but the file's own directory was last changed at {changed}, "
        "{apart} before that."
    ),
)
_LATE = says(
    "rule.document.root_time.late",
    one=(
        "The document says it was last saved at {saved}, but the file's own directory was changed at {changed}, "
        "{apart} after that."
    ),
)
_LOCAL_ROOT = says(
    "note.local_root",
    one=(
        "Office for Mac and for 16-bit Windows writes the time of the directory in local time, and the difference is "
        "less than 14 h."
    ),
)
_UTC_ROOT = says("note.utc_root", one="32-bit Windows writes the time of the directory in UTC.")

SLACK = 2 * MINUTE
_FIRST_FILES = 20 * 365 * DAY
"""The end of 1989: before there were such files a value in that place is none of a clock."""
_LATE_BINS = ((DAY, "word_late>1d"), (HOUR, "word_late>1h"), (SLACK, "word_late>2min"))
_LIBRARY = "0x00020001"
"""What libraries and programs on other systems write for the system."""
_LOCAL_SYSTEMS = ("0x0000", "0x0001")
"""16-bit Windows and Macintosh."""


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the two; a later change is told of Word's files alone."""
    stamp, saved = root_changed(facts), facts.modified
    if stamp is None or saved is None or not isinstance(stamp.instant, int) or not isinstance(saved.instant, int):
        return
    if saved.instant <= 0 or stamp.instant < _FIRST_FILES or first(facts, "ole2.system") == _LIBRARY:
        return
    apart = stamp.instant - saved.instant
    name, saying = "", _LATE
    if apart < -SLACK:
        name, saying = f"{program(facts).lower() or 'other'}_early", _EARLY
    elif program(facts) == "Word":
        name = bin_of(apart, _LATE_BINS)
    if name:
        yield Observation(
            sentence=saying(saved=shown(saved), changed=shown(stamp), apart=span(apart)),
            bin=name,
            evidence=(cite("last saved", saved, Role.SUSPECT), cite("root, modified", stamp, Role.WITNESS)),
            suspect=saved.locator.path,
            benign=(_local(facts, abs(apart)),),
        )


def _local(facts: DocumentFacts, apart: int) -> BenignState:
    if apart > LOCAL:
        return settled("local_time_as_utc", State.EXCLUDED, BEYOND_LOCAL())
    if first(facts, "ole2.system").startswith(_LOCAL_SYSTEMS):
        return settled("local_time_as_utc", State.EXPLAINS, _LOCAL_ROOT())
    return settled("local_time_as_utc", State.EXCLUDED, _UTC_ROOT())


def cases() -> Iterator[Case]:
    """Cases by program and system."""
    made, saved = "2008-01-10T10:00:00Z", "2008-01-16T16:37:00Z"
    yield silent(old_document(made, saved, root("2008-01-16T16:37:18Z")), "seconds apart")
    yield fires(old_document(made, saved, root("2008-01-15T09:00:00Z")), "the save was moved on", bin="word_early")
    excel, slides = "Microsoft Excel 11.0", "Microsoft PowerPoint 11.0"
    early = root("2008-01-16T15:00:00Z")
    yield fires(old_document(made, saved, early, application=excel), "a workbook", bin="excel_early")
    yield fires(old_document(made, saved, early, application=slides), "slides", bin="powerpoint_early")
    yield fires(old_document(made, saved, early, application="Example"), "another program", bin="other_early")
    late = root("2008-01-16T16:50:00Z")
    yield fires(old_document(made, saved, late), "minutes later", bin="word_late>2min")
    yield fires(old_document(made, saved, root("2008-01-16T21:37:00Z")), "hours later", bin="word_late>1h")
    yield fires(old_document(made, saved, root("2018-08-30T10:00:00Z")), "set back by years", bin="word_late>1d")
    yield silent(old_document(made, saved, root("2018-08-30T10:00:00Z"), application=excel), "opened in Excel")
    yield silent(old_document(made, saved, early, system=_LIBRARY), "written by a library")
    mac = old_document(made, saved, root("2008-01-16T10:37:18Z"), application=slides, system=MAC)
    yield explained(mac, "six hours before, by Office for Mac", by="local_time_as_utc")
    garbage = old_document(made, saved, root("1689-02-27T20:26:53Z"), application=excel)
    yield silent(garbage, "a value that is no time")
    far = old_document(made, saved, root("2008-01-10T10:37:18Z"), application=slides, system=MAC)
    yield fires(far, "days before, by Office for Mac", bin="powerpoint_early")
