"""Table ``ranking``, made over the whole case."""

import msgspec


class RankRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the ranking, whole as JSON."""

    rank: int
    strength: str
    score: float
    ranked: str
