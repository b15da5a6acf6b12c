"""What a parser says must stand where it says: every fact's bytes are at its place, and no two times have one place."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from forensics.errors import ForensicsError
from forensics.intake.windows import RangeBytes
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.documents import ArchiveFacts, DocumentFacts
from forensics.model.locations import Locator, Step
from forensics.parsers import decoders
from forensics.replay.decoders import decode_range

_ENCODED = "pst:node"
"""Blocks of a store are encoded, so that the bytes at the place of a value are not the value's."""
_LAYERS = 20
"""Of one item, so many inner layers are decoded for the facts in them; a message has one for each of its streams."""


class Places:
    """Compares facts of one item with its bytes.

    Args:
        source: the item.
        passwords: that open what is encrypted in it.
    """

    def __init__(self, source: ByteSource, passwords: tuple[bytes, ...]) -> None:
        self._passwords = passwords
        self._layers: dict[tuple[Step, ...], ByteSource | None] = {(): source}

    def check(self, found: object) -> None:
        """Compare all that a parser yielded as one.

        Raises:
            AssertionError: something stands elsewhere, or two times are told by one path.
        """
        for one in _located(found):
            self._compare(one)
        if isinstance(found, ArchiveFacts | DocumentFacts):
            members = found.members if isinstance(found, ArchiveFacts) else ()
            stamps = (*found.timestamps, *[stamp for member in members for stamp in member.times])
            paths = Counter([stamp.locator.path for stamp in stamps])
            assert not paths or max(paths.values()) == 1, paths.most_common(1)

    def _compare(self, one: Any) -> None:
        locator: Locator = one.locator
        layer = self._layer(locator.steps)
        for start, end in locator.ranges:
            assert 0 <= start <= end and (layer is None or end <= layer.size), one
        raw = getattr(one, "raw", b"")
        if layer is not None and raw and locator.ranges and not locator.path.startswith(_ENCODED):
            stands = b"".join([layer.read(start, end) for start, end in locator.ranges])
            assert stands.startswith(raw), one

    def _layer(self, steps: tuple[Step, ...]) -> ByteSource | None:
        if steps not in self._layers:
            self._layers[steps] = self._decoded(steps) if len(self._layers) < _LAYERS else None
        return self._layers[steps]

    def _decoded(self, steps: tuple[Step, ...]) -> ByteSource:
        layer = self._layers[()]
        assert layer is not None
        for step in steps:
            assert 0 <= step.start <= step.end <= layer.size, step
            try:
                layer = decoded(layer, step, self._passwords)
            except ForensicsError as error:
                raise AssertionError(f"{error!r}: {step} cannot be decoded again") from error
        return layer


def decoded(layer: ByteSource, step: Step, passwords: tuple[bytes, ...]) -> ByteSource:
    """Return what a step gives."""
    if step.decoder == "copy/1":
        return RangeBytes(layer, step.start, step.end)
    return MemoryBytes(b"".join(decode_range(decoders(), step.decoder, layer, step.start, step.end, passwords)))


def _located(found: object) -> Iterator[Any]:
    """Yield everything in a value that has a place."""
    if isinstance(found, Sequence) and not isinstance(found, str | bytes):  # members may be made when asked for
        for one in found:
            yield from _located(one)
    elif isinstance(found, msgspec.Struct) and not isinstance(found, Locator | Step):
        if isinstance(getattr(found, "locator", None), Locator):
            yield found
        for name in found.__struct_fields__:
            yield from _located(getattr(found, name))
