"""A text has another number of characters than LibreOffice counted in it when it was saved.

It counts the text as it saves it, and writes how many characters it has into the metadata. Who changes words in the
package leaves the number, and is told unless what is put in is as long as what is taken out.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import bin_of, cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.open_documents import counted
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Context, Observation, Proposition, Role, Rule, Strength, Subject, nested
from forensics.model.sentences import says

RULE = Rule(
    id="document.counted_text",
    version=1,
    title="Text of another length than was counted at its save",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.COUNTED,
    bins=nested("differs", "differs>2"),
    group="document writer",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:ODF-3",),
)

_SAID = says(
    "rule.document.counted_text",
    one=(
        "The text states that it has {stated} characters; counted as {program} counts them when it saves, it has "
        "{counted}."
    ),
)
_BETWEEN = says(
    "rule.document.counted_text.between",
    one=(
        "The text states that it has {stated} characters; counted as {program} counts them when it saves, it has "
        "{least} to {most}."
    ),
)
_BINS = ((2, "differs>2"), (0, "differs"))


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Hold the number stated against the least and the most that the text has."""
    found = counted(facts)
    if found is None:
        return
    told, stated, least, most = found
    name = bin_of(max(stated - most, least - stated), _BINS)
    if not name:
        return
    program = facts.application.partition("/")[0]
    if least == most:
        said = _SAID(stated=stated, program=program, counted=least)
    else:
        said = _BETWEEN(stated=stated, program=program, least=least, most=most)
    yield Observation(
        sentence=said,
        bin=name,
        evidence=(cite_fact("characters stated, least and most counted", told, Role.EITHER),),
        suspect=told.locator.path,
    )


def _text(counts: str) -> DocumentFacts:
    application = "LibreOffice/7.3.7.2$Linux_X86_64"
    return document(format="odf.text", application=application, properties=(fact("odf.characters", counts),))


def cases() -> Iterator[Case]:
    """Cases of a word changed, and of what is counted either way."""
    yield silent(_text("1204 1204 1204"), "as it was counted")
    yield silent(_text("1210 1200 1231"), "one of two margins is shown")
    yield fires(_text("1204 1205 1205"), "a letter more", bin="differs")
    yield fires(_text("1204 1209 1209"), "a longer word", bin="differs>2")
    yield fires(_text("1204 1180 1199"), "a sentence is missing", bin="differs>2")
    yield silent(document(format="odf.text"), "a text that was not counted")
