"""The user in a workbook's own stream is not who its properties say saved it last.

Excel writes the user when it opens a workbook for writing too, and so tells who had it before it came here.
"""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._names import alike, is_nobody
from forensics.examples.cases import Case, fires, silent
from forensics.examples.compound import old_document
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Evidence, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.writeaccess_differs",
    version=1,
    title="A workbook's last user is not who saved it last",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.WORKBOOK_USER,
    bins=(Bin("other_user"),),
    group="authorship",
    compare_with="author_application",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.WEAK,
    benign=("opened_for_editing", "shared_account", "other_writer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("MS-XLS 2.4.349", "kb:OLE-10"),
)

_SAID = says(
    "rule.document.writeaccess_differs",
    one="The properties say that {saver} saved the workbook last; the user who last had it open for writing is {user}.",
)


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the names by their words: a first name alone, or another order, is no other person."""
    users = [one for one in facts.properties if one.name == "xls.user" and one.value.strip()]
    saver = facts.last_author
    if not users or not saver.value.strip():
        return
    if any(is_nobody(one.value) or alike(one.value, saver.value) for one in users) or is_nobody(saver.value):
        return
    user = users[0]
    yield Observation(
        sentence=_SAID(saver=saver.value.strip()[:120], user=user.value.strip()[:120]),
        bin="other_user",
        evidence=(
            Evidence(role=Role.EITHER, label="last saved by", value=saver.value, raw=saver.raw, locator=saver.locator),
            Evidence(role=Role.EITHER, label="user", value=user.value, raw=user.raw, locator=user.locator),
        ),
        suspect=saver.locator.path,
    )


def cases() -> Iterator[Case]:
    """Cases of names."""
    times, book = ("2008-01-10T10:00:00Z", "2008-01-16T16:37:00Z"), {"format": "ole2.excel"}
    yield fires(
        old_document(*times, **book, last_author="Ada Lind", xls_user="Cem Oz"), "another user", bin="other_user"
    )
    yield silent(old_document(*times, **book, last_author="Ada Lind", xls_user="ada lind "), "the same user")
    yield silent(old_document(*times, **book, last_author="ada.lind", xls_user="Lind Ada"), "in another order")
    yield silent(old_document(*times, **book, last_author="Ada Lind", xls_user="Ada"), "a first name alone")
    yield silent(old_document(*times, **book, last_author="Ada Lind", xls_user="Calc"), "what LibreOffice writes")
