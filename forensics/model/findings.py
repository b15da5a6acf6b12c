"""Findings and the ranking: the JSON contract of design section 7."""

import msgspec

from forensics.model.labels import ItemLabel
from forensics.model.locations import Location, Locator
from forensics.model.marks import ItemMark
from forensics.model.rules import Proposition, Role, State, SubjectRef
from forensics.model.sentences import Sentence


class ItemRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One item and where it stands."""

    sha256: str
    location: Location
    label: ItemLabel | None = None
    """What a reader recognizes it by; lists of an opened case have it, tables do not."""


class Raw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bytes of the evidence: ``b64`` is the truth, ``text`` a picture of it."""

    b64: bytes
    text: str


class EvidenceBytes(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="bytes"
):
    """A fact quoted from an item."""

    role: Role
    label: str
    value: str
    raw: Raw
    item: ItemRef
    locator: Locator
    context: Raw
    """The ranges with up to 160 bytes around them; empty where the locator has none."""
    context_start: int = 0
    """Offset of ``context`` in the layer that the ranges are counted in."""


class EvidenceAggregate(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="aggregate"
):
    """A count over the archive, with the query that gives it again."""

    role: Role
    label: str
    query: str
    parameters: dict[str, str]
    n: int
    k: int
    sample: tuple[str, ...]


class Reference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often genuine items of reference corpora show the same."""

    hits: int
    n: int
    corpus: str
    """Names of the corpora the counts come from, ``+`` between them."""
    series: int | None = None
    """Different senders of the hits, summed over corpora, eras and routes: who wrote in two of them counts twice.
    ``None`` where a corpus was not counted so."""
    routes: tuple[str, ...] = ()
    """How the counted mails came: ``list``, ``direct``, ``exported``, ``bulk``, ``unsolicited``, ``any`` (mixed)."""
    route: str = ""
    """How the item itself came; empty where that is not known."""
    route_hits: int = 0
    route_n: int = 0
    """Genuine items that came so, of any era, and those of them that show the same; 0: none was ever counted."""
    pool: str = ""
    """Which pool of rules the counts are of (`forensics.knowledge.pools`); empty: of this rule alone."""


class Habit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often comparable items of this archive show the same."""

    hits: int
    n: int
    group: str
    anchored_hits: int = 0
    anchored_n: int = 0
    """The same counted over anchored items only (`forensics.stages.grading.anchored`)."""
    anchored: bool | None = None
    """Whether the anchored alone establish it, so that it may excuse; ``None``: that was not asked."""


class CauseState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One innocent cause and what was found of it."""

    cause: str
    state: State
    note: str = ""
    """Why this state, in English; empty for ``open``."""


class Finding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An observation with its strength."""

    schema: str = "forensics/findings/1"
    id: str
    """First 16 hex digits of SHA-256 over rule, version, subjects and locators."""
    rule: str
    rule_version: int
    group: str
    proposition: Proposition
    strength: str
    contradiction: bool
    bin: str
    rate: float | None
    """The rate that set the strength; ``None`` where there is none."""
    reference: Reference | None
    habit: Habit | None
    statement: str
    """What was observed, in English."""
    subjects: tuple[SubjectRef, ...]
    item: ItemRef
    """The first suspect or either."""
    evidence: tuple[EvidenceBytes | EvidenceAggregate, ...]
    benign: tuple[CauseState, ...]
    settle: str
    references: tuple[str, ...]
    marks: tuple[ItemMark, ...] = ()
    """What readers said of the items that it suspects; put beside it when it is read, never stored with it."""
    restricted: bool = False
    """It is about an item, or cites one, that may not be quoted: the statement names the rule alone, and nothing is
    cited."""


class StoredFinding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding with what later steps need and the contract does not show."""

    finding: Finding
    """Its texts are in English, for whoever reads the tables."""
    sentence: Sentence
    """The statement; with *coverage*, *settle* and *notes* all texts of the finding can be written in any language."""
    coverage: tuple[Sentence, ...] = ()
    """What the statement says beside: of a cluster how much it covers, and why a role is not the rule's."""
    settle: str = ""
    """Key of the sentence that says whom to ask."""
    notes: tuple[Sentence | None, ...] = ()
    """Of the innocent causes, in their order."""
    suspect: str
    cluster: str
    capped: str = ""
    """Why the strength is below what the reference rate alone gives: ``explained``, ``no rate``, ``habit``,
    ``unanchored``, ``calibration``, ``ceiling``, ``unsolicited`` or ``stored``."""
    of_habit: bool = False
    """Whether it is about all items that show a habit which nothing anchors, each of which has a finding of its own."""


class Cluster(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Several items that are ranked as one line."""

    rule: str
    """Whose observations they are; of a line that folds others, the rule that decides."""
    value: str
    """What they share; of a line that folds others, the bin of that rule."""
    members: tuple[ItemRef, ...]
    """Sorted by digest; of a line that folds others, in the order in which they would stand."""
    kind: str = ""
    """Empty: observations that share a value. ``habit``: all that show a habit which nothing anchors, some of which may
    have a line of their own too. ``folded``: further entries that show the same as one above."""
    like: int = 0
    """Of a line that folds others: the rank of the first entry that shows the same."""
    entries: int = 0
    """Of such a line: how many entries it stands for."""
    scores: tuple[float, ...] = ()
    """Of such a line: the score of the entry of each member."""
    testable: int = 0
    """Items of the case that the rule could judge, which the members are a share of; 0: not counted, as in tables."""


class Related(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another mail that an entry is about: one of its partners, or a witness that its conclusion rests on."""

    item: ItemRef
    relation: str
    """What it is to the entry's item: closed list of `forensics.knowledge.terms.RELATIONS`."""


class Compared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One trait of an entry's item and of its related mails."""

    trait: str
    """Closed list of `forensics.knowledge.terms.TRAITS`."""
    same: bool
    """Whether all have it alike."""
    values: tuple[str, ...]
    """Of the item, then of related mails that may be the same mail, in their order, the first few and their first
    characters; empty where a mail has none."""


class Concluded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the evidence of an entry comes to, as sentences that can be written in any language."""

    kind: str
    """Module of `forensics.stages.grading.concluding` that drew it; empty: none did, only a side is told."""
    sentences: tuple[Sentence, ...]
    side: tuple[Sentence, ...] = ()
    """Which of two mails is likelier the changed one and why, or that nothing tells."""
    likelier: str = ""
    """Digest of that mail; empty where nothing tells, or the entry is about one item."""
    said: int | None = None
    """Moment that the item's clocks say in place of the claimed one, 100 ns since 1970; ``None``: they say no other."""


class Combined(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes an entry strong although each of its findings is moderate: how many independent ones meet in it."""

    owners: int
    """Kinds of evidence that share no fact and no open cause, and hardly meet on genuine mail; 2 or more."""
    findings: tuple[str, ...]
    """Id of one finding of each."""
    hits: int
    """Genuine mails, or files, on which so many met (those with more than three: three or more)."""
    n: int
    """Genuine mails, or files, that were counted."""
    series: int
    """Different senders of the hits; of files: owners."""
    corpus: str
    """Names of the corpora that were counted, ``+`` between them."""
    routes: tuple[str, ...]
    """How the counted mails came: ``list``, ``direct``, ``exported``; ``any``: files were counted."""
    bound: float
    """Upper 95 % bound of hits in n."""


class Ranked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the ranking: an item or a cluster."""

    schema: str = "forensics/rank/1"
    rank: int
    score: float
    strength: str
    item: ItemRef | None
    """``None`` for a cluster."""
    cluster: Cluster | None
    """``None`` for an item."""
    propositions: tuple[Proposition, ...]
    findings: tuple[str, ...]
    """Finding ids, those that decide first; of a line that folds others, those of the first of them."""
    reasons: tuple[str, ...]
    """A sentence each, strongest independent first; none for a line that folds others."""
    conclusion: str = ""
    """What the evidence comes to, in English; empty where it does not add up to more than the reasons say."""
    side: str = ""
    """Of two mails: which is likelier the changed one and why, or that nothing tells, in English; else empty."""
    concluded: Concluded | None = None
    """The sentences of both with their values."""
    related: tuple[Related, ...] = ()
    """Mails that the entry is about beside its item, partners first."""
    compared: tuple[Compared, ...] = ()
    """What the item and the related mails share, and in what they differ."""
    supported_by: tuple[str, ...]
    """Sentences on what speaks for the item."""
    partners: tuple[ItemRef, ...] = ()
    """Mails that are one matter with the item (`related` says how): they have no line of their own."""
    clean_score: dict[str, int] | None = None
    """``at_least`` and ``n`` of the clean score distribution; ``None`` while none is measured."""
    combined: Combined | None = None
    """What the strength rests on where no single finding is as strong; ``None`` where the best one decides."""
    marks: tuple[ItemMark, ...] = ()
    """What readers said of its items; put beside it when it is read, never stored with it."""
    restricted: bool = False
    """One of its items may not be quoted: reasons name the rules alone."""

    @property
    def items(self) -> tuple[ItemRef, ...]:
        """The items that the line is about: its item and the partners, or the members of its cluster."""
        if self.cluster is not None:
            return self.cluster.members
        return (self.item, *self.partners) if self.item is not None else ()


class SetAside(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Findings that a habit, an explainer or a missing rate brought down to context."""

    rule: str
    reason: str
    """Benign cause id, ``habit``, ``no rate`` or ``calibration``."""
    group: str
    """Value of the comparison group where a habit excused; else empty."""
    statement: str = ""
    """What the archive as a whole shows, in English, where that is the reason; else empty."""
    count: int
    sample: tuple[ItemRef, ...]
    """At most 5."""
