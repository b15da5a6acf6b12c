"""The properties list other sheets or slides than there are, or their parts are out of turn: others changed them.

Excel and PowerPoint write the list at each save, with the names of sheets and the titles of slides, and number the
parts in their order.
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
    id="document.listed_parts",
    version=1,
    title="A document's parts and their lists differ",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.LISTED,
    bins=(Bin("sheets"), Bin("slides"), Bin("slide_title"), Bin("part_order"), Bin("part_left")),
    group="document writer",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("other_writer",),
    settle=settle.DOCUMENT_AUTHOR,
    references=("ECMA-376-1 22.2.2", "ECMA-376-1 19.2.1"),
)

_SHEETS = says(
    "rule.document.listed_parts.sheets",
    one="The properties list other sheets than the workbook has: {said}. Excel writes both at each save.",
    many="The properties list other sheets than the workbook has, in {n} places; the first: {said}. Excel writes both "
    "at each save.",
)
_SLIDES = says(
    "rule.document.listed_parts.slides",
    one="The properties count other slides than the presentation has: {said}. PowerPoint counts them at each save.",
    many="The properties count other slides than the presentation has, in {n} places; the first: {said}. PowerPoint "
    "counts them at each save.",
)
_SLIDE_TITLE = says(
    "rule.document.listed_parts.slide_title",
    one="A slide has another title than the properties list: {said}. PowerPoint lists them at each save.",
    many="{n} slides have other titles than the properties list; the first: {said}. PowerPoint lists them at each "
    "save.",
)
_PART_ORDER = says(
    "rule.document.listed_parts.part_order",
    one="Excel and PowerPoint number the parts of sheets and slides in their order at each save, and here {said}.",
)
_PART_LEFT = says(
    "rule.document.listed_parts.part_left",
    one="A sheet or slide stands in the file that the document does not show: {said}. Excel and PowerPoint leave none.",
    many="{n} sheets or slides stand in the file that the document does not show, the first: {said}. Excel and "
    "PowerPoint leave none.",
)
_CITED = 5
_KINDS = (
    ("sheets", "ooxml.listed_sheet_differs", "", _SHEETS),
    ("slides", "ooxml.listed_count_differs", "", _SLIDES),
    ("slide_title", "ooxml.listed_title_differs", "ooxml.wrong_listed_titles", _SLIDE_TITLE),
    ("part_order", "ooxml.part_order", "", _PART_ORDER),
    ("part_left", "ooxml.part_left", "ooxml.parts_left", _PART_LEFT),
)


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Tell what differs, each kind once."""
    for name, kind, counted, said in _KINDS:
        found = list(facts_named(facts, kind))
        if found:
            yield Observation(
                sentence=said(count_named(facts, counted) or len(found), said=found[0].value[:300]),
                bin=name,
                evidence=tuple([cite_fact("listed", one, Role.EITHER) for one in found[:_CITED]]),
                suspect=found[0].locator.path,
            )


def cases() -> Iterator[Case]:
    """Cases of each list."""
    added = office_document("ooxml.excel", listed_parts="3", listed_sheet_differs="the sheet “Paid” is not listed")
    yield fires(added, "a sheet put in", bin="sheets")
    counted = "Slides says 12, there are 11 slides"
    removed = office_document("ooxml.powerpoint", listed_parts="15", listed_count_differs=counted)
    yield fires(removed, "a slide taken out", bin="slides")
    title = "slide 3 is “Costs: 40 000”, listed is “Costs: 90 000”"
    changed = office_document("ooxml.powerpoint", listed_parts="15", listed_title_differs=title)
    yield fires(changed, "a title changed", bin="slide_title")
    moved = office_document("ooxml.powerpoint", listed_parts="15", part_order="slide 3 of 12 stands in slide7.xml")
    yield fires(moved, "a slide moved", bin="part_order")
    left = office_document("ooxml.excel", listed_parts="3", part_left="xl/worksheets/sheet4.xml")
    yield fires(left, "a sheet taken out of the list alone", bin="part_left")
    yield silent(office_document("ooxml.powerpoint", listed_parts="15"), "what is listed is there")
