"""Two items compared: what differs, where each value stands, and whether something lawful explains it."""

from enum import StrEnum

import msgspec

from forensics.model.facts import ABSENT, Located
from forensics.model.locations import Location


class Side(StrEnum):
    """Which of two texts has some words."""

    BOTH = "both"
    ONE = "one"
    OTHER = "other"


class WordRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Words in a row that both texts have, or only one of them."""

    side: Side
    text: str
    """The words with single spaces between them, as the text that has them writes them."""


class Cause(StrEnum):
    """What lawfully makes two copies of one mail differ."""

    ROUTE = "route"
    """Servers that only one of the copies passed wrote it, or took it out."""
    LIST = "list"
    """A mailing list did it, which only one of the copies passed."""
    FILTER = "filter"
    """A filter or gateway put a tag in the subject or a warning around the text, or leads links by way of itself."""
    SENT_COPY = "sent_copy"
    """One is the copy of its sender, which no server has seen."""
    MAILBOX = "mailbox"
    """The program that keeps the mailbox wrote it."""
    ENCODING = "encoding"
    """The same text or value, written or encoded in another way."""
    REWRITTEN = "rewritten"
    """A server or an export wrote the whole mail anew: fields in another order, other boundaries."""


class Difference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One thing in which two items differ."""

    kind: str
    """Closed list of `KINDS`."""
    name: str = ""
    """Header field in lower case, part number, file name, or name in a package."""
    one: Located = ABSENT
    """The value in the one item with its bytes; absent where it has none."""
    other: Located = ABSENT
    cause: Cause | None = None
    """What lawful explains it; ``None``: nothing that is known here does."""
    runs: tuple[WordRun, ...] = ()
    """Of texts: word by word, long runs that both have cut to their ends."""

    @property
    def lawful(self) -> bool:
        """Whether something lawful explains it."""
        return self.cause is not None


KINDS = (
    *("date", "from", "from_name", "sender", "reply_to", "recipient_added", "recipient_removed", "recipient_name"),
    *("recipient_order", "subject", "message_id", "thread", "client", "field_added", "field_removed", "field_changed"),
    *("field_order", "field_form", "signature_added", "signature_removed", "signature_changed"),
    *("hop_added", "hop_removed", "hop_changed", "hop_order", "hops_above"),
    *("words", "text_added", "text_removed", "text_around", "links", "markup", "layout", "encoding", "charset"),
    *("attachment_added", "attachment_removed", "attachment_changed", "attachment_renamed", "part_type", "boundary"),
    *("outside_parts", "line_ends", "final_line", "first_line"),
    *("property", "member_added", "member_removed", "member_changed", "packing", "bytes"),
)
"""What may differ: of mails from ``date`` on, of documents words and ``property``, of packages from ``member_added``
on, of all else ``bytes``."""


class Derived(StrEnum):
    """Which of two items was made from the other."""

    ONE = "one"
    """The one was made from the other."""
    OTHER = "other"
    NOT_TOLD = "not told"


class Outcome(StrEnum):
    """What two items, or one that has no counterpart, were found to be."""

    IDENTICAL = "identical"
    """Byte for byte."""
    LAWFUL = "lawful"
    """Something lawful explains all that differs."""
    DIFFERS = "differs"
    ONLY_ONE = "only_one"
    """Nothing in the other set was matched with it."""
    ONLY_OTHER = "only_other"
    UNREAD = "unread"
    """They were matched by what the tables say, and one could not be read again."""


COMPARED = frozenset((Outcome.IDENTICAL, Outcome.LAWFUL, Outcome.DIFFERS))
"""Outcomes of an item that was compared with its original."""
MATCHES = ("digest", "message_id", "text", "near_text", "claims", "path", "name", "given")
"""How two items were found to be versions of one: the same bytes, Message-ID, text (of mails with two of sender, date
and subject), of documents nearly the same text, date with sender and subject or of a document its creation time, place,
or a file name that no other has; or they were given as a pair."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two items compared."""

    identical: bool = False
    """Byte for byte."""
    mails: bool = False
    """Whether they were compared as mails."""
    differences: tuple[Difference, ...] = ()
    """What nothing lawful explains first."""
    derived: Derived = Derived.NOT_TOLD
    reasons: tuple[str, ...] = ()
    """Why: closed list of `REASONS`."""
    whole: bool = True
    """Whether all of both was compared: what is longer than a limit was not."""
    texts_only: bool = False
    """A store keeps one of two messages as properties: their texts were compared, not header, structure and files."""

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """What nothing lawful explains."""
        return tuple([one for one in self.differences if not one.lawful])


REASONS = ("more_hops", "list_text", "list_fields", "body_hash", "more_mailbox_fields", "sessions")
"""Why an item is known to be made from another: it has the trace fields of the other and more above them, the other's
text and a list's below it, fields of a list, another body than its signature was made over, which the other still has,
fields of a mailbox besides, or the editing sessions of the other and further ones."""


class ComparedItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of two items."""

    sha256: str
    location: Location
    """With the label of its source."""


class ComparedLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two versions of an item, or an item without a counterpart: a line of ``forensics compare``."""

    schema: str = "forensics/compare/1"
    outcome: Outcome
    one: ComparedItem | None = None
    other: ComparedItem | None = None
    matched_by: str = ""
    """Of `MATCHES`; empty where it has no counterpart."""
    mails: bool = False
    differences: tuple[Difference, ...] = ()
    derived: Derived = Derived.NOT_TOLD
    reasons: tuple[str, ...] = ()
    whole: bool = True
    texts_only: bool = False
    """A store keeps one of two messages as properties: their texts were compared, not header, structure and files."""
    restricted: bool = False
    """One of the two may not be quoted: what differs is left out."""

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """What nothing lawful explains."""
        return tuple([one for one in self.differences if not one.lawful])


def line_of(found: Comparison, one: ComparedItem, other: ComparedItem, matched_by: str) -> ComparedLine:
    """Return the line of two items that were compared."""
    outcome = Outcome.DIFFERS if found.unexplained else Outcome.LAWFUL
    return ComparedLine(
        outcome=Outcome.IDENTICAL if found.identical else outcome,
        one=one,
        other=other,
        matched_by=matched_by,
        mails=found.mails,
        differences=found.differences,
        derived=found.derived,
        reasons=found.reasons,
        whole=found.whole,
        texts_only=found.texts_only,
    )


_TURNED = {Side.ONE: Side.OTHER, Side.OTHER: Side.ONE, Side.BOTH: Side.BOTH}
_MADE_FROM = {Derived.ONE: Derived.OTHER, Derived.OTHER: Derived.ONE, Derived.NOT_TOLD: Derived.NOT_TOLD}
_KINDS_TURNED = {
    f"{what}_{one}": f"{what}_{other}"
    for what in ("text", "member", "field", "recipient", "attachment", "hop", "signature")
    for one, other in (("added", "removed"), ("removed", "added"))
}


def turned(line: ComparedLine) -> ComparedLine:
    """Return a comparison of two items from the side of the other: it becomes the one."""
    return msgspec.structs.replace(
        line,
        one=line.other,
        other=line.one,
        derived=_MADE_FROM[line.derived],
        differences=tuple(
            [
                msgspec.structs.replace(
                    one,
                    kind=_KINDS_TURNED.get(one.kind, one.kind),
                    one=one.other,
                    other=one.one,
                    runs=tuple(_turned_runs(one.runs)),
                )
                for one in line.differences
            ]
        ),
    )


def _turned_runs(runs: tuple[WordRun, ...]) -> list[WordRun]:
    """Return runs of words with their sides exchanged; what only the one has goes before what only the other has."""
    found: list[WordRun] = []
    for run in runs:
        made = msgspec.structs.replace(run, side=_TURNED[run.side])
        before = made.side is Side.ONE and found and found[-1].side is Side.OTHER
        found.insert(len(found) - bool(before), made)
    return found


class SetsCompared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two sets of items compared, in numbers."""

    counts: dict[Outcome, int]
    """Items by outcome; an outcome that none has is left out."""
    unread_one: int = 0
    """Items of the one set that were not read, or not in full: what stands only in the other may stand in these."""
    unread_other: int = 0

    @property
    def whole(self) -> bool:
        """Whether all of both was read and compared."""
        return not (self.unread_one or self.unread_other or self.counts.get(Outcome.UNREAD))
