"""A document says that it was saved before it was made."""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import (
    HOUR,
    LOCAL,
    MINUTE,
    cite,
    later_by,
    offsets,
    settled,
    shown,
    span,
)
from forensics.checks._reasons import BEYOND_LOCAL, LOCAL_TIME_WRITERS, LOCAL_WRITER
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import document, fact
from forensics.knowledge.constants import is_library_time, is_template_time
from forensics.model.documents import DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND
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
)
from forensics.model.sentences import says

_KINDS = ("word", "powerpoint", "excel")
_BEYOND = ("word>14h", "powerpoint>14h", "excel>14h")
RULE = Rule(
    id="document.modified_before_created",
    version=5,
    title="Saved before it was created",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.OFFICE | DocumentHas.CREATED | DocumentHas.MODIFIED,
    bins=tuple([Bin(name) for name in (*_KINDS, *_BEYOND, "pdf", "odf", "ole2", "other")]),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("library_writer", "local_time_as_utc", "template_constant", "zone_changed", "date_set_by_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-5", "kb:OOX-4", "kb:PDF-6", "kb:ODF-3", "kb:RTF-1"),
)

_SAID = says(
    "rule.document.modified_before_created",
    one="The document says it was last saved at {modified}, {early} before it was created at {created}.",
)
_LIBRARY_TIME = says(
    "note.library_time",
    one=(
        "The creation date is that of a library's blank document; the program that uses the library sets the "
        "other date freely."
    ),
)
_DATED_ANEW = says(
    "note.dated_anew",
    one=(
        "The creation is not in whole minutes, in which Word writes it, and the save is: another program made the "
        "document of an older one, dated it and left the time of the save."
    ),
)
_NO_TEMPLATE_TIME = says("note.no_template_time", one="The creation date is not that of a program's blank document.")
_ZONE_LESS_EDITING = says(
    "note.zone_less_editing",
    one=(
        "The difference is a time zone of {offset} minus what passed of the editing time that the document "
        "states ({edited}): one of its two times was written in local time."
    ),
)

_ZONES_APART = says(
    "note.zones_apart",
    one=(
        "As read on the clock, the save comes {apart} after the creation; only the zones written beside the two set "
        "them apart, and programs write a local time with the wrong zone, or with none."
    ),
)

_BINS = {"ooxml.word": "word", "ooxml.powerpoint": "powerpoint", "ooxml.excel": "excel", "pdf": "pdf"}
_EDITING = re.compile(r"(?P<only>[0-9]{1,6})|P(?:T(?:(?P<h>[0-9]{1,5})H)?(?:(?P<m>[0-9]{1,4})M)?(?:[0-9.,]{1,20}S)?)")
"""Minutes in Office (``TotalTime``), a duration in OpenDocument and as old documents count it."""


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the format's own two times; local times only where one clock made both, else as intervals."""
    created, modified = facts.created, facts.modified
    family = facts.format.partition(".")[0]
    name = _BINS.get(facts.format) or (family if family in ("odf", "ole2") else "other")
    if created is None or modified is None:
        return
    early = later_by(created, modified)
    if early <= 2 * TICKS_PER_SECOND:
        return
    if name in _KINDS and early > LOCAL:
        name += ">14h"  # No zone that a program got wrong makes so much, told by the editing time or not.
    values = {"created": shown(created), "modified": shown(modified), "early": span(early)}
    yield Observation(
        sentence=_SAID(**values),
        bin=name,
        evidence=(cite("modified", modified, Role.EITHER), cite("created", created, Role.EITHER)),
        suspect=modified.locator.path,
        benign=tuple(_causes(facts, created.instant, early)),
    )


def _causes(facts: DocumentFacts, created: object, early: int) -> Iterator[BenignState]:
    if isinstance(created, int) and is_library_time(created):
        yield settled("library_writer", State.EXPLAINS, _LIBRARY_TIME())
    elif facts.format == "ooxml.word" and _dated_anew(facts):
        yield settled("library_writer", State.EXPLAINS, _DATED_ANEW())
    if not isinstance(created, int) or not is_template_time(created):
        yield settled("template_constant", State.EXCLUDED, _NO_TEMPLATE_TIME())
    if early > LOCAL:
        yield settled("local_time_as_utc", State.EXCLUDED, BEYOND_LOCAL())
    elif facts.application.lower().startswith(LOCAL_TIME_WRITERS):
        yield settled("local_time_as_utc", State.EXPLAINS, LOCAL_WRITER(application=facts.application[:60]))
    elif (after := _after_as_read(facts)) is not None:
        yield settled("local_time_as_utc", State.EXPLAINS, _ZONES_APART(apart=span(after)))
    elif (ahead := _zone_ahead(facts)) is not None:
        values = {"offset": span(ahead[0]), "edited": span(ahead[1])}
        yield settled("local_time_as_utc", State.EXPLAINS, _ZONE_LESS_EDITING(**values))
    yield from offsets("zone_changed", early)


def _dated_anew(facts: DocumentFacts) -> bool:
    """Return whether the creation has seconds and the save has none: Word writes whole minutes for both."""
    created, modified = facts.created, facts.modified
    if created is None or modified is None:
        return False
    if not isinstance(created.instant, int) or not isinstance(modified.instant, int):
        return False
    return created.instant % MINUTE != 0 and modified.instant % MINUTE == 0


def _after_as_read(facts: DocumentFacts) -> int | None:
    """Return by how much the save is later by the readings of two times in two zones; ``None``: it is not."""
    created, modified = facts.created, facts.modified
    if created is None or modified is None or created.offset_s == modified.offset_s:
        return None
    if not isinstance(created.wall, int) or not isinstance(modified.wall, int):
        return None
    return modified.wall - created.wall if modified.wall >= created.wall else None


def _zone_ahead(facts: DocumentFacts) -> tuple[int, int] | None:
    """Return by how much a zone is ahead, and the editing time told, where both make the difference of two UTC times.

    A program that writes the creation in local time and the save in UTC, or the reverse west of Greenwich, is off by
    the zone less what passed in between: at most the editing time where that is shorter than zones lie apart, else
    just that.
    """
    created, modified = facts.created, facts.modified
    edited = _editing_time(facts)
    if created is None or modified is None or edited is None:
        return None
    if not isinstance(created.instant, int) or not isinstance(modified.instant, int):
        return None
    early = created.instant - modified.instant
    for step in (HOUR, HOUR // 2):
        offset = (early - MINUTE + step - 1) // step * step
        exact = (early + edited + step // 2) // step * step
        if edited < step and offset <= LOCAL and offset - early <= edited + MINUTE:
            return offset, edited
        if exact <= LOCAL and abs(exact - early - edited) <= MINUTE:
            return exact, edited
    return None


def _editing_time(facts: DocumentFacts) -> int | None:
    told = [
        one.value
        for one in facts.properties
        if one.name in ("ooxml.total_time", "odf.editing_duration", "ole2.edit_time")
    ]
    found = _EDITING.fullmatch(told[0].strip()) if told else None
    if found is None:
        return None
    return int(found["only"] or 0) * MINUTE + int(found["h"] or 0) * HOUR + int(found["m"] or 0) * MINUTE


def cases() -> Iterator[Case]:
    """Cases by format, and of the causes that the rule settles."""
    two = ("2017-03-06T10:00:00Z", "2017-03-05T09:00:00Z")
    yield fires(document(*two), "a Word file saved a day before it was made", bin="word>14h")
    yield fires(document(*two, format="ooxml.powerpoint"), "slides", bin="powerpoint>14h")
    near = ("2017-03-06T10:00:00Z", "2017-03-06T09:00:01Z")
    yield fires(document(*near, format="ooxml.powerpoint"), "slides, within zones", bin="powerpoint")
    yield fires(document(*two, format="pdf"), "a PDF", bin="pdf")
    yield fires(document(*two, format="ooxml.excel"), "a workbook, a day", bin="excel>14h")
    yield fires(document(*near, format="ooxml.excel"), "a workbook, within zones", bin="excel")
    anew = document("2017-09-15T22:36:24.3760705Z", "2013-06-12T13:07:00.0000000Z")
    yield explained(anew, "a program dated the document anew and left the save", by="library_writer")
    yield fires(document("2017-09-15T22:36:24Z", "2013-06-12T13:07:31Z"), "both with seconds", bin="word>14h")
    yield fires(document(*two, format="ole2.excel"), "a workbook of the old form", bin="ole2")
    yield fires(document("2017-03-06T10:00:00", "2017-03-06T08:00:00", format="odf.text"), "one clock", bin="odf")
    yield silent(document("2017-03-06T10:00:00", "2017-03-06T08:00:00Z", format="pdf"), "local against UTC: 14 h")
    yield silent(document("2017-03-06T17:35:25Z", "2017-03-06"), "a day is no midnight")
    yield fires(
        document("2017-03-06T12:00:00Z", "2017-03-04"), "a day that was over 22 h before, wherever", bin="word>14h"
    )
    yield silent(document("2006-09-16T00:00:00Z", "2017-03-06T10:00:00Z", format="ooxml.excel"), "template's date")
    office = document("2017-03-06T12:00:00Z", "2017-03-06T10:30:00Z", format="ooxml.excel", application="LibreOffice/7")
    yield explained(office, "LibreOffice wrote local time as UTC in one of the two", by="local_time_as_utc")
    library = document("2013-12-23T23:15:00Z", "2012-03-06T10:30:00Z")

    def edited(modified: str, minutes: str) -> DocumentFacts:
        told = (fact("ooxml.total_time", minutes),)
        return document("2017-03-06T12:00:00Z", modified, application="Microsoft Office Word", properties=told)

    zone = "local_time_as_utc"
    yield explained(edited("2017-03-06T10:25:00Z", "25"), "a zone of 2 h less 25 min of editing", by=zone)
    yield explained(edited("2017-03-06T10:20:00Z", "25"), "less the 20 min that passed of them", by=zone)
    yield explained(edited("2017-03-06T06:50:00Z", "20"), "half an hour's zone", by=zone)
    yield explained(edited("2017-03-06T10:10:00Z", "190"), "a zone of 5 h less 3 h 10 min", by=zone)
    yield explained(edited("2017-03-06T10:00:00Z", "0"), "the zone alone: saved at once", by=zone)
    zones = document("2017-03-06T10:00:00Z", "2017-03-06T10:04:00+01:00", format="pdf")
    yield explained(zones, "a local time with Z, and four minutes later one with its zone", by=zone)
    back = document("2017-03-06T10:00:00Z", "2017-03-06T09:50:00+01:00", format="pdf")
    yield fires(back, "earlier on the clock too", bin="pdf")
    yield fires(edited("2017-03-06T10:17:00Z", "5"), "no zone less 5 min", bin="word")
    yield fires(edited("2017-03-06T10:17:00Z", "500"), "no zone less just 500 min", bin="word")
    yield fires(edited("2017-03-05T10:25:00Z", "25"), "a day more than a zone", bin="word>14h")
    yield explained(library, "python-docx left its template's date", by="library_writer")
