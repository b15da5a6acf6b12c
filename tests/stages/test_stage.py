import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import duckdb
import msgspec
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
        for n, one in enumerate(stored, start=1):
            row = observations.row_of(one.rule, one.observation, one.main.sha256, one.main.location)
            yield row if kind is type(row) else kind(n=n, rule=row.rule, sha256=row.sha256)

    tables = Tables(rows)
    first = tables.outlined()
    assert tables.outlined() is first
    stored.append(observe(WEEKDAY, "b"))
    tables.renewed(["findings"])
    assert tables.outlined() is first
    tables.renewed(["observations", "notices"])
    assert [one.main.sha256 for one in tables.outlined()[0]] == ["a", "b"]


def test_stored_observations_come_by_rule_item_place_and_text() -> None:
    given = [(rule, sha256, path, text) for rule in "ab" for sha256 in "12" for path in "xy" for text in "mn"]
    rows = [
        observations.ObservationRow(
            rule=rule, rule_version=1, bin="", sha256=sha256, location=path, cluster="", compare="", observation=text
        )
        for rule, sha256, path, text in given
    ]
    database = duckdb.connect()
    database.execute(
        "CREATE TABLE observations AS SELECT '' AS rule, 0 AS rule_version, '' AS bin, '' AS sha256, "
        "'' AS location, '' AS \"cluster\", '' AS compare, '' AS observation LIMIT 0"
    )
    for row in random.Random(7).sample(rows, len(rows)):
        database.execute("INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?)", list(msgspec.structs.astuple(row)))

    def asked(sql: str, parameters: Mapping[str, object], kind: type[Any], /) -> Iterator[Any]:
        return (kind(**dict(zip(kind.__struct_fields__, row, strict=True))) for row in database.execute(sql).fetchall())

    tables = Tables(asked)
    assert list(tables.stored()) == rows == list(tables.stored())


def test_settings_that_a_stage_does_not_take_are_not_seen() -> None:
    given = Settings(as_of=7, leave_out=("L2",))
    assert given.only(("as_of",)) == Settings(as_of=7)
    assert given.only(("as_of",)).context.as_of == 7


def test_a_stage_that_is_none() -> None:
    with pytest.raises(CheckError):
        load("grading")
