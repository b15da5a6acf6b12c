"""A workbook keeps a text that no cell shows, or a text inside a cell: Excel does neither when it saves."""

import re
from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import OFFICE_PROLOGUE, count_named, fact_named, facts_named
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="document.shared_strings",
    version=4,
    title="Texts of cells are not kept as Excel keeps them",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.STRINGS,
    bins=(Bin("unused"), Bin("inline")),
    group="workbook cells",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("excel_totals", "other_writer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-12", "ECMA-376-1 18.4.8"),
)

_UNUSED = says(
    "rule.document.shared_strings.unused",
    one=(
        'The workbook keeps the text "{text}" and no cell shows it. Excel leaves such a text out when it saves. '
        "It may be what stood in a cell before."
    ),
    many=(
        'The workbook keeps {n} texts that no cell shows, the first "{text}". Excel leaves such texts out when it '
        "saves. They may be what stood in cells before."
    ),
)
_INLINE = says(
    "rule.document.shared_strings.inline",
    one=(
        "A cell that no formula makes has its text in itself ({cell}); Excel moves every such text into the table of "
        "shared strings when it saves."
    ),
    many=(
        "{n} cells that no formula makes have their text in themselves, the first is {cell}; Excel moves every such "
        "text into the table of shared strings when it saves."
    ),
)
_OFFERED = says(
    "note.excel_totals",
    one=(
        "They are just names that Excel itself offers for selected cells: of totals (in English Sum, Average, Running "
        "Total, Count), and of a table's columns; it leaves them in workbooks in which no cell shows them."
    ),
)
_TOTALS = (
    frozenset({"Running Total", "Sum", "Average", "Count"}),
    frozenset({"Suma", "Promedio", "Recuento"}),
    frozenset({"Laufende Summe", "Summe", "Mittelwert", "Anzahl"}),
    frozenset({"С нарастающим итогом", "Сумма", "Среднее", "Количество"}),
)
"""In the languages of Excel in which files had them."""
_COLUMN = re.compile(r"Columna?[0-9]{1,3}")
_FEWEST, _OWN = 2, frozenset({"Running Total", "Laufende Summe", "С нарастающим итогом"})
_CITED = 5


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Look for texts without a cell, and for cells with a text of their own."""
    if not count_named(facts, "ooxml.strings_used"):
        return
    kept = list(facts_named(facts, "ooxml.string_unused"))
    unused = [one for one in kept if one.value.strip()]  # what is empty stood in no cell
    if unused:
        count = (count_named(facts, "ooxml.strings_unused") or len(kept)) - (len(kept) - len(unused))
        offered = count == len(unused) and _offered([one.value for one in unused])
        yield Observation(
            sentence=_UNUSED(count, text=unused[0].value[:100]),
            bin="unused",
            evidence=tuple([cite_fact("text", one, Role.SUSPECT) for one in unused[:_CITED]]),
            suspect=unused[0].locator.path,
            benign=(settled("excel_totals", State.EXPLAINS, _OFFERED()),) if offered else (),
        )
    inline = fact_named(facts, "ooxml.inline_string")
    if inline is not None:
        yield Observation(
            sentence=_INLINE(count_named(facts, "ooxml.inline_strings") or 1, cell=inline.value[:200]),
            bin="inline",
            evidence=(cite_fact("cell", inline, Role.SUSPECT),),
            suspect=inline.locator.path,
        )


def _offered(texts: list[str]) -> bool:
    """Whether Excel offers them all, and names of totals are among them: two, or one that people hardly write."""
    totals = [[text for text in texts if text in language] for language in _TOTALS]
    told = any(len(one) >= _FEWEST or not _OWN.isdisjoint(one) for one in totals)
    return told and all(_COLUMN.fullmatch(text) or any(text in language for language in _TOTALS) for text in texts)


def _workbook(strings: int, *unused: str, inline: int = 0) -> DocumentFacts:
    said = [
        fact("ooxml.application", "Microsoft Excel"),
        fact("ooxml.app_version", "16.0300"),
        fact("ooxml.package_form", "9 members: made by 45 on 0, needs 20, flags 0006, 1980-01-01, extra none"),
        fact("ooxml.prologue", f"_rels/.rels {OFFICE_PROLOGUE}"),
        fact("ooxml.strings", str(strings)),
        fact("ooxml.strings_used", str(strings - len(unused))),
    ]
    said += [fact("ooxml.string_unused", text) for text in unused]
    if inline:
        said += [fact("ooxml.inline_strings", str(inline)), fact("ooxml.inline_string", "Budget!B7")]
    return document(format="ooxml.excel", properties=tuple(said))


def cases() -> Iterator[Case]:
    """Cases of each."""
    yield fires(_workbook(12, "paid to the club"), "a text replaced by another", bin="unused")
    totals = ("Sum", "Average", "Running Total", "Count")
    yield explained(_workbook(12, *totals), "the names of the totals that Excel offers", by="excel_totals")
    yield explained(_workbook(12, "", *totals), "these names and an empty text", by="excel_totals")
    yield silent(_workbook(12, ""), "an empty text")
    yield explained(_workbook(12, *totals[1:], "Column2"), "a cell shows the first of them", by="excel_totals")
    yield explained(_workbook(12, "Running Total"), "one that people hardly write", by="excel_totals")
    russian = _workbook(12, "Сумма", "Среднее", "С нарастающим итогом", "Количество")
    yield explained(russian, "the same in Russian", by="excel_totals")
    spanish = _workbook(12, "Suma", "Promedio", "Recuento", "Columna1")
    yield explained(spanish, "the same in Spanish, and a column of a table", by="excel_totals")
    german = _workbook(12, "Laufende Summe", "Anzahl")
    yield explained(german, "the same in German", by="excel_totals")
    yield fires(_workbook(12, "Sum"), "one of these names", bin="unused")
    yield fires(_workbook(12, "paid to the club", *totals), "these names and another text", bin="unused")
    yield fires(_workbook(12, inline=1), "a text written into a cell", bin="inline")
    yield silent(_workbook(12), "as Excel keeps them")
    yield silent(_workbook(1, "left", inline=7), "every text in its cell: Excel's own copy inside another document")
