"""An innocent cause of an observation, and what would settle it."""

import msgspec

from forensics.model.sentences import Saying

TESTS = frozenset({"rule", "explainer", "grading", "record"})
"""Who can settle a cause: the rule from the item's own facts, an explainer from the archive, grading for every rule
alike, or an outside record only."""


class BenignCause(msgspec.Struct, frozen=True, kw_only=True):
    """One innocent cause."""

    id: str
    tested: tuple[str, ...]
    """Members of `TESTS`, best first."""
    title: Saying
    wording: Saying
    settle: Saying
    """What would settle it."""
