"""Where an item sits (a replayable chain of steps) and where in it a fact stands."""

import re
from enum import StrEnum

import msgspec

BETWEEN = " > "
"""Stands between the steps of a location in its text."""


class StepKind(StrEnum):
    """Kinds of steps from a source down to an item; closed, part of the JSON contract."""

    FILE = "file"
    ZIP_MEMBER = "zip"
    MBOX_MESSAGE = "mbox"
    UNQUOTED = "unquoted"
    MIME_PART = "part"
    STREAM = "stream"
    MEMBER = "member"
    """Of an archive that is no zip: tar, 7z, RAR, cab, ISO 9660."""
    NODE = "node"
    """An item of a store, named by its folders and its number."""


_NAMED = (StepKind.FILE, StepKind.ZIP_MEMBER, StepKind.MEMBER, StepKind.NODE)


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One replayable step: bytes ``start:end`` of the layer above, through ``decoder``, give this layer."""

    kind: StepKind
    """What kind of layer this step enters."""
    name: str = ""
    """The container's own name for it, percent-encoded by `quote`; a part number for MIME parts."""
    index: int | None = None
    """Position in the container, from 0; ``None`` where the container is not an ordered list."""
    start: int
    """First byte of the range in the layer above."""
    end: int
    """First byte after the range in the layer above."""
    decoder: str = "copy/1"
    """``name/version`` of the decoder that turns the range into this layer (``replay/decoders.py``)."""
    sha256: str = ""
    """Digest of this layer's bytes (the decoder's output), hex; empty where it could not be decoded."""
    source: str = ""
    """Label of the source; on the first step only."""

    @property
    def text(self) -> str:
        """The step for people: a path or member name as it is, other kinds with their kind before it."""
        if self.kind in _NAMED:
            return self.name
        if self.kind is StepKind.MBOX_MESSAGE:
            return f"mbox:{self.index}"
        return f"{self.kind}:{self.name}"

    @property
    def readable(self) -> str:
        """The same with its name decoded, where that is UTF-8 that can be shown; else as `text` has it."""
        if "%" not in self.text:
            return self.text
        try:
            decoded = unquote(self.text).decode()
        except UnicodeDecodeError:
            return self.text
        return decoded if decoded.isprintable() and BETWEEN not in decoded else self.text


class Location(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A chain of steps from a source to an occurrence; it can be replayed without a parser."""

    steps: tuple[Step, ...]
    """From the outermost layer inwards; the first is a file."""

    def child(self, step: Step) -> "Location":
        """Return the location one step further in."""
        return Location((*self.steps, step))

    @property
    def text(self) -> str:
        """Steps joined by `` > ``; printable ASCII only, since names are percent-encoded."""
        return BETWEEN.join([step.text for step in self.steps])

    @property
    def readable(self) -> str:
        """The same with names decoded that can be shown as they are: no control, bidi or invisible character."""
        return BETWEEN.join([step.readable for step in self.steps])

    @property
    def source(self) -> str:
        """Label of the source."""
        return self.steps[0].source


class Locator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Where a fact stands: byte ranges in a layer, and a structured path."""

    ranges: tuple[tuple[int, int], ...] = ()
    """``(start, end)`` in the item's bytes, or in the output of ``steps``; empty where bytes cannot be named."""
    path: str = ""
    """Structured path: ``header:Date[0]``, ``xml:docProps/core.xml#dcterms:created``, ``pdf:5 0 R/ModDate``."""
    steps: tuple[Step, ...] = ()
    """Further steps below the item (a package part, a decoded body) before the ranges apply."""


_ALL_PLAIN = re.compile(rb"[ -$&-=?-~]*+").fullmatch
_PLAIN = frozenset(range(0x20, 0x7F)) - {0x25, 0x3E}


def quote(raw: bytes) -> str:
    """Percent-encode every byte outside printable ASCII, and ``%`` and ``>``; nothing is lost."""
    if _ALL_PLAIN(raw):
        return raw.decode("ascii")
    return "".join([chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in raw])


def unquote(text: str) -> bytes:
    """Undo `quote`."""
    head, *rest = text.split("%")
    return head.encode("ascii") + b"".join([bytes((int(piece[:2], 16),)) + piece[2:].encode("ascii") for piece in rest])
