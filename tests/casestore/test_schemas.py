"""Table files of other versions: columns that were added take their defaults, what is not known is refused."""

from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from forensics.casestore import CaseFolder, Queries, hash_file, write_views
from forensics.casestore._database import columns, name, sql_type
from forensics.errors import OtherVersion
from forensics.model.case import CASE_FORMAT
from forensics.model.rows import TABLES
from forensics.model.rows.contents import ContentRow
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.messages import HopRow, MessageRow, PartyRow
from forensics.model.rows.times import TimeRow

TIME = TimeRow(
    5, 5, None, 3600, "s", "Sent Time", "sender", "", b"\x00\xff", "header:Date[0]", "date", 0, 0, 2, "", scheme="x"
)
HOP = HopRow(by="b", from_="f", with_="", instant=7, for_="r")
PARTY = PartyRow(field="from", name="A", address="a@a.example", domain="a.example")
MAILBOX = LocatedRow("a@a.example", b"A <a@a.example>", "header:From[0]", 3, 18)


def message(name: str) -> MessageRow:
    texts = ("from_address", "from_domain", "list_id", "first_hop", "body_sha256")
    return MessageRow(
        sha256=name,
        size=1,
        mask=0,
        message_id=LocatedRow(name, b"\xff", "header:Message-ID[0]", 0, 1),
        subject=LocatedRow(name),
        client=LocatedRow(""),
        in_reply_to=[],
        references=["r"],
        date=TIME,
        arrived=-3,
        timestamps=[TIME, TIME],
        parties=[PARTY],
        mailboxes=[MAILBOX, None],
        hops=[HOP],
        queue_ids=[LocatedRow("q")],
        letters_sha256="l",
        form=["a=b"],
        **dict.fromkeys(texts, name),
    )


def content(name: str) -> ContentRow:
    return ContentRow(sha256=name, size=1, media_type="", parser="", status="parsed")


@pytest.fixture
def two(case: CaseFolder, store: Any) -> CaseFolder:
    """A case of two units."""
    store("u1", {"messages": [message("a")], "contents": [content("a")]})
    store("u2", {"messages": [message("b")], "contents": [content("b")]})
    return case


def rewrite(case: CaseFolder, select: str, path: str = "tables/messages/u1.parquet") -> CaseFolder:
    """Write a table file with other columns, as another version would have; return the case as a later reader."""
    file = case.path / path
    old = file.with_suffix(".old")
    file.rename(old)
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {select} FROM read_parquet('{old}')) TO '{file}' (FORMAT parquet)")
    old.unlink()
    case.custody.append("unit", {}, {path: hash_file(file) or ""})
    return CaseFolder.open(case.path)


def read(case: CaseFolder) -> list[MessageRow]:
    with Queries(case) as queries:
        return list(queries.rows("SELECT * FROM messages ORDER BY sha256", {}, MessageRow))


BARE_TIME = TimeRow(
    5, 5, None, 3600, "s", "Sent Time", "sender", "", b"\x00\xff", "header:Date[0]", "date", 0, 0, 2, ""
)


@pytest.mark.parametrize(
    ("select", "changed"),
    [
        ("* EXCLUDE (letters_sha256)", {"letters_sha256": ""}),
        ("* EXCLUDE (form, results)", {"form": []}),
        ("* REPLACE (struct_pack(value := subject.value) AS subject)", {}),
        ("* REPLACE (struct_pack(field := 'from', \"name\" := 'A', address := 'a@a.example', domain := 'a.example')"
         " AS parties)", None),
        ("* REPLACE (list_transform(mailboxes, lambda m: CASE WHEN m IS NOT NULL THEN struct_pack(value := m.value)"
         " END) AS mailboxes)", {"mailboxes": [LocatedRow("a@a.example"), None]}),
        ("* REPLACE (list_transform(hops, lambda h: struct_pack(\"by\" := h.by, from_ := h.from_,"
         " with_ := h.with_, instant := h.instant)) AS hops)",
         {"hops": [HopRow(by="b", from_="f", with_="", instant=7)]}),
        ("* REPLACE (struct_pack(instant := date.instant, wall := date.wall, absence := date.absence,"
         " offset_s := date.offset_s, precision := date.precision, description := date.description,"
         " clock := date.clock, owner := date.owner, raw := date.raw, path := date.path, kind := date.kind,"
         ' "index" := date."index", start := date.start,'
         ' "end" := date.end, steps := date.steps) AS date)', {"date": BARE_TIME}),
        ("* REPLACE (CAST(NULL AS STRUCT(instant BIGINT, wall BIGINT, absence VARCHAR, offset_s BIGINT,"
         " precision VARCHAR, description VARCHAR, clock VARCHAR, owner VARCHAR, raw BLOB, path VARCHAR,"
         ' kind VARCHAR, "index" BIGINT, "start" BIGINT, "end" BIGINT, steps VARCHAR)) AS date)', {"date": None}),
        ("arrived, * EXCLUDE (arrived)", {}),
    ],
)  # fmt: skip
def test_an_older_file_beside_one_of_today(two: CaseFolder, select: str, changed: dict[str, Any] | None) -> None:
    later = rewrite(two, select)
    if changed is None:
        with pytest.raises(OtherVersion, match="table messages, parties is STRUCT"):
            read(later)
        return
    fields = {field: getattr(message("a"), field) for field in MessageRow.__struct_fields__}
    assert read(later) == [MessageRow(**fields | changed), message("b")]


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ("*, 1 AS weather", "has weather"),
        ("* EXCLUDE (message_id)", "has no message_id"),
        ("* REPLACE (CAST(arrived AS VARCHAR) AS arrived)", "arrived is VARCHAR"),
        ("* REPLACE (form[1] AS form)", "form is VARCHAR"),
        ("* REPLACE ([arrived] AS arrived)", "arrived is BIGINT"),
        ("* REPLACE (list_transform(hops, lambda h: struct_pack(\"by\" := 1, from_ := h.from_, with_ := '',"
         " instant := 1)) AS hops)", "hops, by is INTEGER"),
        ("* REPLACE (list_transform(hops, lambda h: struct_insert(h, weather := 1)) AS hops)", "hops has weather"),
    ],
)  # fmt: skip
def test_what_this_version_does_not_know_is_refused(two: CaseFolder, select: str, said: str) -> None:
    with pytest.raises(OtherVersion, match="made by an unknown version") as refused:
        read(rewrite(two, select))
    assert said in str(refused.value)
    assert f"format {CASE_FORMAT}" in str(refused.value)


def test_contents_that_units_of_two_versions_met(two: CaseFolder, store: Any) -> None:
    store("u3", {"contents": [content("a")], "messages": [message("a")]})
    later = rewrite(two, "size, * EXCLUDE (size)", "tables/contents/u1.parquet")
    with Queries(later) as queries:
        assert queries.pairs("SELECT sha256, size FROM contents ORDER BY sha256") == [("a", 1), ("b", 1)]
        assert queries.pairs("SELECT sha256, mask FROM messages ORDER BY sha256") == [("a", 0), ("b", 0)]


def test_views_for_readers_over_files_of_two_versions(two: CaseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    later = rewrite(two, "* EXCLUDE (letters_sha256)")
    write_views(later)
    monkeypatch.chdir(later.path)
    with duckdb.connect(":memory:") as connection:
        connection.execute(Path("views.sql").read_text())
        rows = connection.execute("SELECT sha256, letters_sha256, epoch_us(arrived_utc) FROM messages ORDER BY 1")
        assert rows.fetchall() == [("a", "", -1), ("b", "l", -1)]


@pytest.mark.parametrize("table", TABLES)
def test_every_default_of_a_table_can_be_read(case: CaseFolder, table: str, lines: Any) -> None:
    fields = {field.encode_name: field for field in msgspec.structs.fields(TABLES[table])}
    given = [
        f"CAST(NULL AS {sql_type(columns(TABLES[table])[n])}) AS {name(n)}" for n, f in fields.items() if f.required
    ]
    (case.path / "tables" / table).mkdir(exist_ok=True)
    path = f"tables/{table}/u1.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {', '.join(given)}) TO '{case.path / path}' (FORMAT parquet)")
    case.custody.append("unit", {}, {path: hash_file(case.path / path) or ""})
    with Queries(case) as queries:
        for column, field in fields.items():
            if not field.required:
                expected = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
                assert queries.pairs(f"SELECT 1, {name(column)} FROM {table}") == [(1, expected)], column


def test_a_table_of_another_version(two: CaseFolder) -> None:
    path = "tables/weather/u1.parquet"
    (two.path / "tables/weather").mkdir()
    (two.path / path).write_bytes(b"x")
    two.custody.append("unit", {}, {path: "0" * 64})
    with pytest.raises(OtherVersion, match="a table that is not known"):
        Queries(two)


class Later(ContentRow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table as a later version may have it: every kind of column with a default."""

    author: LocatedRow = LocatedRow("it's \u2603", b"\x00'\xff", start=3)
    time: TimeRow = TIME
    nobody: LocatedRow | None = None
    hops: list[HopRow] = msgspec.field(default_factory=lambda: [HOP])
    raw: bytes = b"\x00'"
    share: float = -0.5
    known: bool = True


def test_a_column_of_any_kind_may_be_added(two: CaseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLES, "contents", Later)
    with Queries(CaseFolder.open(two.path)) as queries:
        found = list(queries.rows("SELECT * FROM contents ORDER BY sha256", {}, Later))
    assert found == [Later(sha256=name, size=1, media_type="", parser="", status="parsed") for name in ("a", "b")]
