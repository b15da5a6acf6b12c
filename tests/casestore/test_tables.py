import stat
import subprocess
import sys
import time
import types
import typing
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.casestore import (
    CaseFolder,
    Queries,
    completed_units,
    discard_unlogged,
    tables,
    unit_as_logged,
    write_unit,
)
from forensics.casestore._database import columns
from forensics.errors import CaseStoreError, StorageFull
from forensics.model.case import CaseInfo
from forensics.model.codec import encode
from forensics.model.rows import TABLES
from forensics.model.rows.contents import ContentRow
from forensics.model.rows.findings import FindingRow
from forensics.model.rows.numbers import Unsigned
from forensics.model.rows.ranking import RankRow
from forensics.model.rows.times import TimeRow

Lines = Callable[[str, Sequence[msgspec.Struct]], Path]


def content(name: str, size: int = 1) -> ContentRow:
    return ContentRow(sha256=name, size=size, media_type="message/rfc822", parser="", status="parsed")


def finding(name: str) -> FindingRow:
    return FindingRow(id=name, rule="r", strength="weak", sha256="", cluster="", stored="{}")


def names(case: CaseFolder) -> list[str]:
    with Queries(case) as queries:
        return [row.sha256 for row in queries.rows("SELECT * FROM contents", {}, ContentRow)]


def values(hint: object) -> st.SearchStrategy[typing.Any]:
    """Any value that a column of this type may hold."""
    scalars: dict[object, st.SearchStrategy[typing.Any]] = {
        str: st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        int: st.integers(-(2**63), 2**63 - 1),
        typing.Annotated[int, msgspec.Meta(ge=0)]: st.integers(0, 2**63 - 1),
        Unsigned: st.integers(0, 2**64 - 1),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        bytes: st.binary(max_size=12),
    }
    if hint in scalars:
        return scalars[hint]
    if isinstance(hint, types.UnionType):
        return st.none() | values(next(part for part in typing.get_args(hint) if part is not type(None)))
    if typing.get_origin(hint) is list:
        return st.lists(values(typing.get_args(hint)[0]), max_size=2)
    assert isinstance(hint, type)
    plain, exact = typing.get_type_hints(hint), typing.get_type_hints(hint, include_extras=True)
    hints = {name: exact[name] if exact[name] in scalars else kind for name, kind in plain.items()}
    return st.builds(hint, **{name: values(kind) for name, kind in hints.items()})


@pytest.mark.parametrize("table", TABLES)
def test_any_row_comes_back_as_it_went_in(table: str, tmp_path: Path) -> None:
    folder = CaseFolder.create(tmp_path / "case", CaseInfo(as_of="2020-01-01T00:00:00Z"))
    kind = TABLES[table]

    @settings(max_examples=6, deadline=None)
    @given(rows=st.lists(values(kind), min_size=1, max_size=4))
    def check(rows: list[msgspec.Struct]) -> None:
        file = folder.tmp / "rows.ndjson"
        file.write_bytes(b"".join([encode(row) + b"\n" for row in rows]))
        folder.custody.append("unit", {"unit": "u"}, write_unit(folder, "u", {table: file}))
        with Queries(folder) as queries:
            assert list(queries.rows(f"SELECT * FROM {table}", {}, kind)) == rows

    check()


def test_order_of_rows_is_kept(case: CaseFolder, lines: Lines) -> None:
    rows = [content(f"{(number * 7919) % 60_000:06}") for number in range(60_000)]
    case.custody.append("unit", {"unit": "u"}, write_unit(case, "u", {"contents": lines("c", rows)}))
    assert names(case) == [row.sha256 for row in rows]


def test_one_file_per_table_and_unit(case: CaseFolder, lines: Lines) -> None:
    tables = {"contents": lines("c", [content("a")]), "notices": lines("n", [])}
    files = write_unit(case, "u1", tables)
    assert set(files) == {"tables/contents/u1.parquet"}, "a table without rows has no file"
    assert stat.S_IMODE((case.path / "tables/contents/u1.parquet").stat().st_mode) == 0o600
    again = write_unit(case, "u1", tables)
    assert again == files, "same rows, same bytes"
    assert write_unit(case, "u2", {}) == {}
    assert sorted(path.name for path in (case.path / "tables").rglob("*.parquet")) == ["u1.parquet"]


def test_redoing_a_unit_removes_what_it_no_longer_has(case: CaseFolder, lines: Lines, store: typing.Any) -> None:
    store("u1", {"contents": [content("a")], "ranking": [RankRow(rank=1, strength="weak", score=0.5, ranked="{}")]})
    files = write_unit(case, "u1", {"contents": lines("c", [content("b")])})
    assert files["tables/ranking/u1.parquet"] == ""
    case.custody.append("unit", {"unit": "u1"}, files)
    assert "tables/ranking/u1.parquet" not in case.custody.files()
    assert completed_units(case) == {"u1"}
    assert names(case) == ["b"]


def test_what_a_stage_writes_replaces_what_it_wrote(case: CaseFolder, lines: Lines) -> None:
    for rows in ([finding("a"), finding("b")], [finding("c")], []):
        case.custody.append("stage", {}, write_unit(case, "grade", {"findings": lines("f", rows)}))
        assert unit_as_logged(case, "grade")
        with Queries(case) as queries:
            assert list(queries.rows("SELECT * FROM findings", {}, FindingRow)) == rows


def test_a_unit_is_as_logged_or_not(case: CaseFolder, lines: Lines, store: typing.Any) -> None:
    assert unit_as_logged(case, "u1"), "nothing logged, nothing there"
    store("u1", {"contents": [content("a")]})
    assert unit_as_logged(case, "u1")
    write_unit(case, "u1", {"contents": lines("c", [content("b")])})
    assert not unit_as_logged(case, "u1")
    store("u1", {"contents": [content("b")]})
    (case.path / "tables/ranking/u1.parquet").write_bytes(b"PAR1")
    assert not unit_as_logged(case, "u1"), "a file that the log does not name"
    (case.path / "tables/ranking/u1.parquet").unlink()
    (case.path / "tables/contents/u1.parquet").unlink()
    assert not unit_as_logged(case, "u1")


def test_completed_units(case: CaseFolder, store: typing.Any) -> None:
    for unit in ("same", "changed", "removed", "empty"):
        store(unit, {"contents": [content(unit)] if unit != "empty" else []})
    assert completed_units(case) == {"same", "changed", "removed", "empty"}
    (case.path / "tables/contents/changed.parquet").write_bytes(b"PAR1")
    (case.path / "tables/contents/removed.parquet").unlink()
    assert completed_units(case) == {"same", "empty"}
    store("changed", {"contents": [content("again")]})
    assert completed_units(case) == {"same", "empty", "changed"}


def test_files_without_their_line_do_not_count(case: CaseFolder, lines: Lines, store: typing.Any) -> None:
    store("u1", {"contents": [content("a")]})
    write_unit(case, "u2", {"contents": lines("c", [content("b")])})
    assert completed_units(case) == {"u1"}
    assert names(case) == ["a"]
    assert discard_unlogged(case) == ("tables/contents/u2.parquet",)
    assert discard_unlogged(case) == ()
    assert names(case) == ["a"]


@pytest.mark.parametrize("unit", ["", "../u", "a/b", "a.b", "a" * 65, "ü"])
def test_names_that_are_no_units(unit: str, case: CaseFolder) -> None:
    with pytest.raises(CaseStoreError, match="no name of a unit"):
        write_unit(case, unit, {})


def test_a_table_that_is_none(case: CaseFolder, lines: Lines) -> None:
    with pytest.raises(CaseStoreError, match="no table 'x'"):
        write_unit(case, "u", {"x": lines("x", [])})


@pytest.mark.parametrize(
    "line",
    [b'{"sha256": "a", "size": "many"}', b'{"sha256": "a", "size": 1e30}', b'{"sha256": "a"', b"[1]", b"\xff"],
)
def test_rows_that_do_not_fit(line: bytes, case: CaseFolder) -> None:
    (case.tmp / "c.ndjson").write_bytes(encode(content("a")) + b"\n" + line + b"\n")
    with pytest.raises(CaseStoreError):
        write_unit(case, "u", {"contents": case.tmp / "c.ndjson"})
    assert not (case.path / "tables/contents/u.parquet").exists()


def test_one_row_of_forty_megabytes(case: CaseFolder, lines: Lines) -> None:
    big = RankRow(rank=1, strength="weak", score=0.5, ranked="x" * 40_000_000)
    case.custody.append("stage", {}, write_unit(case, "grade", {"ranking": lines("r", [big])}))
    with Queries(case) as queries:
        assert list(queries.rows("SELECT * FROM ranking", {}, RankRow)) == [big]


@pytest.mark.parametrize("large", [False, True])
def test_large_files_are_written_one_after_the_other(
    large: bool, case: CaseFolder, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying, most, copy = [0], [0], tables._copy
    met = Barrier(2)

    def slow(*asked: typing.Any) -> str:
        copying[0] += 1
        most[0] = max(most[0], copying[0])
        if large:
            time.sleep(0.1)
        else:
            met.wait(10)
        copying[0] -= 1
        return copy(*asked)

    monkeypatch.setattr(tables, "_copy", slow)
    monkeypatch.setattr(tables, "_LARGE", 10 if large else 10_000)
    files = [lines(name, [content(name)]) for name in "ab"]
    with ThreadPoolExecutor(2) as threads:
        written = list(threads.map(lambda file: write_unit(case, file.stem, {"contents": file}), files))
    assert (most[0], len(written)) == (1 if large else 2, 2)


def test_long_texts_are_stored_in_small_pieces(case: CaseFolder, lines: Lines) -> None:
    texts = [finding(f"{number:05}") for number in range(5_000)]
    (path,) = write_unit(case, "grade", {"findings": lines("findings", texts)})
    groups = "SELECT DISTINCT row_group_num_rows FROM parquet_metadata($1)"
    with duckdb.connect() as connection:
        found = connection.execute(groups, [str(case.path / path)]).fetchall()
    assert max(rows for (rows,) in found) == tables.TEXT_ROW_GROUP


def test_rows_outside_the_case_are_refused(case: CaseFolder, tmp_path: Path) -> None:
    (tmp_path / "c.ndjson").write_bytes(encode(content("a")) + b"\n")
    with pytest.raises(CaseStoreError):
        write_unit(case, "u", {"contents": tmp_path / "c.ndjson"})


@pytest.mark.parametrize("name", ["a b", "it's", "[x]*?", "näh☃", 'q"q', "new\nline", "a;b--", "$x"])
def test_any_name_of_a_case_folder(name: str, tmp_path: Path) -> None:
    folder = CaseFolder.create(tmp_path / name, CaseInfo(as_of=""))
    (folder.tmp / "c.ndjson").write_bytes(encode(content("a")) + b"\n")
    for unit in ("u1", "u2"):
        folder.custody.append("unit", {"unit": unit}, write_unit(folder, unit, {"contents": folder.tmp / "c.ndjson"}))
        (folder.tmp / "c.ndjson").write_bytes(encode(content("b")) + b"\n")
    assert names(folder) == ["a", "b"]


def test_columns_are_those_of_the_row_types() -> None:
    assert list(columns(TimeRow)) == list(TimeRow.__struct_fields__)


FULL = """
import sys
from pathlib import Path
from forensics.casestore import CaseFolder, write_unit
case = CaseFolder.open(Path(sys.argv[1]))
try:
    with Path(sys.argv[1], "..", "ballast").open("wb", buffering=0) as ballast:
        while ballast.write(b"x" * 512):
            pass
except OSError:
    pass
Path(sys.argv[1], "..", "reserve").unlink()
write_unit(case, "u", {"contents": case.tmp / "c.ndjson"})
"""
_MOUNTING = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
SMALL = """
mount -t tmpfs -o size=1m tmpfs "$1" && cp -r "$2" "$1/case" && head -c 8192 /dev/zero > "$1/reserve" &&
"$3" -c "$4" "$1/case"; code=$?; ls "$1/case/tables/contents" "$1/case/tmp"; exit $code
"""


def test_full_disk(case: CaseFolder, lines: Lines, tmp_path: Path) -> None:
    """On a file system of 1 MB, where the kernel lets us mount one."""
    small = tmp_path / "small"
    small.mkdir()
    lines("c", [content(f"{(number * 2654435761) % 2**61:x}" * 4) for number in range(3_000)])
    run = subprocess.run(
        [*_MOUNTING, SMALL, "sh", str(small), str(case.path), sys.executable, FULL],
        capture_output=True,
        text=True,
        check=False,
    )
    if "mount:" in run.stderr or "unshare:" in run.stderr:
        pytest.skip("no mounts here")
    assert StorageFull.__name__ in run.stderr.splitlines()[-1], run.stderr
    assert "parquet" not in run.stdout, "nothing half-written is left"
