"""Accounts of sources that were read in part, in ranges, by earlier versions, or while they grew."""

import zipfile
from typing import Any

import msgspec
import pytest

from forensics.engine.reading import units
from forensics.engine.reading.units import plan
from forensics.model.accounts import State
from forensics.model.items import Limits
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.parsers.archive import _zip_runs
from forensics.parsers.mail import mbox
from forensics.reader.accounting import account_of
from tests.reader.accounting import conftest
from tests.reader.accounting.conftest import (
    MAIL,
    TEXT,
    UNKNOWN,
    Source,
    assert_sums,
    attached,
    boxed,
    bytes_of,
    read,
    zipped,
)


@pytest.mark.parametrize(
    "limits", [Limits(expansion=2_000, expansion_ratio=0), Limits(items=3, item_bytes=10**9), Limits(depth=1)]
)
def test_what_a_limit_left_is_unread(source: Source, limits: Limits) -> None:
    inner = zipped(*[(f"{n}.eml", MAIL + TEXT + b"%d" % n) for n in range(9)])
    source.put("a.zip", zipped(("inner.zip", inner), *[(f"{n}.eml", MAIL + b"%d" % n) for n in range(9)]))
    line = source.account(limits=limits)
    assert line.sums.unread + line.sums.partial and not line.excess


def test_an_item_that_stopped_its_worker_is_unread(source: Source) -> None:
    source.put("a.zip", zipped(("a.eml", MAIL), ("b.eml", MAIL * 2), method=zipfile.ZIP_STORED))
    line = source.account(skip={"a.zip > b.eml": "engine.watchdog"})
    assert line.sums.unread == bytes_of(line, "engine.watchdog") == 2 * len(MAIL)


def test_a_file_that_stopped_its_worker_is_unread(source: Source) -> None:
    source.put("a.zip", zipped(("a.eml", MAIL)))
    line = source.account(skip={"a.zip": "engine.watchdog"})
    assert line.sums.unread == line.size


def test_a_parser_that_fails_costs_what_it_had_not_given(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    given = mbox._Reader.message

    def fails(self: Any, separator: Any, ending: Any, index: int) -> Any:
        if index == 2:
            raise ValueError("ours")
        return given(self, separator, ending, index)

    monkeypatch.setattr(mbox._Reader, "message", fails)
    source.put("a.mbox", boxed(MAIL, MAIL, MAIL, MAIL))
    line = source.account()
    assert not line.excess
    # The lines before and between the two mails that were found may or may not have been understood.
    assert line.sums.parsed == 2 * len(MAIL)
    assert bytes_of(line, "engine.parser_fault") == line.size - 2 * len(MAIL)


class TestCut:
    """A mailbox and an archive that are read in ranges."""

    @pytest.fixture(autouse=True)
    def cut(self, monkeypatch: pytest.MonkeyPatch, source: Source) -> None:
        monkeypatch.setattr(units, "CUT_BYTES", 100)
        monkeypatch.setattr(mbox, "CUT_BYTES", 300)
        source.put("a.mbox", boxed(*[attached(UNKNOWN[:n]) for n in range(20)]) + b"\n\n")

    def test_ranges_give_what_the_whole_gives(self, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
        ranges = source.account()
        monkeypatch.setattr(units, "CUT_BYTES", 10**9)
        assert ranges == source.account() and ranges.sums.padding

    def test_an_archive_in_runs(self, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
        source.put("b.zip", zipped(*[(f"{n}.eml", attached(UNKNOWN[:n])) for n in range(20)]))
        whole = source.account()
        for name, value in (("CUT_BYTES", 1), ("RUN_MEMBERS", 3)):
            monkeypatch.setattr(_zip_runs, name, value)
        assert source.account() == whole

    def test_what_is_not_reached_yet_is_unread(self, source: Source) -> None:
        whole = source.account()
        line = source.account(parts=slice(0, 2))
        assert 0 < line.sums.parsed < whole.sums.parsed
        assert any(share.state is State.UNREAD and not share.reason for share in line.shares)

    def test_a_file_of_which_all_but_its_record_is_read(self, source: Source) -> None:
        line = source.account(parts=slice(0, -1))
        assert line.sums.unread and not line.excess

    def test_a_range_that_stopped_its_worker_is_told_in_bytes(self, source: Source) -> None:
        line = source.account(skip={"a.mbox": "engine.watchdog"})
        assert bytes_of(line, "engine.watchdog") == line.size and not line.excess


def test_a_file_that_grew_counts_as_it_was_read(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    source.put("a.eml", MAIL)
    planned = list(plan("s", source.folder, Limits(), (), "", "0"))
    monkeypatch.setattr(conftest, "plan", lambda *_: planned)
    source.put("a.eml", MAIL + TEXT)
    assert source.account().sums.parsed == len(MAIL + TEXT)


def test_items_of_earlier_versions_count_as_not_read(source: Source) -> None:
    source.put("a.zip", zipped(("a.eml", MAIL)) + UNKNOWN)
    rows = read(source.folder, source.folder.parent / "tmp")
    older = [msgspec.structs.replace(row, accounts=None) for row in rows]
    line = account_of("s", older)
    assert_sums(line, (source.folder / "a.zip").stat().st_size)
    assert line.unrecorded == 1 and line.sums.partial > len(UNKNOWN)


def test_what_does_not_add_up_is_said(source: Source) -> None:
    source.put("a.eml", MAIL)
    rows = read(source.folder, source.folder.parent / "tmp")
    assert account_of("s", rows, len(MAIL) + 5).difference == -5
    odd = msgspec.structs.replace(rows[0], accounts=[{"kind": "padding", "reason": "free", "size": 10**6}])
    line = account_of("s", [msgspec.convert(msgspec.to_builtins(odd), OccurrenceRow)])
    assert line.excess == 10**6 - len(MAIL) and line.sums.padding == len(MAIL)
