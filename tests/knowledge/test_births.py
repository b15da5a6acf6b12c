from collections.abc import Callable
from typing import Any

import pytest

from forensics.knowledge import births, client_habits, zones
from forensics.knowledge.births import day_of

TABLES = (
    births.field_births,
    births.program_births,
    births.client_sightings,
    births.selector_windows,
    births.tld_births,
    births.character_births,
    births._exchange_online,
    births.word_births,
    births.trace_births,
    client_habits.programs,
    zones.zone_names,
)


@pytest.mark.parametrize("table", TABLES)
def test_tables_load_fast(table: Any, loads_fast: Callable[[Any], bool]) -> None:
    assert loads_fast(table) and table()


def test_every_word_is_found_alone_and_among_all() -> None:
    born = {word.decode("ascii"): day for word, day in births.word_births().items()}
    assert dict(births.words_in(" ".join(born))) == born and births.words_in(".com/ gmail_ //") == []
    for word, day in born.items():
        assert births.words_in(f"<a>{word}</a>") == [(word, day)]


@pytest.mark.parametrize(
    ("build", "inside"),
    [(696, "2018-04-10"), (2115, "2019-07-25"), (4173, "2021-05-20"), (6254, "2023-03-30"), (9094, "2025-09-10")],
)
def test_builds_of_exchange_online_bound_their_weeks(build: int, inside: str) -> None:
    window = births.exchange_online(build)
    assert window is not None
    assert window.first <= day_of(inside) <= window.last
    assert window.last - window.first < 120


@pytest.mark.parametrize("build", [1, 99_999])
def test_builds_outside_the_table_say_nothing(build: int) -> None:
    assert births.exchange_online(build) is None


@pytest.mark.parametrize(
    ("table", "key", "born"),
    [
        (births.field_births, "x-google-dkim-signature", "2012-03-09"),
        (births.program_births, ("iPhone Mail", "19B81"), "2021-11-17"),
        (births.tld_births, "shop", "2016-05-23"),
        (births.character_births, 0x1F947, "2016-06-21"),
        (births.character_births, 0x20BD, "2014-06-16"),
    ],
)
def test_births(table: Callable[[], dict[object, int]], key: object, born: str) -> None:
    assert table()[key] == day_of(born)


def test_signers_of_one_house_share_their_selectors() -> None:
    windows = births.selector_windows()
    assert windows["gmail.com", "20161025"] == windows["googlemail.com", "20161025"]
    assert windows["gmail.com", "20230601"].first == day_of("2023-08-30"), "a customer's mail shows it first"
    assert windows["gmail.com", "20120113"].last < windows["gmail.com", "20161025"].first


@pytest.mark.parametrize("old", ["dkim-signature", "cc", "x-ms-exchange-organization-scl", "arc-seal"])
def test_fields_older_than_their_first_sighting_are_left_out_or_drafted_then(old: str) -> None:
    assert births.field_births().get(old, day_of("2006-05-12")) == day_of("2006-05-12")
