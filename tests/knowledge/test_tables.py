import time
import tomllib
from importlib import resources

import pytest

from forensics.errors import KnowledgeError
from forensics.examples.times import ticks
from forensics.knowledge import benign, constants, types
from forensics.knowledge.sentences import catalogue, text


@pytest.mark.parametrize(
    "name", ["benign.toml", "births.toml", "constants.toml", "offsets.toml", "rates.toml", "types.toml"]
)
def test_table_names_source_edition_and_licence(name: str) -> None:
    table = tomllib.loads(resources.files("forensics.knowledge").joinpath(name).read_text(encoding="utf-8"))
    assert {"source", "edition", "licence"} <= set(table)


def test_causes_load_fast_and_are_worded() -> None:
    catalogue("en")
    benign.causes.cache_clear()
    start = time.process_time()
    found = benign.causes()
    assert time.process_time() - start < 0.05
    for cause in found.values():
        assert cause.title[0].islower()
        assert cause.wording.endswith(".") and cause.settle.endswith(".")
        assert not {"forged", "fake", "tampered"} & set(cause.wording.lower().split())


def test_observations_never_accuse() -> None:
    for key, template in catalogue("en").items():
        if key.startswith(("rule.", "note.")):
            assert not {"forged", "fake", "tampered", "manipulated"} & set(template.lower().split()), key


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KnowledgeError):
        catalogue("xx")
    assert text("benign.clock_skew")


def test_families() -> None:
    assert types.family("image/PNG; x=1") == "image"
    assert types.family("application/octet-stream") == ""
    assert ("image", "executable") in types.types().disguises
    assert ("image", "image") not in types.types().disguises


def test_constants() -> None:
    assert constants.is_template_time(ticks("2006-09-16T00:00:00Z"))
    assert constants.is_library_time(ticks("2013-12-23T23:15:00Z"))
    assert not constants.is_library_time(ticks("2017-03-06T10:00:00Z"))
