"""A time of an old document is finer or coarser than the program that it names writes such times.

Word writes whole minutes, Excel whole seconds, PowerPoint all that the clock shows; what edits properties writes as it
likes.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import MINUTE, cite, clock
from forensics.examples.cases import Case, fires, silent
from forensics.examples.compound import old_document
from forensics.model.compound_documents import program
from forensics.model.documents import DocumentFacts
from forensics.model.facts import TICKS_PER_SECOND, Timestamp
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.time_precision",
    version=1,
    title="A time finer or coarser than its program writes it",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.OFFICE_ON_WINDOWS | DocumentHas.DATED,
    bins=(Bin("word"), Bin("excel"), Bin("powerpoint")),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "date_set_by_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OLE-3",),
)

_SAID = {
    "Word": says(
        "rule.document.time_precision.word",
        one="{application} writes whole minutes, but a time of the document is {time}.",
    ),
    "Excel": says(
        "rule.document.time_precision.excel",
        one="{application} writes whole seconds, but a time of the workbook is {time}.",
    ),
    "PowerPoint": says(
        "rule.document.time_precision.powerpoint",
        one=(
            "{application} writes fractions of a second when it saves, but the presentation says it was last saved at "
            "{time}."
        ),
    ),
}


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Look at both times of Word and Excel; PowerPoint takes the time of creation over from a template."""
    name = program(facts)
    stamps = (facts.modified,) if name == "PowerPoint" else (facts.modified, facts.created)
    odd = [stamp for stamp in stamps if stamp is not None and _is_odd(name, stamp)]
    if not odd or name not in _SAID:
        return
    yield Observation(
        sentence=_SAID[name](application=facts.application[:60], time=_exact(odd[0])),
        bin=name.lower(),
        evidence=tuple([cite("time", stamp, Role.SUSPECT) for stamp in odd]),
        suspect=odd[0].locator.path,
    )


def _is_odd(name: str, stamp: Timestamp) -> bool:
    if not isinstance(stamp.instant, int) or stamp.instant <= 0:
        return False
    if name == "PowerPoint":
        return stamp.instant % TICKS_PER_SECOND == 0
    return stamp.instant % (MINUTE if name == "Word" else TICKS_PER_SECOND) != 0


def _exact(stamp: Timestamp) -> str:
    """Write an instant with all its digits."""
    instant = stamp.instant if isinstance(stamp.instant, int) else 0
    fraction = f".{instant % TICKS_PER_SECOND:07}".rstrip("0").rstrip(".")
    return f"{clock(instant)}{fraction} UTC"


def cases() -> Iterator[Case]:
    """Cases by program."""
    minute, second, fraction = "2008-01-16T16:37:00Z", "2008-01-16T16:37:18Z", "2008-01-16T16:37:18.250Z"
    excel, slides = "Microsoft Excel 11.0", "Microsoft Office PowerPoint 12.0"
    yield fires(old_document(minute, second), "Word, to the second", bin="word")
    yield fires(old_document(fraction, minute), "Word, the creation to less", bin="word")
    yield silent(old_document(minute, minute), "Word, to the minute")
    yield fires(old_document(second, fraction, application=excel), "Excel, with a fraction", bin="excel")
    yield silent(old_document(second, second, application=excel), "Excel, to the second")
    yield silent(old_document(minute, minute, application=excel), "a full minute by chance")
    yield fires(old_document(fraction, second, application=slides), "PowerPoint, to the second", bin="powerpoint")
    yield silent(old_document(second, fraction, application=slides), "a template's creation")
    yield silent(old_document("1601-01-01T00:00:10Z", minute), "a time that was never set")
