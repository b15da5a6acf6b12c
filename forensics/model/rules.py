"""What a rule declares, what it may know, and what it yields."""

from enum import IntEnum, StrEnum

import msgspec

from forensics.model.contents import ContentReader
from forensics.model.items import Limits
from forensics.model.keys import Key
from forensics.model.locations import Location, Locator
from forensics.model.sentences import Saying, Sentence
from forensics.model.time_kinds import TimeKind


class Subject(StrEnum):
    """What a rule judges; a content is judged once, an occurrence wherever it stands."""

    MESSAGE = "message"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    OCCURRENCE = "occurrence"


class Strength(IntEnum):
    """Ordered; made by the engine from the rate, never by a rule."""

    CONTEXT = 0
    WEAK = 1
    MODERATE = 2
    STRONG = 3

    @property
    def word(self) -> str:
        """The word used in JSON and in text."""
        return self.name.lower()


class Proposition(StrEnum):
    """What an observation may mean."""

    ALTERED_CONTENT = "altered_content"
    FORGED = "forged"
    TRANSPLANTED = "transplanted"
    BACKDATED = "backdated"
    SPOOFED_IDENTITY = "spoofed_identity"
    HIDDEN_MARK = "hidden_mark"
    LURE = "lure"
    REPACKAGED = "repackaged"
    INCOMPLETE = "incomplete"
    AUTHENTICATED = "authenticated"
    CORROBORATED = "corroborated"


class Role(StrEnum):
    """Part of a subject or a fact in an observation."""

    SUSPECT = "suspect"
    EITHER = "either"
    """One of the two must be wrong; nothing here says which."""
    WITNESS = "witness"
    EQUAL = "equal"
    """Of a fact: the same in all of the items, and that is what is told."""


class State(StrEnum):
    """State of a benign cause in one finding."""

    EXPLAINS = "explains"
    EXCLUDED = "excluded"
    OPEN = "open"
    UNTESTABLE = "untestable"


class Bin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One size class of a rule's difference."""

    name: str
    within: tuple[str, ...] = ()
    """Wider bins that an item in this one counts for too: what went back by two days went back by an hour."""
    ceiling: Strength | None = None
    """Below the rule's own, where clean corpora broke the alarm budget by this bin."""


def nested(*names: str) -> tuple[Bin, ...]:
    """Return bins that lie in each other, widest first."""
    return tuple([Bin(name, names[:place]) for place, name in enumerate(names)])


STORE_HEADER = "store_header"
"""The cause that a store wrote the header anew: of all rules on the sender's program."""
SIGNED_INTACT = "signed_intact"
"""Benign cause of every rule that says what it accuses; it is never open, for most mail has no key."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a rule says of itself."""

    id: str
    """Path below ``checks/`` with dots; never reused once released."""
    version: int
    """Raised when the observations on any input can change."""
    title: str
    subject: Subject
    needs: int
    """Presence bits of its subject (``model/presence``): an item without all of them gives the rule no power, and it
    is not called."""
    bins: tuple[Bin, ...]
    """All that an observation's ``bin`` may be, each counted for itself when rates are measured."""
    group: str
    """Independence group: the actor or clock whose fault this would be (``date``, ``route``, ``authorship``)."""
    compare_with: str = ""
    """Comparison group whose habit may excuse an observation (``stages/grading/groups.py``); empty: no habit can."""
    proposition: Proposition
    ceiling: Strength
    contradiction: bool = False
    """On the reviewed list: two fields made by one program at one moment disagree."""
    benign: tuple[str, ...]
    """Ids of causes (`knowledge.benign`), likeliest first."""
    accuses: tuple[str, ...] = ()
    """What is not as it was written, if it is wrong: header fields, lower case, and ``body``; a signature that holds
    and covers all of it explains the observation. Empty: what no signature of a mail covers, or who signs."""
    of_program: bool = False
    """It rests on what the sender's program wrote into the header: a store that wrote the header anew explains it."""
    as_delivered: bool = False
    """It rests on clocks and servers' fields alone, which a store keeps as delivered: where a server's field is among
    them, rates of mail as it was sent hold for stored mail too. All other rules are at most weak there."""
    settle: Saying
    """Whom to ask for which record (`checks._settle`)."""
    references: tuple[str, ...]
    """``RFC 5322 3.3``, ``kb:D-01``, ``attack:timestomp``."""

    @property
    def explained_by(self) -> tuple[str, ...]:
        """Causes that explainers may settle: its own, and those of all rules that accuse a part or a program."""
        causes = (*self.benign, SIGNED_INTACT) if self.accuses else self.benign
        return (*causes, STORE_HEADER) if self.of_program else causes

    def wider(self, bin_name: str) -> tuple[str, ...]:
        """Return the bins that hold a bin: what is a day late is an hour late too."""
        return next((one.within for one in self.bins if one.name == bin_name), ())

    def ceiling_of(self, bin_name: str) -> Strength:
        """Return the most that an observation in this bin can be."""
        lowered = next((one.ceiling for one in self.bins if one.name == bin_name), None)
        return self.ceiling if lowered is None else min(lowered, self.ceiling)


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule may know besides its subject."""

    as_of: int
    """Instant after which no date can be genuine, 100 ns since 1970 UTC; fixed at the first scan of a case."""
    keys: tuple[Key, ...] = ()
    """Keys of signatures; empty unless keys are given, and to rules whose stage takes none."""
    limits: Limits = Limits()
    """Count limits under which the items were read."""
    contents: ContentReader | None = None
    """Reads items again from their sources, for rules over the whole case; ``None`` where no source is at hand, and to
    rules on one item, which are given what they judge."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fact an observation rests on."""

    role: Role
    label: str
    """What the fact is, for people: ``Date``, ``Received, topmost``, ``modified``."""
    value: str
    """As decoded."""
    raw: bytes
    locator: Locator
    sha256: str = ""
    """Content it stands in; empty: the observation's own subject."""
    location: Location | None = None
    """Where that content stands; ``None``: the observation's own subject."""
    context: bytes = b""
    """Bytes around and including the ranges; filled by the engine while the item is at hand."""
    context_start: int = 0
    """Offset of ``context`` in the item."""
    kind: TimeKind | None = None
    """Of a time: what it was read from."""
    instant: int | None = None
    """Of a time: its instant and its wall reading, as a row keeps them."""
    wall: int | None = None


class Aggregate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Evidence that is a count over the archive."""

    role: Role
    label: str
    query: str
    """``rule id`` or ``rule id#name``: the documented query that anyone can run again."""
    parameters: dict[str, str]
    n: int
    k: int
    sample: tuple[str, ...]
    """SHA-256 of at most 5 items."""


class BenignState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One innocent cause and what was found of it."""

    cause: str
    state: State
    note: Sentence | None = None
    """Why this state; ``None`` for ``open``."""


class SubjectRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item that an observation is about."""

    role: Role
    sha256: str
    location: Location


class Observation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a rule saw: never "forged", never graded."""

    sentence: Sentence
    """What was observed: declared with `says` in the rule's file."""
    bin: str
    """Direction and size class of the difference: ``back>1h``; one of the rule's documented bins."""
    evidence: tuple[Evidence, ...]
    suspect: str
    """Path of the fact that is most likely wrong (``header:Date[0]``); findings with one suspect are one group."""
    subjects: tuple[SubjectRef, ...] = ()
    """Empty for item rules: the item itself, as suspect. A case rule names all, suspects first."""
    aggregates: tuple[Aggregate, ...] = ()
    cluster: str = ""
    """Value that the members of a cluster share; empty if the rule does not cluster."""
    compare: str = ""
    """Where an item has several values in the rule's comparison group (its relays): the one that this is about; empty:
    no habit can excuse it. Empty too where an item has one value, which grading knows."""
    benign: tuple[BenignState, ...] = ()
    """States that the rule itself could settle; all other causes of the rule are open."""
    keys: dict[str, str] = {}
    """What explainers ask, by name: the rule's file says which. A sentence's values are for people."""
    rule: str = ""
    """Id of the rule, filled in where an explainer is asked."""


def title_key(rule: str) -> str:
    """Return the key under which a rule's title stands in a catalogue."""
    return f"rule.{rule}.title"
