"""What a fuzzer begins with is read, and is no item that is refused at once."""

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.parsers import load
from forensics.parsers.identify import identify
from tests.fuzz.reading import read_all
from tests.fuzz.seeds import SEEDS

WITHOUT_CHILDREN = {"mail.olm_items", "mail.olm_message", "mail.delivery_status", "document.ole2"}


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_is_of_its_parser(name: str) -> None:
    replayed = 0
    for data in SEEDS[name]():
        assert load(name).sniff(data[:4096], MemoryBytes(data)) or identify(data[:4096], MemoryBytes(data), b"") == name
        replayed += read_all(load(name), data)
    assert (replayed == 0) == (name in WITHOUT_CHILDREN)
