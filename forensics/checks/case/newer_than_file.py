"""A document's own time is later than the file system says the file was last changed.

Whoever saves a file gives it the time of that moment; copying keeps the time or makes it later. Only setting the time
makes it earlier, and archives that are unpacked set it to what they say.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import LOCAL, cite_row, settled, shown, span
from forensics.checks._members import ALIKE, later
from forensics.checks._reasons import NO_CAMERA
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
from forensics.model.documents import DATED_FROM
from forensics.model.facts import ClockKind
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    BenignState,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
    nested,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="case.newer_than_file",
    version=1,
    title="Document newer than the file system says the file is",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.DATED,
    bins=nested("newer>14h", "newer>1d", "newer>30d"),
    group="packer",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.MODERATE,
    benign=("packer_sets_time", "date_set_by_tool", "author_clock", "camera_clock"),
    settle=settle.DOCUMENT_STORE,
    references=("kb:ARC-21", "attack:timestomp"),
)

_SAID = {
    "created": says(
        "rule.case.newer_than_file.created",
        one=(
            "The document says it was created at {created}, {late} after the time at which the file system says the "
            "file was last changed ({time})."
        ),
    ),
    "modified": says(
        "rule.case.newer_than_file.modified",
        one=(
            "The document says it was last saved at {modified}, {late} after the time at which the file system says "
            "the file was last changed ({time})."
        ),
    ),
}
_ONE_TIME = says("note.one_file_time", one="{n} files of the source carry this one time: a program set it.")

ROWS_NEEDED = {"documents": 1}

# A time that most files of a case carry is that of the program which laid them out, and says nothing of any.
QUERY = f"""
WITH dated AS MATERIALIZED (
    SELECT sha256, created, modified,
           greatest(coalesce(created.instant, created.wall), coalesce(modified.instant, modified.wall)) AS made
    FROM documents WHERE made IS NOT NULL),
files AS MATERIALIZED (
    SELECT sha256, location, location_text,
           [t FOR t IN times IF t.kind = '{TimeKind.FILE_SYSTEM}' AND t.instant IS NOT NULL][1] AS stood
    FROM occurrences WHERE parent_sha256 = '' AND stood IS NOT NULL),
alike AS (SELECT stood.instant AS instant, count(*) AS n FROM files GROUP BY ALL),
late AS (
    SELECT f.sha256, created, modified, a.instant, f.location, f.location_text, stood, n
    FROM files f JOIN dated d USING (sha256) JOIN alike a ON a.instant = f.stood.instant
    WHERE a.instant >= {DATED_FROM} AND d.made > a.instant + {LOCAL}
      AND (n < {ALIKE} OR 2 * n <= (SELECT count(*) FROM files)))
SELECT sha256, any_value(created) AS created, any_value(modified) AS modified,
       arg_min(location, location_text) AS location, arg_min(stood, location_text) AS stood, any_value(n) AS alike
FROM late GROUP BY sha256, instant ORDER BY sha256, instant
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A document and the time of its file."""

    sha256: str
    created: TimeRow | None
    modified: TimeRow | None
    location: Location
    stood: TimeRow
    alike: int
    """Files of the source with this time."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Compare the last save, then the creation; a local time stands for 14 h on either side."""
    for row in rows:
        for label, at in (("modified", row.modified), ("created", row.created)):
            name, late = later(at, row.stood) if at is not None else ("", 0)
            if at is not None and name:
                yield _observation(row, name, late, (label, at))
                break


def _observation(row: Row, name: str, late: int, when: tuple[str, TimeRow]) -> Observation:
    label, at = when
    return Observation(
        sentence=_SAID[label](late=span(late), time=shown(row.stood), **{label: shown(at)}),
        bin=name,
        evidence=(
            cite_row(label, at, Role.EITHER, row.sha256, row.location),
            cite_row("time of the file", row.stood, Role.EITHER, row.sha256, row.location),
        ),
        suspect=at.path,
        subjects=(SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),),
        benign=tuple(_causes(row, at)),
    )


def _causes(row: Row, at: TimeRow) -> Iterator[BenignState]:
    if row.alike >= ALIKE:
        yield settled("packer_sets_time", State.EXPLAINS, _ONE_TIME(n=row.alike))
    if at.clock != ClockKind.CAMERA:
        yield settled("camera_clock", State.EXCLUDED, NO_CAMERA())


def cases() -> Iterator[Case]:
    """Cases of a file that its file system dates 10:00 UTC on 6 March 2017."""

    def row(modified: str | None, created: str | None = None, alike: int = 1) -> Row:
        return Row(
            sha256="1" * 64,
            created=time_row(created, path="created") if created else None,
            modified=time_row(modified, path="modified") if modified else None,
            location=location("leak/a.docx"),
            stood=time_row("2017-03-06T10:00:00Z", path="file:mtime_ns", kind=TimeKind.FILE_SYSTEM),
            alike=alike,
        )

    yield fires((row("2017-03-07T01:00:00Z"),), "saved 15 h later", bin="newer>14h")
    yield fires((row("2017-03-09T01:00:00"),), "three days later by a local time", bin="newer>1d")
    yield fires((row(None, "2018-03-09T01:00:00Z"),), "made a year later", bin="newer>30d")
    yield explained((row("2018-03-09T01:00:00Z", alike=12),), "one time for all files", by="packer_sets_time")
    yield silent((row("2017-03-06T09:59:00Z"),), "saved before")
    yield silent((row("2017-03-06T23:00:00Z"),), "13 h: perhaps a zone")
