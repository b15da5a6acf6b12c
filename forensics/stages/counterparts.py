"""Each item of the archive against the originals of the reference sources: identical, differs, only here, only there.

Items are matched in SQL; two versions of one are read again from their sources and compared: documents by their words
and properties, in a process of their own. What stands in a mail is compared with it. A mail is matched by its
Message-ID; by its text, which only these two have, if two of sender, date and subject are the same; or by date, sender
and subject. An original that the archive has byte for byte is matched by its Message-ID alone: else each mail of a
robot would be a version of every other. What is no mail is matched by `forensics.stages.matching`.

Source: knowledge base X-07.
"""

import msgspec
from msgspec import structs

from forensics import parsers
from forensics.model.comparing import ComparedItem, ComparedLine, Outcome, line_of
from forensics.model.locations import Location
from forensics.model.rows import counterparts
from forensics.model.rows.counterparts import CounterpartRow
from forensics.relations.comparing.mails import compare_mails
from forensics.relations.comparing.packages import compare_files
from forensics.stages.matching import FILES
from forensics.stages.rereading import COMPARING, Rereading
from forensics.stages.stage import Settings, Tables, Write

NAME = "counterparts"
VERSION = 1
READS = ("messages", "documents", "occurrences", "originals")
WRITES = ("counterparts", "notices")
TAKES = ("contents", "limits")
ROWS_NEEDED = {"originals": 1}

MOST = 50
"""Originals of one Message-ID, text or date that an item is tried with."""

_SETS = f"""
holding AS (SELECT DISTINCT parent_sha256 AS sha256 FROM occurrences WHERE parent_sha256 <> ''),
held AS (SELECT DISTINCT parent_sha256 AS sha256 FROM originals WHERE parent_sha256 <> ''),
here AS MATERIALIZED (
    SELECT i.sha256, location, m.item IS NOT NULL AS mail, coalesce(message_id, '') AS message_id,
           coalesce(sender, '') AS sender, coalesce(subject, '') AS subject, m.instant AS instant,
           coalesce(m.letters_sha256, d.letters_sha256, '') AS letters, coalesce(body_sha256, '') AS body,
           coalesce(stored, false) AS stored, d.sha256 IS NOT NULL AS document, coalesce(d.format, '') AS format,
           coalesce(d.sketch, []) AS sketch, i.size AS size,
           coalesce(d.created.instant, d.created.wall) AS created
    FROM flat.items i LEFT JOIN flat.mails m USING (item) LEFT JOIN documents d ON d.sha256 = i.sha256
    WHERE alone AND i.sha256 <> '' AND (mail OR document OR i.sha256 NOT IN (SELECT sha256 FROM holding))),
there AS MATERIALIZED (
    SELECT sha256, arg_min(location, location_text) AS location, any_value(mail) AS mail,
           any_value(message_id) AS message_id, any_value(sender) AS sender, any_value(subject) AS subject,
           any_value(instant) AS instant, any_value(letters_sha256) AS letters, any_value(body_sha256) AS body,
           bool_or(stored) AS stored, bool_or(document) AS document, any_value(format) AS format,
           any_value(sketch) AS sketch, any_value(size) AS size,
           any_value(created) AS created
    FROM originals WHERE sha256 <> '' AND (mail OR document OR sha256 NOT IN (SELECT sha256 FROM held))
    GROUP BY sha256),
new AS MATERIALIZED (FROM here ANTI JOIN there USING (sha256) WHERE NOT stored),
gone AS MATERIALIZED (FROM there ANTI JOIN here USING (sha256) WHERE NOT stored),
same_id AS (
    SELECT n.sha256, t.sha256 AS original, 'message_id' AS matched_by FROM new n
    JOIN (SELECT sha256, message_id FROM there WHERE message_id <> '' AND NOT stored
          QUALIFY row_number() OVER (PARTITION BY message_id ORDER BY sha256) <= {MOST}) t USING (message_id)),
same_text AS (
    SELECT n.sha256, t.sha256 AS original, 'text' AS matched_by
    FROM (FROM new SEMI JOIN (
        SELECT letters FROM here WHERE mail AND letters <> '' GROUP BY letters HAVING count(*) = 1) USING (letters)) n
    JOIN (FROM gone SEMI JOIN (
        SELECT letters FROM there WHERE mail AND letters <> '' GROUP BY letters HAVING count(*) = 1) USING (letters)) t
    USING (letters)
    WHERE (n.sender = t.sender)::INT + (n.subject = t.subject)::INT + (coalesce(n.instant = t.instant, false))::INT > 1
        OR (n.message_id = '' AND (n.sender = t.sender OR coalesce(n.instant = t.instant, false)))),
same_claims AS (
    SELECT n.sha256, t.sha256 AS original, 'claims' AS matched_by FROM new n
    JOIN (SELECT * FROM gone WHERE mail AND instant IS NOT NULL AND sender <> ''
          QUALIFY row_number() OVER (PARTITION BY instant, sender, subject ORDER BY sha256) <= {MOST}) t
    USING (instant, sender, subject)),
candidates AS (FROM same_id UNION ALL FROM same_text UNION ALL FROM same_claims),
scored AS (
    SELECT c.sha256, original, min(matched_by) AS matched_by, bool_or(matched_by = 'message_id') AS by_id,
           any_value((n.body = t.body)::INT * 4 + (n.letters = t.letters AND n.letters <> '')::INT * 2
                     + (n.sender = t.sender)::INT + (n.subject = t.subject)::INT
                     + coalesce(n.instant = t.instant, false)::INT) AS score
    FROM candidates c JOIN new n ON n.sha256 = c.sha256 JOIN there t ON t.sha256 = original GROUP BY ALL),
mails AS MATERIALIZED (
    SELECT sha256, original, CASE WHEN by_id THEN 'message_id' WHEN matched_by = 'claims' THEN 'claims' ELSE 'text' END
           AS matched_by FROM scored
    QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY by_id DESC, score DESC, original) = 1),
{FILES},
pairs AS MATERIALIZED (FROM mails UNION ALL FROM same_file)
"""
_IDENTICAL = f"""
WITH {_SETS}
SELECT h.sha256, h.location, t.sha256 AS original, t.location AS original_location, h.mail, 'digest' AS matched_by
FROM here h JOIN there t USING (sha256) ORDER BY h.sha256
"""
_PAIRS = f"""
WITH {_SETS}
SELECT p.sha256, h.location, original, t.location AS original_location, h.mail AND t.mail AS mail, matched_by,
       h.document AND t.document AS document, h.size AS size, t.size AS original_size
FROM pairs p JOIN here h ON h.sha256 = p.sha256 JOIN there t ON t.sha256 = original ORDER BY p.sha256
"""
_ALONE = f"""
WITH {_SETS}
SELECT sha256, location, '' AS original, NULL AS original_location, mail, '' AS matched_by
FROM new WHERE sha256 NOT IN (SELECT sha256 FROM pairs)
UNION ALL
SELECT '', NULL, sha256, location, mail, '' FROM gone WHERE sha256 NOT IN (SELECT original FROM pairs)
ORDER BY sha256, original
"""
_STORED = f"""
WITH {_SETS}
SELECT count(*) AS n FROM here ANTI JOIN there USING (sha256) WHERE stored ORDER BY n
"""
_ANY = "SELECT count(*) AS n FROM (SELECT 1 FROM originals LIMIT 1) ORDER BY n"


class _Pair(msgspec.Struct, frozen=True):
    """An item and its original, or one of them."""

    sha256: str
    location: Location | None
    original: str
    original_location: Location | None
    mail: bool
    matched_by: str
    document: bool = False
    size: int = 0
    original_size: int = 0


class _Count(msgspec.Struct, frozen=True):
    n: int


def loads() -> tuple[str, ...]:
    """Return the modules that compare documents, in a process of their own."""
    return (COMPARING, *parsers.modules())


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Write a row for each item of the archive and each original that no item is."""
    (known,) = tables.rows(_ANY, {}, _Count)
    if not known.n:
        return
    for row in tables.rows(_IDENTICAL, {}, _Pair):
        write("counterparts", _unchanged(row))
    comparing = _Comparing(settings, write)
    for row in tables.rows(_PAIRS, {}, _Pair):
        write("counterparts", counterparts.row_of(comparing.line(row)))
    for row in tables.rows(_ALONE, {}, _Pair):
        write("counterparts", counterparts.row_of(_alone(row)))
    (stored,) = tables.rows(_STORED, {}, _Count)
    comparing.tell(stored.n)


def _unchanged(row: _Pair) -> CounterpartRow:
    return CounterpartRow(
        sha256=row.sha256,
        original_sha256=row.original,
        outcome=Outcome.IDENTICAL,
        mail=row.mail,
        matched_by=row.matched_by,
    )


def _alone(row: _Pair) -> ComparedLine:
    if row.location is not None:
        return ComparedLine(
            outcome=Outcome.ONLY_OTHER, other=ComparedItem(sha256=row.sha256, location=row.location), mails=row.mail
        )
    assert row.original_location is not None
    one = ComparedItem(sha256=row.original, location=row.original_location)
    return ComparedLine(outcome=Outcome.ONLY_ONE, one=one, mails=row.mail)


class _Comparing:
    """Compares the pairs of one run; counts what could not be read again."""

    def __init__(self, settings: Settings, write: Write) -> None:
        self._limits = settings.limits
        said = "items or originals whose sources are not at hand or cannot be read, so that they were not compared"
        self._items = Rereading(settings.contents, write, "engine.compare_unread", "engine.compare_fault", said)
        self._bytes_only = 0

    def line(self, row: _Pair) -> ComparedLine:
        """Return what differs from an original, the one, in the archive's item, the other."""
        assert row.location is not None and row.original_location is not None
        one = ComparedItem(sha256=row.original, location=row.original_location)
        other = ComparedItem(sha256=row.sha256, location=row.location)
        with self._items.guarded(row.location):
            if row.document:
                found = self._items.difference(one, other, (row.original_size, row.size))
                if found is not None:
                    return line_of(found, one, other, row.matched_by)
            original, item = self._items.read(row.original_location), self._items.read(row.location)
            if original is not None and item is not None:
                compare = compare_mails if row.mail else compare_files
                found = compare(original, item, self._limits)
                if row.document:
                    found = structs.replace(found, whole=False)
                    self._bytes_only += 1
                return line_of(found, one, other, row.matched_by)
        return ComparedLine(
            outcome=Outcome.UNREAD, one=one, other=other, matched_by=row.matched_by, mails=row.mail, whole=False
        )

    def tell(self, stored: int) -> None:
        """Write notices on what could not be read, or not be compared as what it is."""
        said = "messages that a store keeps as properties are compared with originals by their digests alone"
        bare = "documents of which parts or bytes were compared with their originals, but not what they say"
        self._items.tell(("engine.compare_stored", stored, said), ("engine.compare_bytes", self._bytes_only, bare))
