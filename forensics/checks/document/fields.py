"""A field of a Word document shows a day after its last save, or another name or title than its properties.

A field keeps what it was last computed to, so that its text is as old as the last printing, or older; it is never
younger than the document.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._facts import DAY, LOCAL, cite, cite_fact, shown
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document, fact
from forensics.examples.times import time
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact, Timestamp
from forensics.model.presence.document import FIELD_DATES, FIELD_PROPERTIES, DocumentHas
from forensics.model.presence.office_package import fact_named
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.fields",
    version=1,
    title="A field does not fit the properties",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.FIELDS,
    bins=(Bin("after_save"), Bin("created"), Bin("property", ceiling=Strength.CONTEXT)),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.WEAK,
    benign=("field_not_computed", "author_clock", "date_set_by_tool", "other_writer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-10", "ECMA-376-1 17.16.5"),
)

_AFTER = says(
    "rule.document.fields.after_save",
    one="A field in the text shows the day {day}, which is after the last save at {saved} in every time zone.",
)
_CREATED = says(
    "rule.document.fields.created",
    one="A field in the text shows that the document was created on {day}; its properties say {created}.",
)
_PROPERTY = says(
    "rule.document.fields.property",
    one="A field in the text shows the {what} “{shown}”; the properties say “{said}”.",
)
_NAMES = {
    "ooxml.creator": says("rule.document.fields.author", one="author"),
    "ooxml.last_modified_by": says("rule.document.fields.saver", one="name of who saved it last"),
    "ooxml.title": says("rule.document.fields.title_of", one="title"),
    "ooxml.subject": says("rule.document.fields.subject", one="subject"),
    "ooxml.keywords": says("rule.document.fields.keywords", one="keywords"),
    "ooxml.description": says("rule.document.fields.comments", one="comments"),
}


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the latest day with the save, the day of creation with the property, and names with theirs."""
    days = [stamp for stamp in facts.timestamps if stamp.kind in FIELD_DATES and isinstance(stamp.wall, int)]
    last, saved = max(days, key=_wall, default=None), facts.modified
    if last is not None and saved is not None and _wall(last) - LOCAL > _instant(saved):
        yield Observation(
            sentence=_AFTER(day=shown(last), saved=shown(saved)),
            bin="after_save",
            evidence=(cite("field", last, Role.EITHER), cite("modified", saved, Role.EITHER)),
            suspect=saved.locator.path,
        )
    made = next((stamp for stamp in days if stamp.kind is TimeKind.FIELD_CREATED), None)
    created = facts.created
    if made is not None and created is not None and not -DAY - LOCAL < _instant(created) - _wall(made) < DAY + LOCAL:
        yield Observation(
            sentence=_CREATED(day=shown(made), created=shown(created)),
            bin="created",
            evidence=(cite("field", made, Role.EITHER), cite("created", created, Role.EITHER)),
            suspect=created.locator.path,
        )
    yield from _properties(facts)


def _properties(facts: DocumentFacts) -> Iterator[Observation]:
    for field, name in FIELD_PROPERTIES.items():
        kept, said = fact_named(facts, field), fact_named(facts, name)
        if kept is None or said is None or not said.value.strip() or _plain(kept.value) == _plain(said.value):
            continue
        yield Observation(
            sentence=_PROPERTY(what=_NAMES[name](), shown=kept.value[:120], said=said.value[:120]),
            bin="property",
            evidence=(cite_fact("field", kept, Role.EITHER), cite_fact("property", said, Role.EITHER)),
            suspect=said.locator.path,
        )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _wall(stamp: Timestamp) -> int:
    return stamp.wall if isinstance(stamp.wall, int) else 0


def _instant(stamp: Timestamp) -> int:
    return stamp.instant if isinstance(stamp.instant, int) else _wall(stamp)


def _document(day: str = "", kind: TimeKind = TimeKind.FIELD_DATE, *properties: Fact) -> DocumentFacts:
    made = document("2019-03-01T09:00:00Z", "2019-03-04T15:20:00Z", properties=properties)
    if not day:
        return made
    shown_day = time(day, path="xml:word/header1.xml#field[DATE]", kind=kind)
    return replace(made, timestamps=(*made.timestamps, shown_day))


def cases() -> Iterator[Case]:
    """Cases of each."""
    yield fires(_document("2019-06-11T00:00:00"), "computed after the last save", bin="after_save")
    yield fires(_document("2018-02-01T00:00:00", TimeKind.FIELD_CREATED), "created before", bin="created")
    names = fact("ooxml.field_author", "Ada Lind"), fact("ooxml.creator", "Cem Oz")
    yield fires(_document("", TimeKind.FIELD_DATE, *names), "another author", bin="property")
    same = fact("ooxml.field_author", "Ada  Lind"), fact("ooxml.creator", "ada lind")
    yield silent(_document("2019-03-05T00:00:00", TimeKind.FIELD_DATE, *same), "the next day, in another zone")
    yield silent(_document("2018-03-05T00:00:00"), "not computed for a year")
