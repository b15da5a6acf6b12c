"""What a report is made of: everything read from the case, so that no report reads anything itself."""

import msgspec

from forensics.model.accounts import AccountLine
from forensics.model.case import CaseInfo
from forensics.model.comparing import ComparedLine
from forensics.model.facts import Timestamp
from forensics.model.findings import ItemRef, Ranked, SetAside, StoredFinding
from forensics.model.items import Notice
from forensics.model.ledger import Ledger
from forensics.model.letters import Asked
from forensics.model.lineage import LineageFamily
from forensics.model.locations import Location
from forensics.model.mail import HeaderField
from forensics.model.marks import ItemMark
from forensics.model.rules import Rule
from forensics.model.scanning import Extent
from forensics.model.sentences import Sentence


class Counts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The archive in numbers."""

    files: int
    size: int
    occurrences: int
    contents: int
    messages: int
    documents: int
    archives: int
    """Archives and mailboxes; packages that are documents are counted as those."""
    signatures: int
    signed_messages: int
    opened_messages: int = 0
    """Those of which a key at hand opens a signature."""
    authenticated_messages: int = 0
    """Those of which the author's signature holds, header and body, and nothing limits it."""
    partly_messages: int = 0
    """Others, of which a signature of another domain holds so, or any signature in part or with changes undone."""


class Month(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Claimed dates of one month."""

    month: str
    """``2016-07``."""
    messages: int
    documents: int
    findings: int
    """Ranked items (weak and above) that claim this month."""


class ItemFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item as ``show`` and a report's block present it."""

    ref: ItemRef
    size: int
    media_type: str
    status: str
    parser: str
    title: str
    """Subject of a mail, name of a file; may be empty."""
    claims: tuple[tuple[str, str], ...]
    """Label and value of what the item says of itself: From, To, Subject, author..."""
    occurrences: tuple[Location, ...]
    timestamps: tuple[Timestamp, ...]
    notices: tuple[Notice, ...]
    power: tuple[str, ...]
    """Rules that had what they need."""
    no_power: tuple[str, ...]
    """Rules for this kind of item that lacked something."""
    headers: tuple[HeaderField, ...] = ()
    """Header fields of a mail in their order, read again from the source; empty where that is not at hand, and in
    reports."""
    marks: tuple[ItemMark, ...] = ()
    """What readers said of it."""
    restricted: bool = False
    """It, or what it holds, may not be quoted: notices are codes, and what it says of itself and its times are left
    out; its own places are numbers."""


class Power(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many items one rule could judge."""

    rule: str
    title: str
    powered: int
    subjects: int
    """Items of the kind that the rule judges."""


class Lure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item that would have led its reader elsewhere, and by what."""

    sha256: str
    place: str
    claimed: int | None
    """Date of the mail that it is or came in, 100 ns since 1970; None: none."""
    sender: str
    subject: str
    findings: tuple[StoredFinding, ...]
    """What was observed."""


class SignedMails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signed mails of one domain of senders that arrived in one year."""

    domain: str
    year: str
    """Empty where no server says when they arrived."""
    signed: int
    opened: int = 0
    """Of them, those of which a key at hand opens a signature: they could be authenticated."""
    authenticated: int = 0
    """Of them, those of which the author's signature holds, header and body, and nothing limits it."""


class CaseSummary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a report shows."""

    info: CaseInfo
    counts: Counts
    extent: Extent
    months: tuple[Month, ...]
    undated: int
    """Messages and documents without any claimed date."""
    outside: int = 0
    """Messages and documents that claim a date before 1980 or after as-of."""
    ranking: tuple[Ranked, ...]
    """The first 50 lines; weak and above."""
    ranked: dict[str, int]
    """Strength to the lines that the whole ranking has of it."""
    ranked_items: int
    """Items in all lines, every member of a cluster counted."""
    findings: dict[str, StoredFinding]
    """By id: those of the ranking's first lines, and one for each other sentence that these or what was set aside
    repeat."""
    items: dict[str, ItemFacts]
    """Of the ranking's first lines, up to 100 members of each cluster included, by SHA-256."""
    public: bool = False
    """Whether it is the edition for the public, from which names, places and marks are withheld."""
    asked: dict[int, tuple[Asked, ...]] = {}
    """By rank, the organizations whose servers left a record in mails of the entry, those with most records first."""
    texts: dict[str, str] = {}
    """The first words of mails of the ranking's first lines, by SHA-256; of what could not be read again, none."""
    against: dict[int, ComparedLine] = {}
    """By rank, in what the item of a line differs from the first other mail of its entry."""
    lures: tuple[Lure, ...] = ()
    """The first 100, oldest first."""
    lured: int = 0
    """Items that would have led their reader elsewhere."""
    set_aside: tuple[SetAside, ...]
    notices: dict[str, int]
    """Notice code to count."""
    power: tuple[Power, ...]
    rules: tuple[Rule, ...]
    senders: tuple[SignedMails, ...] = ()
    """The domains with the most signed mails, those first, by year."""
    signing_domains: int = 0
    """Domains of senders with signed mails, all of them."""
    accounts: tuple[AccountLine, ...] = ()
    """What became of the bytes of each source."""
    ledger: Ledger | None = None
    """What the mailboxes hold and lack."""
    families: tuple[LineageFamily, ...] = ()
    """Documents that share editing sessions: families of the ranking's first lines, then the largest others."""
    families_count: int = 0
    """Of all families."""
    agreeing: tuple[tuple[Sentence, int, int], ...] = ()
    """What was compared, how many agree, of how many."""
    custody_head: str
    corpora: tuple[str, ...]
    """Reference corpora with their limits, a sentence each."""
    restricted: int = 0
    """Contents and unread items that may not be quoted."""
    routes: dict[str, int] = {}
    """How the archive's mails came (``list``, ``direct``, ``exported``) to their number."""
    counted: dict[str, int] = {}
    """The same of the genuine mails that rates rest on."""
