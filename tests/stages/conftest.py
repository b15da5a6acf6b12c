"""Rules, observations, rates and a small archive for the tests of grading; all invented."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb
import msgspec
import pytest

from forensics.checks import settle
from forensics.knowledge.rates import RateRow
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import Sentence
from forensics.stages.grading.strength import ReferenceRates
from forensics.stages.observed import Observed

TABLES = """
CREATE TABLE messages (sha256 VARCHAR, mask BIGINT, from_address VARCHAR,
    client STRUCT(value VARCHAR), list_id VARCHAR,
    first_hop VARCHAR, arrived BIGINT, "date" STRUCT(instant BIGINT, wall BIGINT),
    hops STRUCT("by" VARCHAR, instant BIGINT)[], timestamps STRUCT(path VARCHAR, instant BIGINT, wall BIGINT)[]);
CREATE TABLE documents (sha256 VARCHAR, format VARCHAR, mask BIGINT, author STRUCT(value VARCHAR), application VARCHAR,
    created STRUCT(instant BIGINT, wall BIGINT), modified STRUCT(instant BIGINT, wall BIGINT));
CREATE TABLE archives (sha256 VARCHAR, format VARCHAR, mask BIGINT);
CREATE TABLE contents (sha256 VARCHAR, parser VARCHAR);
CREATE TABLE occurrences (sha256 VARCHAR, location VARCHAR, mask BIGINT, message_sha256 VARCHAR, source VARCHAR);
CREATE TABLE counterparts (sha256 VARCHAR, outcome VARCHAR);
CREATE TABLE threads (sha256 VARCHAR, number INTEGER, parent INTEGER, "by" VARCHAR[]);
CREATE TABLE keys ("key" VARCHAR, obtained VARCHAR);
CREATE TABLE signatures (sha256 VARCHAR, kind VARCHAR DEFAULT 'dkim', index INTEGER DEFAULT 0, signed_fields VARCHAR[],
    "domain" VARCHAR DEFAULT 'office.example', "key" VARCHAR DEFAULT 'k', header_holds BOOLEAN DEFAULT true,
    body_holds BOOLEAN DEFAULT true, limits VARCHAR[] DEFAULT [], "time" BIGINT);
CREATE VIEW message_masks AS SELECT sha256, mask FROM messages;
CREATE VIEW document_masks AS SELECT sha256, mask FROM documents;
CREATE SCHEMA flat;
CREATE VIEW flat.items AS SELECT (row_number() OVER (ORDER BY sha256))::INTEGER AS item, sha256
    FROM (SELECT sha256 FROM messages UNION SELECT sha256 FROM documents);
CREATE VIEW flat.mails AS SELECT item, mask, lower(from_address) AS sender, client.value AS client, list_id,
    lower(first_hop) AS first_hop, "date".instant AS instant FROM messages JOIN flat.items USING (sha256);
CREATE VIEW flat.judged AS SELECT item, kind, index, "domain", "key", header_holds, body_holds, limits
    FROM signatures JOIN flat.items USING (sha256);
CREATE VIEW flat.hops AS SELECT item, place, lower(hop."by") AS host, hop.instant AS instant
    FROM (SELECT sha256, unnest(hops) AS hop, generate_subscripts(hops, 1) AS place FROM messages)
    JOIN flat.items USING (sha256);
"""


class Archive:
    """Tables in memory, with the `Rows` that grading asks for."""

    def __init__(self) -> None:
        self.database = duckdb.connect()
        self.database.execute(TABLES)

    def add(self, table: str, **values: object) -> None:
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(f"${name}" for name in values)
        self.database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)

    def rows(self, sql: str, parameters: Mapping[str, object], kind: type[Any], /) -> Iterator[Any]:
        cursor = self.database.cursor().execute(sql, dict(parameters))
        names = [column[0] for column in cursor.description]
        while (row := cursor.fetchone()) is not None:
            yield msgspec.convert(dict(zip(names, row, strict=True)), kind)


@pytest.fixture
def archive() -> Iterator[Archive]:
    made = Archive()
    yield made
    made.database.close()


def _place(sha256: str, path: str = "") -> Location:
    name = path or f"leak/{sha256}.eml"
    return Location((Step(kind=StepKind.FILE, name=name, start=0, end=9, sha256=sha256, source="leak"),))


@pytest.fixture
def place() -> Callable[..., Location]:
    return _place


@pytest.fixture
def make_rule() -> Callable[..., Rule]:
    def make(name: str = "mail.test", **changes: object) -> Rule:
        settings: dict[str, Any] = {
            "id": name,
            "version": 1,
            "title": "A rule for tests",
            "subject": Subject.MESSAGE,
            "needs": MessageHas.DATE,
            "bins": (),
            "group": "date",
            "proposition": Proposition.BACKDATED,
            "ceiling": Strength.STRONG,
            "benign": (),
            "settle": settle.RELAYS,
            "references": ("RFC 5322 3.3",),
        }
        return Rule(**{**settings, **changes})

    return make


@pytest.fixture
def observe() -> Callable[..., Observed]:
    def make(
        rule: Rule,
        *items: str,
        role: Role = Role.SUSPECT,
        bin: str = "off",
        suspect: str = "header:Date[0]",
        benign: Sequence[BenignState] = (),
        cluster: str = "",
        compare: str = "",
        says: str = "",
        start: int = 0,
    ) -> Observed:
        fact = Evidence(
            role=role,
            label="Date",
            value="x",
            raw=b"x\xe9",
            locator=Locator(ranges=((start, start + 2),), path="header:Date[0]"),
        )
        observation = Observation(
            sentence=Sentence("cluster.coverage_label", {"format": says or rule.id}),
            bin=bin,
            evidence=(fact,),
            suspect=suspect,
            subjects=tuple([SubjectRef(role=role, sha256=item, location=_place(item)) for item in items]),
            benign=tuple(benign),
            cluster=cluster,
            compare=compare,
        )
        return Observed(rule=rule, observation=observation)

    return make


@pytest.fixture
def make_rates() -> Callable[..., ReferenceRates]:
    """Rates from ``(rule, bin) -> (hits, n)``, one corpus, any era and route."""

    def make(counts: Mapping[tuple[str, str], tuple[int, int]]) -> ReferenceRates:
        def rows_of(rule: str, version: int) -> Iterable[RateRow]:
            return [
                RateRow(name, version, bin_name, "C", "any", "any", hits, n)
                for (name, bin_name), (hits, n) in counts.items()
                if name == rule
            ]

        return ReferenceRates(lambda rule, version: tuple(rows_of(rule, version)))

    return make
