"""A document's own time is later than its container says the file was last changed.

A file changes no later than its time of last change says, unless somebody or some program set that time. Archives carry
it along; copying and downloading leave it or make it later.
"""

from collections.abc import Iterable, Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import LOCAL, cite_row, settled, shown, span
from forensics.checks._members import ALIKE, LATEST, ONE_TIME, later
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
    id="case.newer_than_member",
    version=1,
    title="Document newer than the archive says the file is",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.DATED,
    bins=nested("newer>14h", "newer>1d", "newer>30d"),
    group="packer",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("packer_sets_time", "date_set_by_tool", "author_clock", "camera_clock"),
    settle=settle.ARCHIVE,
    references=("kb:ARC-21", "attack:timestomp"),
)

_SAID = {
    "created": says(
        "rule.case.newer_than_member.created",
        one=(
            "The document says it was created at {created}, {late} after the time at which its archive says the file "
            "was last changed ({time})."
        ),
    ),
    "modified": says(
        "rule.case.newer_than_member.modified",
        one=(
            "The document says it was last saved at {modified}, {late} after the time at which its archive says the "
            "file was last changed ({time})."
        ),
    ),
}

ROWS_NEEDED = {"documents": 1, "archives": 1}

# What stands beside a document is looked at where the document is late only.
QUERY = f"""
WITH dated AS MATERIALIZED (
    SELECT sha256, created, modified,
           greatest(coalesce(created.instant, created.wall), coalesce(modified.instant, modified.wall)) AS made
    FROM documents WHERE made IS NOT NULL),
packed AS MATERIALIZED (
    SELECT sha256, parent_sha256, location, location_text, {LATEST} AS latest
    FROM occurrences SEMI JOIN dated USING (sha256) WHERE parent_sha256 <> ''),
late AS MATERIALIZED (
    SELECT p.sha256, p.parent_sha256, p.latest.stood AS stood, arg_min(p.location, p.location_text) AS location,
           arg_min(p.latest.time, p.location_text) AS packed, any_value(created) AS created,
           any_value(modified) AS modified
    FROM packed p JOIN dated d USING (sha256)
    WHERE p.latest.stood >= {DATED_FROM} AND d.made > p.latest.stood + {LOCAL}
    GROUP BY p.sha256, p.parent_sha256, p.latest.stood),
beside AS (
    SELECT parent_sha256, {LATEST} AS latest FROM occurrences SEMI JOIN late USING (parent_sha256)),
together AS (
    SELECT parent_sha256, count(*) AS files, min(latest.stood) AS oldest, max(latest.stood) AS newest
    FROM beside WHERE latest.stood IS NOT NULL GROUP BY parent_sha256)
SELECT l.sha256, created, modified, l.location, packed, parent_sha256 AS archive_sha256, i.location AS archive_location,
       CASE WHEN oldest = newest THEN files ELSE 1 END AS alike
FROM late l JOIN together USING (parent_sha256) JOIN flat.items i ON i.sha256 = l.parent_sha256
ORDER BY l.sha256, parent_sha256, stood
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A document and a container that says its file is older."""

    sha256: str
    created: TimeRow | None
    modified: TimeRow | None
    location: Location
    packed: TimeRow
    """The latest time of change that the container gives the file."""
    archive_sha256: str
    archive_location: Location
    alike: int
    """How many files the container has, where all carry this time; else 1."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Compare the last save, then the creation; a local time stands for 14 h on either side."""
    for row in rows:
        for label, at in (("modified", row.modified), ("created", row.created)):
            name, late = later(at, row.packed) if at is not None else ("", 0)
            if at is not None and name:
                yield _observation(row, name, late, (label, at))
                break


def _observation(row: Row, name: str, late: int, when: tuple[str, TimeRow]) -> Observation:
    label, at = when
    return Observation(
        sentence=_SAID[label](late=span(late), time=shown(row.packed), **{label: shown(at)}),
        bin=name,
        evidence=(
            cite_row(label, at, Role.EITHER, row.sha256, row.location),
            cite_row("time of the member", row.packed, Role.EITHER, row.archive_sha256, row.archive_location),
        ),
        suspect=at.path,
        subjects=(SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),),
        benign=tuple(_causes(row, at)),
    )


def _causes(row: Row, at: TimeRow) -> Iterator[BenignState]:
    if row.alike >= ALIKE:
        yield settled("packer_sets_time", State.EXPLAINS, ONE_TIME(n=row.alike))
    if at.clock != ClockKind.CAMERA:
        yield settled("camera_clock", State.EXCLUDED, NO_CAMERA())


def cases() -> Iterator[Case]:
    """Cases of a file that its archive dates 10:00 on 6 March 2017, in UTC or in local time."""

    def row(
        modified: str | None, created: str | None = None, packed: str = "2017-03-06T10:00:00Z", alike: int = 1
    ) -> Row:
        return Row(
            sha256="1" * 64,
            created=time_row(created, path="created") if created else None,
            modified=time_row(modified, path="modified") if modified else None,
            location=location("leak/a.zip"),
            packed=time_row(packed, path="zip:central[0].dos", kind=TimeKind.CENTRAL_DOS),
            archive_sha256="2" * 64,
            archive_location=location("leak/a.zip"),
            alike=alike,
        )

    yield fires((row("2017-03-07T01:00:00Z"),), "saved 15 h later", bin="newer>14h")
    yield fires((row("2017-03-09T01:00:00Z"),), "saved three days later", bin="newer>1d")
    yield fires((row("2018-03-09T01:00:00Z"),), "saved a year later", bin="newer>30d")
    yield fires((row(None, "2017-03-09T01:00:00Z"),), "made three days later", bin="newer>1d")
    yield fires((row("2017-03-07T01:00:00Z", packed="2017-03-06T10:00:00"),), "15 h against a zip's", bin="newer>14h")
    yield fires((row("2017-03-09T01:00:00", packed="2017-03-06T10:00:00"),), "two local times", bin="newer>1d")
    same = row("2018-03-09T01:00:00Z", alike=12)
    yield explained((same,), "a packer that gives all files one time", by="packer_sets_time")
    yield silent((row("2017-03-06T09:59:00Z"),), "saved before")
    yield silent((row("2017-03-06T23:00:00Z", packed="2017-03-06T10:00:00"),), "13 h: perhaps a zone")
    yield silent((row("2017-03-07T13:00:00", packed="2017-03-06T10:00:00"),), "27 h between two local times")
