"""A message as facts and, where it has one, its MIME tree: lossless header fields and parts with byte ranges."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import msgspec

from forensics.model.authentication import AuthenticationResult, Signature
from forensics.model.facts import ABSENT, Absence, Fact, Located, Timestamp
from forensics.model.locations import Locator, Step
from forensics.model.mail_texts import BodyMark, FileMention, TextDigest, Twins
from forensics.model.numbers import GivenNumber
from forensics.model.quoting import QuotedMail
from forensics.model.signed_parts import SignedPart
from forensics.model.time_kinds import TimeKind


class HeaderField(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One header field, byte for byte."""

    name: str
    """Field name in its exact case (latin-1); empty for a line that is no field."""
    key: str
    """Lower-case name."""
    raw: bytes
    """The whole field: name, colon, folding and line ends."""
    start: int
    """Offset in the message, or in the output of ``steps``."""
    steps: tuple[Step, ...] = ()
    """Below the message: a store keeps the header that was delivered as one property, in its own encoding."""

    @property
    def end(self) -> int:
        """First byte after the field."""
        return self.start + len(self.raw)

    @property
    def body(self) -> bytes:
        """Bytes after the colon, folding and line end included."""
        return self.raw[self.raw.find(b":") + 1 :] if self.name else self.raw

    def locator(self, place: int, name: str = "") -> Locator:
        """Return where the *place*-th field of its name stands, 0 = topmost; *name*: in its path, if not as written."""
        start = self.start
        path = f"header:{name or self.name}[{place}]"
        return Locator(ranges=((start, start + len(self.raw)),), path=path, steps=self.steps)


def field_path(name: str, place: int) -> str:
    """Return the path of a header field."""
    return f"header:{name}[{place}]"


class BodyPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One body or attachment (RFC 8621 4.1.4), whether a MIME tree or properties of a store hold it."""

    number: str
    """IMAP-like part number (``1.2``), or what else tells it from the message's other parts; the root of a MIME tree
    has ``""``."""
    media_type: str
    """``type/subtype``, lower case, as claimed or by RFC 2045/2046 default."""
    charset: str = ""
    """As claimed, lower case."""
    charset_found: str = ""
    """The encoding that decodes the text without errors, where it is not the one claimed."""
    disposition: str = ""
    """``attachment``, ``inline`` or another token, lower case; empty if not given."""
    filename: str = ""
    """Decoded by RFC 2231 or 2047; empty if not given."""
    other_names: tuple[str, ...] = ()
    """Further names that its fields give the file, decoded."""
    content_id: str = ""
    size: int = 0
    """Decoded bytes; 0 for a multipart."""
    stated_size: int | None = None
    """Its size as the message states it (RFC 2183 2.7: ``size=``); None: not stated."""
    size_written: Located = ABSENT
    """The stated size with its whole field."""
    sha256: str = ""
    """Digest of the decoded bytes; empty for a multipart."""
    text_sha256: str = ""
    """The same with LF line ends and none at the end, for text and attached messages: equal in copies that a mailbox
    stored with other line ends. Empty for others."""
    locator: Locator = Locator()
    """Where its content stands, encoded as it is; of a multipart nowhere."""

    @property
    def is_text(self) -> bool:
        """Whether a reader is shown it as text."""
        return self.media_type in ("text/plain", "text/html") and self.disposition != "attachment"


class MimePart(BodyPart, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=True, dict=True):
    """One MIME entity with its ranges; the root part is the message itself."""

    start: int
    """First byte of the entity's header."""
    body_start: int
    end: int
    """First byte after the body; delimiter lines belong to the enclosing multipart."""
    headers: tuple[HeaderField, ...]
    boundary: bytes | None = None
    encoding: str = ""
    """Content-Transfer-Encoding as claimed, lower case."""
    decoder: str = "copy/1"
    """Decoder that turns ``body_start:end`` into the content."""
    parts: tuple["MimePart", ...] = ()
    preamble: tuple[int, int] = (0, 0)
    """Range before the first delimiter of a multipart."""
    epilogue: tuple[int, int] = (0, 0)
    """Range after the closing delimiter."""
    closed: bool = True
    """Whether the multipart's closing delimiter was there."""

    @cached_property
    def by_key(self) -> Mapping[str, Sequence[HeaderField]]:
        """Lower-case name to its header fields, topmost first; names in the order of their topmost fields."""
        found: dict[str, list[HeaderField]] = {}
        for field in self.headers:
            found.setdefault(field.key, []).append(field)
        return found

    def first(self, key: str) -> HeaderField | None:
        """Return the topmost header field of a lower-case name."""
        found = self.by_key.get(key)
        return found[0] if found else None

    @property
    def breaks_off(self) -> bool:
        """Whether a multipart has no end: only the last part of each can be cut."""
        return (self.boundary is not None and not self.closed) or bool(self.parts and self.parts[-1].breaks_off)

    def leaves(self) -> Iterator["MimePart"]:
        """Yield the leaves of the tree in order."""
        if not self.parts:
            yield self
        for child in self.parts:
            yield from child.leaves()


class MimeTree(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A message as bytes: its header and its parts, each with its ranges in the message."""

    root: MimePart

    @property
    def headers(self) -> tuple[HeaderField, ...]:
        """The header fields of the message, topmost first."""
        return self.root.headers


class Party(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One mailbox in an address field."""

    field: str
    """Lower-case field name: ``from``, ``to``."""
    index: int
    """Position of the mailbox in all fields of that name, from 0."""
    name: str
    """Display name, decoded; empty if none."""
    address: str
    """addr-spec in its own case, comments and folding removed; empty if none could be read."""
    domain: str
    """Lower-case domain, IDNA form as written; empty if none."""
    valid: bool
    """Whether email-validator accepts the address's syntax."""
    group: str = ""
    """RFC 5322 group name, decoded."""
    written: Located | None = None
    """The address with the first 1000 bytes of the mailbox; of those who send or are to be answered only."""


class TraceField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One Received field (RFC 5321 4.4), taken apart; every clause is text as written, empty if absent."""

    index: int
    """Position among the Received fields, 0 = topmost = newest."""
    from_: str = msgspec.field(name="from", default="")
    """HELO name and TCP information, comments included."""
    by: str = ""
    """Host name after ``by``, lower case, without comments."""
    via: str = ""
    with_: str = msgspec.field(name="with", default="")
    id: Located = ABSENT
    """Queue id; without bytes and range where it does not stand in the field as it is read."""
    for_: str = msgspec.field(name="for", default="")
    time: Timestamp | Absence = Absence.NOT_PRESENT
    raw: bytes
    """The field it was read from, whole: several hops may have been folded into one."""
    locator: Locator


PGP_KEYS = "application/pgp-keys"
POSTFIX_SHORT = re.compile(r"([0-9A-F]{5})[0-9A-F]{1,11}")
"""A short queue id of Postfix: microseconds in five digits, then the number of the queue file (T-62)."""


class StatedCount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A header field that counts the body, and the body's own count."""

    written: Located
    """The number with its whole field."""
    stated: int
    least: int
    most: int
    """Lines: as they stand. Bytes: with line ends of one byte, and of two."""


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """What a message says; each fact is located in the way of its source.

    What many rules ask of it is worked out once, when it is first asked.

    Mail as it is sent has a MIME tree, and ranges are in the message's own bytes. Messages of stores that keep
    properties have the header fields that they were delivered with, if any, and no parts of a tree; the path of a fact
    names its property (``mapi:0x0037001F``), and its ranges are in the store's bytes or below steps.
    """

    size: int
    """Bytes of the item that it is."""
    tree: MimeTree | None = None
    """None: neither header fields nor MIME parts are kept."""
    parts: tuple[BodyPart, ...] = ()
    """Bodies and attachments in their order; of a MIME tree the leaves."""
    breaks_off: bool = False
    """Whether it has no end: what would come last may lack a piece, or all."""
    date: Timestamp | Absence
    """The topmost Date field."""
    weekday: int | None = None
    """Weekday that Date names, Monday = 0; ``None``: it names none that is known."""
    message_id: Located
    """Without angle brackets, with its whole field."""
    subject: Located
    """Decoded, with its whole field."""
    parties: tuple[Party, ...]
    trace: tuple[TraceField, ...]
    """Topmost (newest) first."""
    signatures: tuple[Signature, ...]
    signed_parts: tuple[SignedPart, ...] = ()
    """What S/MIME or OpenPGP signs or encrypts."""
    timestamps: tuple[Timestamp, ...]
    """Every time in it, ``date`` and trace times included, in byte order."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    list_id: str
    """Identifier between the angle brackets of List-Id, lower case; empty if absent."""
    from_list: bool = False
    """Whether it came through a mailing list: it has List-Id, List-Post or Mailing-List."""
    client: Located
    """User-Agent or X-Mailer, decoded, with its whole field."""
    form: tuple[str, ...] = ()
    """How the client writes, ``kind=value`` each: names in their exact case, their order, the style of Date, of
    charset, of the Message-ID and the boundary (``parsers/mail/form.py``)."""
    server_form: tuple[str, ...] = ()
    """How the servers that it passed last write, ``kind=value`` each (``parsers/mail/server_form.py``)."""
    numbered_by: str = ""
    """Whose number `list_number` is: the list's name or address, lower case; empty if it has none."""
    list_number: Located = ABSENT
    """The number that a list server gave it, decimal, with its whole field (``parsers/mail/numbering.py``)."""
    given: tuple[GivenNumber, ...] = ()
    """Numbers that mailboxes and trackers gave (``parsers/mail/numbering.py``)."""
    letters_sha256: str = ""
    """Digest of the letters of its texts: equal in copies that differ in spaces, signs, links or unseen characters
    only; empty where there are few (``parsers/mail/texts.py``)."""
    texts: tuple[TextDigest, ...] = ()
    """Each text that says anything; none where one was read in part."""
    sketch: tuple[int, ...] = ()
    """Hashes of chunks of its own words, ascending: nearly equal texts share nearly all (``parsers/mail/sketch.py``);
    empty where there are few."""
    topic: Located = ABSENT
    """Thread-Topic, decoded, with its whole field."""
    rewritten: str = ""
    """What a server wrote of having changed the body on the way, as written (``parsers/mail/rewriting.py``); empty
    where none says so."""
    counts: tuple[StatedCount, ...] = ()
    """What Lines and Content-Length say of the body, and what it is."""
    results: tuple[AuthenticationResult, ...] = ()
    """What servers say they tested, topmost first."""
    twins: tuple[Twins, ...] = ()
    """Each multipart/alternative that has text and HTML."""
    marks: tuple[BodyMark, ...] = ()
    """What its texts hide or lead to; the first of a kind of character in each text, every link and passage."""
    mentions: tuple[FileMention, ...] = ()
    """What its writer says of files that come with it."""
    quoted: tuple[QuotedMail, ...] = ()
    """The mails that its texts quote, as far as a line or a header block above the quote tells of them."""
    searched: bool = True
    """Whether its texts were searched for marks to their end: only then does none mean that there is none."""
    non_ascii: bool = False
    """Whether its header, its subject or a text has characters beyond ASCII."""
    items: int = 0
    """How many items stand in it: parts that are no shown text, and files in its texts."""
    stored: tuple[Fact, ...] = ()
    """What the store that keeps it says of it beside all that: ``mapi.message_class``, ``mapi.last_modifier_name``...
    (``parsers/mail/mapi/said.py``); where the header that was delivered is kept, its subject, ids and addresses too."""

    @property
    def is_stored(self) -> bool:
        """Whether a store keeps it as properties: the mail as it was sent, with its body, is not at hand."""
        return bool(self.stored) or self.tree is None

    @property
    def headers(self) -> tuple[HeaderField, ...]:
        """Its header fields, topmost first; a rule that asks for them needs ``HEADER``, else there may be none."""
        return self.tree.headers if self.tree is not None else ()

    def field_around(self, fact: Located) -> HeaderField | None:
        """Return the header field in which the bytes of a fact stand."""
        place = fact.locator
        start, end = place.ranges[0] if place.ranges else (0, 0)
        around = (field for field in self.headers if field.start <= start < end <= field.end)
        return next((field for field in around if field.steps == place.steps), None)

    @property
    def by_key(self) -> Mapping[str, Sequence[HeaderField]]:
        """Lower-case name to its header fields, topmost first."""
        return self.tree.root.by_key if self.tree is not None else {}

    def first(self, key: str) -> HeaderField | None:
        """Return the topmost header field of a lower-case name."""
        return self.tree.root.first(key) if self.tree is not None else None

    @property
    def may_carry_keys(self) -> bool:
        """Whether it has what may hold its author's keys: signed parts, Autocrypt, or parts that are key blocks."""
        return (
            bool(self.signed_parts)
            or "autocrypt" in self.by_key
            or any(part.media_type == PGP_KEYS for part in self.parts)
        )

    @cached_property
    def by_kind(self) -> Mapping[TimeKind, Sequence[Timestamp]]:
        """What times were read from to these, in their order."""
        found: dict[TimeKind, list[Timestamp]] = {}
        for stamp in self.timestamps:
            found.setdefault(stamp.kind, []).append(stamp)
        return found

    @cached_property
    def stamped(self) -> Sequence[tuple[TraceField, Timestamp, int]]:
        """The trace fields whose time is an instant, topmost first, each with both."""
        return [
            (hop, time, at)
            for hop in self.trace
            if isinstance(time := hop.time, Timestamp) and isinstance(at := time.instant, int)
        ]

    @cached_property
    def waits(self) -> Sequence[int]:
        """Ticks between each trace field of `stamped` and the next older one: below 0 where time goes back."""
        return [newer - older for (_, _, newer), (_, _, older) in pairwise(self.stamped)]

    @property
    def sender(self) -> Party | None:
        """The first mailbox of From that has an address; the first where none has."""
        first = None
        for party in self.parties:
            if party.field == "from":
                if party.address:
                    return party
                first = first or party
        return first

    @property
    def sender_known_as(self) -> str:
        """The sender's address; empty where it names nobody: nothing stands before its @, or it is a group's."""
        address = self.sender.address if self.sender else ""
        named = any(map(str.isalnum, address.partition("@")[0])) and not address.endswith(";")
        return address if named else ""
