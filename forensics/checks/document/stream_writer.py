"""Another program than the properties name wrote a Word document's own stream.

OpenOffice and LibreOffice put a mark of their own where Word puts its, and name no program in the properties; who gives
them Word's name leaves the mark.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.compound import old_document
from forensics.examples.times import time
from forensics.model.compound_documents import WORD_MARK, program
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.stream_writer",
    version=1,
    title="Named after Word, written by another program",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.OFFICE_ON_WINDOWS | DocumentHas.LOCAL_AND_UTC,
    bins=(Bin("libreoffice"),),
    group="document program",
    compare_with="author_application",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("MS-DOC 2.5.1", "kb:OLE-5"),
)

_SAID = says(
    "rule.document.stream_writer",
    one=(
        "The properties name {application}, but the document's own stream has the mark of OpenOffice and LibreOffice "
        "where Word writes its own."
    ),
)
_MARK = "0x6C6F"


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Look at the mark of a document that names Word."""
    mark = next((one for one in facts.properties if one.name == "doc.writer"), None)
    if mark is None or mark.value != _MARK or program(facts) != "Word":
        return
    named = next((one for one in facts.properties if one.name == "ole2.application"), mark)
    yield Observation(
        sentence=_SAID(application=facts.application[:60]),
        bin="libreoffice",
        evidence=(cite_fact("program", named, Role.SUSPECT), cite_fact("mark of the stream", mark, Role.WITNESS)),
        suspect=named.locator.path,
    )


def _document(mark: str) -> DocumentFacts:
    at = ("2009-03-06T10:00:00Z", "2009-03-06T11:00:00Z")
    own = time("2009-03-06T12:00:00", path="dop", kind=TimeKind.DOP_REVISED)
    return old_document(*at, own, doc_writer=mark, ole2_application="Microsoft Office Word")


def cases() -> Iterator[Case]:
    """Cases of the marks of three programs."""
    yield fires(_document(_MARK), "LibreOffice wrote the stream", bin="libreoffice")
    yield silent(_document(WORD_MARK), "Word did")
    yield silent(_document("0x534B"), "WPS, which names Word too")
