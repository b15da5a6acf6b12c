"""Lists of checksums with the files beside them: what the rules on them share."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import msgspec

from forensics.checks._facts import steps_of
from forensics.examples.files import location
from forensics.model.locations import Location, Locator
from forensics.model.rows.properties import PropertyRow
from forensics.model.rules import Evidence, Role

LEAST_THERE = 2
"""Files of a list that are there, and half of all that it names: of fewer it may be the list of another folder."""

_FOLDER = "regexp_extract({}, '^(?:.*(?:/| > ))?')"
# A file stands where the path of its line leads from the folder of the list, in the same archive or source.
QUERY = f"""
WITH lists AS MATERIALIZED (
    SELECT DISTINCT o.sha256, o.location, o.location_text AS list_text, o.source, o.parent_sha256,
           {_FOLDER.format("o.location_text")} AS folder
    FROM occurrences o JOIN documents d USING (sha256) WHERE d.format = 'checksums'),
broken AS (
    SELECT DISTINCT sha256 FROM occurrences
    WHERE sha256 IN (SELECT parent_sha256 FROM lists) AND status <> 'parsed'),
lines AS (
    SELECT sha256, generate_subscripts(properties, 1) AS line, unnest(properties) AS said
    FROM documents SEMI JOIN lists USING (sha256)),
told AS MATERIALIZED (
    SELECT l.*, s.line, s.said, l.folder || substr(s.said.value, strpos(s.said.value, ' ') + 1) AS wanted
    FROM lists l JOIN lines s USING (sha256)),
found AS MATERIALIZED (
    SELECT t.*, o.sha256 AS file, o.location AS file_location, o.size, o.location_text IS NOT NULL AS there,
           {_FOLDER.format("t.wanted")} AS inside
    FROM told t LEFT JOIN occurrences o
    ON o.source = t.source AND o.parent_sha256 = t.parent_sha256 AND o.location_text = t.wanted),
folders AS MATERIALIZED (
    SELECT DISTINCT sha256, location, list_text, source, parent_sha256, folder, inside FROM found WHERE there
    QUALIFY count(*) OVER (PARTITION BY source, list_text) >= {LEAST_THERE}),
others AS (
    SELECT f.*, o.location_text AS wanted, o.sha256 AS file, o.location AS file_location, o.size
    FROM folders f JOIN occurrences o ON o.source = f.source AND o.parent_sha256 = f.parent_sha256
        AND {_FOLDER.format("o.location_text")} = f.inside AND o.location_text <> f.list_text
    ANTI JOIN told t ON t.source = f.source AND t.list_text = f.list_text AND t.wanted = o.location_text)
SELECT source, list_text, sha256, location, folder, line, said, wanted, coalesce(file, '') AS file, file_location,
       coalesce(size, 0) AS size, there, parent_sha256 NOT IN (FROM broken) AS whole
FROM found
UNION ALL BY NAME
SELECT source, list_text, sha256, location, folder, 0 AS line, NULL AS said, wanted, file, file_location, size,
       true AS there, parent_sha256 NOT IN (FROM broken) AS whole
FROM others
ORDER BY source, list_text, line, wanted, file
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a list with the file that it names, if that is there; or a file beside the list that no line names."""

    source: str
    list_text: str
    sha256: str
    location: Location
    folder: str
    line: int
    """From 1; 0: no line."""
    said: PropertyRow | None
    """Digest and path."""
    wanted: str
    """Where the file stands, or would stand."""
    file: str
    """Empty where it is not there, or was not read."""
    file_location: Location | None
    size: int
    there: bool
    whole: bool
    """Whether all was read of the archive in which the list stands; a list in a folder stands in none."""

    @property
    def algorithm(self) -> str:
        """What the list gives of it."""
        return self.said.name.partition(".")[2] if self.said is not None else ""

    @property
    def listed(self) -> str:
        """The digest that the list gives."""
        return self.said.value.partition(" ")[0] if self.said is not None else ""


class Listed(NamedTuple):
    """One list."""

    named: list[Row]
    there: list[Row]
    """Files that it names, and that stand where it says."""
    others: list[Row]
    """Files that stand beside these, and that it does not name."""
    own: bool
    """Whether it is named as its one file is, with an ending of its own."""


def lists(rows: Iterable[Row]) -> Iterator[Listed]:
    """Yield the lists that are about the files beside them: what fits few is the list of another folder."""
    for _, lines in groupby(rows, key=lambda row: (row.source, row.list_text)):
        told = list(lines)
        named = [row for row in told if row.line]
        there = [row for row in named if row.there]
        own = len(named) == 1 and named[0].list_text.rpartition(".")[0] == named[0].wanted
        if there and (own or (len(there) >= LEAST_THERE and len(there) * 2 >= len(named))):
            yield Listed(named, there, [row for row in told if not row.line], own)


def cited(row: Row, said: PropertyRow) -> Evidence:
    """Quote a line of a list."""
    ranges = ((said.start, said.end),) if said.start is not None and said.end is not None else ()
    place = Locator(ranges=ranges, path=said.path, steps=steps_of(said.steps))
    return Evidence(
        role=Role.EITHER,
        label="line of the list",
        value=said.value[:300],
        raw=said.raw,
        locator=place,
        sha256=row.sha256,
        location=row.location,
    )


def sample(line: int, *, listed: str = "", has: str = "", name: str = "") -> Row:
    """Return a line of a list for cases; digests are one digit again and again."""
    name = name or f"{line}.doc"
    raw = f"{listed * 64}  {name}".encode()
    path = f"line:{line}"
    value = f"{listed * 64} {name}"
    said = PropertyRow(name="checksums.sha256", value=value, raw=raw, path=path, start=0, end=len(raw), steps="")
    return Row(
        source="leak",
        list_text="leak/SHA256SUMS",
        sha256="9" * 64,
        location=location("leak/SHA256SUMS", sha256="9" * 64),
        folder="leak/",
        line=line,
        said=said if line else None,
        wanted=f"leak/{name}",
        file=has * 64,
        file_location=location(f"leak/{name}", sha256=has * 64) if has else None,
        size=100,
        there=bool(has),
        whole=True,
    )
