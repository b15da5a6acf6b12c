"""A document names desktop Office as its writer, and no member of its package has the marks that Office leaves."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.presence.office_package import fact_named, forms
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.package_writer",
    version=1,
    title="The package was not written by the program that it names",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.PACKAGE,
    bins=(Bin("unix"), Bin("other")),
    group="document writer",
    compare_with="author_application",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-1", "ECMA-376-2 annex B", "APPNOTE 4.4.2"),
)

_SAID = says(
    "rule.document.package_writer",
    one=(
        "Its properties say that {application} {version} wrote it. That program marks the members of its packages as "
        "made by version 45 on host 0; none of these is: {form}."
    ),
)
_UNIX = 3


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Look for any member that Office wrote."""
    application, version = fact_named(facts, "ooxml.application"), fact_named(facts, "ooxml.app_version")
    found = forms(facts)
    if application is None or version is None or not found or any(form.office for form in found):
        return
    values = {"application": application.value, "version": version.value, "form": found[0].fact.value}
    yield Observation(
        sentence=_SAID(**values),
        bin="unix" if any(form.host == _UNIX for form in found) else "other",
        evidence=(
            cite_fact("Application", application, Role.EITHER),
            cite_fact("version", version, Role.EITHER),
            *[cite_fact("members", form.fact, Role.EITHER) for form in found],
        ),
        suspect=found[0].fact.locator.path,
    )


def _package(application: str, *written: str) -> DocumentFacts:
    said = (fact("ooxml.application", application), fact("ooxml.app_version", "16.0000"))
    marks = [fact("ooxml.package_form", one, path=f"zip:central[{place}].form") for place, one in enumerate(written)]
    return document("2017-03-06T10:00:00Z", "2017-03-06T11:00:00Z", properties=(*said, *marks))


def cases() -> Iterator[Case]:
    """Cases by what wrote the package."""
    office = "12 members: made by 45 on 0, needs 20, flags 0006, 1980-01-01, extra none"
    python = "13 members: made by 20 on 3, needs 20, flags 0000, dated, extra none"
    java = "13 members: made by 20 on 0, needs 20, flags 0808, dated, extra none"
    word = "Microsoft Office Word"
    yield fires(_package(word, python), "a script wrote the package again", bin="unix")
    yield fires(_package(word, java), "a library wrote the package again", bin="other")
    yield silent(_package(word, office), "Office wrote it")
    yield silent(_package(word, office, python), "Office wrote most of it")
