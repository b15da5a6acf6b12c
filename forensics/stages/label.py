"""What readers recognize the items by that findings and the ranking name, so that lists of these read no mails."""

import msgspec

from forensics.model.codec import encode_text
from forensics.model.rows.labels import LabelRow
from forensics.stages.labelling import DOCUMENTS, MAILS, Labelled
from forensics.stages.stage import Settings, Tables, Write

NAME = "label"
VERSION = 1
READS = ("findings", "ranking", "occurrences", "messages", "documents")
WRITES = ("labels",)
TAKES = ()
ROWS_NEEDED = {"findings": 1}

LOT = 25_000
"""Places that are labelled together: of a million mails they are more than a query has memory for."""

_PLACES = (
    "SELECT stored->'$.finding.item.location' AS place FROM findings",
    "SELECT ranked->'$.item.location' AS place FROM ranking",
    "SELECT unnest(ranked->'$.cluster.members[*].location') AS place FROM ranking",
    "SELECT unnest(ranked->'$.partners[*].location') AS place FROM ranking",
)
_NAMED = """
SELECT DISTINCT CAST(place AS VARCHAR) AS place FROM ({}) WHERE place IS NOT NULL AND CAST(place AS VARCHAR) <> 'null'
"""
_LABELLED = f"""
WITH named AS MATERIALIZED (SELECT unnest($places::VARCHAR[]) AS place),
placed AS MATERIALIZED (
    SELECT location, sha256, "name", message_sha256 FROM occurrences SEMI JOIN named ON place = location),
wanted AS MATERIALIZED (SELECT sha256 FROM placed UNION SELECT message_sha256 FROM placed),
mails AS MATERIALIZED ({MAILS} WHERE sha256 IN (FROM wanted)),
papers AS MATERIALIZED ({DOCUMENTS} WHERE sha256 IN (FROM wanted))
SELECT place, CASE WHEN p.location IS NOT NULL THEN p END AS found, CASE WHEN m.sha256 IS NOT NULL THEN m END AS mail,
       CASE WHEN a.sha256 IS NOT NULL THEN a END AS around, CASE WHEN d.sha256 IS NOT NULL THEN d END AS document
FROM named LEFT JOIN placed p ON p.location = place LEFT JOIN mails m ON m.sha256 = p.sha256
LEFT JOIN mails a ON a.sha256 = p.message_sha256 LEFT JOIN papers d ON d.sha256 = p.sha256
ORDER BY place
"""
"""Some places, with what their labels are made of: each table is read once, however many there are."""


class _Named(msgspec.Struct, frozen=True):
    place: str


def loads() -> tuple[str, ...]:
    """Return no module: nothing is loaded by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Write the label of each item that a finding or the ranking names."""
    named = {row.place for query in _PLACES for row in tables.rows(_NAMED.format(query), {}, _Named)}
    places = sorted(named)
    for start in range(0, len(places), LOT):
        for row in tables.rows(_LABELLED, {"places": places[start : start + LOT]}, Labelled):
            write("labels", LabelRow(location=row.place, label=encode_text(row.label)))
