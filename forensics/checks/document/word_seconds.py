"""A Word document has a time with seconds: Word writes whole minutes."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import MINUTE, cite, shown
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says

RULE = Rule(
    id="document.word_seconds",
    version=1,
    title="Word's times have seconds",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.WORD_TIMES,
    bins=(Bin("seconds"),),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("other_writer", "date_set_by_tool", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-3",),
)

_SAID = says(
    "rule.document.word_seconds",
    one=("The document names Word as its program, which writes its times in whole minutes; its {which} is {time}."),
)
_WHICH = {"created": says("which.created", one="creation time"), "modified": says("which.modified", one="save time")}


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Look at the creation and the save time; the first with seconds is told."""
    for which, stamp in (("modified", facts.modified), ("created", facts.created)):
        if stamp is not None and isinstance(stamp.wall, int) and stamp.wall % MINUTE:
            yield Observation(
                sentence=_SAID(which=_WHICH[which](), time=shown(stamp)),
                bin="seconds",
                evidence=(cite(which, stamp, Role.SUSPECT),),
                suspect=stamp.locator.path,
            )
            return


def _word(created: str, modified: str, application: str = "Microsoft Office Word") -> DocumentFacts:
    said = (
        fact("ooxml.application", application),
        fact("ooxml.app_version", "16.0000"),
        fact("ooxml.package_form", "12 members: made by 45 on 0, needs 20, flags 0006, 1980-01-01, extra none"),
    )
    return document(created, modified, properties=said)


def cases() -> Iterator[Case]:
    """Cases of either time."""
    yield fires(_word("2017-03-06T10:00:00Z", "2017-03-06T11:12:13Z"), "the save time was set", bin="seconds")
    yield fires(_word("2017-03-06T10:00:07Z", "2017-03-06T11:12:00Z"), "the creation time was set", bin="seconds")
    yield silent(_word("2017-03-06T10:00:00Z", "2017-03-06T11:12:00Z"), "as Word writes them")
