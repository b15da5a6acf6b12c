"""Units are planned in a thread, while others are read."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from forensics import ScanOptions, items, reached, scan
from forensics.casestore import CaseFolder
from forensics.engine.reading import units
from forensics.engine.reading.planning import Planning
from forensics.engine.reading.units import Unit
from forensics.engine.reading.units import plan as planned
from forensics.errors import IntakeError, Interrupted
from forensics.model.scanning import Progress

MAIL = b"From: a@a.example\nSubject: %d\nDate: Mon, 4 Jan 2016 10:00:00 +0000\n\nText.\n"
FOREVER = 30.0


def unit(name: str) -> Unit:
    return Unit.of(name, "s", ())


def wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + FOREVER
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_units_come_as_they_are_found() -> None:
    go = Event()

    def given() -> Iterator[Unit]:
        yield unit("a")
        go.wait(FOREVER)
        yield unit("b")

    planning, found = Planning(given()), list[Unit]()

    def come(count: int) -> bool:
        found.extend(planning.found())
        return len(found) == count

    wait(lambda: come(1))
    assert (found[0].id, planning.done) == ("a", False)
    go.set()
    wait(lambda: come(2) and planning.done)
    assert list(planning.found()) == []
    planning.close()


def test_what_stops_the_search_is_raised_where_units_are_waited_for() -> None:
    def given() -> Iterator[Unit]:
        yield unit("a")
        raise IntakeError("gone")

    planning = Planning(given())
    with pytest.raises(IntakeError, match="gone"):
        wait(lambda: bool(list(planning.found()) and False))
    planning.close()


def test_nothing_more_is_looked_for_when_nobody_listens() -> None:
    given, go, ended = list[str](), Event(), Event()

    def endless() -> Iterator[Unit]:
        try:
            while True:
                given.append("one")
                yield unit("a")
                go.wait(FOREVER)
        finally:
            ended.set()

    planning = Planning(endless())
    wait(lambda: bool(list(planning.found())))  # else the search may be stopped before it goes on
    planning.close()
    go.set()
    assert ended.wait(FOREVER)
    assert len(given) == 2


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three units of two mails; the third is found only once the first has been read."""
    monkeypatch.setattr(units, "UNIT_FILES", 2)
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.eml").write_bytes(MAIL % number)

    def slow(*asked: Any) -> Iterator[Unit]:
        *others, last = planned(*asked)
        yield from others
        wait(lambda: "unit" in actions(tmp_path / "case"))
        yield last

    monkeypatch.setattr("forensics.engine.reading.source_units.plan", slow)
    return folder


def actions(case: Path) -> list[str]:
    return [line.action for line in CaseFolder.open(case).custody.lines()]


@pytest.mark.usefixtures("unjudged")
def test_units_are_read_before_all_are_known(source: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    result = scan([source], tmp_path / "case", ScanOptions(jobs=1), progress=seen.append)
    done = actions(tmp_path / "case")
    assert done.index("unit") < done.index("planned")
    found = result.extent.reached
    assert (found.units_planned, found.units_read, found.files_planned, found.files_read) == (3, 3, 6, 6)
    assert found.bytes_planned == found.bytes_read == sum(file.stat().st_size for file in source.iterdir())
    assert [progress.planned for progress in (seen[0], seen[-1])] == [False, True]
    assert result.units == 3


@pytest.mark.usefixtures("unjudged")
def test_a_scan_that_is_stopped_while_it_plans_goes_on(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = Event()

    def stop(progress: Progress) -> None:
        if "unit" in actions(tmp_path / "case"):
            raise KeyboardInterrupt

    def endless(*asked: Any) -> Iterator[Unit]:
        *others, _ = planned(*asked)
        yield from others
        never.wait(FOREVER)

    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        patched.setattr("forensics.engine.reading.source_units.plan", endless)
        scan([source], tmp_path / "case", ScanOptions(jobs=1), progress=stop)
    never.set()
    found = reached(tmp_path / "case")
    assert (found.interrupted, found.files_planned, found.files_read) == (True, None, None)
    read = found.items_read
    assert read in (2, 4)
    result = scan([source], tmp_path / "case", ScanOptions(jobs=1))
    assert result.units == 3 - read // 2
    assert result.extent.reached.files_read == result.extent.reached.files_planned == 6
    assert len(list(items(tmp_path / "case"))) == 6
