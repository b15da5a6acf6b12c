"""An OpenDocument names LibreOffice or OpenOffice as its writer, and its package was packed by another program.

Both write the headers of all members of a package in the same form, whatever their version. Who unpacks a document,
changes a part and packs it again leaves the name and the form of the packing program.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.open_documents import claims_writer, package_forms
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.open_package",
    version=1,
    title="OpenDocument packed by another program than it names",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.OPEN_PACKAGE,
    # A gateway that packs a file again leaves the same marks as who changed it.
    bins=(Bin("some"), Bin("all", ceiling=Strength.WEAK)),
    group="document writer",
    compare_with="author_application",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.MODERATE,
    benign=("library_writer", "other_writer", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:ODF-1", "APPNOTE 4.4.2"),
)

_ALL = says(
    "rule.document.open_package.all",
    one=(
        "Its properties say that {program} wrote it. That program marks the members of its packages as made by version "
        "20 on host 0, without extra fields, and writes their sizes behind them; none of these is: {form}."
    ),
)
_SOME = says(
    "rule.document.open_package.some",
    one=(
        "Its properties say that {program} wrote it, and some members of the package are marked as that program marks "
        "them. Others are not: {form}."
    ),
)
_CITED = 5


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Look for members in another form."""
    forms = package_forms(facts)
    odd = [fact for fact, own in forms if not own]
    if not odd or not claims_writer(facts):
        return
    mixed = len(odd) < len(forms)
    yield Observation(
        sentence=(_SOME if mixed else _ALL)(program=facts.application.partition("$")[0][:60], form=odd[0].value),
        bin="some" if mixed else "all",
        evidence=tuple([cite_fact("members", one, Role.SUSPECT) for one in odd[:_CITED]]),
        suspect=odd[0].locator.path,
    )


def _package(*forms: str, application: str = "LibreOffice/7.3.7.2$Linux_X86_64") -> DocumentFacts:
    said = [fact("odf.package_form", one, path=f"zip:central[{place}].form") for place, one in enumerate(forms)]
    return document(format="odf.text", application=application, properties=tuple(said))


def cases() -> Iterator[Case]:
    """Cases by what packed it."""
    first = "1 member: made by 20 on 0, needs 20, flags 0800, dated, extra none"
    rest = "14 members: made by 20 on 0, needs 20, flags 0808, dated, extra none"
    old = ("1 member: made by 20 on 0, needs 20, flags 0000, dated, extra none",)
    info_zip = "1 member: made by 30 on 3, needs 20, flags 0000, dated, extra 5455+7875"
    script = "15 members: made by 20 on 3, needs 20, flags 0000, dated, extra none"
    windows = "15 members: made by 20 on 0, needs 20, flags 0000, dated, extra none"
    yield silent(_package(rest, first), "LibreOffice")
    behind = "9 members: made by 20 on 0, needs 20, flags 0008, dated, extra none"
    yield silent(_package(behind, *old, application="OpenOffice.org/2.3$Linux"), "an old OpenOffice")
    yield fires(_package(rest, first, info_zip), "one part was put in again", bin="some")
    yield fires(_package(script), "a script packed it again", bin="all")
    yield fires(_package(windows), "a script on Windows", bin="all")
    yield silent(_package(script, application="ODFPY/1.4.1"), "a library that gives its name")
