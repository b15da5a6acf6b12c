"""A stored message laid out as one text in memory, for the readers of mail: its header, then what else is read.

Each piece knows the property that it was made of, so that facts find the way back: as bytes of the item, as bytes of
what steps make of them, or as the property's name alone.
"""

from hashlib import sha256
from typing import NamedTuple

import msgspec

from forensics.model.locations import Locator, Step, StepKind
from forensics.model.mail import HeaderField
from forensics.parsers.mail.mapi.properties import Property
from forensics.parsers.mail.mapi.values import STRING, data_of
from forensics.parsers.mail.placing import Placing
from forensics.replay.decoders import DECODERS

_PLAIN, _WIDE = "copy/1", "utf-16le/1"


class Text(NamedTuple):
    """The bytes of a text, and how one comes to them."""

    data: bytes
    steps: tuple[Step, ...] | None
    """Below the item; ``None``: their place cannot be named."""
    start: int
    """Where they begin in the item, or in the output of the steps."""


def text_bytes(found: Property, most: int, *, own_layer: bool = False) -> Text:
    """Return a text in bytes of ASCII or of its charset: of a text of 16-bit units as UTF-8.

    Args:
        found: the property.
        most: bytes of it that are read.
        own_layer: whether bytes that need no decoding are a layer of their own all the same.
    """
    raw = data_of(found, most)
    wide = found.type == STRING
    data = DECODERS[_WIDE].whole(raw) if wide else raw
    ranges, steps = found.locator.ranges, found.locator.steps
    if len(ranges) != 1:
        return Text(data, None, 0)
    start = ranges[0][0]
    if not wide and not own_layer:
        return Text(data, steps, start)
    step = Step(
        kind=StepKind.STREAM,
        name=found.locator.path,
        start=start,
        end=start + len(raw),
        decoder=_WIDE if wide else _PLAIN,
        sha256=sha256(data).hexdigest(),
    )
    return Text(data, (*steps, step), 0)


class _Region(NamedTuple):
    start: int
    end: int
    steps: tuple[Step, ...] | None
    shift: int
    label: str
    """What paths of its facts begin with."""
    path: str
    """What they are to begin with."""


class LaidOut(Placing):
    """Pieces one behind the other."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._regions: list[_Region] = []
        self.size = 0

    def add(self, text: Text, label: str = "", path: str = "") -> int:
        """Add a piece and return where it begins.

        Args:
            text: its bytes and their place.
            label: what paths of facts in it begin with.
            path: what stands there instead, once they are placed.
        """
        start, end = self.size, self.size + len(text.data)
        self._pieces.append(text.data)
        self._regions.append(_Region(start, end, text.steps, text.start - start, label, path))
        self.size = end
        return start

    @property
    def data(self) -> bytes:
        """All pieces."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def locator(self, found: Locator) -> Locator:
        """Return a place in the item; of one that reaches over several pieces the path alone."""
        if not found.ranges:
            return found
        first, last = found.ranges[0][0], found.ranges[-1][1]
        for start, end, steps, shift, label, path in self._regions:
            if start <= first and last <= end:
                named = found.path
                if label and named.startswith(label):
                    named = path + named[len(label) :]
                if steps is None:
                    return Locator(path=named)
                if len(found.ranges) == 1:
                    return Locator(ranges=((first + shift, last + shift),), path=named, steps=steps)
                ranges = tuple([(one + shift, other + shift) for one, other in found.ranges])
                return Locator(ranges=ranges, path=named, steps=steps)
        return Locator(path=found.path)

    def field(self, found: HeaderField) -> HeaderField:
        """Return a header field in the layer of its header."""
        region = self._regions[0]
        return msgspec.structs.replace(found, start=found.start + region.shift, steps=region.steps or ())
