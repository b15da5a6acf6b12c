"""In which zone an archive was packed, solved from local and UTC times of the same changes, and whether others were.

A zip with an extra field has both times of a member. Where an archive has local times alone, other archives may hold
the same files with UTC times: then one offset sets all of them apart. Archives of one collection that were packed by
the same people share a zone; one of another zone came from elsewhere, or its local times were moved by whole hours.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.checks import settle
from forensics.checks._facts import HOUR, cite_row, counts
from forensics.checks._packing import CARELESS, EARLIEST, LATEST, QUARTER
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.times import time_row
from forensics.model.documents import DATED_FROM
from forensics.model.facts import TICKS_PER_SECOND, Description
from forensics.model.locations import Location
from forensics.model.presence.archive import ArchiveHas
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import MEMBER_MODIFIED, TimeKind

RULE = Rule(
    id="case.packer_zone",
    version=2,
    title="Time zone in which an archive was packed",
    subject=Subject.ARCHIVE,
    needs=ArchiveHas.NOTHING,
    bins=(Bin("elsewhere"), Bin("solved")),
    group="packer",
    proposition=Proposition.REPACKAGED,
    ceiling=Strength.CONTEXT,
    benign=("packed_in_other_zone", "zone_changed", "date_set_by_tool"),
    settle=settle.ARCHIVE,
    references=("kb:ARC-1", "kb:ARC-5"),
)

_SAID = {
    "elsewhere": says(
        "rule.case.packer_zone.elsewhere",
        one=(
            "The local times of {n} members of the archive are {offset} from UTC; {alike} of the {others} other "
            "archives whose zone is known were packed at {usual} or an hour from it. Its UTC times do not depend on it."
        ),
    ),
    "solved": says(
        "rule.case.packer_zone.solved",
        one=(
            "{n} files of the archive, which has local times alone, stand in other archives with UTC times; one offset "
            "sets them apart: the packer's clock was {offset} from UTC."
        ),
    ),
}

ROWS_NEEDED = {"archives": 2}

LEAST_PAIRS = 3
"""Files that other archives hold too, which must agree: one may lie a quarter of an hour apart by chance."""
MOST_TIMES = 20
"""Different times of one content, in one archive by local and in all by UTC: what has more, as empty files and licenses
do, says nothing of a zone, and all pairs of such would be too many."""
LEAST_OTHERS, _SHARE = 5, 2 / 3

_LOCAL = ", ".join(
    [f"'{kind}'" for kind in (TimeKind.CENTRAL_DOS, TimeKind.RAR_DOS, TimeKind.RAR_LOCAL, TimeKind.CABINET_DOS)]
)
_UTC = ", ".join([f"'{kind}'" for kind in sorted(MEMBER_MODIFIED)])
_OF = f"t.description = '{Description.MODIFICATION.value}' AND t.wall >= {DATED_FROM}"
QUERY = f"""
WITH held AS MATERIALIZED (
    SELECT sha256, parent_sha256, location, location_text,
           [t FOR t IN times IF t.kind IN ({_LOCAL}) AND {_OF} AND t.instant IS NULL][1] AS local,
           [t FOR t IN times IF t.kind IN ({_UTC}) AND {_OF} AND t.instant IS NOT NULL][1] AS utc
    FROM occurrences WHERE parent_sha256 IN (SELECT sha256 FROM archives)
                       AND parent_sha256 NOT IN (SELECT sha256 FROM documents)),
alone AS (
    SELECT parent_sha256, sha256, arg_min(local, location_text) AS said
    FROM held WHERE local IS NOT NULL AND utc IS NULL GROUP BY parent_sha256, sha256, local.wall
    QUALIFY count(*) OVER (PARTITION BY parent_sha256, sha256) <= {MOST_TIMES}),
dated AS (
    SELECT sha256, arg_min(utc, location_text) AS said, min(location_text) AS location_text,
           arg_min(parent_sha256, location_text) AS utc_sha256
    FROM held WHERE utc IS NOT NULL GROUP BY sha256, utc.instant
    QUALIFY count(*) OVER (PARTITION BY sha256) <= {MOST_TIMES}),
pairs AS MATERIALIZED (
    SELECT parent_sha256, sha256, local, utc, parent_sha256 AS utc_sha256, location_text, true AS own
    FROM held WHERE local IS NOT NULL AND utc IS NOT NULL
    UNION ALL
    SELECT a.parent_sha256, a.sha256, a.said, b.said, b.utc_sha256, b.location_text, false
    FROM alone a JOIN dated b USING (sha256)
    WHERE b.utc_sha256 <> a.parent_sha256),
apart AS MATERIALIZED (
    SELECT *, local.wall - utc.instant AS distance,
           CAST(floor((local.wall - utc.instant + {QUARTER // 2}) / {QUARTER}) AS BIGINT) * {QUARTER} AS "offset"
    FROM pairs),
zones AS (
    SELECT parent_sha256, own, "offset", count(DISTINCT sha256) AS n,
           arg_min(struct_pack(local, utc, utc_sha256), location_text) AS first
    FROM apart WHERE abs(distance - "offset") <= {CARELESS} AND "offset" BETWEEN {EARLIEST} AND {LATEST}
    GROUP BY ALL),
total AS (SELECT parent_sha256, own, count(DISTINCT sha256) AS members FROM apart GROUP BY ALL)
SELECT DISTINCT ON (z.parent_sha256) z.parent_sha256 AS sha256, i.location, own, "offset", n, members,
       first.local, first.utc, u.location AS utc_location, first.utc_sha256
FROM zones z JOIN total USING (parent_sha256, own) JOIN flat.items i ON i.sha256 = z.parent_sha256
JOIN flat.items u ON u.sha256 = first.utc_sha256
ORDER BY z.parent_sha256, own DESC, n DESC, "offset"
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An archive and the offset that sets most of its local times apart from UTC."""

    sha256: str
    location: Location
    own: bool
    """Whether its own members have both times; else the UTC times stand in other archives."""
    offset: int
    n: int
    """Contents that it sets apart."""
    members: int
    """Contents with both times."""
    local: TimeRow
    utc: TimeRow
    utc_location: Location
    """Of the archive that has the UTC time."""
    utc_sha256: str


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Tell the zone of archives that do not say it themselves, and of those that were packed in another than most."""
    every = [row for row in rows if row.own or (row.n >= LEAST_PAIRS and row.n * 5 >= row.members * 4)]
    for row in every:
        others = [other.offset for other in every if other.sha256 != row.sha256]
        usual = _usual(others)
        alike = sum(abs(offset - usual) <= HOUR for offset in others)
        if len(others) >= LEAST_OTHERS and alike >= _SHARE * len(others) and abs(row.offset - usual) > HOUR:
            yield _observation(
                row, "elsewhere", {"others": str(len(others)), "alike": str(alike), "usual": _said(usual)}
            )
        elif not row.own:
            yield _observation(row, "solved", {})


def _usual(offsets: Sequence[int]) -> int:
    """Return the offset of most, the smallest of several."""
    counted = Counter(offsets)
    return min(counted, key=lambda offset: (-counted[offset], offset), default=0)


def _observation(row: Row, name: str, more: dict[str, str]) -> Observation:
    return Observation(
        sentence=_SAID[name](n=str(row.n), offset=_said(row.offset), **more),
        bin=name,
        evidence=(
            cite_row("local time of a member", row.local, Role.EITHER, row.sha256, row.location),
            cite_row("UTC time of the same", row.utc, Role.EITHER, row.utc_sha256, row.utc_location),
        ),
        suspect=row.local.path,
        subjects=(SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),),
        aggregates=(
            counts(
                RULE,
                "contents with a local and a UTC time, and those that this offset sets apart",
                {"archive": row.sha256},
                n=row.members,
                k=row.n,
            ),
        ),
    )


def _said(ticks: int) -> str:
    sign, minutes = "-" if ticks < 0 else "+", abs(ticks) // TICKS_PER_SECOND // 60
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}"


def cases() -> Iterator[Case]:
    """Cases of archives of one zone with one of another, and of local times that other archives explain."""

    def row(digit: str, hours: int, *, own: bool = True, n: int = 4) -> Row:
        return Row(
            sha256=digit * 64,
            location=location(f"leak/{digit}.zip"),
            own=own,
            offset=hours * HOUR,
            n=n,
            members=4,
            local=time_row("2017-03-06T10:00:00", path="zip:central[0].dos", kind=TimeKind.CENTRAL_DOS),
            utc=time_row("2017-03-06T09:00:00Z", path="zip:central[0].universal", kind=TimeKind.CENTRAL_UNIVERSAL),
            utc_location=location(f"leak/{digit}.zip"),
            utc_sha256=digit * 64,
        )

    six = tuple([row(digit, 1 + (digit in "45")) for digit in "123456"])
    yield fires((*six, row("7", -8)), "one that was packed nine hours west of the others", bin="elsewhere")
    yield fires((row("1", -4, own=False),), "local times alone, and the same files elsewhere", bin="solved")
    yield silent(six, "winter and summer of one zone")
    yield silent((*six[:3], row("7", -8)), "too few others")
    yield silent((row("1", -4, own=False, n=2),), "two files may agree by chance")
