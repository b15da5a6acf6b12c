"""A change, a comment or a label inside a document is later than its last save, both in UTC.

A program writes changes and comments when it saves, with the time of the save; labels are set by servers and gateways
too, which leave that time as it was, so that a later one says little.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._facts import LOCAL, MINUTE, cite, shown, span
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import document
from forensics.examples.times import time
from forensics.model import document_marks as marks
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Timestamp
from forensics.model.presence.document import DocumentHas
from forensics.model.rules import Bin, Context, Observation, Proposition, Role, Rule, Strength, Subject
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.change_after_save",
    version=1,
    title="Something in the document is later than its last save",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.INNER_UTC,
    bins=(Bin("change"), Bin("comment"), Bin("label", ceiling=Strength.CONTEXT), Bin("identifier")),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("author_clock", "other_writer", "date_set_by_tool", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("MS-PPTX 2.6", "MS-XLSX 2.6.203", "kb:OOX-6c", "kb:OOX-13", "kb:OLE-7"),
)

_SAID = {
    "change": says(
        "rule.document.change_after_save.change",
        one=(
            "The last change that the document keeps of its editing sessions is of {change}, {late} after its last "
            "save at {saved}."
        ),
    ),
    "comment": says(
        "rule.document.change_after_save.comment",
        one="A comment in the document is of {change}, {late} after the document's last save at {saved}.",
    ),
    "label": says(
        "rule.document.change_after_save.label",
        one="The document's sensitivity label was set at {change}, {late} after its last save at {saved}.",
    ),
    "identifier": says(
        "rule.document.change_after_save.identifier",
        one=(
            "The identifier that Office gave the document is of {change}, {late} after its last save at {saved}; some "
            "systems write such identifiers in local time, which is at most 14 h ahead."
        ),
    ),
}
_BINS = {
    TimeKind.SESSION_CHANGE: "change",
    TimeKind.COMMENT_UTC: "comment",
    TimeKind.COMMENT_LOCAL: "comment",
    TimeKind.LABEL_SET: "label",
    TimeKind.PROPERTY_GUID: "identifier",
}
_TOLERANCE = 5 * MINUTE
"""A save's time is taken before its parts are written, and a server's clock may be ahead of the author's by so much."""


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Compare the last of each kind with the save."""
    saved, at = facts.modified, marks.saved_at(facts)
    if saved is None or at is None:
        return
    last: dict[str, Timestamp] = {}
    for stamp in marks.inner_times(facts):
        name = _BINS[stamp.kind]
        if name not in last or _instant(stamp) > _instant(last[name]):
            last[name] = stamp
    for name, stamp in last.items():
        late = _instant(stamp) - at
        if late > (LOCAL if name == "identifier" else _TOLERANCE):
            yield Observation(
                sentence=_SAID[name](change=shown(stamp), late=span(late), saved=shown(saved)),
                bin=name,
                evidence=(cite(name, stamp, Role.EITHER), cite("last save", saved, Role.EITHER)),
                suspect=saved.locator.path,
            )


def _instant(stamp: Timestamp) -> int:
    return stamp.instant if isinstance(stamp.instant, int) else 0


def _slides(kind: TimeKind, at: str, saved: str = "2021-03-06T11:00:00Z") -> DocumentFacts:
    facts = document("2021-03-01T10:00:00Z", saved, format="ooxml.powerpoint")
    return replace(facts, timestamps=(*facts.timestamps, time(at, path="inner", kind=kind)))


def cases() -> Iterator[Case]:
    """Cases of each kind, and of what is in order."""
    late = "2021-03-09T10:00:00Z"
    yield fires(_slides(TimeKind.SESSION_CHANGE, late), "slides changed three days later", bin="change")
    yield fires(_slides(TimeKind.COMMENT_UTC, late), "a comment of three days later", bin="comment")
    yield fires(_slides(TimeKind.COMMENT_LOCAL, "2021-03-09T12:00:00+02:00"), "one with its zone", bin="comment")
    yield fires(_slides(TimeKind.LABEL_SET, late), "labelled three days later", bin="label")
    yield fires(_slides(TimeKind.PROPERTY_GUID, late), "an identifier of three days later", bin="identifier")
    local = _slides(TimeKind.PROPERTY_GUID, "2021-03-06T14:51:00Z")
    yield silent(local, "four hours later: an identifier in local time")
    yield silent(_slides(TimeKind.SESSION_CHANGE, "2021-03-06T11:00:20Z"), "20 seconds: one save")
    yield silent(_slides(TimeKind.SESSION_CHANGE, "2021-03-05T11:00:00Z"), "before the save")
    yield silent(_slides(TimeKind.COMMENT_LOCAL, "2021-03-06T19:00:00"), "a wall time of an unknown zone")
