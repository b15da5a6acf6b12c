"""A chart keeps a figure that is not the one of its cell: one of the two was changed without the other.

A program that saves a workbook with a chart writes each figure twice, in its cell and in the chart.
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
    id="document.chart_values",
    version=1,
    title="A chart and its cells differ",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.CHARTS,
    bins=(Bin("number"), Bin("text"), Bin("embedded")),
    group="workbook cells",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("chart_not_redrawn", "other_writer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("ECMA-376-1 21.2.2", "kb:OOX-13"),
)

_OWN = says(
    "rule.document.chart_values.own",
    one=(
        "A chart does not show what stands in its cells: {said}. Excel writes what a chart shows together with the "
        "cells that it shows."
    ),
    many=(
        "Charts differ from their cells in {n} places, the first: {said}. Excel writes what a chart shows together "
        "with the cells that it shows."
    ),
)
_EMBEDDED = says(
    "rule.document.chart_values.embedded",
    one="A chart does not show what stands in the workbook inside the document, from which it is drawn: {said}.",
    many=(
        "Charts differ in {n} places from the workbooks inside the document, from which they are drawn; the first: "
        "{said}."
    ),
)
_CITED = 5
_KINDS = (
    ("number", "ooxml.chart_number_differs", "ooxml.wrong_chart_numbers"),
    ("text", "ooxml.chart_text_differs", "ooxml.wrong_chart_texts"),
)


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Tell the figures that differ together, and the texts."""
    own = facts.format == "ooxml.excel"
    for name, kind, counted in _KINDS:
        found = list(facts_named(facts, kind))
        if found:
            yield Observation(
                sentence=(_OWN if own else _EMBEDDED)(
                    count_named(facts, counted) or len(found), said=found[0].value[:300]
                ),
                bin=name if own else "embedded",
                evidence=tuple([cite_fact("chart", one, Role.EITHER) for one in found[:_CITED]]),
                suspect=found[0].locator.path,
            )


def cases() -> Iterator[Case]:
    """Cases of a figure changed in a chart, or in its cell."""
    counted = {"chart_points": "24", "wrong_chart_numbers": "1", "wrong_chart_texts": "0"}
    figure = "Budget!B7 is 4200, the chart has 9200"
    changed = office_document("ooxml.excel", **counted, chart_number_differs=figure)
    yield fires(changed, "a figure of the chart changed", bin="number")
    named = {"chart_points": "24", "wrong_chart_texts": "1"}
    label = "Budget!A7 is “rent”, the chart has “travel”"
    yield fires(office_document("ooxml.excel", **named, chart_text_differs=label), "a name changed", bin="text")
    inside = office_document("ooxml.powerpoint", **counted, chart_number_differs=figure)
    yield fires(inside, "a figure of a presentation's chart changed", bin="embedded")
    yield silent(office_document("ooxml.excel", chart_points="24"), "the chart shows its cells")
