"""What a rule declares, what it may know, and what it yields."""

from enum import IntEnum, IntFlag, StrEnum

import msgspec

from forensics.model.contents import ContentReader
from forensics.model.items import Limits
from forensics.model.keys import Key
from forensics.model.locations import Location, Locator


class Has(IntFlag):
    """Presence mask of an item: what a rule may need. One integer per item; power is this mask."""

    NOTHING = 0
    # messages
    DATE = 1 << 0
    """A Date field that parses to an instant or a wall time."""
    DATE_INSTANT = 1 << 1
    DATE_OFFSET = 1 << 2
    WEEKDAY = 1 << 3
    """Date names a weekday."""
    TRACE_TIME_1 = 1 << 4
    """At least one trace field with an instant."""
    TRACE_TIME_2 = 1 << 5
    MESSAGE_ID = 1 << 6
    SIGNATURE = 1 << 7
    MULTIPART = 1 << 8
    NON_ASCII = 1 << 9
    FROM = 1 << 10
    LIST = 1 << 11
    """Came through a mailing list (List-Id, List-Post or Mailing-List)."""
    REFERENCES = 1 << 12
    ATTACHMENT = 1 << 13
    ID_TIME = 1 << 14
    """The Message-ID carries the time."""
    HOP_ID_TIME = 1 << 15
    """The queue id of a trace field carries the time."""
    NETWORK_ID_TIME = 1 << 16
    """One of Exchange's message ids carries the time."""
    SIGNED_TIME = 1 << 17
    """A DKIM signature names the time of signing."""
    THREAD_TIME = 1 << 18
    """A Thread-Index that decodes."""
    BOUNDARY_TIME = 1 << 19
    """A MIME boundary carries the time."""
    BUILD = 1 << 28
    """A trace field names the build of its server's program: Exchange or Exim."""
    RESULTS = 1 << 29
    """Authentication-Results."""
    TWINS = 1 << 44
    """A multipart/alternative with a text and an HTML part of some words."""
    HTML = 1 << 45
    """A text/html part, or a plain text with a link that leads elsewhere."""
    EXCHANGE_BOUNDARY = 1 << 46
    """The message's boundary is one of Exchange 2007 or later."""
    STATED_SIZE = 1 << 47
    """A part whose header gives its size."""
    CONTENT_ID_TIME = 1 << 49
    """The Content-ID of a part, or the id of an attachment, carries the time."""
    SEAL_TIME = 1 << 50
    """An ARC seal names the time of sealing."""
    ZONE_COMMENT = 1 << 51
    """Date or a trace field has a comment after its offset."""
    POSTFIX_ID = 1 << 52
    """A trace field of Postfix with a short queue id."""
    ORIGINAL_ARRIVAL = 1 << 53
    """X-OriginalArrivalTime with its FILETIME."""
    THREAD_TOPIC = 1 << 54
    STATED_LENGTH = 1 << 55
    """Lines or Content-Length."""
    TEXT_BIRTH = 1 << 56
    """A text with a character, a link or a program's word whose birth is known."""
    COUNTED_ID = 1 << 57
    """A Message-ID of Exchange 2000 to 2013, which counts."""
    CLIENT = 1 << 58
    """The mail names its program."""
    INNER_TRACE = 1 << 59
    """X-Received, Google's inner trace field, with a date."""
    FILE_DATE = 1 << 60
    """A part whose Content-Disposition gives dates of the sender's file."""
    RECORDED_FROM = 1 << 62
    """A server recorded the domain of From beside its test."""
    # documents and images
    CREATED = 1 << 20
    """The format's own creation time, as an instant or a wall time."""
    MODIFIED = 1 << 21
    AUTHOR = 1 << 22
    LAST_AUTHOR = 1 << 23
    MODIFIED_INSTANT = 1 << 24
    CREATED_INSTANT = 1 << 25
    PICTURE = 1 << 26
    """An image; every other document is an office document or a PDF."""
    OFFICE = 1 << 27
    DATED = 1 << 36
    """The format's own creation or last-saved time, as an instant or a wall time."""
    TWO_BLOCKS = 1 << 37
    """Times of the document stand in its own block (Info, EXIF) and in XMP."""
    # occurrences
    NAME = 1 << 30
    DECLARED_TYPE = 1 << 31
    FOUND_TYPE = 1 << 32
    """The content was looked at: its type is known, or `UNKNOWN_TYPE`."""
    EXTENSION_TYPE = 1 << 33
    IN_MESSAGE = 1 << 34
    CONTAINER_TIME = 1 << 35
    MAILBOX_TIME = 1 << 48
    """A mailbox says when it took the mail in; of a message: a separator line before its header."""
    UNKNOWN_TYPE = 1 << 38
    """Content that was looked at, and whose form nothing recognizes."""
    # archives
    MEMBER_TIME = 1 << 40
    MEMBER_UTC = 1 << 41
    """A member carries a UTC time beside its local one."""


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


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a rule says of itself."""

    id: str
    """Path below ``checks/`` with dots; never reused once released."""
    version: int
    """Raised when the observations on any input can change."""
    title: str
    subject: Subject
    needs: Has
    """Presence mask: an item without all of these bits gives the rule no power, and it is not called."""
    bins: tuple[Bin, ...]
    """All that an observation's ``bin`` may be, each counted for itself when rates are measured."""
    group: str
    """Independence group: the actor or clock whose fault this would be (``date``, ``route``, ``authorship``)."""
    compare_with: str = ""
    """Comparison group whose habit may excuse an observation (``stages/grading/habits.py``); empty: no habit can."""
    proposition: Proposition
    ceiling: Strength
    contradiction: bool = False
    """On the reviewed list: two fields made by one program at one moment disagree."""
    benign: tuple[str, ...]
    """Ids in ``knowledge/benign.toml``, likeliest first."""
    settle: str
    """Key of the sentence (``settle.*``) that says whom to ask for which record."""
    references: tuple[str, ...]
    """``RFC 5322 3.3``, ``kb:D-01``, ``attack:timestomp``."""

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


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence of the catalogue (``knowledge/sentences/*.toml``) and the values to put in."""

    key: str
    values: dict[str, str] = {}


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
    note: str = ""
    """Why this state, in a sentence; empty for ``open``."""


class SubjectRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item that an observation is about."""

    role: Role
    sha256: str
    location: Location


class Observation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a rule saw: never "forged", never graded."""

    sentence: Sentence
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
    """Value of the rule's comparison group for this item; empty: no habit can excuse it."""
    benign: tuple[BenignState, ...] = ()
    """States that the rule itself could settle; all other causes of the rule are open."""
