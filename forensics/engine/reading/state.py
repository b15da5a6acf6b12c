"""An item on its way: before it is read, how far it was read, and what is kept of its content for its copies.

Each content is parsed once in a work unit; its copies are told from what is known of it.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

import msgspec

from forensics.engine.reading import accounts as account
from forensics.engine.reading.parts import MOST_ACCOUNTS, Part
from forensics.model.accounts import Kind
from forensics.model.byte_sources import ByteSource
from forensics.model.documents import ArchiveFacts, DocumentFacts
from forensics.model.facts import Timestamp
from forensics.model.items import Notice, Padding, Status
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers import Parser, damaged, over_budget, restates

Parsed = Message | DocumentFacts | ArchiveFacts
OVER_BUDGET = "engine.expansion"
"""Our own notice that an item was not decoded since its source file holds too much."""
MEMBER_DAMAGED = "engine.member_damaged"
VOLUME = "intake.volume"
"""A file is a part of one that was cut."""
OF_WHOLE = (OVER_BUDGET, MEMBER_DAMAGED)
"""What is said once of a container, whatever its members."""
COPIED_NOTICES = 100
"""Notices of a content that stand at each of its copies too."""
KEPT = 20_000
"""Items inside contents that a work unit keeps for copies, some kilobyte each; copies of others are decoded again."""
SKIPPED = {
    "engine.watchdog": "reading this item stopped the worker process twice; it was left unread",
    "engine.memory": "reading this item needed more memory than a worker may use; it was left unread",
    "engine.worker": "while this item was read the worker process broke its protocol; it was left unread",
}
"""Notice code of an item that a job leaves out, to what is said of it."""
PASSING = frozenset({"intake.unreadable", *SKIPPED})
"""Notices of what may go well another time: the same command reads such items again."""


def is_over_budget(notice: Notice) -> bool:
    """Whether a notice says that an item was not decoded since its source file holds too much."""
    return notice.code == OVER_BUDGET or notice.code in over_budget()


class Pulse(Protocol):
    """Told which item is being read, so that a death names its victim."""

    def __call__(self, location_text: str, new: int = 1, /) -> None:
        """Take the item's location; *new* is 0 where it was named before."""


class Sink(Protocol):
    """Where rows go."""

    def add(self, table: str, row: msgspec.Struct) -> None:
        """Take one row of a table."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An item before it is read: its bytes, its place, and what its container says of it."""

    source: ByteSource | None
    """``None``: not decoded, or the copy of a content that is known."""
    location: Location
    sha256: str
    size: int
    name: bytes = b""
    other_names: tuple[str, ...] = ()
    declared_type: str = ""
    times: tuple[Timestamp, ...] = ()
    notices: tuple[Notice, ...] = ()
    format: str = ""
    depth: int = 0
    parent: str = ""
    message: str = ""
    part_of: str = ""
    """Format id of the message of which it is a part itself; empty where it is none of a message."""


class Outcome(msgspec.Struct):
    """What one parse gave, filled as it goes."""

    parser: str = ""
    media_type: str = ""
    notices: list[Notice] = []
    status: Status = Status.PARSED
    reason: str = ""
    facts: bool = False
    message: bool = False
    """Whether it is a mail: what lies in it lies in a message."""
    mail: int = 0
    """Presence of that mail."""
    children: bool = False
    damaged: bool = False
    left: int = 0
    """Items at any depth that were not decoded for the budget of the source file."""
    left_bytes: int = 0
    """Stored bytes of those that stand in this very item."""
    rest: int = 0
    """Bytes of it, or of the range of it that is read, that no item inside has claimed so far."""
    claimed: tuple[int, int] = (0, 0)
    """Range of the last of these items: members of a solid archive share one."""
    accounts: account.Sums = {}
    """Bytes of it that are no part of what was read."""
    named: tuple[bytes, str] | None = None
    """Name and declared type by which no parser was found; ``None`` where one was."""
    again: bool = False
    """A content whose facts are recorded: only the places of what it holds are new."""

    def read_by(self, parser: Parser) -> None:
        """Take note of who reads it, and of what it is therefore."""
        self.parser = f"{parser.FORMAT.id}/{parser.FORMAT.version}"
        self.media_type = parser.FORMAT.media_types[0]

    @property
    def format(self) -> str:
        """Format id of who read it; empty where nobody did."""
        return self.parser.partition("/")[0]

    def note(self, status: Status, notice: Notice) -> None:
        """Take a notice that explains why the item is not wholly read."""
        self.lower(status, notice.code)
        self.say(notice)

    def say(self, notice: Notice) -> None:
        """Take a notice, with the bytes that it says were not read."""
        self.notices.append(notice)
        account.add(self.accounts, Kind.UNREAD, notice.code, notice.unread)

    def pad(self, padding: Padding) -> None:
        """Take bytes that hold nothing."""
        account.add(self.accounts, Kind.PADDING, padding.what, padding.size)

    def claim(self, start: int, end: int) -> None:
        """Take the range of an item inside."""
        if (start, end) != self.claimed:
            self.claimed = start, end
            self.rest = max(0, self.rest - (end - start))

    def member(self, notices: tuple[Notice, ...], left: int) -> None:
        """Take what is odd about an item inside, and how many in it were left: the container says so once."""
        for notice in notices:
            if notice.code in damaged() and not self.damaged:
                self._damaged()
            elif is_over_budget(notice):
                self.left += 1
                self.left_bytes += notice.unread
        self.left += left

    def parts(self, inside: Part) -> None:
        """Take what reading the parts of a cut file gave."""
        self.lower(inside.status, inside.reason)
        if inside.damaged:
            self._damaged()
        self.left += inside.left
        self.left_bytes += inside.left_bytes
        for row in inside.accounts:
            account.add(self.accounts, Kind(row.kind), row.reason, row.size)

    def part(self) -> Part:
        """Return what is told of the whole file of which this is a part."""
        return Part(
            status=self.status,
            reason=self.reason,
            damaged=self.damaged,
            left=self.left,
            left_bytes=self.left_bytes,
            accounts=account.merged(account.rows(self.accounts, Status.PARSED, ()), MOST_ACCOUNTS),
        )

    def _damaged(self) -> None:
        self.damaged = True
        self.note(Status.PARTIAL, Notice(code=MEMBER_DAMAGED, text="at least one member is not whole"))

    def ended(self) -> None:
        """Say what of the items inside was left, now that all are known."""
        if self.left:
            text = f"{self.left} items in it, at all depths, were not decoded; {self.left_bytes} bytes of its own"
            self.lower(Status.PARTIAL, OVER_BUDGET)
            # Each of these items accounts for its own bytes.
            self.notices.append(Notice(code=OVER_BUDGET, text=text, unread=self.left_bytes))

    def lower_for(self, notices: tuple[Notice, ...]) -> None:
        """Lower the state where the container says that the bytes are not whole."""
        for notice in notices:
            if notice.code in damaged():
                self.lower(Status.PARTIAL, notice.code)

    def lower(self, status: Status, reason: str) -> None:
        """Record the first reason why the item is not wholly read, or, where nothing of it was, why not at all."""
        if self.status is Status.PARSED or (status is Status.UNREAD and not self.facts):
            self.status, self.reason = status, reason


class Known(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What its own parse gave of a content; nothing of the places where it stands."""

    size: int
    parser: str
    media_type: str
    status: Status
    reason: str
    message: bool
    mail: int
    notices: tuple[Notice, ...]
    children: bool
    left: int
    inside: tuple[Entry, ...] | None
    """The items inside, for copies; ``None`` where they were not kept, and a copy is decoded again."""
    accounts: Mapping[tuple[Kind, str], int] = {}
    named: tuple[bytes, str] | None = None
    """By which no parser was found: under another name it may be another loss, or be read after all."""
    file: int = 0
    """Number of the source file whose budget cut the reading short: elsewhere it is read again; 0: holds anywhere."""

    def tells(self, entry: Entry) -> bool:
        """Whether what is known holds at this place too."""
        return self.named is None or self.named == (entry.name, entry.declared_type)

    def outcome(self) -> Outcome:
        """Return what a copy is told to be."""
        return Outcome(
            parser=self.parser,
            media_type=self.media_type,
            notices=list(self.notices),
            status=self.status,
            reason=self.reason,
            message=self.message,
            mail=self.mail,
            children=self.children,
            left=self.left,
            rest=self.size,
            accounts=dict(self.accounts),
            named=self.named,
        )


class Listing(msgspec.Struct):
    """The items inside a content that is being read."""

    inside: list[Entry] | None
    """Places relative to the content; ``None`` once they cannot all be kept."""
    steps: int
    """Length of the content's own location."""
    cuts: int
    """How often the budget had cut something short before."""


class Contents:
    """The contents of one work unit."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._passed: dict[str, Known] = {}
        self._room = KEPT
        self._file = 0
        self._cuts = 0

    def __contains__(self, sha256: str) -> bool:
        """Whether a content has been read."""
        return sha256 in self._known

    def all(self) -> Iterator[tuple[str, Known]]:
        """Yield every content once: those that were read in the order in which they ended, then the others."""
        yield from self._known.items()
        yield from [(sha256, known) for sha256, known in self._passed.items() if sha256 not in self._known]

    def next_file(self) -> None:
        """Begin another source file, with a budget of its own."""
        self._file += 1

    def cut(self) -> None:
        """Take note that the budget of the source file cut something short."""
        self._cuts += 1

    def of(self, sha256: str) -> Known | None:
        """Return what is known of a content; ``None`` if it has to be read, for the first time or again."""
        known = self._known.get(sha256) if sha256 else None
        if known is None or known.file in (0, self._file):
            if known is not None and known.file:
                self.cut()
            return known
        return None

    def recorded(self, sha256: str) -> bool:
        """Whether the facts of a content have been recorded: a parser has read it."""
        known = self._known.get(sha256)
        return known is not None and known.named is None

    def open(self, entry: Entry) -> Listing:
        """Begin to read a content."""
        return Listing(inside=[], steps=len(entry.location.steps), cuts=self._cuts)

    def take(self, listing: Listing, inside: Entry) -> None:
        """Keep an item that was found and read inside the content."""
        if listing.inside is None:
            return
        known = self._known.get(inside.sha256)
        if self._room <= 0 or (inside.sha256 and not _lasts(known, inside)):
            self._room += len(listing.inside)
            listing.inside = None
            return
        self._room -= 1
        place = Location(inside.location.steps[listing.steps :])
        listing.inside.append(msgspec.structs.replace(inside, source=None, location=place))

    def close(self, entry: Entry, outcome: Outcome, listing: Listing | None) -> None:
        """Keep what reading a content gave, before anything that its place adds."""
        if not entry.sha256 or (outcome.named and entry.sha256 in self._known):
            return
        notices = tuple(outcome.notices[:COPIED_NOTICES])
        more = len(outcome.notices) - len(notices)
        if more:
            notices += (
                Notice(code="engine.copies", text=f"{more} more notices stand at another place of this content"),
            )
        inside = listing.inside if listing else None
        self._known[entry.sha256] = Known(
            size=entry.size,
            parser=outcome.parser,
            media_type=outcome.media_type,
            status=outcome.status,
            reason=outcome.reason,
            message=outcome.message,
            mail=outcome.mail,
            notices=notices,
            children=outcome.children,
            left=outcome.left,
            inside=tuple(inside) if inside is not None else None,
            accounts=outcome.accounts,
            named=outcome.named,
            file=self._file if listing and listing.cuts != self._cuts else 0,
        )

    def pass_over(self, entry: Entry, outcome: Outcome) -> None:
        """Take a content that is left unread for its place; it has a row if no other place has it read."""
        if entry.sha256 and entry.sha256 not in self._known:
            self._passed.setdefault(
                entry.sha256,
                Known(
                    size=entry.size,
                    parser="",
                    media_type="",
                    status=outcome.status,
                    reason=outcome.reason,
                    message=False,
                    mail=0,
                    notices=(),
                    children=False,
                    left=0,
                    inside=None,
                ),
            )


def _lasts(known: Known | None, inside: Entry) -> bool:
    """Whether a copy of an item can be told without its bytes: not if it was left at that place alone, for one."""
    return known is not None and known.tells(inside) and not (known.children and known.inside is None)


def mail_around(entry: Entry, told: Outcome) -> str:
    """Return the digest of the mail in which what an item holds stands: itself, but not a mail told once more."""
    return entry.sha256 if told.message and not restates(told.format, entry.part_of) else entry.message


def moved(inside: Entry, into: Entry, told: Outcome) -> Entry:
    """Return an item kept from one copy of a content as it stands in another.

    Args:
        inside: as it was kept.
        into: the other copy.
        told: what that copy is told to be.
    """
    return msgspec.structs.replace(
        inside,
        location=Location((*into.location.steps, *inside.location.steps)),
        depth=into.depth + 1,
        message=mail_around(into, told),
    )
