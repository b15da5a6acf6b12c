"""Table ``observations``."""

import msgspec


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
