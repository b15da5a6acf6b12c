"""Units are stored in threads, while others are read."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event, get_ident
from threading import enumerate as enumerate_threads

import pytest

from forensics import ScanOptions, items, scan
from forensics.casestore import CaseFolder, write_unit
from forensics.engine.reading import source_units as scanning
from forensics.engine.reading import units
from forensics.engine.reading.nursery import Nursery
from forensics.engine.reading.storing import Storing
from forensics.engine.reading.units import Unit
from forensics.errors import CaseStoreError, Interrupted, StorageFull

MAIL = b"From: a@a.example\nSubject: %d\nDate: Mon, 4 Jan 2016 10:00:00 +0000\n\nText.\n"
STORE = "forensics.engine.reading.source_units.write_unit"


def unit(name: str) -> Unit:
    return Unit.of(name, "s", ())


def until(storing: Storing[str], count: int) -> Iterator[tuple[str, object]]:
    """Yield what came of so many units, as it comes."""
    while count:
        for stored in storing.done():
            count -= 1
            try:
                yield stored.of, dict(stored.files())
            except CaseStoreError as error:
                yield stored.of, error


@pytest.fixture
def storing() -> Iterator[Callable[..., Storing[str]]]:
    made: list[Storing[str]] = []

    def make(store: Callable[[Unit, Mapping[str, Path]], Mapping[str, str]], jobs: int) -> Storing[str]:
        made.append(Storing(store, jobs))
        return made[-1]

    yield make
    for one in made:
        one.stop()
        one.close()


def test_what_is_stored_and_what_cannot_be(storing: Callable[..., Storing[str]]) -> None:
    def store(of: Unit, rows: Mapping[str, Path]) -> Mapping[str, str]:
        if of.id == "b":
            raise CaseStoreError("no rows")
        return {of.id: str(rows["contents"])}

    stores = storing(store, 1)
    for name in "abc":
        stores.begin(name, unit(name), {"contents": Path(name)})
    found = dict(until(stores, 3))
    assert (found["a"], found["c"], str(found["b"])) == ({"a": "a"}, {"c": "c"}, "no rows")
    assert stores.waiting == 0


def test_the_caller_goes_on_and_is_held_up_only_when_many_wait(storing: Callable[..., Storing[str]]) -> None:
    go, threads = Event(), set()

    def store(of: Unit, rows: Mapping[str, Path]) -> Mapping[str, str]:
        threads.add(get_ident())
        go.wait(10)
        return {}

    stores = storing(store, 5)
    begun = 0
    while not stores.full:
        stores.begin("u", unit(f"u{begun}"), {})
        begun += 1
    assert begun > 5
    go.set()
    assert len(list(until(stores, begun))) == begun
    assert len(threads) == 2 and get_ident() not in threads


def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(units, "UNIT_FILES", 2)
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.eml").write_bytes(MAIL % number)
    return folder


@pytest.mark.usefixtures("unjudged")
def test_a_unit_that_cannot_be_stored_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[str] = []

    def store(folder: CaseFolder, unit_id: str, rows: Mapping[str, Path]) -> dict[str, str]:
        if rows and len(refused) < 3:
            refused.append(unit_id)
            raise CaseStoreError("a row does not fit")
        return write_unit(folder, unit_id, rows)

    monkeypatch.setattr(STORE, store)
    scan([source(tmp_path, monkeypatch)], tmp_path / "case", ScanOptions(jobs=2))
    assert len(list(items(tmp_path / "case"))) == 6
    lines = [line.details for line in CaseFolder.open(tmp_path / "case").custody.lines() if line.action == "unit"]
    assert {details["unit"] for details in lines if "failures" in details} == set(refused)
    assert len(lines) == 3


@pytest.mark.usefixtures("unjudged")
def test_a_disk_that_is_full_stops_the_scan_which_can_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[str] = []

    def store(folder: CaseFolder, unit_id: str, rows: Mapping[str, Path]) -> dict[str, str]:
        if stored:
            raise StorageFull("no space left")
        stored.append(unit_id)
        return write_unit(folder, unit_id, rows)

    folder = source(tmp_path, monkeypatch)
    with monkeypatch.context() as patched, pytest.raises(StorageFull):
        patched.setattr(STORE, store)
        scan([folder], tmp_path / "case", ScanOptions(jobs=1))
    result = scan([folder], tmp_path / "case", ScanOptions(jobs=1))
    assert result.units == 2
    assert len(list(items(tmp_path / "case"))) == 6


def test_threads_end_when_a_scan_is_stopped_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close = Nursery.close

    def stopped(done: object) -> dict[str, str]:
        raise KeyboardInterrupt

    def stopped_again(nursery: Nursery) -> None:
        close(nursery)
        raise KeyboardInterrupt

    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / "1.eml").write_bytes(MAIL % 1)
    monkeypatch.setattr(scanning, "unit_details", stopped)
    monkeypatch.setattr(Nursery, "close", stopped_again)
    with pytest.raises(Interrupted):
        scan([tmp_path / "leak"], tmp_path / "case", ScanOptions(jobs=1))
    threads = [thread for thread in enumerate_threads() if thread.name == "storing"]
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)
