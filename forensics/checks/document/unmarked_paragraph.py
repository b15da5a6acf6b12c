"""A paragraph lacks the identifier that Word gave to all others when it saved the document.

Word gives every paragraph an identifier (``w14:paraId``), and names its editing session, whenever it saves; a program
that puts a paragraph into the file afterwards mostly gives it neither.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import count_named
from forensics.model.presence.word_sessions import marked, unmarked
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.unmarked_paragraph",
    version=2,
    title="A paragraph without the identifier that all others have",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.PARAGRAPHS,
    bins=(Bin("neither"), Bin("no_identifier")),
    group="document writer",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("text_inserted", "other_writer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-8", "MS-DOCX 2.2.4"),
)

_NEITHER = says(
    "rule.document.unmarked_paragraph.neither",
    one=(
        "The paragraph “{words}” has neither an identifier nor an editing session; {count} paragraphs of the document "
        "have the identifier that Word gives to each when it saves."
    ),
)
_NO_IDENTIFIER = says(
    "rule.document.unmarked_paragraph.no_identifier",
    one=(
        "The paragraph “{words}” has an editing session and no identifier; {count} paragraphs of the document have the "
        "identifier that Word gives to each when it saves."
    ),
)
_SENTENCES = {"neither": _NEITHER, "no identifier": _NO_IDENTIFIER}
_CITED = 3


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Tell the paragraphs that lack an identifier where more paragraphs have one; first those that lack a session."""
    identified, _ = marked(facts)
    lacking = count_named(facts, "ooxml.unmarked_paragraphs") or 0
    bare = [(lack, words, one) for one in unmarked(facts) for lack, _, words in (one.value.partition(": "),)]
    for lack, sentence in _SENTENCES.items():
        found = [(words, one) for lacks, words, one in bare if lacks == lack]
        if found and max(lacking, len(bare)) < identified:
            words = " ".join(found[0][0].split())[:200]
            yield Observation(
                sentence=sentence(words=words, count=str(identified)),
                bin=lack.replace(" ", "_"),
                evidence=tuple([cite_fact("paragraph", one, Role.SUSPECT) for _, one in found[:_CITED]]),
                suspect=found[0][1].locator.path,
            )
            return


def _word(*bare: str, identified: int = 60, lacking: int = 0) -> DocumentFacts:
    office = fact("ooxml.application", "Microsoft Office Word"), fact("ooxml.app_version", "16.0000")
    counted = fact("ooxml.paragraphs_marked", f"{identified} identified, {identified} of a session")
    places = [fact("ooxml.unmarked_paragraph", one, path=f"p{number}") for number, one in enumerate(bare)]
    every = fact("ooxml.unmarked_paragraphs", str(lacking or len(bare)))
    return document(properties=(*office, counted, every, *places))


def cases() -> Iterator[Case]:
    """Cases of each lack."""
    yield fires(_word("neither: The grant was not paid."), "a paragraph that a program put in", bin="neither")
    both = _word("no identifier: Page 1", "neither: The grant was not paid.")
    yield fires(both, "one without either among those with a session", bin="neither")
    yield fires(_word("no identifier: Page 1"), "a footer of an older Word", bin="no_identifier")
    yield silent(_word("no session: The grant was paid."), "a session alone is missing")
    yield silent(_word(), "as Word keeps it")
    yield silent(_word(*["neither: x"] * 60), "as many without as with")
    yield silent(_word(*["neither: x"] * 50, lacking=200), "more without than with, of which fifty are told")
