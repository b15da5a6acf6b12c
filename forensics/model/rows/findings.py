"""Table ``findings``, made over the whole case."""

import msgspec


class FindingRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One finding, whole as JSON, with the columns that queries need."""

    id: str
    rule: str
    strength: str
    sha256: str
    cluster: str
    stored: str
    """JSON text of a `StoredFinding`."""
