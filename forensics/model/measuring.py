"""What ``forensics measure`` gives: counts of one corpus, the alarm budget, scores, times."""

from pathlib import Path

import msgspec

from forensics.model.locations import Location
from forensics.model.paths import AnyPath


class MeasureOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a measurement may be told."""

    corpus: str = ""
    """Name of the corpus in the rows; the folder's base name where empty."""
    route: str = ""
    """Route of all items, for corpora of one kind (``unsolicited``); empty: told by each item."""
    leave_out: tuple[str, ...] = ()
    """Reference corpora that may not grade this one."""
    not_clean: tuple[str, ...] | None = None
    """Digests that a review found not to be genuine: they are not counted. ``None``: nobody has reviewed the hits."""
    profile: bool = False
    dkim_keys: tuple[AnyPath, ...] = ()
    """Key files: rules that ask what keys opened have no power without."""


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``rates.csv``."""

    rule: str
    version: int
    bin: str
    corpus: str
    era: str
    route: str
    hits: int
    n: int
    series: int | None
    """Different senders of the hits; ``None`` for what is no mail."""
    series_n: int | None
    items: str


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One observation that nothing in the item itself explains: to be looked at before the folder counts as clean."""

    rule: str
    bin: str
    sha256: str
    location: Location
    statement: str


class CombinedCount(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``combined.csv``: mails on which independent moderate findings could have met."""

    corpus: str
    route: str
    mails: int
    senders: int
    strong: int
    """Those that a single finding accuses at strong."""
    items: str


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``combined_met.csv``: a mail on which findings of two rules or more are moderate or above."""

    corpus: str
    route: str
    mail: str
    """First 16 hex digits of its SHA-256."""
    sender: int
    """Number of its sender among those of all rows."""
    met: str
    """The rules, a space between them."""
    apart: str
    """Pairs of them that share no fact that they accuse or read, and no open cause, ``a+b``, a space between them."""


class Alarms(msgspec.Struct, frozen=True, kw_only=True):
    """Distinct items that any finding of a strength or above accuses, or that are as strong by several together."""

    strength: str
    items: int
    n: int
    budget: float | None
    """Per 1,000, or ``None`` where none is set."""

    @property
    def per_thousand(self) -> float:
        """Accused items of 1,000."""
        return 1000 * self.items / self.n if self.n else 0.0


class Noise(msgspec.Struct, frozen=True, kw_only=True):
    """Distinct items that one bin of one rule accuses at moderate or above: what to demote where a budget is broken."""

    rule: str
    bin: str
    strength: str
    items: int


class RuleTime(msgspec.Struct, frozen=True, kw_only=True):
    """Processor time of one rule, explainer or step, us per mail."""

    name: str
    calls: int
    us_per_mail: float


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """All that was measured on one corpus."""

    folder: Path
    corpus: str
    items: int
    """Contents on which at least one rule had power."""
    mails: int
    left_out: int
    """Contents that the review said are not clean."""
    reviewed: bool
    counts: tuple[Count, ...]
    hits: tuple[Hit, ...]
    alarms: tuple[Alarms, ...]
    noise: tuple[Noise, ...]
    scores: dict[float, int]
    """Score to number of mails; 0 for those that are not ranked."""
    combined: tuple[CombinedCount, ...]
    meetings: tuple[Meeting, ...]
    times: tuple[RuleTime, ...] = ()


class FormedPool(msgspec.Struct, frozen=True, kw_only=True):
    """Bins that are counted together, as a count formed them."""

    name: str
    members: tuple[str, ...]
    """``rule bin``, sorted."""
    left: tuple[str, ...]
    """Those that are worse than the pool, in the order in which they left."""


class FileHit(msgspec.Struct, frozen=True, kw_only=True):
    """One observation in a file that nothing in the item itself explains."""

    rule: str
    bin: str
    owner: str
    file: str
    """Path below the folder."""
    sha256: str
    """Of the item: the file, or what is embedded in it."""
    statement: str


class BinStrength(msgspec.Struct, frozen=True, kw_only=True):
    """What a count of files makes of one bin."""

    rule: str
    bin: str
    n: int
    hits: int
    owners: int
    """Different owners of the files that are hits."""
    bound: float
    """Upper 95 % bound of hits in n."""
    pool: str
    """Pool whose rate the bin takes; empty: its own."""
    strength: str
    """By this count and those of the other corpora that are shipped."""
    missing: int | None
    """Further files without a hit, powered for it, with which it would be the next strength; ``None``: it can be no
    more than it is, or not with a million of them."""


class FileMeasurement(msgspec.Struct, frozen=True, kw_only=True):
    """All that was counted on a folder of files, by file."""

    folder: Path
    corpus: str
    files: int
    owners: int
    unread: int
    """Files on which no rule had power."""
    reviewed: bool
    counts: tuple[Count, ...]
    pools: tuple[FormedPool, ...]
    bins: tuple[BinStrength, ...]
    hits: tuple[FileHit, ...]
    combined: tuple[CombinedCount, ...]
    """Of files (``mails``) and owners (``senders``)."""
    meetings: tuple[Meeting, ...]
