"""From a PDF object to its bytes in the file: through the cross-reference table, also inside object streams."""

import hashlib
import re
from collections import Counter
from typing import NamedTuple

import pikepdf

from forensics.model.byte_sources import ByteSource
from forensics.model.locations import Step, StepKind
from forensics.parsers._gathering import Layer, Raw
from forensics.parsers.document._pdf_objects import (
    WINDOW,
    Token,
    Unlocated,
    dictionary,
    next_token,
    object_start,
    stream_start,
)
from forensics.replay.decoders import unzlib

ObjectId = tuple[int, int]

FAULTS = (
    pikepdf.PikepdfError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What pikepdf lets out on broken files."""


_NUMBER = re.compile(rb"\d{1,10}").fullmatch


class _Spot(NamedTuple):
    """Bytes in which an object's value starts at ``start``."""

    layer: Layer
    start: int


class _Packed(NamedTuple):
    """An object stream: its layer, and where in it each object of an unambiguous number starts."""

    layer: Layer
    starts: dict[int, int]


class _Entries(NamedTuple):
    """The values of one dictionary object."""

    layer: Layer
    tokens: dict[bytes, Token]


class Places:
    """Names the bytes of objects of one document."""

    def __init__(self, source: ByteSource, pdf: pikepdf.Pdf) -> None:
        self._source = source
        self._pdf = pdf
        head = source.read(0, 1024).find(b"%PDF-")
        self._shift = max(0, head)
        self._streams: dict[int, _Packed | None] = {}
        self._dictionaries: dict[ObjectId, _Entries | None] = {}
        try:
            self._table = pdf.get_xref_table()
        except FAULTS:
            self._table = {}

    def string(self, holder: ObjectId, key: bytes, expected: bytes) -> Raw | None:
        """Return the bytes of a string in a dictionary object, or ``None`` if they cannot be named for certain."""
        if holder not in self._dictionaries:
            self._dictionaries[holder] = self._entries(holder)
        found = self._dictionaries[holder]
        token = found.tokens.get(key) if found else None
        if found is None or token is None or token.kind != "string" or token.value != expected:
            return None
        return found.layer.cut((token.start, token.end), "")

    def whole_string(self, identity: ObjectId, expected: bytes) -> Raw | None:
        """Return the bytes of an object that is a string."""
        try:
            spot = self._spot(identity)
            token = next_token(spot.layer.data, spot.start)
        except Unlocated:
            return None
        if token.kind != "string" or token.value != expected:
            return None
        return spot.layer.cut((token.start, token.end), "")

    def stream(self, identity: ObjectId, stored: bytes, decoded: bytes) -> Layer:
        """Return the layer of a stream's decoded data; not located if its bytes cannot be named for certain."""
        nowhere = Layer(decoded, located=False)
        try:
            span = self._stream_span(identity, stored)
        except Unlocated:
            return nowhere
        if stored == decoded:
            return Layer(decoded, base=span[0])
        if b"".join(unzlib([stored])) != decoded:
            return nowhere
        return Layer(decoded, steps=(_inflated(identity, span, decoded),))

    def _stream_span(self, identity: ObjectId, stored: bytes) -> tuple[int, int]:
        spot = self._spot(identity)
        if spot.layer.steps:
            raise Unlocated
        start = spot.layer.base + stream_start(spot.layer.data, dictionary(spot.layer.data, spot.start)[1])
        if self._source.read(start, start + len(stored)) != stored:
            raise Unlocated
        return start, start + len(stored)

    def _entries(self, holder: ObjectId) -> _Entries | None:
        try:
            spot = self._spot(holder)
            return _Entries(spot.layer, dictionary(spot.layer.data, spot.start)[0])
        except Unlocated:
            return None

    def _spot(self, identity: ObjectId) -> _Spot:
        entry = self._table.get(identity)
        if entry is None:
            raise Unlocated
        if entry.type == 1 and entry.offset is not None:
            return self._plain(identity, entry.offset)
        if entry.type == 2 and entry.obj_stream_number is not None:
            return self._packed(identity[0], entry.obj_stream_number)
        raise Unlocated

    def _plain(self, identity: ObjectId, offset: int) -> _Spot:
        for start in sorted({offset, offset + self._shift}):
            window = self._source.read(start, start + WINDOW)
            try:
                return _Spot(Layer(window, base=start), object_start(window, 0, *identity))
            except Unlocated:
                continue
        raise Unlocated

    def _packed(self, number: int, stream_number: int) -> _Spot:
        if stream_number not in self._streams:
            self._streams[stream_number] = self._object_stream(stream_number)
        packed = self._streams[stream_number]
        if packed is None or number not in packed.starts:
            raise Unlocated
        return _Spot(packed.layer, packed.starts[number])

    def _object_stream(self, number: int) -> _Packed | None:
        try:
            stream = self._pdf.get_object((number, 0))
            stored, decoded = stream.read_raw_bytes(), stream.read_bytes()
            first = int(stream["/First"])
        except FAULTS:
            return None
        layer = self.stream((number, 0), stored, decoded)
        return _Packed(layer, _starts(decoded[:first].split(), first)) if layer.located else None


def _starts(head: list[bytes], first: int) -> dict[int, int]:
    """Return where the objects of an object stream start, by number; one that stands twice is left out."""
    pairs = [(int(a), int(b)) for a, b in zip(head[::2], head[1::2], strict=False) if _NUMBER(a) and _NUMBER(b)]
    counted = Counter([number for number, _ in pairs])
    return {number: first + offset for number, offset in pairs if counted[number] == 1}


def _inflated(identity: ObjectId, span: tuple[int, int], decoded: bytes) -> Step:
    return Step(
        kind=StepKind.STREAM,
        name=f"{identity[0]} {identity[1]} R",
        start=span[0],
        end=span[1],
        decoder="zlib/1",
        sha256=hashlib.sha256(decoded).hexdigest(),
    )
