"""A pivot table was made of other values than its source has now: its cache keeps what stood there before.

Excel copies the rows of the source when a table is made or refreshed, and leaves the copy as it is when cells change.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.packages import office_document
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import count_named, facts_named
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.pivot_cache",
    version=2,
    title="A pivot table was made of other values than its source has",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.PIVOTS,
    bins=(Bin("cells"), Bin("rows"), Bin("count")),
    group="workbook cells",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.WEAK,
    benign=("pivot_not_refreshed", "other_writer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("ECMA-376-1 18.10.1", "kb:OOX-13"),
)

_CELLS = says(
    "rule.document.pivot_cache.cells",
    one=(
        "A pivot table was made of another value than its source has now: {said}. Excel copies the source when the "
        "table is made or refreshed; the copy may be what stood there before."
    ),
    many=(
        "Pivot tables were made of other values than their sources have now, in {n} cells; the first: {said}. Excel "
        "copies the source when a table is made or refreshed; the copy may be what stood there before."
    ),
)
_ROWS = says(
    "rule.document.pivot_cache.rows",
    one=(
        "A pivot table was made of a row that its source does not have now: {said}. Excel copies the source when the "
        "table is made or refreshed; the copy may be what stood there before."
    ),
    many=(
        "Pivot tables were made of {n} rows that their sources do not have now, the first: {said}. Excel copies the "
        "source when a table is made or refreshed; the copy may be what stood there before."
    ),
)
_COUNT = says(
    "rule.document.pivot_cache.count",
    one="A pivot cache counts other records than it has: {said}. Excel writes the count with the records.",
)
_KINDS = (
    ("cells", "ooxml.pivot_cell_differs", "ooxml.wrong_pivot_cells", _CELLS),
    ("rows", "ooxml.pivot_row_gone", "ooxml.pivot_rows_gone", _ROWS),
    ("count", "ooxml.pivot_count_differs", "", _COUNT),
)
_CITED = 5


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Tell cells, rows and counts, the first of each; rows that were added since are told by none."""
    for name, kind, counted, said in _KINDS:
        found = list(facts_named(facts, kind))
        if found:
            yield Observation(
                sentence=said(max(len(found), count_named(facts, counted) or 0), said=found[0].value[:300]),
                bin=name,
                evidence=tuple([cite_fact("pivot cache", one, Role.EITHER) for one in found[:_CITED]]),
                suspect=found[0].locator.path,
            )


def cases() -> Iterator[Case]:
    """Cases of a cell changed, a row taken out, and a cache that was changed itself."""
    counted = {"pivot_rows": "75"}
    changed = office_document("ooxml.excel", **counted, pivot_cell_differs="Data!B7 is 12000, the pivot cache has 1200")
    yield fires(changed, "a figure changed after the table was refreshed", bin="cells")
    gone = office_document("ooxml.excel", **counted, pivot_row_gone="Data: 2017 | Lind | 1200", pivot_rows_gone="1")
    yield fires(gone, "a row taken out after the table was refreshed", bin="rows")
    said = "xl/pivotCache/pivotCacheDefinition1.xml says 75 records, there are 74"
    yield fires(office_document("ooxml.excel", **counted, pivot_count_differs=said), "a record taken out", bin="count")
    yield silent(office_document("ooxml.excel", **counted), "a table that was refreshed last")
    added = office_document("ooxml.excel", **counted, pivot_row_new="Data!A76: 2018 | Oz | 30", pivot_rows_new="1")
    yield silent(added, "a row that was added since")
