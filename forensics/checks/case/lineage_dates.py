"""A document holds all editing sessions of another and more, and says that it was saved last before that one was.

Word lists the sessions of all saves, and a copy inherits them: what holds more was saved later than its ancestor.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import MINUTE, cite_row, counts, settled, span
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.times import DAY, time_row
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas
from forensics.model.rows.times import TimeRow
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
    SubjectRef,
)
from forensics.model.sentences import says

RULE = Rule(
    id="case.lineage_dates",
    version=1,
    title="A version is dated before the version from which it was made",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.RSIDS | DocumentHas.MODIFIED_INSTANT,
    bins=(Bin("before_created", ("before_saved",)), Bin("before_saved")),
    group="document clock",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("old_version_saved", "other_writer"),
    settle=settle.DOCUMENT_AUTHOR,
    references=("kb:OOX-8", "kb:CMP-5"),
)

_SAID = {
    "before_created": says(
        "rule.case.lineage_dates.before_created",
        one=(
            "The document lists all {older} editing sessions of {other} and {more} more, as a later version of "
            "it does; it says that it was saved last {span} before that one was created."
        ),
    ),
    "before_saved": says(
        "rule.case.lineage_dates.before_saved",
        one=(
            "The document lists all {older} editing sessions of {other} and {more} more, as a later version of "
            "it does; it says that it was saved last {span} before that one was saved last."
        ),
    ),
}
_UNCOUNTED = says(
    "rule.case.lineage_dates.uncounted",
    one="The other document counts no saves, as programs do that fill a given document with another text.",
)

ROWS_NEEDED = {"documents": 2}

QUERY = """
SELECT l.sha256, i.location, own.modified, l.other, o.location AS other_location, above.modified AS other_modified,
       above.created AS other_created, l.sessions, l.other_sessions,
       len([one FOR one IN above.properties IF one.name = 'ooxml.revision' AND one.value <> '']) > 0 AS counted
FROM lineage l JOIN documents own USING (sha256) JOIN documents above ON above.sha256 = l.other
JOIN places i USING (sha256) JOIN places o ON o.sha256 = l.other
WHERE l.relation = 'derives' AND own.modified.instant < above.modified.instant
ORDER BY l.sha256, l.other
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A document that derives from another, and was saved earlier."""

    sha256: str
    location: Location
    modified: TimeRow
    other: str
    other_location: Location
    other_modified: TimeRow
    other_created: TimeRow | None
    sessions: int
    other_sessions: int
    counted: bool
    """Whether the other counts its saves, as Word does."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report each; a save within the minute of another is none."""
    for row in rows:
        saved, later, created = row.modified.instant, row.other_modified.instant, row.other_created
        if saved is None or later is None or later - saved <= MINUTE:
            continue
        begun = created.instant if created is not None else None
        name, against = "before_saved", row.other_modified
        if created is not None and begun is not None and begun - saved > MINUTE:
            name, against = "before_created", created
        values = {"older": str(row.other_sessions), "more": str(row.sessions - row.other_sessions)}
        values |= {"other": row.other_location.text, "span": span((against.instant or later) - saved)}
        label = "created" if name == "before_created" else "modified"
        yield Observation(
            sentence=_SAID[name](**values),
            bin=name,
            evidence=(
                cite_row("modified", row.modified, Role.SUSPECT, row.sha256, row.location),
                cite_row(label, against, Role.EITHER, row.other, row.other_location),
            ),
            suspect=row.modified.path,
            subjects=(
                SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),
                SubjectRef(role=Role.EITHER, sha256=row.other, location=row.other_location),
            ),
            aggregates=(
                counts(
                    RULE,
                    "editing sessions of the document, and those of the other",
                    {},
                    n=row.sessions,
                    k=row.other_sessions,
                    sample=(row.other,),
                ),
            ),
            benign=() if row.counted else (settled("other_writer", State.EXPLAINS, _UNCOUNTED()),),
        )


def cases() -> Iterator[Case]:
    """Cases of a version from which another was made."""

    def row(saved: str, created: str | None = "09:00:00+00:00", counted: bool = True) -> Row:
        return Row(
            sha256="0" * 64,
            location=location("leak/contract 2.docx"),
            modified=time_row(f"{DAY}T{saved}:00+00:00", path="xml:docProps/core.xml#dcterms:modified"),
            other="1" * 64,
            other_location=location("leak/contract 1.docx", sha256="1" * 64),
            other_modified=time_row(f"{DAY}T12:00:00+00:00", path="xml:docProps/core.xml#dcterms:modified"),
            other_created=time_row(f"{DAY}T{created}", path="xml:docProps/core.xml#dcterms:created")
            if created
            else None,
            sessions=12,
            other_sessions=9,
            counted=counted,
        )

    yield fires((row("08:00"),), "a version saved before its ancestor was created", bin="before_created")
    yield fires((row("10:00"),), "a version saved before its ancestor was", bin="before_saved")
    yield fires((row("10:00", None),), "an ancestor without a time of creation", bin="before_saved")
    yield fires((row("08:00", "09:00:00"),), "an ancestor created at a local time", bin="before_saved")
    yield silent((row("12:00"),), "saved in the same minute")
    yield silent((row("13:00"),), "a version saved later")
    yield explained((row("08:00", counted=False),), "a text put into a given document by a program", by="other_writer")
