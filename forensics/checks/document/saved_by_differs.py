"""Who saved a Word document last by its own list is not who its properties say.

Word 97 and 2000 keep who saved a document where, up to ten times, in the document's own streams; what changes the
properties alone leaves it.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_fact
from forensics.checks._names import alike, is_nobody
from forensics.examples.cases import Case, fires, silent
from forensics.examples.compound import old_document
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.saved_by_differs",
    version=1,
    title="Word's list of savers ends with another name",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.SAVERS,
    bins=(Bin("other_saver"),),
    group="authorship",
    compare_with="author_application",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "shared_account", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("MS-DOC 2.9.295", "kb:OLE-6"),
)

_SAID = says(
    "rule.document.saved_by_differs",
    one=(
        "The properties say that {saver} saved the document last; the list that Word keeps in the document itself ends "
        "with {user}."
    ),
)


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the last of the list that has a name with the last author."""
    savers = [one for one in facts.properties if one.name == "doc.saved_by" and one.value.strip()]
    saver = facts.last_author
    if not savers or not saver.value.strip() or is_nobody(saver.value) or is_nobody(savers[-1].value):
        return
    user = savers[-1]
    if alike(user.value, saver.value):
        return
    yield Observation(
        sentence=_SAID(saver=saver.value.strip()[:120], user=user.value.strip()[:120]),
        bin="other_saver",
        evidence=(cite_fact("last saved by", saver, Role.EITHER), cite_fact("last of the list", user, Role.EITHER)),
        suspect=saver.locator.path,
    )


def cases() -> Iterator[Case]:
    """Cases of names."""
    times = ("1999-01-10T10:00:00Z", "1999-01-16T16:37:00Z")
    yield fires(old_document(*times, last_author="Cem Oz", doc_saved_by="Ada Lind"), "another name", bin="other_saver")
    yield silent(old_document(*times, last_author="Ada Lind", doc_saved_by="ada lind"), "the same name")
    yield silent(old_document(*times, last_author="Ada Lind", doc_saved_by=" "), "a name that was taken out")
    yield silent(old_document(*times, last_author="Ada Lind", doc_saved_by="Windows User"), "nobody's name")
