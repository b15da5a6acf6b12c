"""SQL of a caller reads the views of a case, and can do nothing else."""

from datetime import datetime
from pathlib import Path

import pytest

from forensics import ScanOptions, scan
from forensics.casestore import CaseFolder, LockedViews
from forensics.errors import NotInstalled, UsageError

pytestmark = pytest.mark.usefixtures("in_process")

LEAK = Path(__file__).parents[1] / "kept" / "format_2" / "small" / "leak"
FRAMES = pytest.mark.parametrize(
    ("method", "module"), [("to_arrow", "pyarrow"), ("to_pandas", "pandas"), ("to_polars", "polars")]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small case."""
    found = tmp_path_factory.mktemp("locked") / "case"
    scan(LEAK, found, ScanOptions(as_of="2017-06-01", jobs=1))
    return found


@pytest.fixture(scope="module")
def views(folder: Path):
    found = LockedViews(CaseFolder.open(folder))
    yield found
    found.close()


def test_views_have_timestamps_and_parameters(views: LockedViews) -> None:
    rows = views.query("SELECT date_utc FROM messages WHERE date_utc < $before ORDER BY 1", {"before": "2017-03-05"})
    assert rows.columns == ("date_utc",)
    dates = [date for (date,) in rows]
    assert dates == sorted(dates) and dates
    assert all(isinstance(date, datetime) and date.tzinfo is None for date in dates)
    assert list(views.query("SELECT ? + ?", [1, 2])) == [(3,)]
    assert list(views.query("SELECT count(*) > 4 FROM ranking")) == [(True,)]
    assert len(list(views.query("SELECT h.by FROM messages m, unnest(m.hops) AS u(h)"))) > 4


def test_two_results_are_open_at_once(views: LockedViews) -> None:
    first, second = views.query("SELECT * FROM range(2000)"), views.query("SELECT * FROM range(3)")
    assert next(iter(first)) == (0,)
    assert list(second) == [(0,), (1,), (2,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM Read_Blob('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x')",
        "SELECT 1 WHERE EXISTS (FROM glob('/*'))",
        "WITH a AS (SELECT * FROM read_json('{file}')) SELECT * FROM a",
        "SELECT * FROM range(1) r, LATERAL (SELECT * FROM sniff_csv('{file}'))",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('messages')",
        "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM checkpoint()",
        "COPY (SELECT 1) TO '{out}'",
        "COPY messages TO '{out}'",
        "ATTACH '{out}'",
        "EXPORT DATABASE '{out}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "PRAGMA database_list",
        "CREATE TABLE x AS SELECT 1",
        "DROP VIEW messages",
        "CREATE OR REPLACE VIEW messages AS SELECT 1",
        "INSERT INTO messages SELECT * FROM messages",
        "EXPLAIN ANALYZE SELECT 1",
        "CALL checkpoint()",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP VIEW messages",
        "PREPARE x AS SELECT 1",
        "",
        "not sql",
        "SELECT * FROM views",
        "SELECT $a",
    ],
)
def test_anything_else_is_refused(views: LockedViews, sql: str, tmp_path: Path) -> None:
    file, out = tmp_path / "secret.txt", tmp_path / "out"
    file.write_text("secret")
    with pytest.raises(UsageError):
        list(views.query(sql.format(file=file, out=out)))
    assert not out.exists()
    assert list(views.query("SELECT count(*) > 4 FROM messages")) == [(True,)]


def test_other_files_of_the_case_cannot_be_read_and_none_is_written(views: LockedViews, folder: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*"))
    for name in ("custody.jsonl", "case.json", "views.sql"):
        with pytest.raises(UsageError):
            list(views.query(f"SELECT * FROM '{folder / name}'"))
    assert sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before


def test_no_object_of_python_is_a_table(views: LockedViews) -> None:
    messages_of_mine = [(1,)]
    with pytest.raises(UsageError):
        list(views.query("SELECT * FROM messages_of_mine"))
    assert messages_of_mine


def test_what_needs_too_much_memory_fails_and_spills_nothing(views: LockedViews) -> None:
    with pytest.raises(UsageError, match=r"(?i)memory"):
        list(views.query("SELECT list(repeat('x', 100000) || i) FROM range(20000) t(i)"))


def test_an_error_on_the_way_is_ours(views: LockedViews) -> None:
    with pytest.raises(UsageError, match="sql: "):
        list(views.query("SELECT CASE WHEN i = 5000 THEN error('x') ELSE 'y' END FROM range(9000) t(i)"))


@pytest.mark.parametrize(
    ("method", "module"), [("to_arrow", "pyarrow"), ("to_pandas", "pandas"), ("to_polars", "polars")]
)
def test_a_frame_needs_its_package(
    views: LockedViews, method: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(NotInstalled, match=module) as raised:
        getattr(views.query("SELECT date_utc FROM messages"), method)()
    assert (raised.value.code, raised.value.exit_code) == ("not_installed", 2)


@pytest.mark.parametrize(
    ("method", "module"), [("to_arrow", "pyarrow"), ("to_pandas", "pandas"), ("to_polars", "polars")]
)
def test_a_frame_has_the_rows(views: LockedViews, method: str, module: str) -> None:
    pytest.importorskip(module)
    frame = getattr(views.query("SELECT 1 AS a UNION ALL SELECT 2"), method)()
    assert len(frame) == 2
