"""A row or cell of a worksheet is not written as Excel writes the others: it was put in, or moved, by other means."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.packages import office_document
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import facts_named
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.sheet_rows",
    version=1,
    title="A row is not written as the others of its sheet",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.ROWS,
    bins=(Bin("order"), Bin("row_marks"), Bin("beyond")),
    group="workbook cells",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("other_writer",),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-12", "ECMA-376-1 18.3.1.73", "ECMA-376-1 18.3.1.35"),
)

_SAID = {
    "order": says(
        "rule.document.sheet_rows.order",
        one="Excel writes rows and cells in their order, and one is out of it: {said}.",
        many="Excel writes rows and cells in their order, and {n} or more are out of it; the first: {said}.",
    ),
    "row_marks": says(
        "rule.document.sheet_rows.row_marks",
        one="Excel writes the same marks on all rows of a sheet, and one has others: {said}.",
        many="Excel writes the same marks on all rows of a sheet, and {n} or more have others; the first: {said}.",
    ),
    "beyond": says(
        "rule.document.sheet_rows.beyond",
        one="Excel states the range of all cells of a sheet, and one lies outside: {said}.",
        many="Excel states the range of all cells of a sheet, and {n} or more lie outside; the first: {said}.",
    ),
}
_FACTS = {"order": "ooxml.row_order", "row_marks": "ooxml.row_marks", "beyond": "ooxml.cell_beyond"}
_CITED = 5


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Tell what is odd, each kind once."""
    for name, kind in _FACTS.items():
        found = list(facts_named(facts, kind))
        if found:
            yield Observation(
                sentence=_SAID[name](len(found), said=found[0].value[:300]),
                bin=name,
                evidence=tuple([cite_fact("row", one, Role.SUSPECT) for one in found[:_CITED]]),
                suspect=found[0].locator.path,
            )


def cases() -> Iterator[Case]:
    """Cases of each."""

    def workbook(**said: str) -> DocumentFacts:
        return office_document("ooxml.excel", rows="40", **said)

    yield fires(workbook(row_order="Budget: row 7 stands behind row 8"), "two rows exchanged", bin="order")
    yield fires(workbook(row_marks="Budget: row 7 has no descent, unlike the rest"), "a row put in", bin="row_marks")
    beyond = workbook(cell_beyond="Budget: H41 lies outside the stated range A1:G40")
    yield fires(beyond, "a cell put in below", bin="beyond")
    yield silent(workbook(), "rows as Excel writes them")
