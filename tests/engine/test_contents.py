"""A rule over the whole case reads what matched again from the sources."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from forensics import ScanOptions, scan
from forensics.casestore import CaseFolder, Queries
from forensics.checks import load
from forensics.errors import IntegrityError
from forensics.model.locations import Location
from forensics.model.rules import Context, Observation, Role, SubjectRef
from forensics.model.sentences import Sentence
from forensics.stages import observe
from forensics.stages.stage import Settings, Tables, Write

pytestmark = pytest.mark.usefixtures("in_process")

MAIL = b"""\
From: A <a@a.example>
To: b@b.example
Subject: %s
Message-ID: <%s@a.example>
Date: Mon, 4 Jan 2016 10:00:00 +0000

The price is %s crowns.
"""
QUERY = """
SELECT one.sha256 AS sha256, one.location AS location, other.location AS other
FROM occurrences one JOIN occurrences other ON one.location_text < other.location_text
WHERE one.sha256 IN (SELECT sha256 FROM messages) AND other.sha256 IN (SELECT sha256 FROM messages)
ORDER BY one.location_text, other.location_text
"""


class Row(msgspec.Struct, frozen=True):
    """Two mails of the case."""

    sha256: str
    location: Location
    other: Location


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Compare the texts of two mails, which no table holds."""
    assert context.contents is not None
    for row in rows:
        texts = [context.contents.read(place).partition(b"\n\n")[2] for place in (row.location, row.other)]
        if texts[0] != texts[1]:
            yield Observation(
                sentence=Sentence("toy", {"texts": " / ".join([text.decode().strip() for text in texts])}),
                bin="differs",
                evidence=(),
                suspect="body",
                subjects=(SubjectRef(role=Role.EITHER, sha256=row.sha256, location=row.location),),
            )


RULE: Any = SimpleNamespace(RULE=load("case.body_hash").RULE, Row=Row, QUERY=QUERY, check=check)


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    (tmp_path / "leak").mkdir()
    for name, price in ((b"one", b"10"), (b"two", b"90")):
        (tmp_path / "leak" / f"{name.decode()}.eml").write_bytes(MAIL % (name, name, price))
    return tmp_path / "leak"


@pytest.fixture
def met(leak: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What came of the rule while the scan ran, and again with a source that changed meanwhile."""
    found: list[Any] = []

    def run(tables: Tables, settings: Settings, write: Write) -> None:
        assert settings.context.limits == ScanOptions().limits
        found.extend(check(tables.rows(QUERY, {}, Row), settings.context))
        (leak / "two.eml").write_bytes(MAIL % (b"two", b"two", b"10"))
        try:
            list(check(tables.rows(QUERY, {}, Row), settings.context))
        except IntegrityError as error:
            found.append(error)
        found.extend(observe.run_case_rules(tables.rows, settings.context, [RULE])[1])

    monkeypatch.setattr(observe, "run", run)
    scan([leak], tmp_path / "case", ScanOptions(jobs=1))
    return found


def test_texts_of_a_pair_are_read_again(met: list[Any]) -> None:
    assert met[0].sentence.values == {"texts": "The price is 10 crowns. / The price is 90 crowns."}


def test_a_source_that_changed_is_no_text_of_the_case(met: list[Any]) -> None:
    assert isinstance(met[1], IntegrityError)
    assert (met[2].code, "IntegrityError" in met[2].text) == ("engine.rule_fault", True)


def test_nothing_is_at_hand_without_a_source(leak: Path, tmp_path: Path) -> None:
    scan([leak], tmp_path / "case", ScanOptions(jobs=1))
    with Queries(CaseFolder.open(tmp_path / "case")) as queries:
        _, (notice,) = observe.run_case_rules(queries.rows, Settings().context, [RULE])
    assert "AssertionError" in notice.text
