"""Table ``observations``: those of rules on one item, made while it is read, and those made over the whole case."""

import msgspec

from forensics.model.codec import encode_text
from forensics.model.locations import Location
from forensics.model.rules import Observation, Rule


class ObservationRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One observation, whole as JSON, with the columns that queries need."""

    rule: str
    rule_version: int
    bin: str
    sha256: str
    """First suspect or either."""
    location: str
    cluster: str
    compare: str
    observation: str
    """JSON text of an `Observation`, subjects filled in."""


def row_of(rule: Rule, seen: Observation, sha256: str, location: Location) -> ObservationRow:
    """Make the row of an observation whose subjects are filled in.

    Args:
        rule: the one that saw it.
        seen: what it saw.
        sha256: of the item that it is about.
        location: of that item.
    """
    return ObservationRow(
        rule=rule.id,
        rule_version=rule.version,
        bin=seen.bin,
        sha256=sha256,
        location=encode_text(location),
        cluster=seen.cluster,
        compare=seen.compare,
        observation=encode_text(seen),
    )
