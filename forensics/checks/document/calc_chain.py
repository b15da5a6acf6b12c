"""A workbook's calculation chain and its formulas differ: Excel lists exactly the cells that hold a formula."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import OFFICE_PROLOGUE, count_named, fact_named, facts_named
from forensics.model.rules import (
    BenignState,
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
    id="document.calc_chain",
    version=2,
    title="Formulas and the calculation chain differ",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.FORMULAS,
    bins=(Bin("constant"), Bin("unlisted"), Bin("no_chain")),
    group="workbook cells",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "embedded_copy"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-7", "ECMA-376-1 18.6", "ECMA-376-1 18.2.16"),
)

_CONSTANT = says(
    "rule.document.calc_chain.constant",
    one=(
        "The calculation chain lists {cell}, which holds no formula; Excel takes a cell out of the chain when its "
        "formula is overwritten."
    ),
    many=(
        "The calculation chain lists {n} cells that hold no formula, the first {cell}; Excel takes a cell out of the "
        "chain when its formula is overwritten."
    ),
)
_UNLISTED = says(
    "rule.document.calc_chain.unlisted",
    one="The formula {cell} is not in the calculation chain, in which Excel lists every formula that it saves.",
    many="{n} formulas are not in the calculation chain, in which Excel lists every formula that it saves; the first "
    "is {cell}.",
)
_NO_CHAIN = says(
    "rule.document.calc_chain.no_chain",
    one=(
        "The workbook names Excel as its program and has a formula, but no calculation chain, which Excel writes into "
        "each workbook of its own that has formulas."
    ),
    many=(
        "The workbook names Excel as its program and has {n} cells with formulas, but no calculation chain, which "
        "Excel writes into each workbook of its own that has formulas."
    ),
)
_EMBEDDED = says(
    "note.saved_into_another",
    one=(
        "The workbook says which of its cells are shown where it is put into another document ({cells}). Excel saves "
        "such a workbook without a chain."
    ),
)
_NOT_EMBEDDED = says(
    "note.not_saved_into_another",
    one="The workbook does not say which of its cells another document would show.",
)
_CITED = 5


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare both; a chain that is missing is told once, not for every formula."""
    formulas, chain = fact_named(facts, "ooxml.formula_cells"), count_named(facts, "ooxml.chain_cells")
    if formulas is None:
        return
    if not chain:
        yield Observation(
            sentence=_NO_CHAIN(int(formulas.value)),
            bin="no_chain",
            evidence=(cite_fact("formulas", formulas, Role.SUSPECT),),
            suspect=formulas.locator.path,
            benign=(_embedded(facts),),
        )
        return
    for name, kind, counted, said in (
        ("constant", "ooxml.chain_without_formula", "ooxml.chain_idle_cells", _CONSTANT),
        ("unlisted", "ooxml.formula_without_chain", "ooxml.unlisted_formula_cells", _UNLISTED),
    ):
        found = list(facts_named(facts, kind))
        if found:
            yield Observation(
                sentence=said(count_named(facts, counted) or len(found), cell=found[0].value[:200]),
                bin=name,
                evidence=tuple([cite_fact(one.value[:200], one, Role.SUSPECT) for one in found[:_CITED]]),
                suspect=found[0].locator.path,
            )


def _embedded(facts: DocumentFacts) -> BenignState:
    cells = fact_named(facts, "ooxml.workbook_shown_elsewhere")
    if cells is not None:
        return settled("embedded_copy", State.EXPLAINS, _EMBEDDED(cells=cells.value[:40]))
    return settled("embedded_copy", State.EXCLUDED, _NOT_EMBEDDED())


def _workbook(formulas: int, chain: int, **odd: str) -> DocumentFacts:
    said = [
        fact("ooxml.application", "Microsoft Excel"),
        fact("ooxml.app_version", "16.0300"),
        fact("ooxml.package_form", "9 members: made by 45 on 0, needs 20, flags 0006, 1980-01-01, extra none"),
        fact("ooxml.prologue", f"_rels/.rels {OFFICE_PROLOGUE}"),
        fact("ooxml.formula_cells", str(formulas)),
        fact("ooxml.chain_cells", str(chain)),
    ]
    said += [fact(f"ooxml.{name}", value) for name, value in odd.items()]
    return document(format="ooxml.excel", properties=tuple(said))


def cases() -> Iterator[Case]:
    """Cases of each difference."""
    constant = _workbook(3, 4, chain_without_formula="Budget!B7")
    yield fires(constant, "a formula overwritten by a number", bin="constant")
    yield fires(_workbook(4, 3, formula_without_chain="Budget!B7: =B5*2"), "a formula put in", bin="unlisted")
    yield fires(_workbook(3, 0), "written by a library", bin="no_chain")
    embedded = _workbook(3, 0, workbook_shown_elsewhere="A1:D10")
    yield explained(embedded, "put into a presentation", by="embedded_copy")
    yield silent(_workbook(3, 3), "as Excel writes them")
