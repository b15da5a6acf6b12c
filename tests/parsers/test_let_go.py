"""What was read is let go when its parser ends: workers seldom look for cycles, and an item may have many megabytes."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.parsers import load
from tests.fuzz.seeds import PASSWORD, SEEDS


class Watched(MemoryBytes):
    """Bytes that a weak reference can be had of."""


@pytest.fixture
def without_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collection")
@pytest.mark.parametrize("name", SEEDS)
def test_nothing_that_was_read_holds_itself(name: str) -> None:
    parser = load(name)
    for data in SEEDS[name]():
        source = Watched(data)
        watched = weakref.ref(source)
        for found in parser.parse(source, Location(()), ParseContext(passwords=(PASSWORD,))):
            del found
        del source
        assert watched() is None
