"""A document was worked on for longer than there was between its creation and its last save, as it says itself.

Programs add the time for which a document is open to what was counted before. Whoever sets the creation or the save to
another date leaves that sum.
"""

from collections.abc import Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, MINUTE, bin_of, cite, cite_fact, settled, shown, span
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact
from forensics.model.open_documents import edited, existed
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

RULE = Rule(
    id="document.editing_time",
    version=3,
    title="Worked on for longer than it existed",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.EDITED,
    bins=(
        Bin("longer", ceiling=Strength.CONTEXT),
        Bin("longer>1h", ("longer",)),
        Bin("longer>1d", ("longer", "longer>1h")),
    ),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("saved_under_new_name", "constant_time", "date_set_by_tool", "author_clock"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-5", "kb:ODF-3", "kb:RTF-1"),
)

_SAID = says(
    "rule.document.editing_time",
    one=(
        "The document says that it was worked on for {edited}, and that it was made at {created} and saved last at "
        "{saved}: only {existed} lie between."
    ),
)
_AT_ONCE = says("note.saved_at_once", one="It was saved no later than two minutes after it was made.")
_CONSTANT = says(
    "note.constant_editing_time",
    one="It names no program, and {edited} is a time that old files of OpenOffice or LibreOffice state to the second.",
)
_CONSTANTS = frozenset({"PT52113H31M44S", "PT574H11M8S"})
"""Each stands in four old files of three owners; no other time of more than an hour stands in files of two that name
no program."""
_LEAST = 2 * MINUTE
"""Times and sums are rounded to minutes."""
_BINS = ((DAY, "longer>1d"), (HOUR, "longer>1h"), (_LEAST, "longer"))


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the sum with what lies between the document's two times."""
    told, lasted = edited(facts), existed(facts)
    created, saved = facts.created, facts.modified
    # A save before the creation is for another rule to tell.
    if told is None or lasted is None or created is None or saved is None or lasted < 0:
        return
    # Local clocks are set back by an hour in autumn, and the sum is not.
    local = not isinstance(saved.instant, int)
    name = bin_of(told[1] - lasted - (HOUR if local else 0), _BINS)
    if not name:
        return
    yield Observation(
        sentence=_SAID(edited=span(told[1]), created=shown(created), saved=shown(saved), existed=span(lasted)),
        bin=name,
        evidence=(
            cite("created", created, Role.EITHER),
            cite("modified", saved, Role.EITHER),
            cite_fact("time worked", told[0], Role.WITNESS),
        ),
        suspect=saved.locator.path,
        benign=tuple(_causes(facts, *told, lasted)),
    )


def _causes(facts: DocumentFacts, told: Fact, worked: int, lasted: int) -> Iterator[BenignState]:
    if lasted <= _LEAST:
        yield settled("saved_under_new_name", State.EXPLAINS, _AT_ONCE())
    if told.value in _CONSTANTS and not any(one.name == "ole2.application" for one in facts.properties):
        yield settled("constant_time", State.EXPLAINS, _CONSTANT(edited=span(worked)))


def _worked(saved: str, name: str, value: str, form: str = "ooxml.word") -> DocumentFacts:
    return document("2017-03-06T10:00:00Z", saved, format=form, properties=(fact(name, value),))


def cases() -> Iterator[Case]:
    """Cases in each format, and of a document that was saved under a new name."""
    yield silent(_worked("2017-03-06T12:00:00Z", "ooxml.total_time", "121"), "an hour and a minute, rounded")
    yield fires(_worked("2017-03-06T10:10:00Z", "ooxml.total_time", "25"), "25 minutes in 10", bin="longer")
    yield fires(_worked("2017-03-06T12:00:00Z", "ole2.edit_time", "PT9H0M0S", "ole2.word"), "old", bin="longer>1h")
    yield fires(_worked("2017-03-06T12:00:00Z", "odf.editing_duration", "P2DT3H", "odf.text"), "ODF", bin="longer>1d")
    yield fires(_worked("2017-03-06T12:00:00Z", "rtf.minutes", "4000", "rtf"), "Rich Text", bin="longer>1d")
    yield explained(
        _worked("2017-03-06T10:01:00Z", "ooxml.total_time", "500"), "made and saved at once", by="saved_under_new_name"
    )
    old = _worked("2017-03-06T12:00:00Z", "ole2.edit_time", "PT52113H31M44S", "ole2.word")
    yield explained(old, "an old file of a free office suite", by="constant_time")
    word = msgspec.structs.replace(old, properties=(*old.properties, fact("ole2.application", "Microsoft Word 9.0")))
    yield fires(word, "the same time in a file that names Word", bin="longer>1d")
    slides = _worked("2017-03-06T12:00:00Z", "ooxml.total_time", "500", "ooxml.powerpoint")
    yield silent(slides, "PowerPoint keeps the sum of what a presentation was made of")
    yield silent(_worked("2017-03-05T12:00:00Z", "ooxml.total_time", "500"), "saved before it was made")
    night = document("2017-10-29T02:10:00", "2017-10-29T04:00:00", format="odf.text")
    slept = fact("odf.editing_duration", "PT2H50M"), fact("odf.editing_duration", "PT5H")
    yield silent(msgspec.structs.replace(night, properties=slept[:1]), "the night in which clocks are set back")
    yield fires(msgspec.structs.replace(night, properties=slept[1:]), "two hours more than that night", bin="longer>1h")
    yield silent(_worked("2017-03-06T12:00:00Z", "odf.editing_duration", "PT0S", "odf.text"), "nothing is counted")
