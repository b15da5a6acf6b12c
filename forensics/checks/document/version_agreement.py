"""An old document's property sets name another version of its program than its own stream does.

Word and Excel write the version in both when they save; what changes one alone leaves the other.
"""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.examples.cases import Case, fires, silent
from forensics.examples.compound import old_document
from forensics.model.compound_documents import EXCEL, WORD_97, WORD_MARK, first, program, word_major
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Evidence, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import Sentence, says

RULE = Rule(
    id="document.version_agreement",
    version=2,
    title="Two versions of its program in an old document",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.OFFICE_ON_WINDOWS,
    bins=(Bin("word"), Bin("excel")),
    group="document program",
    compare_with="author_application",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("MS-DOC 2.5.1", "MS-XLS 2.4.21", "kb:OLE-5"),
)

_HEAD = says(
    "rule.document.version_agreement.word",
    one="The properties say that Word {version} saved the document, but it is in the form of {form}.",
)
_PRODUCT = says(
    "rule.document.version_agreement.product",
    one="The properties say that Word {version} saved the document, but its own stream is marked by Word {form}.",
)
_NAME = says(
    "rule.document.version_agreement.name",
    one="The properties name {application} as the program, but {version} as its version.",
)
_BOOK = says(
    "rule.document.version_agreement.excel",
    one="The properties say that Excel {version} saved the workbook, but its first record says that {form} did.",
)

_WORD_FORMS = {
    "": (8,),
    "0x00D9": (9,),
    "0x0101": (10,),
    "0x010C": (11,),
    "0x0112": (12, 14, 15, 16),
}
"""Later version in the head of a document to major versions of Word for Windows."""
_WORD_NAMES = {
    "": "Word 97",
    "0x00D9": "Word 2000",
    "0x0101": "Word 2002",
    "0x010C": "Word 2003",
    "0x0112": "Word 2007 or later",
}
_EXCEL_NAMES = {8: "97", 9: "2000", 10: "2002", 11: "2003", 12: "2007", 14: "2010", 15: "2013", 16: "2016 or later"}
_NAMED = re.compile(r"Microsoft Word (8|9|10|11)\.0$")


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the version of the property set with the name there, and with the document's own stream."""
    said = {one.name: one for one in facts.properties}
    stated = said.get("ole2.version")
    major = int(stated.value.partition(".")[0]) if stated and stated.value.partition(".")[0].isdigit() else 0
    if stated is None or not major:
        return
    if facts.format == "ole2.word" and program(facts) == "Word":
        yield from _word(facts, said, stated, major)
    elif facts.format == "ole2.excel" and program(facts) == "Excel" and (own := said.get("xls.last_saved")):
        form = EXCEL.get(first(facts, "xls.last_saved"))
        if form is not None and form != major:
            values = {"version": _EXCEL_NAMES.get(major, f"{major}.0"), "form": f"Excel {_EXCEL_NAMES[form]}"}
            yield _observed(_BOOK(**values), "excel", stated, own)


def _word(facts: DocumentFacts, said: dict[str, Fact], stated: Fact, major: int) -> Iterator[Observation]:
    named = _NAMED.fullmatch(first(facts, "ole2.application"))
    name = said.get("ole2.application")
    if named is not None and name is not None and int(named[1]) != major:
        yield _observed(_NAME(application=name.value[:60], version=f"{major}.0"), "word", stated, name)
        return
    own, form = said.get("doc.version_new") or said.get("doc.version"), first(facts, "doc.version_new")
    if own is None or first(facts, "doc.version") != WORD_97:
        return
    if form in _WORD_FORMS and major not in _WORD_FORMS[form]:
        yield _observed(_HEAD(version=f"{major}.0", form=_WORD_NAMES[form]), "word", stated, own)
    elif (marked := word_major(facts)) is not None and marked[1] != major:
        yield _observed(_PRODUCT(version=f"{major}.0", form=f"{marked[1]}.0"), "word", stated, marked[0])


def _observed(sentence: Sentence, name: str, stated: Fact, own: Fact) -> Observation:
    return Observation(
        sentence=sentence,
        bin=name,
        evidence=(_cited("version of the property set", stated), _cited("the document's own", own)),
        suspect=stated.locator.path,
    )


def _cited(label: str, one: Fact) -> Evidence:
    return Evidence(role=Role.EITHER, label=label, value=one.value[:200], raw=one.raw, locator=one.locator)


def cases() -> Iterator[Case]:
    """Cases of versions that agree and of versions that do not."""
    times = ("2008-01-10T10:00:00Z", "2008-01-16T16:37:00Z")
    word = "Microsoft Office Word 11.0"
    head = {"doc_version": WORD_97, "ole2_version": "11.9999"}
    yield silent(old_document(*times, doc_version_new="0x010C", **head), "Word 2003 twice")
    newer = old_document(*times, application=word, doc_version_new="0x0112", **head)
    yield fires(newer, "properties of Word 2003 over a document of a later one", bin="word")
    yield fires(old_document(*times, **head), "over one of Word 97", bin="word")
    marks = {"doc_version": WORD_97, "doc_version_new": "0x0112", "doc_writer": WORD_MARK}
    later = {"application": "Microsoft Office Word 16.0", "ole2_version": "16.0", **marks}
    yield silent(old_document(*times, **later, doc_product="0x0037"), "Word 16, whose number begins anew")
    yield fires(old_document(*times, **later, doc_product="0xE05F"), "properties of Word 16 over Word 15", bin="word")
    kin = later | {"doc_writer": "0x534B"}
    yield silent(old_document(*times, **kin, doc_product="0x8889"), "WPS counts otherwise")
    old = {"application": "Microsoft Word 9.0", "ole2_application": "Microsoft Word 9.0", "doc_version": WORD_97}
    yield silent(old_document(*times, **old, doc_version_new="0x00D9", ole2_version="9.2720"), "Word 2000 twice")
    yield fires(
        old_document(*times, **old, ole2_version="10.2930"), "the name of one, the version of another", bin="word"
    )
    book = {"format": "ole2.excel", "application": "Microsoft Excel 12.0", "ole2_version": "12.0"}
    yield silent(old_document(*times, **book, xls_last_saved="4"), "Excel 2007 twice")
    yield fires(old_document(*times, **book, xls_last_saved="2"), "Excel 2002 and 2007", bin="excel")
    yield silent(old_document(*times, **book, xls_last_saved="13"), "a number of no known version")
