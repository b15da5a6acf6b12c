import errno
import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.casestore import Custody
from forensics.errors import StorageFull


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "custody.jsonl"


@pytest.fixture
def log(path: Path, clock: Callable[[], datetime]) -> Custody:
    """Four lines."""
    custody = Custody(path, clock)
    for number in range(4):
        custody.append("unit", {"unit": f"u{number}"}, {f"tables/contents/u{number}.parquet": f"{number:064x}"})
    return custody


def codes(custody: Custody) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in custody.check()]


def test_empty(path: Path) -> None:
    custody = Custody(path)
    assert custody.head() == "0" * 64
    assert custody.lines() == []
    assert codes(custody) == [("custody.missing", "custody.jsonl")]


def test_chain(log: Custody, path: Path) -> None:
    raw = path.read_bytes().split(b"\n")
    assert raw.pop() == b""
    digests = [hashlib.sha256(line).hexdigest() for line in raw]
    assert [line.previous for line in log.lines()] == ["0" * 64, *digests[:-1]]
    assert [line.n for line in log.lines()] == [1, 2, 3, 4]
    assert log.lines()[0].time == "2020-01-01T00:00:00Z"
    assert log.head() == digests[-1]
    assert log.check() == ()


def test_another_writer_goes_on_where_the_log_ends(log: Custody, path: Path) -> None:
    Custody(path).append("report")
    log.append("opened")
    assert [line.n for line in log.lines()] == [1, 2, 3, 4, 5, 6]
    assert log.check() == ()


def test_files_later_lines_supersede(log: Custody) -> None:
    log.append("case_tables", {}, {"tables/contents/u0.parquet": "f" * 64, "tables/contents/u1.parquet": ""})
    expected = {
        "tables/contents/u0.parquet": "f" * 64,
        "tables/contents/u2.parquet": f"{2:064x}",
        "tables/contents/u3.parquet": f"{3:064x}",
    }
    assert log.files() == expected
    with log.lock():
        log.append("opened")
        assert log.files() == expected


@pytest.mark.parametrize("line", [0, 1, 2])
def test_any_changed_byte_is_one_problem(log: Custody, path: Path, line: int) -> None:
    data = path.read_bytes()
    start = sum(len(piece) for piece in data.splitlines(keepends=True)[:line])
    length = len(data.splitlines(keepends=True)[line])
    for offset in range(start, start + length):
        changed = bytearray(data)
        changed[offset] ^= 0x01
        path.write_bytes(changed)
        (found,) = log.check()
        assert found.code in ("custody.line", "custody.chain")
        assert int(found.where.partition(":")[2]) in (line, line + 1, line + 2)


def test_a_changed_last_line_changes_the_head(log: Custody, path: Path) -> None:
    head = log.head()
    data = bytearray(path.read_bytes())
    data[-5] ^= 0x01
    path.write_bytes(data)
    assert log.head() != head


def test_a_line_cut_out_or_put_in(log: Custody, path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], lines[1], lines[3]]))
    assert codes(log) == [("custody.chain", "custody.jsonl:2")]
    path.write_bytes(b"".join([lines[0], lines[1], lines[1], lines[2], lines[3]]))
    assert [code for code, _ in codes(log)] == ["custody.chain"]
    path.write_bytes(b"".join(lines[1:]))
    assert codes(log) == [("custody.chain", "custody.jsonl:1")]


def test_two_breaks_far_apart_are_two_problems(log: Custody, path: Path) -> None:
    for _ in range(6):
        log.append("opened")
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b"u1", b"x1")
    lines[7] = b"nonsense\n"
    path.write_bytes(b"".join(lines))
    assert codes(log) == [("custody.chain", "custody.jsonl:2"), ("custody.line", "custody.jsonl:8")]


def test_torn_last_line_is_kept_noted_and_closed(log: Custody, path: Path) -> None:
    whole = path.read_bytes()
    head = log.head()
    for cut in range(1, len(whole.splitlines(keepends=True)[-1]), 9):
        torn = whole[:-cut]
        path.write_bytes(torn)
        assert codes(log) == [("custody.torn", "custody.jsonl:4")]
        assert [line.n for line in log.lines()] == [1, 2, 3]
        assert "tables/contents/u3.parquet" not in log.files(), "what a torn line says does not count"
        assert log.head() != head
        Custody(path).append("scan_started")
        assert path.read_bytes().startswith(torn + b"\n"), "kept"
        assert log.check() == ()
        assert [(line.n, line.action) for line in log.lines()[3:]] == [(5, "torn_line"), (6, "scan_started")]
        assert log.lines()[3].details == {"line": "4", "lines": "1", "bytes": str(len(torn.splitlines()[-1]))}
        assert "tables/contents/u3.parquet" not in log.files()


def test_the_note_of_a_torn_line_may_be_torn_too(log: Custody, path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])
    torn = path.read_bytes()
    Custody(path).append("scan_started")
    note = path.read_bytes()[len(torn) :]
    for cut in range(1, note.index(b"\n", 1) + 1, 9):
        path.write_bytes(torn + note[:cut])
        Custody(path).append("scan_started")
        assert log.check() == (), cut
        assert [line.action for line in log.lines()[3:]][-2:] == ["torn_line", "scan_started"]
        assert "tables/contents/u3.parquet" not in log.files()


def test_a_full_disk_tears_the_line_and_the_next_writer_closes_it(
    log: Custody, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.write, []

    def half(handle: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) == 1:
            return real(handle, data[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    with log.lock():
        log.append("opened")
        monkeypatch.setattr(os, "write", half)
        with pytest.raises(StorageFull):
            log.append("report")
        monkeypatch.setattr(os, "write", real)
        log.append("opened")
    assert [line.action for line in log.lines()[4:]] == ["opened", "torn_line", "opened"]
    assert log.check() == ()


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(0, 400), min_size=1, max_size=5), data=st.data())
def test_whatever_is_torn_off_the_log_can_go_on(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("log") / "custody.jsonl"
    Custody(path).append("created")
    keep = path.stat().st_size
    for cut in cuts:
        for _ in range(data.draw(st.integers(1, 3))):
            Custody(path).append("opened", {"text": "line\nbreak \u2028"})
        raw = path.read_bytes()
        path.write_bytes(raw[: max(keep, len(raw) - cut)])
        Custody(path).append("opened")
        assert Custody(path).check() == ()
