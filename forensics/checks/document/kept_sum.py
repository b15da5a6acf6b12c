"""A sum is kept with another value than its cells make: one of the cells, or the sum, was changed without computing."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import OFFICE_PROLOGUE, count_named, facts_named
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.kept_sum",
    version=1,
    title="A sum is not what its cells add up to",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.SUMS,
    bins=(Bin("differs"),),
    group="workbook cells",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("not_computed", "other_writer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-13", "ECMA-376-1 18.17"),
)

_SAID = says(
    "rule.document.kept_sum",
    one=(
        "A sum is not what its cells add up to: {sum}. Excel computes sums before it saves, and this workbook does not "
        "ask for anything else."
    ),
    many=(
        "{n} sums are not what their cells add up to, the first: {sum}. Excel computes sums before it saves, and this "
        "workbook does not ask for anything else."
    ),
)
_CITED = 5


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Tell the sums that differ together."""
    found = list(facts_named(facts, "ooxml.sum_differs"))
    if found:
        yield Observation(
            sentence=_SAID(count_named(facts, "ooxml.wrong_sums") or len(found), sum=found[0].value[:300]),
            bin="differs",
            evidence=tuple([cite_fact("sum", one, Role.EITHER) for one in found[:_CITED]]),
            suspect=found[0].locator.path,
        )


def _workbook(*differs: str) -> DocumentFacts:
    said = [
        fact("ooxml.application", "Microsoft Excel"),
        fact("ooxml.app_version", "16.0300"),
        fact("ooxml.package_form", "9 members: made by 45 on 0, needs 20, flags 0006, 1980-01-01, extra none"),
        fact("ooxml.prologue", f"_rels/.rels {OFFICE_PROLOGUE}"),
        fact("ooxml.sums", "4"),
    ]
    said += [fact("ooxml.sum_differs", one) for one in differs]
    return document(format="ooxml.excel", properties=tuple(said))


def cases() -> Iterator[Case]:
    """Cases of an amount changed in the file."""
    yield fires(
        _workbook("Budget!B9: =SUM(B2:B8) is kept as 4200, its cells make 9200"), "an amount changed", bin="differs"
    )
    yield silent(_workbook(), "all sums are what they were")
