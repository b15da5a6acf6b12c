"""Births of what documents show."""

import pytest

from forensics.knowledge.births import character_births, day_of
from forensics.knowledge.document_births import births, build_born, namespace_born
from forensics.knowledge.make_excel_builds import builds

PRODUCT = "Microsoft 365 Apps (Outlook for Windows)"


@pytest.mark.parametrize(
    ("name", "born"),
    [
        ("/word/2018/wordml/cex", "2018-01-01"),
        ("/spreadsheetml/2010/11/ac", "2010-11-01"),
        ("/drawing/2015/9/8/chartex", "2015-09-08"),
        ("/webextensions/webextension/2010/11", "2010-11-01"),
    ],
)
def test_namespaces_by_their_names(name: str, born: str) -> None:
    assert namespace_born(name) == day_of(born)


def test_a_namespace_without_a_time() -> None:
    assert namespace_born("/office/thememl/main") == 0


def test_builds_between_those_of_the_list() -> None:
    assert build_born(23530) == day_of("2021-01-05")
    assert build_born(23531) == build_born(23530)
    assert (build_born(14420), build_born(10526), build_born(99999), build_born(0)) == (0, 0, 0, 0)


def test_builds_never_go_back_in_time() -> None:
    born = [build_born(10_000 + number) for number in range(7571, 20_228)]
    assert born == sorted(born) and born[0] > 0


def test_a_slip_of_the_list_is_left_out() -> None:
    def row(build: int, day: str, product: str = PRODUCT) -> dict[str, str]:
        return {"product": product, "build": f"16.0.{build}.20000", "release_date": day}

    rows = [row(8000 + number, f"2018-01-{number + 1:02}") for number in range(9)]
    found = builds(
        [*rows, row(8100, "2017-01-01"), row(8200, "2018-03-01"), row(8001, "2018-02-01"), row(6000, "2017-01-01")]
    )
    assert 8100 not in found and 6000 not in found
    assert (found[8001], found[8200]) == ("2018-01-02", "2018-03-01")


def test_every_kind_has_births() -> None:
    assert births("font")["Calibri"].slack_days == 730
    assert all(births(kind) for kind in ("font", "theme", "feature", "function"))


def test_a_character_is_as_old_as_unicode_has_it() -> None:
    born = character_births()
    assert born[0x1F984] == day_of("2015-06-17")
    assert 0x1F600 not in born  # of 2012, and an emoji from 2015 on
