"""Table ``ranking``, made over the whole case."""

import msgspec

from forensics.model.codec import encode_text
from forensics.model.findings import Ranked


class RankRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the ranking, whole as JSON."""

    rank: int
    strength: str
    score: float
    ranked: str


def row_of(line: Ranked) -> RankRow:
    """Make the row of a line."""
    return RankRow(rank=line.rank, strength=line.strength, score=line.score, ranked=encode_text(line))
