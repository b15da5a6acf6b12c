"""An OpenDocument's package was written at another time than its last save, by more than time zones.

LibreOffice and OpenOffice date the members of a package in UTC and the last save in local time: both are of one moment,
and lie apart by the offset of the author's zone. Another difference means that either was written without the other:
the package after the save, which programs do that write a document anew and keep its save, or before it, as none does.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from forensics.checks import settle
from forensics.checks._converted import CONVERTED
from forensics.checks._facts import DAY, LOCAL, MINUTE, bin_of, cite, clock, settled, shown, span
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import document
from forensics.examples.times import time
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Absence
from forensics.model.open_documents import found_so, packed
from forensics.model.presence.document import DocumentHas
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
    nested,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="document.packed_apart",
    version=2,
    title="Package written at another time than the last save",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.PACKED,
    bins=(*nested("apart", "apart>1d"), Bin("before")),
    group="document clock",
    compare_with="author_application",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.MODERATE,
    benign=("save_time_kept", "other_writer", "patch_tool"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:ODF-2",),
)

_SAID = says(
    "rule.document.packed_apart",
    one=(
        "The properties were put into the package at {packed} UTC, if {program} wrote it as it does, and say that the "
        "last save was at {saved}: {apart} apart, which no time zone makes."
    ),
)
_BEFORE = says(
    "rule.document.packed_apart.before",
    one=(
        "The properties were put into the package at {packed} UTC, if {program} wrote it as it does, and say that the "
        "last save was at {saved}: {apart} later, which no time zone makes."
    ),
)
_QUARTER = 15 * MINUTE
_SLACK = 2 * MINUTE
"""A large document takes so long to be written, and the time of a member has every second one only."""
_BINS = ((DAY, "apart>1d"), (0, "apart"))


def check(facts: DocumentFacts, context: Context) -> Iterator[Observation]:
    """Ask whether the two times lie apart as zones do."""
    pair = packed(facts)
    if pair is None:
        return
    written, saved = pair
    if not isinstance(written.wall, int) or not isinstance(saved.wall, int):
        return
    apart = written.wall - saved.wall
    beside = (apart + _QUARTER // 2) % _QUARTER - _QUARTER // 2
    if abs(apart) <= LOCAL + _SLACK and abs(beside) <= _SLACK:
        return
    before = apart < -(LOCAL + _SLACK)
    yield Observation(
        sentence=(_BEFORE if before else _SAID)(
            packed=clock(written.wall),
            program=facts.application.partition("/")[0],
            saved=shown(saved),
            apart=span(apart),
        ),
        bin="before" if before else bin_of(abs(apart), _BINS),
        evidence=(cite("package", written, Role.EITHER), cite("last save", saved, Role.EITHER)),
        suspect=saved.locator.path,
        benign=(settled("save_time_kept", State.EXPLAINS, CONVERTED()),) if not before and found_so(facts) else (),
    )


def _text(saved: str, packed_at: str, application: str = "LibreOffice/7.3.7.2$Linux_X86_64") -> DocumentFacts:
    made = document("2017-03-06T10:00:00", saved, format="odf.text", application=application)
    stamp = replace(time(f"{packed_at}Z", path="packed", kind=TimeKind.ODF_PACKED), instant=Absence.NOT_AVAILABLE)
    return replace(made, timestamps=(*made.timestamps, stamp))


def cases() -> Iterator[Case]:
    """Cases of zones, of what is none, and of other programs."""
    yield silent(_text("2017-03-06T11:00:10.123456789", "2017-03-06T10:00:12"), "an hour ahead of UTC")
    yield silent(_text("2017-03-06T11:00:10", "2017-03-06T05:15:10"), "Nepal")
    yield silent(_text("2017-03-06T11:00:10", "2017-03-06T10:01:30"), "a large document")
    exact = "2017-03-06T11:00:10.123456789"
    yield fires(_text(exact, "2017-03-06T10:22:12"), "22 minutes after the save", bin="apart")
    yield fires(_text(exact, "2024-05-01T10:00:12"), "seven years later", bin="apart>1d")
    yield fires(_text("2027-03-06T11:00:10", "2024-05-01T10:00:12"), "saved after it was packed", bin="before")
    yield fires(_text("2017-03-07T02:00:10", "2017-03-06T10:00:12"), "two hours more than a zone", bin="before")
    yield explained(_text("2017-03-06T11:00:00", "2024-05-01T10:00:12"), "a time of Word's", by="save_time_kept")
    yield silent(_text("2017-03-06T11:00:10", "2024-05-01T10:00:12", "Pandoc/2.0"), "another program")
    yield silent(_text("2017-03-06T11:00:10Z", "2024-05-01T10:00:12"), "a save time with its zone")
    yield silent(_text("2017-03-06T11:00:10", "1980-01-01T00:00:00"), "members without a date")
