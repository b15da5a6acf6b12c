"""What the desk and its parent say to each other: MessagePack in frames of limited length.

The parent takes nothing on trust: the desk has read hostile bytes. It is told what it is to read once, at its start,
and is then asked about items. To each it answers in pieces and a last piece, or says why it cannot; what the pieces
make is decoded as the one form that was asked for, and anything else ends the process.
"""

import struct
from collections.abc import Sequence
from enum import IntEnum
from typing import Annotated, Literal

import msgspec

from forensics.errors import (
    ForensicsError,
    IntakeError,
    IntegrityError,
    LimitExceeded,
    Locked,
    Malformed,
    NoText,
    NotRead,
    ParseError,
    PasswordNeeded,
    Truncated,
    WrongFormat,
)
from forensics.model.comparing import Comparison
from forensics.model.items import Limits
from forensics.model.locations import Location, Locator
from forensics.model.mail import HeaderField
from forensics.model.summary import ItemFacts
from forensics.model.texts import TextPart

FRAME_BYTES = 1 << 20
"""The longest piece."""
ANSWER_BYTES = 200_000_000
"""The most that is taken of an answer other than bytes, which are as many as the item has."""
WORDS = 2_000
"""Characters of a reason."""
ASKED = struct.Struct(">I")
"""Before each message to the desk: its length."""
ANSWERED = struct.Struct(">BI")
"""Before each frame of the desk: what it is, and its length."""


Kind = Literal["bytes", "headers", "texts", "difference"]
"""What is wanted of an item."""


class Mark(IntEnum):
    """What a frame is."""

    PIECE = 1
    """More comes; never empty."""
    LAST = 2
    """The end of an answer, which may be all of it."""
    FAILED = 3
    """There is none, or no more of it."""


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """First message to a desk."""

    roots: dict[str, bytes]
    """Label of a source to the path where it lies."""
    limits: Limits
    passwords: tuple[bytes, ...]
    spool: bytes | None
    """Folder for layers that are larger than memory; the system's where ``None``."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """An item to be read, as the tables know it."""

    sha256: str
    """Empty where it was never read: then it cannot be read again."""
    size: int
    places: tuple[Location, ...]
    """Where it stands; the first place that still has its bytes gives them."""
    parser: str = ""
    """``id/version`` of what read it; empty: nothing did."""
    media_type: str = ""

    @classmethod
    def of(cls, facts: ItemFacts) -> "Wanted":
        """Return what is asked for an item."""
        return cls(
            sha256=facts.ref.sha256,
            size=facts.size,
            places=facts.occurrences,
            parser=facts.parser,
            media_type=facts.media_type,
        )

    @property
    def text(self) -> str:
        """Its first place, or its digest, for people."""
        return self.places[0].text if self.places else self.sha256[:16]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Every further message: the items are answered one after the other."""

    kind: Kind
    items: tuple[Wanted, ...]
    start: int = 0
    """First byte that is wanted, with ``bytes``."""
    end: int = 0
    """Byte after the last."""
    other: Wanted | None = None
    """What the item is compared with, with ``difference``."""


class Ready(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """First answer of a desk, before it has seen any evidence."""

    confinement: dict[Annotated[str, msgspec.Meta(max_length=100)], Annotated[str, msgspec.Meta(max_length=200)]]
    """Measure to what came of it."""


class Failed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an item was not answered."""

    code: Annotated[str, msgspec.Meta(max_length=40)]
    """Of an error of ours; any other is taken as a fault of the desk."""
    text: Annotated[str, msgspec.Meta(max_length=WORDS)]
    offset: int | None = None
    """Of an error of a parser."""

    @classmethod
    def by(cls, error: ForensicsError) -> "Failed":
        """Return what is said of an error."""
        offset = error.offset if isinstance(error, ParseError) else None
        return cls(code=error.code, text=str(error)[:WORDS], offset=offset)

    def error(self, wanted: Wanted) -> ForensicsError:
        """Return the error that was met; its words come from a process that has read hostile bytes."""
        text = self.text if self.text.isascii() and self.text.isprintable() else ascii(self.text)[1:-1]
        kind = _ERRORS.get(self.code)
        if kind is None:
            return NotRead(f"{wanted.text} could not be read: {text}")
        return kind(text, self.offset) if issubclass(kind, ParseError) else kind(text)


_KINDS: tuple[type[ForensicsError], ...] = (
    IntakeError,
    IntegrityError,
    PasswordNeeded,
    NoText,
    ParseError,
    WrongFormat,
    Malformed,
    Truncated,
    Locked,
    LimitExceeded,
)
_ERRORS = {kind.code: kind for kind in _KINDS}


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text on its way: its characters as bytes, since half of a surrogate pair is no UTF-8."""

    text: bytes
    media_type: str
    charset: str
    locator: Locator
    whole: bool
    quoted: tuple[tuple[int, int], ...]


_parts = msgspec.msgpack.Decoder(tuple[_Part, ...])
_comparison = msgspec.msgpack.Decoder(Comparison)
_fields = msgspec.msgpack.Decoder(tuple[HeaderField, ...])


def pack_texts(parts: Sequence[TextPart]) -> bytes:
    """Return texts as they travel."""
    return msgspec.msgpack.encode(
        [
            _Part(
                text=part.text.encode("utf-8", "surrogatepass"),
                media_type=part.media_type,
                charset=part.charset,
                locator=part.locator,
                whole=part.whole,
                quoted=part.quoted,
            )
            for part in parts
        ]
    )


def unpack_texts(wanted: Wanted, raw: bytes) -> tuple[TextPart, ...]:
    """Return the texts of an item.

    Raises:
        ValueError: these are none, or they lie outside the item.
    """
    texts = []
    for part in _parts.decode(raw):
        text = part.text.decode("utf-8", "surrogatepass")
        _inside(wanted.size, part.locator.ranges)
        _inside(len(text), part.quoted)
        texts.append(
            TextPart(
                text=text,
                media_type=part.media_type,
                charset=part.charset,
                locator=part.locator,
                whole=part.whole,
                quoted=part.quoted,
            )
        )
    return tuple(texts)


def unpack_headers(wanted: Wanted, raw: bytes) -> tuple[HeaderField, ...]:
    """Return the header fields of an item.

    Raises:
        ValueError: these are none, or they lie outside the item.
    """
    fields = _fields.decode(raw)
    _inside(wanted.size, [(field.start, field.end) for field in fields])
    return fields


def unpack_difference(_: Wanted, raw: bytes) -> Comparison:
    """Return what differs between two items.

    Raises:
        ValueError: this is none.
    """
    return _comparison.decode(raw)


def _inside(size: int, ranges: Sequence[tuple[int, int]]) -> None:
    for start, end in ranges:
        if not 0 <= start <= end <= size:
            raise ValueError("a place outside")
