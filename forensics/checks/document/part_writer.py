"""In a package that Office wrote, a part begins as Office begins none: another program wrote that part."""

import re
from collections import Counter
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.checks._words import SHOWN
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import OFFICE_PROLOGUE, count_named, facts_named, prologues
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import Sentence, says

RULE = Rule(
    id="document.part_writer",
    version=1,
    title="A part was written by another program than the rest",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.PARTS,
    bins=(Bin("text"), Bin("properties"), Bin("setup")),
    group="document writer",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-2c", "ECMA-376-2 6.2"),
)

_SAID = says(
    "rule.document.part_writer",
    one=(
        "Office wrote the package and begins its parts with an XML declaration and a line end of one form; {n} "
        "begins otherwise: {parts}."
    ),
    many=(
        "Office wrote the package and begins its parts with an XML declaration and a line end of one form; {n} "
        "begin otherwise: {parts}."
    ),
)
_OTHERWISE = says(
    "rule.document.part_writer.otherwise",
    one="{said} Another place of the package says otherwise: {kept}.",
    many="{said} Other places of the package say otherwise, {n} of them; the first: {kept}.",
)
_LEFT = says(
    "rule.document.part_writer.left",
    one="{said} The package keeps a text that no cell shows: “{kept}”.",
    many="{said} The package keeps {n} texts that no cell shows; the first: “{kept}”.",
)
_KEPT = {
    "ooxml.chart_number_differs": "ooxml.wrong_chart_numbers",
    "ooxml.chart_text_differs": "ooxml.wrong_chart_texts",
    "ooxml.sum_differs": "ooxml.wrong_sums",
    "ooxml.listed_title_differs": "ooxml.wrong_listed_titles",
    "ooxml.listed_sheet_differs": "",
    "ooxml.listed_count_differs": "",
}
"""What the package keeps twice, and not alike, with the count of all: what a part says now, or said before."""
_UNUSED, _ALL_UNUSED = "ooxml.string_unused", "ooxml.strings_unused"
_TEXT = re.compile(
    r"(?:word/(?:document|header|footer|footnotes|endnotes|comments)\d*|xl/(?:sharedStrings|worksheets/[^/]+|calcChain)"
    r"|ppt/(?:slides|notesSlides)/[^/]+)\.xml",
    re.IGNORECASE,
)
_PROPERTIES = re.compile(r"docProps/(?:core|app)\.xml", re.IGNORECASE)
_SETUP = re.compile(
    r"(?:word/(?:styles|settings|numbering|fontTable)|xl/(?:workbook|styles)|ppt/(?:presentation|slideLayouts/[^/]+))"
    r"\.xml",
    re.IGNORECASE,
)
_KINDS = (("text", _TEXT), ("properties", _PROPERTIES), ("setup", _SETUP))
_CITED = 5


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Look for parts with another beginning; of three kinds the one that says most."""
    odd = [(part, one) for part, prologue, one in prologues(facts) if prologue != OFFICE_PROLOGUE]
    for name, pattern in _KINDS:
        found = [(part[:120], one) for part, one in odd if pattern.fullmatch(part)]
        if found:
            parts = ", ".join([part for part, _ in found[:_CITED]]) + (", ..." if len(found) > _CITED else "")
            yield Observation(
                sentence=_with_kept(_SAID(len(found), parts=parts), facts),
                bin=name,
                evidence=(
                    *[cite_fact(part, one, Role.SUSPECT) for part, one in found[:_CITED]],
                    *[cite_fact("kept elsewhere", one, Role.WITNESS) for one in _kept(facts)[:_CITED]],
                ),
                suspect=found[0][1].locator.path,
            )
            return


def _kept(facts: DocumentFacts) -> list[Fact]:
    return [one for name in (*_KEPT, _UNUSED) for one in facts_named(facts, name)]


def _with_kept(said: Sentence, facts: DocumentFacts) -> Sentence:
    """Add what other places of the package keep, which may be what stood there before."""
    unlike = [one for name in _KEPT for one in facts_named(facts, name)]
    if unlike:
        told = Counter([one.name for one in unlike])
        n = sum([max(count, count_named(facts, _KEPT[name]) or 0) for name, count in told.items()])
        said = _OTHERWISE(n, said=said, kept=unlike[0].value[:SHOWN])
    unused = list(facts_named(facts, _UNUSED))
    if unused:
        said = _LEFT(max(len(unused), count_named(facts, _ALL_UNUSED) or 0), said=said, kept=unused[0].value[:SHOWN])
    return said


def _package(*begins: tuple[str, str], kept: tuple[Fact, ...] = ()) -> DocumentFacts:
    said = (
        fact("ooxml.application", "Microsoft Office Word"),
        fact("ooxml.app_version", "16.0000"),
        fact("ooxml.package_form", "12 members: made by 45 on 0, needs 20, flags 0006, 1980-01-01, extra none"),
        fact("ooxml.prologue", f"_rels/.rels {OFFICE_PROLOGUE}", path="xml:_rels/.rels#prologue"),
    )
    others = [fact("ooxml.prologue", f"{part} {text}", path=f"xml:{part}#prologue") for part, text in begins]
    return document("2017-03-06T10:00:00Z", "2017-03-06T11:00:00Z", properties=(*said, *others, *kept))


def cases() -> Iterator[Case]:
    """Cases by the part."""
    lxml, net = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n", '<?xml version="1.0" encoding="utf-8"?>'
    yield fires(_package(("word/document.xml", lxml)), "a script wrote the text again", bin="text")
    kept = (fact("ooxml.sum_differs", "Budget!B3: =SUM(B1:B2) is kept as 42, its cells make 44"), fact(_UNUSED, "rent"))
    yield fires(_package(("xl/worksheets/sheet1.xml", lxml), kept=kept), "and did not compute the sum", bin="text")
    yield fires(_package(("docProps/core.xml", net)), "a program set the properties", bin="properties")
    yield fires(_package(("word/settings.xml", net)), "a program changed the settings", bin="setup")
    yield silent(_package(), "Office wrote all")
    yield silent(_package(("xl/charts/style1.xml", "")), "Office itself begins this part without a declaration")
    yield silent(_package(("docProps/core0.xml", net)), "a second core part, as servers add it")
