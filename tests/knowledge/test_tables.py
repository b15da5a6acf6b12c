import tomllib
from importlib import resources

import pytest

from forensics.checks import load_all
from forensics.errors import UsageError
from forensics.examples.times import ticks
from forensics.knowledge import client_habits, constants, types, zones
from forensics.knowledge.benign import CAUSES, TESTS
from forensics.knowledge.wording import Wording
from forensics.model.sentences import declared


@pytest.mark.parametrize(
    "name",
    [
        "births.toml",
        "client_habits.toml",
        "combined.toml",
        "constants.toml",
        "offsets.toml",
        "published_keys.toml",
        "rates.toml",
        "signing_platforms.toml",
        "types.toml",
        "zone_names.toml",
    ],
)
def test_table_names_source_edition_and_licence(name: str) -> None:
    table = tomllib.loads(resources.files("forensics.knowledge").joinpath(name).read_text(encoding="utf-8"))
    assert {"source", "edition", "licence"} <= set(table)


def test_causes_are_worded_and_tested_by_somebody() -> None:
    for name, cause in CAUSES.items():
        assert cause.id == name and cause.tested and set(cause.tested) <= TESTS
        assert cause.title.one[0].islower()
        assert cause.wording.one.endswith(".") and cause.settle.one.endswith(".")


def test_observations_never_accuse() -> None:
    load_all()
    for saying in declared():
        assert not {"forged", "fake", "tampered", "manipulated"} & set(f"{saying.one} {saying.many}".lower().split())


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError):
        Wording("xx")
    with pytest.raises(UsageError):
        Wording("../en")


def test_families() -> None:
    assert types.family("image/PNG; x=1") == "image"
    assert types.family("application/octet-stream") == ""
    assert ("image", "executable") in types.types().disguises
    assert ("image", "image") not in types.types().disguises


def test_constants() -> None:
    assert constants.is_template_time(ticks("2006-09-16T00:00:00Z"))
    assert constants.is_library_time(ticks("2013-12-23T23:15:00Z"))
    assert not constants.is_library_time(ticks("2017-03-06T10:00:00Z"))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"has=x-priority", "date-zone=comment"}, True),
        ({"date-zone=offset"}, False),
        ({"order=date from"}, None),
    ],
)
def test_a_habit_is_kept_broken_or_not_shown(form: set[str], expected: bool | None) -> None:
    assert client_habits.has("date-zone=comment", form) is expected
    assert client_habits.has("date-zone!=comment", form) is (None if expected is None else not expected)


def test_a_field_that_is_missing_is_a_broken_habit() -> None:
    assert client_habits.has("has=x-priority", frozenset()) is False


def test_habits_of_programs_were_counted() -> None:
    found = client_habits.programs()
    assert {"Mutt", "Gmail", "Exchange Online"} <= {program.name for program in found}
    for program in found:
        assert all(0.99 * habit.n <= habit.k <= habit.n for habit in program.habits)


def test_names_of_zones_stand_for_all_their_offsets() -> None:
    names = zones.zone_names()
    assert names["PST"] == {-28_800, 28_800} and names["CEST"] == {7_200}
    assert names["IST"] == {3_600, 7_200, 19_800}
