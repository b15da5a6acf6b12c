"""What a score holds; the JSON has the same fields."""

from dataclasses import dataclass, field

from samples.scoring.chance import ALPHA

STRENGTHS = ("weak", "moderate", "strong")
DEPTHS = (10, 20, 50, 100)


@dataclass(frozen=True)
class Recall:
    """Plants of one operation or class, and the shams of the same operation."""

    name: str
    plants: int
    found: dict[str, int]
    shams: int
    shams_accused: int
    before: int | None
    """Plants whose mail was accused before it was edited; ``None``: not looked at."""
    authenticated: int = 0
    """Plants that a finding of proposition ``authenticated`` names."""
    intact: int = 0
    """Plants of which a finding was explained by ``signed_intact``."""
    told: int = 0
    """Plants that a finding of any strength accuses which nothing excuses: also of rules that have no counts yet."""
    told_before: int = 0
    """Plants that were told before they were edited, if that was looked at."""
    shams_told: int = 0
    """The same of the shams."""


@dataclass(frozen=True)
class FalseItems:
    """Clean mails or files of one kind and how many items of theirs are accused, by strength."""

    kind: str
    mails: int
    items: dict[str, int]
    per_thousand: dict[str, float]
    bound: dict[str, float]
    told: int = 0
    """Items that a finding of any strength accuses which nothing excuses."""


@dataclass(frozen=True)
class Chance:
    """Whether a group that should look clean is accused more often than other mails, or its own mails before."""

    group: str
    against: str
    """``unplanted`` or ``before``."""
    hits: int
    n: int
    clean_hits: int
    clean_n: int
    p: float

    @property
    def more_often(self) -> bool:
        """Whether chance does not explain it."""
        return self.p < ALPHA


@dataclass(frozen=True)
class Order:
    """How high the ranking holds the plants."""

    lines: int
    plants: int
    average_precision: float
    average_precision_d: float
    within: dict[int, int]


@dataclass(frozen=True)
class Found:
    """One plant and what found it."""

    key: str
    cls: str
    strength: str
    rules: tuple[str, ...]
    authenticated: tuple[str, ...] = ()
    """Bins of the findings of proposition ``authenticated`` that name it."""
    intact: bool = False
    """A finding that accuses it was explained by ``signed_intact``."""
    told: tuple[str, ...] = ()
    """Rules of findings of any strength that accuse it and that nothing excuses."""

    @property
    def operation(self) -> str:
        """Operation that it is of."""
        return self.key.rpartition("/")[0]


@dataclass(frozen=True)
class Alarm:
    """One line of the ranking that holds no planted item."""

    rank: int
    strength: str
    score: float
    item: str
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """All measures of one case."""

    scenario: str
    source: str
    seed: str
    mails: int
    lacking: dict[str, int]
    by_operation: list[Recall]
    by_class: list[Recall]
    false_items: list[FalseItems]
    chances: list[Chance]
    order: Order
    set_aside: list[tuple[str, str, int, int]]
    worst: list[Alarm]
    plants: list[Found]
    told_clean: list[tuple[str, str, int, int, int]] = field(default_factory=list)
    """Rule, bin, and how many unplanted items, shams and honest edits are told by it."""
    items: str = "mails"
    """What the leak consists of: ``mails`` or ``files``."""
