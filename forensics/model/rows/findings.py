"""Table ``findings``, made over the whole case."""

import msgspec

from forensics.model.codec import encode_text
from forensics.model.findings import StoredFinding


class FindingRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One finding, whole as JSON, with the columns that queries need."""

    id: str
    rule: str
    strength: str
    sha256: str
    cluster: str
    stored: str
    """JSON text of a `StoredFinding`."""


def row_of(stored: StoredFinding) -> FindingRow:
    """Make the row of a finding."""
    finding = stored.finding
    return FindingRow(
        id=finding.id,
        rule=finding.rule,
        strength=finding.strength,
        sha256=finding.item.sha256,
        cluster=stored.cluster,
        stored=encode_text(stored),
    )
