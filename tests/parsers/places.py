"""Values with raw bytes and a place, and the bytes that stand there."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.facts import Fact, Located, Timestamp
from forensics.model.locations import Locator, Step
from forensics.model.mail import HeaderField
from forensics.parsers import decoders
from forensics.replay.decoders import decode_range

PASSWORDS = (b"password", b"passwd", b"test")
"""Those of real archives that have some."""


class Kept(NamedTuple):
    """What of a yielded value has raw bytes and a place."""

    words: str
    raw: bytes
    locator: Locator


class Layers:
    """One item's bytes, and the layers below it that steps lead to."""

    def __init__(self, source: ByteSource) -> None:
        self.source = source
        self._known: dict[tuple[Step, ...], ByteSource] = {}

    def at(self, steps: tuple[Step, ...]) -> ByteSource:
        """Return a layer below the item; every digest that a step states is checked."""
        if not steps:
            return self.source
        if steps not in self._known:
            above, step = self.at(steps[:-1]), steps[-1]
            assert 0 <= step.start <= step.end <= above.size, step
            data = b"".join(decode_range(decoders(), step.decoder, above, step.start, step.end, PASSWORDS))
            assert not step.sha256 or hashlib.sha256(data).hexdigest() == step.sha256, step
            self._known[steps] = MemoryBytes(data)
        return self._known[steps]

    def quoted(self, locator: Locator) -> bytes:
        """Return the bytes that a locator names."""
        layer = self.at(locator.steps)
        return b"".join([layer.read(start, end) for start, end in locator.ranges])


def kept(value: object) -> Iterator[Kept]:
    """Yield everything in a yielded value that has raw bytes and a place."""
    if isinstance(value, HeaderField):
        yield Kept(value.name, value.raw, value.locator(0))
    elif isinstance(value, Located | Fact | Timestamp):
        assert " object at 0x" not in value.locator.path, value.locator.path
        if value.locator.ranges and value.raw:
            yield Kept(value.locator.path, value.raw, value.locator)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from kept(getattr(value, name))
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):  # members may be made when asked for
        for one in value:
            yield from kept(one)


def misplaced(layers: Layers, value: object) -> Iterator[str]:
    """Yield in words what of a yielded value does not stand at its place."""
    for one in kept(value):
        if (there := layers.quoted(one.locator)) != one.raw:
            yield f"{one.words}: {one.raw[:40]!r}, at its place {there[:40]!r}"
