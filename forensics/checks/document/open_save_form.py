"""The last save of an OpenDocument is not written as LibreOffice writes it, and the creation is.

Since version 4.1 LibreOffice writes both from its own clock, with nine digits of a second and without a zone. It leaves
the times of what it converts as it found them: so only documents that it made itself are looked at.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._facts import cite
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document
from forensics.model.documents import DocumentFacts
from forensics.model.open_documents import fine_pair, is_fine
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.open_save_form",
    version=1,
    title="A save time in another form than its program writes it",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.OPEN_SAVED,
    bins=(Bin("save"),),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "date_set_by_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:ODF-3",),
)

_SAID = says(
    "rule.document.open_save_form",
    one=(
        "{program} writes times with nine digits of a second and without a zone, and so the creation is written "
        "({created}); the last save is not: {saved}."
    ),
)


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Look at the form of the last save."""
    pair = fine_pair(facts)
    if pair is None or is_fine(pair[1]):
        return
    created, saved = pair
    values = {name: one.raw.decode("ascii", "replace")[:60] for name, one in (("created", created), ("saved", saved))}
    yield Observation(
        sentence=_SAID(program=facts.application.partition("$")[0][:60], **values),
        bin="save",
        evidence=(cite("modified", saved, Role.SUSPECT), cite("created", created, Role.WITNESS)),
        suspect=saved.locator.path,
    )


def _dated(created: str, saved: str, application: str = "LibreOffice/7.3.7.2$Linux_X86_64") -> DocumentFacts:
    made = document(created, saved, format="odf.text", application=application)
    if made.created is None or made.modified is None:
        return made
    first, last = (replace(made.created, raw=created.encode()), replace(made.modified, raw=saved.encode()))
    return replace(made, created=first, modified=last)


def cases() -> Iterator[Case]:
    """Cases of a date that was typed, and of what LibreOffice found."""
    fine = "2017-03-06T11:00:10.123456789"
    yield silent(_dated(fine, "2017-03-06T12:00:10.000000000"), "as LibreOffice writes both")
    yield fires(_dated(fine, "2017-03-06T12:00:00"), "a time that was typed", bin="save")
    yield fires(_dated(fine, "2017-03-06T12:00:10.123456"), "six digits, as scripts write them", bin="save")
    yield fires(_dated(fine, "2017-03-06T12:00:10.123456789Z"), "a zone", bin="save")
    yield silent(_dated("2017-03-06T11:00:00Z", "2017-03-06T12:00:00Z"), "converted from another program's")
    yield silent(_dated(fine, "2017-03-06T12:00:00", "LibreOffice/4.0.2.2$Linux_X86_64"), "an older version")
