"""Lists of checksums with the files beside them: what the rules on them share."""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import msgspec

from forensics.checks._digests import keeps_itself
from forensics.checks._facts import steps_of
from forensics.examples.files import location
from forensics.model.locations import Location, Locator, unquote
from forensics.model.rows.properties import PropertyRow
from forensics.model.rules import Evidence, Role

LEAST_THERE = 2
"""Files of a list that are there, and half of all that it names: of fewer it may be the list of another folder."""

MOST_LINES = 20_000
"""What is read of a list."""
_FOLDER = "regexp_extract({}, '^(?:.*(?:/| > ))?')"
_TOOLS = (
    r"(\.(md5|sha1|sha256|sha512|sfv|asc|sig|gpg)|(sums|checksum|manifest|bagit\.txt|bag-info)[^/>]*"
    r"|(^|/|> )(\._[^/>]*|\.ds_store|thumbs\.db|desktop\.ini))$"
)
"""Names of lists themselves: there may be one for each file of a folder, and each would be beside all others."""
# A file stands where the path of its line leads from the folder of the list, in the same archive or source. Files that
# no line names are sought where they are no more than its lines: a list of few files among many was meant of these.
QUERY = f"""
WITH lists AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY source, list_text, sha256) AS list, * FROM (
        SELECT DISTINCT o.sha256, o.location, o.location_text AS list_text, o.source, o.parent_sha256,
               {_FOLDER.format("o.location_text")} AS folder
        FROM occurrences o JOIN documents d USING (sha256) WHERE d.format = 'checksums')),
broken AS (
    SELECT DISTINCT sha256 FROM occurrences
    WHERE sha256 <> '' AND sha256 IN (SELECT parent_sha256 FROM lists) AND status <> 'parsed'),
lines AS MATERIALIZED (
    SELECT sha256, generate_subscripts(properties, 1) AS line, unnest(properties) AS said
    FROM documents SEMI JOIN lists USING (sha256)),
told AS MATERIALIZED (
    SELECT list, sha256, line, source, parent_sha256, folder || substr(said.value, strpos(said.value, ' ') + 1)
           AS wanted
    FROM lists JOIN lines USING (sha256)),
found AS MATERIALIZED (
    SELECT t.list, t.sha256 AS list_sha256, t.line, t.source, t.parent_sha256, t.wanted, o.sha256 AS file,
           o.location AS file_location, o.size, o.location_text IS NOT NULL AS there
    FROM told t LEFT JOIN occurrences o
    ON o.source = t.source AND o.parent_sha256 = t.parent_sha256 AND o.location_text = t.wanted),
folders AS MATERIALIZED (
    SELECT list, source, parent_sha256, {_FOLDER.format("wanted")} AS inside, count(DISTINCT wanted) AS held
    FROM found WHERE there AND NOT regexp_matches(lower(wanted), '{_TOOLS}')
    GROUP BY list, source, parent_sha256, inside),
counted AS (SELECT list, count(*) AS named FROM told GROUP BY list HAVING count(*) >= {LEAST_THERE}),
sizes AS (
    SELECT source, parent_sha256, {_FOLDER.format("location_text")} AS inside, count(DISTINCT location_text) AS n
    FROM occurrences SEMI JOIN folders USING (source, parent_sha256)
    WHERE NOT regexp_matches(lower(location_text), '{_TOOLS}') GROUP BY source, parent_sha256, inside),
near AS MATERIALIZED (
    SELECT f.* FROM folders f JOIN sizes z USING (source, parent_sha256, inside) JOIN counted c USING (list)
    WHERE z.n - f.held <= c.named),
others AS (
    SELECT f.list, o.location_text AS wanted, o.sha256 AS file, o.location AS file_location, o.size
    FROM near f JOIN occurrences o ON o.source = f.source AND o.parent_sha256 = f.parent_sha256
        AND {_FOLDER.format("o.location_text")} = f.inside
    ANTI JOIN told t ON t.list = f.list AND t.wanted = o.location_text
    WHERE NOT regexp_matches(lower(o.location_text), '{_TOOLS}'))
SELECT l.source, list_text, sha256, l.location, folder, line, said, wanted, coalesce(file, '') AS file, file_location,
       coalesce(size, 0) AS size, there, l.parent_sha256 NOT IN (FROM broken) AS whole
FROM (SELECT f.*, said FROM found f JOIN lines ON lines.sha256 = list_sha256 AND lines.line = f.line)
JOIN lists l USING (list)
UNION ALL BY NAME
SELECT source, list_text, sha256, location, folder, 0 AS line, NULL AS said, wanted, file, file_location, size,
       true AS there, parent_sha256 NOT IN (FROM broken) AS whole
FROM others JOIN lists USING (list)
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

    named: list[list[Row]]
    """Lines of each file that it names: it may give several digests of one, and one name may stand twice."""
    there: list[list[Row]]
    """Of the files that stand where it says."""
    others: list[Row]
    """Files that stand beside these, and that it does not name."""
    own: bool
    """Whether it is named as its one file is, with an ending of its own."""
    cut: bool
    """Whether it has as many lines as are read of one, and perhaps more."""


def lists(rows: Iterable[Row]) -> Iterator[Listed]:
    """Yield the lists that are about the files beside them: what fits few is the list of another folder.

    A list that names itself was made while it was written, and what systems keep in folders changes by itself.
    """
    for _, lines in groupby(rows, key=lambda row: (row.source, row.list_text)):
        every = list(lines)
        cut = len({row.line for row in every if row.line}) >= MOST_LINES
        told = [row for row in every if row.wanted != row.list_text and not keeps_itself(row.wanted)]
        named, others = _met([row for row in told if row.line], [row for row in told if not row.line])
        there = [lines for lines in named if lines[0].there]
        own = len(named) == 1 and named[0][0].list_text.rpartition(".")[0] == named[0][0].wanted
        if there and (own or (len(there) >= LEAST_THERE and len(there) * 2 >= len(named))):
            yield Listed(named, there, others, own, cut)


def _met(lines: list[Row], others: list[Row]) -> tuple[list[list[Row]], list[Row]]:
    """Return lines by file, and the files that no line names, once names are read as another system writes them."""
    by_name = {key: row for row in reversed(others) for key in _names(row)}
    named: dict[str, list[Row]] = {}
    met = set()
    for row in lines:
        other = None if row.there else next((by_name[key] for key in _names(row) if key in by_name), None)
        if other is not None:
            met.add(other.wanted)
            there = {"file": other.file, "file_location": other.file_location, "size": other.size, "there": True}
            row = msgspec.structs.replace(row, **there)
        named.setdefault(row.wanted if other is None else other.wanted, []).append(row)
    return list(named.values()), [row for row in others if row.wanted not in met]


_CODE_PAGES = ("cp1252", "cp850", "cp437")


def _names(row: Row) -> set[str]:
    """Return how a name reads without case and without the forms in which systems store letters with marks.

    What is no UTF-8 is read by the code pages in which programs of Windows write such lists.
    """
    raw = unquote(row.wanted.removeprefix(row.folder))
    try:
        read = [raw.decode("utf-8")]
    except UnicodeDecodeError:
        read = [raw.decode(page, "replace") for page in _CODE_PAGES]
    return {unicodedata.normalize("NFC", one).casefold() for one in read}


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
