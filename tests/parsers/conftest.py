"""What tests of several parsers use."""

import hashlib
from collections.abc import Callable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import ChildItem
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.replay.decoders import DECODERS, decode_range


def _replayed(data: bytes, steps: tuple[Step, ...]) -> bytes:
    for step in steps:
        data = b"".join(decode_range(DECODERS, step.decoder, MemoryBytes(data), step.start, step.end))
        assert hashlib.sha256(data).hexdigest() == step.sha256
    return data


@pytest.fixture
def where() -> Location:
    """The location of a made-up file."""
    return Location((Step(kind=StepKind.FILE, name="item", start=0, end=0, source="leak"),))


@pytest.fixture
def located() -> Callable[[bytes, DocumentFacts], tuple[int, int]]:
    """Replay every locator of a document and compare with the raw bytes; gives how many have ranges, of how many."""

    def check(data: bytes, facts: DocumentFacts) -> tuple[int, int]:
        everything = (*facts.properties, *facts.timestamps)
        paths = [fact.locator.path for fact in everything]
        assert len(set(paths)) == len(paths)
        ranged = [fact for fact in everything if fact.locator.ranges]
        for fact in ranged:
            layer = _replayed(data, fact.locator.steps)
            assert b"".join(layer[start:end] for start, end in fact.locator.ranges) == fact.raw, fact.locator
        # What is worked out over a whole (a count) has no bytes of its own, and so no range.
        return len(ranged), len([fact for fact in everything if fact.raw or fact.locator.ranges])

    return check


@pytest.fixture
def quoted() -> Callable[[bytes, Locator], bytes]:
    """Return the bytes that a locator names."""

    def read(data: bytes, locator: Locator) -> bytes:
        layer = _replayed(data, locator.steps)
        return b"".join(layer[start:end] for start, end in locator.ranges)

    return read


@pytest.fixture
def replayed_child() -> Callable[[bytes, ChildItem], bytes]:
    """Return what a child item's own step gives, after checking its digest."""
    return lambda data, child: _replayed(data, (*child.outer, child.step))
