from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from forensics import checks
from forensics.errors import CheckError
from forensics.model.rows import observations
from forensics.stages.observed import Observed
from forensics.stages.stage import Settings, Tables, load

WEEKDAY = checks.load("mail.date_weekday").RULE


def test_observations_are_decoded_once_until_they_are_written_anew(observe: Callable[..., Observed]) -> None:
    stored = [observe(WEEKDAY, "a")]

    def rows(sql: str, parameters: Mapping[str, object], kind: type[Any], /) -> Iterator[Any]:
        for one in stored:
            yield observations.row_of(one.rule, one.observation, one.main.sha256, one.main.location)

    tables = Tables(rows)
    first = tables.outlined()
    assert tables.outlined() is first
    stored.append(observe(WEEKDAY, "b"))
    tables.renewed(["findings"])
    assert tables.outlined() is first
    tables.renewed(["observations", "notices"])
    assert [one.main.sha256 for one in tables.outlined()[0]] == ["a", "b"]


def test_settings_that_a_stage_does_not_take_are_not_seen() -> None:
    given = Settings(as_of=7, leave_out=("L2",))
    assert given.only(("as_of",)) == Settings(as_of=7)
    assert given.only(("as_of",)).context.as_of == 7


def test_a_stage_that_is_none() -> None:
    with pytest.raises(CheckError):
        load("grading")
