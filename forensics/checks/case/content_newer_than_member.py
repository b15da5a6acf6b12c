"""What stands in a file is newer than its archive says the file was last changed.

A tracked change, a comment, a picture or a document inside a file was there when the file was last changed; an archive
inside an archive was changed last when its newest member was put in. All of them bound the time that the outer archive
gives the file. The document's own two times are `case.newer_than_member`'s.
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
    id="case.content_newer_than_member",
    version=1,
    title="Content newer than the archive says the file around it is",
    subject=Subject.DOCUMENT,
    needs=DocumentHas.NOTHING,
    bins=nested("newer>14h", "newer>1d", "newer>30d"),
    group="packer",
    proposition=Proposition.BACKDATED,
    ceiling=Strength.STRONG,
    benign=("packer_sets_time", "date_set_by_tool", "author_clock", "camera_clock"),
    settle=settle.ARCHIVE,
    references=("kb:ARC-21", "attack:timestomp"),
)

_SAID = {
    "change": says(
        "rule.case.content_newer_than_member.change",
        one=(
            "The document has a tracked change, a comment or another entry of {at}, {late} after the time at which "
            "its archive says the file was last changed ({time})."
        ),
    ),
    "inside": says(
        "rule.case.content_newer_than_member.inside",
        one=(
            "A document or picture says it is of {at}, {late} after the time at which an archive says that the file "
            "in which it stands was last changed ({time})."
        ),
    ),
}

ROWS_NEEDED = {"documents": 1, "archives": 1}

_ENTRIES = ", ".join(
    [f"'{kind}'" for kind in (TimeKind.TRACKED_CHANGE, TimeKind.TRACKED_CHANGE_UTC, TimeKind.PIVOT_REFRESHED)]
)
_NEWEST = "list_sort([{{'stood': coalesce(t.instant, t.wall), 'time': t}} FOR t IN {} IF {}], 'DESC')[1]"
_ENTRY = _NEWEST.format("timestamps", f"t.kind IN ({_ENTRIES}) AND coalesce(t.instant, t.wall) IS NOT NULL")
_OWN = _NEWEST.format("[created, modified]", "coalesce(t.instant, t.wall) IS NOT NULL")
# A picture in a document in an archive in an archive stands three deep; each file around it bounds it.
QUERY = f"""
WITH said AS MATERIALIZED (SELECT sha256, {_ENTRY} AS entry, {_OWN} AS own FROM documents),
facts AS (
    SELECT sha256, 'change' AS label, entry AS newest FROM said WHERE entry IS NOT NULL
    UNION ALL SELECT sha256, 'inside', own FROM said WHERE own IS NOT NULL),
around AS MATERIALIZED (SELECT DISTINCT sha256, parent_sha256 FROM occurrences WHERE parent_sha256 <> ''),
one AS MATERIALIZED (SELECT a.sha256, parent_sha256 AS outer_sha256 FROM around a SEMI JOIN said USING (sha256)),
two AS MATERIALIZED (
    SELECT DISTINCT one.sha256, a.parent_sha256 AS outer_sha256 FROM one JOIN around a ON a.sha256 = outer_sha256),
three AS (
    SELECT DISTINCT two.sha256, a.parent_sha256 AS outer_sha256 FROM two JOIN around a ON a.sha256 = outer_sha256),
held AS (
    SELECT sha256, 'change' AS label, sha256 AS outer_sha256 FROM said
    UNION ALL SELECT sha256, label, outer_sha256
    FROM (FROM one UNION FROM two UNION FROM three), (VALUES ('change'), ('inside')) v(label)),
bounds AS MATERIALIZED (
    SELECT sha256 AS outer_sha256, parent_sha256, {LATEST} AS latest FROM occurrences
    WHERE parent_sha256 <> '' AND sha256 IN (SELECT outer_sha256 FROM held)),
late AS MATERIALIZED (
    SELECT outer_sha256, parent_sha256, latest.stood AS stood, any_value(latest.time) AS packed,
           arg_max(struct_pack(sha256, label, at := newest.time), (newest.stood, sha256)) AS found
    FROM bounds JOIN held USING (outer_sha256) JOIN facts USING (sha256, label)
    WHERE latest.stood >= {DATED_FROM} AND newest.stood > latest.stood + {LOCAL}
    GROUP BY ALL),
beside AS (
    SELECT parent_sha256, {LATEST} AS latest FROM occurrences SEMI JOIN late USING (parent_sha256)),
together AS (
    SELECT parent_sha256, count(*) AS files, min(latest.stood) AS oldest, max(latest.stood) AS newest
    FROM beside WHERE latest.stood IS NOT NULL GROUP BY parent_sha256)
SELECT found.sha256, found.label, found.at, l.outer_sha256, packed, parent_sha256 AS archive_sha256,
       f.location, i.location AS archive_location, CASE WHEN oldest = together.newest THEN files ELSE 1 END AS alike
FROM late l JOIN together USING (parent_sha256) JOIN flat.items f ON f.sha256 = found.sha256
JOIN flat.items i ON i.sha256 = parent_sha256
ORDER BY found.sha256, l.outer_sha256, parent_sha256, stood
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an archive, and the newest of what stands in it."""

    sha256: str
    """Of the document or picture that says so: the file itself, or one inside."""
    location: Location
    label: str
    """``change``: an entry in a document; ``inside``: the document's own time."""
    at: TimeRow
    outer_sha256: str
    packed: TimeRow
    """The latest time of change that the archive gives the file around it."""
    archive_sha256: str
    archive_location: Location
    alike: int
    """How many files the archive has, where all carry this time; else 1."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Compare; a local time stands for 14 h on either side, and two for twice as many."""
    for row in rows:
        name, late = later(row.at, row.packed)
        if name:
            yield Observation(
                sentence=_SAID[row.label](at=shown(row.at), late=span(late), time=shown(row.packed)),
                bin=name,
                evidence=(
                    cite_row("time in the file", row.at, Role.EITHER, row.sha256, row.location),
                    cite_row("time of the member", row.packed, Role.EITHER, row.archive_sha256, row.archive_location),
                ),
                suspect=row.at.path,
                subjects=(SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),),
                benign=tuple(_causes(row)),
            )


def _causes(row: Row) -> Iterator[BenignState]:
    if row.alike >= ALIKE:
        yield settled("packer_sets_time", State.EXPLAINS, ONE_TIME(n=row.alike))
    if row.at.clock != ClockKind.CAMERA:
        yield settled("camera_clock", State.EXCLUDED, NO_CAMERA())


def cases() -> Iterator[Case]:
    """Cases of a file that its archive dates 10:00 on 6 March 2017, in UTC or in local time."""

    def row(at: str, label: str = "change", packed: str = "2017-03-06T10:00:00Z", alike: int = 1) -> Row:
        return Row(
            sha256="1" * 64,
            location=location("leak/a.zip"),
            label=label,
            at=time_row(at, path="comment[0]", kind=TimeKind.TRACKED_CHANGE),
            outer_sha256="1" * 64,
            packed=time_row(packed, path="zip:central[0].dos", kind=TimeKind.CENTRAL_DOS),
            archive_sha256="2" * 64,
            archive_location=location("leak/a.zip"),
            alike=alike,
        )

    yield fires((row("2017-03-07T01:00:00Z"),), "a comment 15 h later", bin="newer>14h")
    yield fires((row("2017-03-09T01:00:00Z", "inside"),), "a picture three days later", bin="newer>1d")
    yield fires((row("2018-03-09T01:00:00"),), "a change a year later, in local time", bin="newer>30d")
    same = row("2018-03-09T01:00:00Z", alike=12)
    yield explained((same,), "a packer that gives all files one time", by="packer_sets_time")
    yield silent((row("2017-03-06T23:00:00Z"),), "13 h: perhaps a zone")
    yield silent((row("2017-03-07T13:00:00", packed="2017-03-06T10:00:00"),), "27 h between two local times")
