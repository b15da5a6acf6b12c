"""Reads stores as the engine does, and replays what they give."""

import hashlib
from collections.abc import Callable, Sequence

import pytest

from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import ChildItem, Limits, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import Yielded, decoders
from forensics.parsers.store import pst
from forensics.replay.decoders import decode_range
from tests.parsers.places import Layers, misplaced

WHERE = Location((Step(kind=StepKind.FILE, name="a.pst", start=0, end=0, source="s"),))
LITTLE = ParseContext(limits=Limits(expansion=3_000_000, expansion_ratio=10))
"""A budget that stores soon use up."""


def held(content: bytes | ByteSource | None) -> bytes:
    """Return the bytes of a child."""
    assert content is not None
    return content if isinstance(content, bytes) else content.read(0, content.size)


@pytest.fixture
def read() -> Callable[[bytes], list[Yielded]]:
    """Read a store; every child is replayed by its step alone, every value stands at its place."""

    def reading(data: bytes, context: ParseContext = ParseContext()) -> list[Yielded]:  # noqa: B008  frozen
        source = MemoryBytes(data)
        found = list(pst.parse(source, WHERE, context))
        layers = Layers(source)
        for one in found:
            assert list(misplaced(layers, one)) == []
            if isinstance(one, ChildItem) and one.content is not None:
                step = one.step
                replayed = b"".join(decode_range(decoders(), step.decoder, source, step.start, step.end))
                assert replayed == held(one.content)
                assert hashlib.sha256(replayed).hexdigest() == step.sha256
        return found

    return reading


def children(found: Sequence[Yielded]) -> dict[str, ChildItem]:
    """Return children by their name."""
    named = {one.step.name: one for one in found if isinstance(one, ChildItem)}
    assert len(named) == sum(isinstance(one, ChildItem) for one in found)
    return named


def codes(found: Sequence[Yielded], *, inside: bool = False) -> list[str]:
    """Return the codes of notices on the store, or on its children."""
    if inside:
        return [notice.code for one in found if isinstance(one, ChildItem) for notice in one.notices]
    return [one.code for one in found if isinstance(one, Notice)]


def contents(found: Sequence[Yielded]) -> int:
    """Return how many children have a content."""
    return sum(isinstance(one, ChildItem) and one.content is not None for one in found)
