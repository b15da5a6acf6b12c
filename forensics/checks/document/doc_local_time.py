"""Word keeps the times of an old document twice, in local time and in UTC, and the two do not belong together.

A program that edits properties changes the UTC times alone; the local ones stand in a binary block of the document.
"""

from collections.abc import Iterator, Sequence

from forensics.checks import settle
from forensics.checks._facts import HOUR, LOCAL, MINUTE, cite, settled, shown, span
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.compound import local, old_document, root
from forensics.knowledge.constants import is_constant_local_time
from forensics.model.compound_documents import by_kind, first, pairs
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Timestamp
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.doc_local_time",
    version=3,
    title="A Word file's local and UTC times do not belong together",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.LOCAL_AND_UTC,
    bins=(Bin("no_offset"), Bin("two_zones", ceiling=Strength.WEAK)),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    contradiction=True,
    benign=("rights_wrapper", "other_writer", "zone_changed", "date_set_by_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("MS-DOC 2.7.2", "kb:OLE-1"),
)

_SAID = {
    TimeKind.DOP_CREATED: says(
        "rule.document.doc_local_time.created",
        one=(
            "The document keeps the time of its creation as {local} and as {time}; they differ by {apart}, which no "
            "time zone does."
        ),
    ),
    TimeKind.DOP_REVISED: says(
        "rule.document.doc_local_time.saved",
        one=(
            "The document keeps the time of its last save as {local} and as {time}; they differ by {apart}, which no "
            "time zone does."
        ),
    ),
    TimeKind.DOP_PRINTED: says(
        "rule.document.doc_local_time.printed",
        one=(
            "The document keeps the time of its last print as {local} and as {time}; they differ by {apart}, which no "
            "time zone does."
        ),
    ),
}
_ZONES = says(
    "rule.document.doc_local_time.two_zones",
    one=(
        "The computer's clock was at UTC{one} when the document was created ({created}) and at UTC{other} when it was "
        "last saved ({saved})."
    ),
)
_WRAPPER = says(
    "note.rights_wrapper",
    one="The file wraps a document that is under rights protection: the UTC times are those of the wrapper.",
)
_NO_WRAPPER = says("note.no_rights_wrapper", one="The file holds no document that is under rights protection.")

_CONSTANT = says(
    "note.doc_constant_time",
    one="The local time is the one that OpenOffice and LibreOffice write into every document of this form.",
)
_MADE_OF = says(
    "note.wps_made_of_another",
    one=(
        "WPS Office wrote the whole file at the time at which it was created ({time}) and names no save since; the "
        "local time may be that of the document of which it was made."
    ),
)
_WPS = "WPS Office"
_QUARTER, _EAST, _WEST = 15 * MINUTE, LOCAL, 12 * HOUR


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare each pair; both are read from one clock at one moment, so that they differ by its offset."""
    found = pairs(facts)
    odd = [pair for pair in found if _offset(*pair) is None]
    for local_time, utc in odd[:1]:
        apart = _apart(local_time, utc)
        values = {"local": shown(local_time), "time": shown(utc), "apart": span(apart)}
        yield Observation(
            sentence=_SAID[local_time.kind](**values),
            bin="no_offset",
            evidence=tuple([one for pair in odd for one in _cited(*pair, Role.EITHER)]),
            suspect=utc.locator.path,
            benign=(_wrapper(facts), *_constant(odd), *_made_of_another(facts, odd)),
        )
    if not odd:
        yield from _two_zones(found)


def _two_zones(found: tuple[tuple[Timestamp, Timestamp], ...]) -> Iterator[Observation]:
    """Compare the offsets of creation and last save, which summer time sets an hour apart."""
    by_kind = {pair[0].kind: pair for pair in found}
    made, saved = by_kind.get(TimeKind.DOP_CREATED), by_kind.get(TimeKind.DOP_REVISED)
    if made is None or saved is None:
        return
    one, other = _offset(*made), _offset(*saved)
    if one is None or other is None or abs(one - other) <= HOUR:
        return
    values = {"one": _written(one), "other": _written(other), "created": shown(made[0]), "saved": shown(saved[0])}
    yield Observation(
        sentence=_ZONES(**values),
        bin="two_zones",
        evidence=(*_cited(*made, Role.EITHER), *_cited(*saved, Role.EITHER)),
        suspect=saved[1].locator.path,
    )


def _apart(local_time: Timestamp, utc: Timestamp) -> int:
    """Return by how much the local time is ahead; it has no seconds."""
    wall, instant = local_time.wall, utc.instant
    if not isinstance(wall, int) or not isinstance(instant, int):
        return 0
    return wall - instant // MINUTE * MINUTE


def _offset(local_time: Timestamp, utc: Timestamp) -> int | None:
    """Return the offset of two times of one moment; ``None``: no clock shows both."""
    apart = _apart(local_time, utc)
    nearest = (apart + _QUARTER // 2) // _QUARTER * _QUARTER
    return nearest if abs(apart - nearest) <= MINUTE and -_WEST <= nearest <= _EAST else None


def _written(offset: int) -> str:
    minutes = abs(offset) // MINUTE
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _cited(local_time: Timestamp, utc: Timestamp, role: Role) -> tuple[Evidence, Evidence]:
    return cite("local time (Dop)", local_time, role), cite("UTC (property set)", utc, role)


def _wrapper(facts: DocumentFacts) -> BenignState:
    if first(facts, "ole2.rights"):
        return settled("rights_wrapper", State.EXPLAINS, _WRAPPER())
    return settled("rights_wrapper", State.EXCLUDED, _NO_WRAPPER())


def _constant(odd: list[tuple[Timestamp, Timestamp]]) -> Iterator[BenignState]:
    """Tell that each local time is the constant of a program that keeps none there."""
    walls = [local_time.wall for local_time, _ in odd]
    if all(isinstance(wall, int) and is_constant_local_time(wall) for wall in walls):
        yield settled("other_writer", State.EXPLAINS, _CONSTANT())


def _made_of_another(facts: DocumentFacts, odd: Sequence[tuple[Timestamp, Timestamp]]) -> Iterator[BenignState]:
    """Tell that WPS Office made the file of another document, whose earlier creation it kept, and saved it never."""
    (local_time, utc), written = odd[0], by_kind(facts)
    whole = written.get(TimeKind.OLE_MODIFIED)
    if not first(facts, "ole2.application").startswith(_WPS) or TimeKind.SUMMARY_SAVED in written or whole is None:
        return
    if local_time.kind is not TimeKind.DOP_CREATED or _apart(local_time, utc) > 0:
        return
    if isinstance(whole.instant, int) and isinstance(utc.instant, int) and 0 <= whole.instant - utc.instant <= MINUTE:
        yield settled("other_writer", State.EXPLAINS, _MADE_OF(time=shown(utc)))


def cases() -> Iterator[Case]:
    """Cases of offsets, of changed UTC times, and of clocks that were moved."""
    created, revised, printed = TimeKind.DOP_CREATED, TimeKind.DOP_REVISED, TimeKind.DOP_PRINTED
    made, saved = "2009-09-04T04:58:00Z", "2009-09-07T12:10:00Z"
    moscow = (local(created, "2009-09-04T08:58:00"), local(revised, "2009-09-07T16:10:00"))
    yield silent(old_document(made, saved, *moscow), "four hours ahead, twice")
    yield silent(old_document("2009-09-04T04:59:00Z", saved, *moscow), "a minute passed between two readings")
    back = old_document("2007-02-01T09:17:00Z", saved, *moscow)
    yield fires(back, "the creation was set back in the property set", bin="no_offset")
    yield fires(old_document(made, "2009-09-01T12:17:00Z", *moscow), "the last save was", bin="no_offset")
    wrapped = old_document("2012-02-01T09:17:00Z", "2012-02-01T09:17:00Z", *moscow, ole2_rights="DRMContent")
    yield explained(wrapped, "the property set is that of a wrapper", by="rights_wrapper")
    none = (local(created, "1995-11-21T17:41:00"), local(revised, "1995-11-21T17:41:00"))
    yield explained(old_document(made, saved, *none), "the constant of LibreOffice", by="other_writer")
    older, wps = (local(created, "2007-02-01T09:17:00"), local(revised, "2007-03-01T09:17:00")), "WPS Office"
    at_once = (*older, root("2009-09-04T04:58:00Z"))
    yield explained(
        old_document(made, None, *at_once, ole2_application=wps),
        "WPS Office made a file of an older document",
        by="other_writer",
    )
    yield fires(old_document(made, None, *at_once), "Word does not", bin="no_offset")
    yield fires(old_document(made, saved, *at_once, ole2_application=wps), "and saved it later", bin="no_offset")
    later = old_document(made, None, *older, root("2009-09-05T04:58:00Z"), ole2_application=wps)
    yield fires(later, "the file was written a day after", bin="no_offset")
    half = (local(created, "1995-11-21T17:41:00"), local(revised, "2009-09-01T16:10:00"))
    yield fires(old_document(made, saved, *half), "the constant, and another time set back", bin="no_offset")
    summer = (local(created, "2009-09-04T06:58:00"), local(revised, "2009-12-07T13:10:00"))
    yield silent(old_document(made, "2009-12-07T12:10:00Z", *summer), "summer time ended in between")
    away = (local(created, "2009-09-04T08:58:00"), local(revised, "2009-09-07T07:10:00"))
    yield fires(old_document(made, saved, *away), "saved nine hours further west", bin="two_zones")
    paper = local(printed, "2009-09-05T10:07:00")
    yield silent(old_document(made, saved, *moscow, paper), "a print that only one of the two tells")
    far = (local(created, "2009-09-05T04:58:00"),)
    yield fires(old_document(made, saved, *far), "a day ahead", bin="no_offset")
