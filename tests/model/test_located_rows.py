"""Located values in rows: nothing is lost but what a row does not quote."""

import re
import sys
from collections.abc import Iterator

import msgspec
import pytest

from forensics.model import documents, facts, mail
from forensics.model.facts import ABSENT, Located
from forensics.model.locations import Locator, Step, StepKind
from forensics.model.rows import TABLES
from forensics.model.rows.located import LocatedRow, located, row_of

STEPS = (Step(kind=StepKind.ZIP_MEMBER, name="core.xml", start=3, end=9, decoder="deflate/1"),)
PLACES = (
    Locator(ranges=((5, 8),), path="header:Subject[0]"),
    Locator(ranges=((5, 7), (9, 10)), path="pdf:5 0 R/Author"),
    Locator(ranges=((0, 3),), path="xml:core.xml#dc:creator", steps=STEPS),
    Locator(path="mapi:0x0037001F"),
)


@pytest.mark.parametrize("place", PLACES)
def test_a_located_value_comes_back(place: Locator) -> None:
    fact = Located("é", b"\xffAB", place)
    assert located(row_of(fact)) == located(row_of(fact, 3)) == fact


def test_what_is_absent_has_no_place() -> None:
    assert row_of(ABSENT) == LocatedRow("")
    assert located(LocatedRow("")) == ABSENT


@pytest.mark.parametrize("place", PLACES)
def test_of_a_longer_value_the_first_bytes_and_their_range_stand_in_the_row(place: Locator) -> None:
    cut = located(row_of(Located("é", b"\xffAB", place), 1))
    assert (cut.value, cut.raw, cut.locator.path) == ("é", b"\xff", place.path)
    assert cut.locator.ranges == tuple([(start, start + 1) for start, _ in place.ranges[:1]])


LOOSE = re.compile(r"\w+_(?:raw|start|end|path)")


def structs() -> Iterator[type[msgspec.Struct]]:
    """Every struct of facts and of rows."""
    modules = (facts, mail, documents, *[sys.modules[row.__module__] for row in TABLES.values()])
    for module in modules:
        yield from [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, msgspec.Struct)]


@pytest.mark.parametrize("struct", sorted(set(structs()), key=str))
def test_no_value_has_its_bytes_or_its_place_in_fields_beside_it(struct: type[msgspec.Struct]) -> None:
    places_of_containers = {"body_start", "header_start"}
    loose = {name for name in struct.__struct_fields__ if LOOSE.fullmatch(name)}
    assert loose <= places_of_containers
