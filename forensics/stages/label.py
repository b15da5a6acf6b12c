"""What readers recognize the items by that findings and the ranking name, so that lists of these read no mails."""

from itertools import islice

import msgspec

from forensics.model.codec import decode, encode_text
from forensics.model.locations import Location
from forensics.model.rows.labels import LabelRow
from forensics.stages.labelling import make_labels, places_of
from forensics.stages.stage import Settings, Tables, Write

NAME = "label"
VERSION = 1
READS = ("findings", "ranking", "occurrences", "messages", "documents")
WRITES = ("labels",)
TAKES = ()

_BATCH = 4_000
"""Items that are labelled together."""
_NAMED = """
SELECT DISTINCT CAST(place AS VARCHAR) AS place FROM (
    SELECT stored->'$.finding.item.location' AS place FROM findings
    UNION ALL
    SELECT unnest(list_concat([ranked->'$.item.location'], ranked->'$.cluster.members[*].location',
                              ranked->'$.partners[*].location')) FROM ranking)
WHERE place IS NOT NULL AND CAST(place AS VARCHAR) <> 'null' ORDER BY place
"""


class _Named(msgspec.Struct, frozen=True):
    place: str


def loads() -> tuple[str, ...]:
    """Return no module: nothing is loaded by name."""
    return ()


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Write the label of each item that a finding or the ranking names."""
    named = [row.place for row in tables.rows(_NAMED, {}, _Named)]
    places = iter(named)
    while batch := list(islice(places, _BATCH)):
        locations = {place: decode(place.encode(), Location) for place in batch}
        labels = make_labels(tables.rows, locations, places_of(tables.rows, batch))
        for place, label in labels.items():
            write("labels", LabelRow(location=place, label=encode_text(label)))
