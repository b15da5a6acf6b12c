import sys
import typing
from pathlib import Path

import msgspec
import pytest

from forensics.casestore import CaseFolder, Queries
from forensics.errors import CaseStoreError, CheckError, OtherVersion
from forensics.model.case import CaseInfo
from forensics.model.codec import encode_text
from forensics.model.locations import Location
from forensics.model.presence.message import MessageHas
from forensics.model.rows import TABLES
from forensics.model.rows.contents import ContentRow
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.messages import PartyRow
from forensics.model.rows.notices import NoticeRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rows.set_aside import SetAsideRow
from forensics.model.rows.signatures import SignatureRow
from forensics.model.rows.times import TimeRow
from forensics.model.rows.verdicts import VerdictRow
from tests.casestore.rows import NONE, TIME, WHERE, content, message, occurrence


@pytest.fixture
def filled(case: CaseFolder, store: typing.Any) -> CaseFolder:
    store("u2", {"occurrences": [occurrence("b", [TIME, TIME])]})
    store("u1", {"occurrences": [occurrence("a", [])]})
    return case


class Placed(msgspec.Struct, frozen=True):
    sha256: str
    location: Location
    times: tuple[TimeRow, ...]


class Gathered(msgspec.Struct, frozen=True):
    n: int
    first: Location | None
    all: tuple[Location, ...]
    share: float


class Text(msgspec.Struct, frozen=True):
    text: str


def test_empty_tables_have_their_columns(case: CaseFolder) -> None:
    with Queries(case) as queries:
        for table, kind in TABLES.items():
            assert list(queries.rows(f"SELECT * FROM {table}", {}, kind)) == []
        assert queries.pairs("SELECT origin, instant FROM timestamps") == []
        assert queries.pairs("SELECT field, address FROM parties") == []


def test_typed_rows(filled: CaseFolder) -> None:
    sql = "SELECT sha256, location, times FROM occurrences ORDER BY sha256"
    with Queries(filled) as queries:
        assert list(queries.rows(sql, {}, Placed)) == [Placed("a", WHERE, ()), Placed("b", WHERE, (TIME, TIME))]
        sql = "SELECT count(*) AS n, NULL AS first, list(location) AS all, 0.5 AS share FROM occurrences"
        assert list(queries.rows(sql, {}, Gathered)) == [Gathered(2, None, (WHERE, WHERE), 0.5)]


def test_reader_views(filled: CaseFolder) -> None:
    with Queries(filled) as queries:
        sql = "SELECT * EXCLUDE (sha256, origin) FROM timestamps"
        assert list(queries.rows(sql, {}, TimeRow)) == [TIME, TIME]


def test_the_place_of_a_content_is_the_first_of_its_places(case: CaseFolder, store: typing.Any) -> None:
    def stands(content: str, *names: str) -> list[OccurrenceRow]:
        places = [Location((msgspec.structs.replace(WHERE.steps[0], name=name),)) for name in names]
        rows = [(encode_text(place), place.text) for place in places]
        return [
            msgspec.structs.replace(occurrence(content, []), location=location, location_text=text)
            for location, text in rows
        ]

    store("u1", {"occurrences": stands("a", "c.eml", "b.eml") + stands("b", "d.eml")})
    store("u2", {"occurrences": stands("a", "a.eml")})
    with Queries(case) as queries:
        assert queries.pairs("SELECT sha256, location_text FROM places ORDER BY sha256") == [
            ("a", "a.eml"),
            ("b", "d.eml"),
        ]
        found = list(queries.rows("SELECT sha256, location, [] AS times FROM places ORDER BY sha256", {}, Placed))
        assert [one.location.text for one in found] == ["a.eml", "d.eml"]


def test_a_party_stands_beside_its_mailbox(case: CaseFolder, store: typing.Any) -> None:
    names = ("a", "b", "c")
    parties = [PartyRow(field="from", name="", address=f"{name}@x.example", domain="x.example") for name in names]
    written = LocatedRow("b@x.example", b"<b@x.example>")
    store("u1", {"messages": [message("1", parties=parties, mailboxes=[None, written, None])]})
    with Queries(case) as queries:
        sql = "SELECT address, written.raw FROM parties ORDER BY address"
        expected = [("a@x.example", None), ("b@x.example", b"<b@x.example>"), ("c@x.example", None)]
        assert queries.pairs(sql) == expected


def test_text_of_the_evidence_is_only_ever_a_parameter(filled: CaseFolder) -> None:
    with Queries(filled) as queries:
        for text in ("a'; DROP VIEW occurrences; --", "\x00", "☃", "$x", '"'):
            (row,) = queries.rows("SELECT $text AS text", {"text": text, "other": 1}, Text)
            assert row.text == text
        assert queries.pairs("SELECT sha256, size FROM occurrences WHERE sha256 = $name", {"name": "a"}) == [("a", 9)]


def test_stored_json(case: CaseFolder, store: typing.Any) -> None:
    store("u1", {"occurrences": [occurrence("a", [])]})
    with Queries(case) as queries:
        assert list(queries.stored("SELECT location AS text FROM occurrences", {}, Location)) == [WHERE]
        for strange in ('{"steps":[],"weather":1}', "[1]", "{", ""):
            with pytest.raises(OtherVersion, match="a stored Location"):
                list(queries.stored("SELECT $text AS text", {"text": strange}, Location))


def test_parameters(filled: CaseFolder) -> None:
    with Queries(filled) as queries:
        with pytest.raises(CaseStoreError, match="no value for text"):
            list(queries.rows("SELECT $text AS text", {"other": 1}, Text))
        assert list(queries.rows("SELECT 'x' AS text", {"other": 1}, Text)) == [Text("x")]


@pytest.mark.parametrize(
    "sql",
    [
        "DROP VIEW contents",
        "SELECT 'x' AS text; SELECT 'y' AS text",
        "SET threads = 8",
        "INSTALL httpfs",
        "LOAD httpfs",
        "ATTACH 'x.db'",
        "COPY (SELECT 1) TO 'out.csv'",
        "SELEKT",
        "",
        "SELECT nothing AS text",
    ],
)
def test_only_one_select(sql: str, case: CaseFolder) -> None:
    with Queries(case) as queries, pytest.raises(CaseStoreError):
        list(queries.rows(sql, {}, Text))


@pytest.mark.parametrize(
    "source",
    [
        "read_text('/etc/hostname')",
        "read_blob('{outside}')",
        "read_csv('{outside}')",
        "'https://host.example/a.parquet'",
        "read_parquet('s3://bucket/a.parquet')",
        "glob('/etc/*')",
        "sys",
    ],
)
def test_nothing_outside_the_case(source: str, case: CaseFolder, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("secret")
    with Queries(case) as queries, pytest.raises(CaseStoreError):
        list(queries.rows(f"SELECT 'x' AS text FROM {source.format(outside=tmp_path / 'outside')}", {}, Text))


def test_settings_are_fixed(case: CaseFolder) -> None:
    expected = {
        "threads": "1",
        "enable_external_access": "false",
        "lock_configuration": "true",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "preserve_insertion_order": "true",
        "TimeZone": "Etc/UTC",
    }
    with Queries(case) as queries:
        found = dict(queries.pairs("SELECT name, value FROM duckdb_settings()"))
        directories = found["allowed_directories"]
    assert {name: found[name] for name in expected} == expected
    assert directories == f"[{case.path}/, {case.tmp}/]"


def test_columns_must_be_the_fields(filled: CaseFolder) -> None:
    with Queries(filled) as queries:
        for sql, kind in (
            ("SELECT sha256 FROM occurrences", Text),
            ("SELECT 1 AS text", Text),
            ("SELECT 'a' AS text, 'b' AS more", Text),
            ("SELECT 'a' AS text, 'b' AS text", Text),
            ("SELECT NULL AS text", Text),
            ("SELECT sha256, '{' AS location, times FROM occurrences", Placed),
            ("SELECT sha256 FROM occurrences", ContentRow),
        ):
            with pytest.raises(CheckError, match=kind.__name__):
                list(queries.rows(sql, {}, kind))


def test_rows_stream_while_other_queries_run(filled: CaseFolder) -> None:
    class Number(msgspec.Struct, frozen=True):
        range: int

    with Queries(filled) as queries:
        rows = queries.rows("SELECT range FROM range(1000000000)", {}, Number)
        assert next(rows).range == 0
        assert len(queries.pairs("SELECT sha256, size FROM occurrences")) == 2
        assert [next(rows).range for _ in range(2000)][-1] == 2000
        rows.close()


def test_a_table_file_that_is_damaged(filled: CaseFolder) -> None:
    (filled.path / "tables/occurrences/u1.parquet").write_bytes(b"PAR1PAR1")
    with Queries(filled) as queries:
        assert queries.pairs("SELECT sha256, code FROM notices") == []  # a query opens no other table
        with pytest.raises(CaseStoreError):
            queries.pairs("SELECT sha256, size FROM occurrences")


def test_no_socket(filled: CaseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    sys.addaudithook(lambda event, _: opened.append(event) if event.startswith("socket.") else None)
    with Queries(filled) as queries, pytest.raises(CaseStoreError):
        list(queries.rows("SELECT 'x' AS text FROM 'http://127.0.0.1:9/a.parquet'", {}, Text))
    assert opened == []


def test_a_content_that_two_units_met_is_shown_once(case: CaseFolder, store: typing.Any) -> None:
    def signature(name: str, index: int) -> SignatureRow:
        texts = dict.fromkeys(
            ("kind", "domain", "selector", "algorithm", "canonicalization", "header_digest", "body_hash"), ""
        )
        numbers = dict.fromkeys(("instance", "time", "expiration", "body_length"))
        return SignatureRow(
            sha256=name,
            index=index,
            signature=b"",
            signed_fields=[],
            body_hash_stated="",
            b=NONE,
            bh=NONE,
            **texts,
            **numbers,
        )

    both = [signature("a", 0), signature("a", 1)]
    store("u1", {"contents": [content("a", "parsed"), content("b", "unread")], "signatures": both})
    store(
        "u2", {"contents": [content("a", "parsed"), content("b", "partial")], "signatures": [*both, signature("b", 0)]}
    )
    store("u3", {"contents": [content("a", "unread"), content("c", "parsed")]})
    with Queries(case) as queries:
        rows = list(queries.rows("SELECT * FROM contents ORDER BY sha256", {}, ContentRow))
        assert rows == [content("a", "parsed"), content("b", "partial"), content("c", "parsed")]
        rows = list(queries.rows("SELECT * FROM signatures ORDER BY sha256, index", {}, SignatureRow))
        assert rows == [*both, signature("b", 0)]


def test_a_case_on_a_medium_that_cannot_be_written(filled: CaseFolder) -> None:
    filled.tmp.rmdir() if not any(filled.tmp.iterdir()) else None
    with Queries(filled) as queries:
        assert len(queries.pairs("SELECT sha256, size FROM occurrences")) == 2
        assert list(queries.rows("SELECT * FROM notices", {}, NoticeRow)) == []


def test_info_is_not_needed(tmp_path: Path) -> None:
    folder = CaseFolder.create(tmp_path / "case", CaseInfo(as_of=""))
    with Queries(folder) as queries:
        assert queries.pairs("SELECT 1, 2") == [(1, 2)]


def test_readers_of_one_case_do_not_meet(filled: CaseFolder, store: typing.Any) -> None:
    count = "SELECT 'n', count(*) FROM occurrences"
    with Queries(filled) as early:
        store("u3", {"occurrences": [occurrence("c", [])]})
        with Queries(filled) as late:
            assert (early.pairs(count), late.pairs(count)) == ([("n", 2)], [("n", 3)])
        assert early.pairs(count) == [("n", 2)]
        with pytest.raises(CaseStoreError):
            late.pairs(count)


def test_tables_that_were_written_since(case: CaseFolder, store: typing.Any) -> None:
    row = SetAsideRow(rule="r", reason="", group="", count=1, set_aside="{}")
    with Queries(case) as queries:
        store("early", {"set_aside": [row]})
        store("late", {"set_aside": [msgspec.structs.replace(row, count=2)]})
        counts = "SELECT count, rule FROM set_aside ORDER BY count"
        assert queries.pairs(counts) == []
        queries.renew(["set_aside"], without=["late"])
        assert queries.pairs(counts) == [(1, "r")]
        queries.renew(["set_aside"])
        assert queries.pairs(counts) == [(1, "r"), (2, "r")]


def test_a_query_is_kept_as_a_table_for_a_while(filled: CaseFolder) -> None:
    with Queries(filled) as queries:
        with queries.kept("SELECT sha256, size * $by AS size FROM occurrences", {"by": 2, "other": 1}) as kept:
            assert {size for _, size in queries.pairs(f"SELECT sha256, size FROM {kept}")} == {18}
        with pytest.raises(CaseStoreError):
            queries.pairs(f"SELECT sha256, size FROM {kept}")


def test_only_files_of_some_contents_are_read_for_a_kept_query(case: CaseFolder, store: typing.Any) -> None:
    """The tables are whole again afterwards, and for a query that runs meanwhile."""
    store("u1", {"messages": [message("a"), message("b")]})
    store("u2", {"messages": [message("c")]})
    every = "SELECT sha256, size FROM messages ORDER BY sha256"
    with Queries(case) as queries:
        with queries.kept(every, {}, contents=["b"]) as kept:
            assert [name for name, _ in queries.pairs(f"SELECT sha256, size FROM {kept} ORDER BY ALL")] == ["a", "b"]
            assert [name for name, _ in queries.pairs(every)] == ["a", "b", "c"]
        with queries.kept(every, {}, contents=["none"]) as kept:
            assert queries.pairs(f"SELECT sha256, size FROM {kept}") == []
        with pytest.raises(CaseStoreError), queries.kept("SELECT no FROM messages", {}, contents=["a"]):
            pass
        assert [name for name, _ in queries.pairs(every)] == ["a", "b", "c"]


def test_long_texts_come_in_the_order_of_their_numbers(filled: CaseFolder) -> None:
    sql = "SELECT to_json(range * $by)::VARCHAR AS text FROM range(5)"
    order = "SELECT range + 1 AS n FROM range(5) ORDER BY range DESC"
    with Queries(filled) as queries:
        assert list(queries.stored(sql, {"by": 2}, int, order=order)) == [8, 6, 4, 2, 0]
        assert list(queries.stored(sql, {"by": 2}, int)) == [0, 2, 4, 6, 8]


def test_keys_add_power_by_what_rules_ask(case: CaseFolder, store: typing.Any) -> None:
    """A seal gives power to rules that ask for seals; what the platform signed gives none, though a key opens it."""
    kinds = {"a": "dkim", "b": "as", "c": "google", "d": "ams"}
    verdicts = [
        VerdictRow(sha256=name, kind=kind, index=0, key="k", header="holds", body="holds")
        for name, kind in kinds.items()
    ]
    store("u1", {"messages": [message(name) for name in kinds], "verdicts": verdicts})
    with Queries(case) as queries:
        found = dict(queries.pairs("SELECT sha256, mask FROM message_masks"))
    opened = (MessageHas.OPENED | MessageHas.TRIED).value
    assert found == {"a": opened, "b": MessageHas.SEAL_OPENED.value, "c": 0, "d": opened}
