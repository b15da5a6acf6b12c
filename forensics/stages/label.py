"""What readers recognize the items by that findings and the ranking name, so that lists of these read no mails."""

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

_LABELLED = f"""
WITH named AS MATERIALIZED (
    SELECT DISTINCT CAST(place AS VARCHAR) AS place FROM (
        SELECT stored->'$.finding.item.location' AS place FROM findings
        UNION ALL
        SELECT unnest(list_concat([ranked->'$.item.location'], ranked->'$.cluster.members[*].location',
                                  ranked->'$.partners[*].location')) FROM ranking)
    WHERE place IS NOT NULL AND CAST(place AS VARCHAR) <> 'null'),
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
"""All places, with what their labels are made of: each table is read once, however many there are."""


def loads() -> tuple[str, ...]:
    """Return no module: nothing is loaded by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Write the label of each item that a finding or the ranking names."""
    for row in tables.rows(_LABELLED, {}, Labelled):
        write("labels", LabelRow(location=row.place, label=encode_text(row.label)))
