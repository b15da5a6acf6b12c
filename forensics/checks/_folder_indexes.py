"""Indexes of the Finder, and thumbnails of Windows with a catalog, with the folders in which they stand."""

import unicodedata
from typing import NamedTuple

import msgspec

from forensics.checks._facts import steps_of
from forensics.examples.files import location
from forensics.model.locations import Location, Locator
from forensics.model.rows.properties import PropertyRow
from forensics.model.rules import Evidence, Role

_INDEX_BYTES, _INDEX_BEGIN = 2_048, 4
"""An index has 4 bytes, and three or more times as many as the first number."""
_FOLDER = "regexp_extract({}, '^(?:.*(?:/| > ))?')"
_ITSELF = r"(^|/|> )(\._[^/>]*|\.ds_store|thumbs\.db|desktop\.ini)$"
# Each file is counted for every folder above it in its archive that has an index. Names that have other letters than
# those of ASCII have a percent sign in paths, and are compared once they are decoded.
QUERY = f"""
WITH indexes AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY source, list_text, sha256) AS list, * FROM (
        SELECT DISTINCT o.sha256, o.location, o.location_text AS list_text, o.source, o.parent_sha256,
               {_FOLDER.format("o.location_text")} AS folder
        FROM occurrences o JOIN documents d USING (sha256) WHERE d.format IN ('ds_store', 'thumbs_db'))),
broken AS (
    SELECT DISTINCT sha256 FROM occurrences
    WHERE sha256 <> '' AND sha256 IN (SELECT parent_sha256 FROM indexes) AND status <> 'parsed'),
said AS MATERIALIZED (
    SELECT sha256, generate_subscripts(properties, 1) AS place, unnest(properties) AS said
    FROM documents SEMI JOIN indexes USING (sha256)),
files AS MATERIALIZED (
    SELECT source, parent_sha256, location_text, max(size) AS size, bool_and(sha256 <> '') AS known,
           string_split(location_text, '/') AS parts
    FROM occurrences SEMI JOIN indexes USING (source, parent_sha256) GROUP BY ALL),
above AS (
    SELECT * EXCLUDE (parts), unnest(list_distinct([array_to_string(parts[1:n], '/') || '/' FOR n IN
           range(1, len(parts))] || [regexp_extract(location_text, '^(?:.* > )?')])) AS folder
    FROM files),
below AS (
    SELECT list, size, known, location_text,
           string_split(substr(location_text, length(folder) + 1), '/') AS path,
           regexp_matches(lower(location_text), '{_ITSELF}') AS itself
    FROM above JOIN indexes USING (source, parent_sha256, folder)),
children AS (
    SELECT list, path[1] AS child, bool_or(len(path) > 1) AS is_folder, bool_and(known) AS known,
           count(*) AS files, sum(size)::BIGINT AS bytes, coalesce(sum(size) FILTER (NOT itself), 0)::BIGINT AS own,
           count(DISTINCT {_FOLDER.format("location_text")}) AS folders
    FROM below GROUP BY list, child),
names AS MATERIALIZED (
    SELECT DISTINCT list, lower(said.value) AS name FROM said JOIN indexes USING (sha256)
    WHERE said.name IN ('ds_store.name', 'thumbs_db.name'))
SELECT source, list_text, sha256, location, parent_sha256 NOT IN (FROM broken) AS whole, place, said, '' AS child,
       false AS is_folder, false AS known, 0 AS files, 0 AS bytes, 0 AS own, 0 AS folders
FROM said JOIN indexes USING (sha256) WHERE said.name IN ('ds_store.name', 'ds_store.size', 'thumbs_db.name')
UNION ALL BY NAME
SELECT source, list_text, sha256, location, parent_sha256 NOT IN (FROM broken) AS whole, 0 AS place, NULL AS said,
       child, is_folder, known, files, bytes, own, folders
FROM children JOIN indexes USING (list)
WHERE contains(child, '%') OR (list, lower(child)) IN (SELECT (list, name) FROM names)
ORDER BY source, list_text, sha256, place, child
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A record of an index; or what stands in its folder, with all below it."""

    source: str
    list_text: str
    sha256: str
    location: Location
    whole: bool
    """Whether all was read of the archive in which the index stands; one in a folder stands in none."""
    place: int
    """Of a record among all, from 1; 0: what stands in the folder."""
    said: PropertyRow | None
    """A name, or bytes and name of a folder."""
    child: str
    """As locations have it; empty in a row of a record."""
    is_folder: bool
    known: bool
    """Whether all of its files were read, so that their sizes are known."""
    files: int
    bytes: int
    own: int
    """Bytes without those of the files that systems keep of folders."""
    folders: int


class Sized(NamedTuple):
    """A folder whose size an index gives."""

    row: Row
    name: str
    listed: int
    has: Row

    @property
    def fits(self) -> bool:
        """Whether it holds so many bytes, or would with indexes that were left out when it was copied."""
        if self.listed in (self.has.bytes, self.has.own):
            return True
        more = self.listed - self.has.own
        return any(
            more >= (3 * _INDEX_BYTES + _INDEX_BEGIN) * number and not (more - _INDEX_BEGIN * number) % _INDEX_BYTES
            for number in range(1, min(self.has.folders, 20) + 1)
        )


def value_of(row: Row) -> str:
    return row.said.value if row.said is not None else ""


def folded(name: str) -> str:
    """Return a name without case and without the forms in which systems store letters with marks."""
    return unicodedata.normalize("NFC", name).casefold()


def cited(row: Row) -> Evidence:
    """Quote a record."""
    said = row.said
    assert said is not None
    ranges = ((said.start, said.end),) if said.start is not None and said.end is not None else ()
    return Evidence(
        role=Role.EITHER,
        label="record of the index",
        value=said.value[:300],
        raw=said.raw,
        locator=Locator(ranges=ranges, path=said.path, steps=steps_of(said.steps)),
        sha256=row.sha256,
        location=row.location,
    )


def sample(
    said: str = "", *, kind: str = "ds_store.name", child: str = "", held: int = 0, own: int | None = None
) -> Row:
    """Return a record of an index, or what stands beside it; with bytes it is a folder of two files."""
    raw = said.encode("utf-16-be")
    record = PropertyRow(name=kind, value=said, raw=raw, path=said, start=0, end=len(raw), steps="")
    return Row(
        source="leak",
        list_text="leak/.DS_Store",
        sha256="9" * 64,
        location=location("leak/.DS_Store", sha256="9" * 64),
        whole=True,
        place=1 if said else 0,
        said=record if said else None,
        child=child,
        is_folder=held > 0,
        known=True,
        files=2,
        bytes=held,
        own=held if own is None else own,
        folders=1,
    )
