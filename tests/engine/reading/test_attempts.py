"""What is tried when workers fail at a unit, played without processes."""

from collections.abc import Callable

import pytest

from forensics.engine.reading.attempts import Failure, attempts
from forensics.engine.reading.process import Why
from forensics.engine.reading.protocol import Job
from forensics.engine.reading.units import Unit
from forensics.errors import WorkerFailed
from forensics.intake.files import FileKind, SourceFile
from forensics.model.locations import quote

Outcome = Callable[[Job], Failure | None]


def unit(count: int) -> Unit:
    files = [SourceFile(name=b"%03d" % n, path=b"/s/%03d" % n, kind=FileKind.FILE, size=1) for n in range(count)]
    return Unit.of("u", "s", files)


def died(victim: str, why: Why = Why.DIED) -> Failure:
    return Failure(why=why, victim=victim, words="no table")


def play(whole: Unit, outcome: Outcome, most: int = 500) -> tuple[dict[str, str], int]:
    """Return what the job that counted left out, and how many jobs there were."""
    trying = attempts(whole)
    job = next(trying)
    for count in range(1, most):
        failure = outcome(job)
        try:
            job = trying.send(failure)
        except StopIteration:
            assert failure is None
            assert job.whole
            return job.skip, count
    raise AssertionError("no end")


def files_of(job: Job) -> list[str]:
    return [quote(file.name) for file in job.unit.files[job.first : job.last]]


def poison(*bad: str, claim: Callable[[str], str] = str) -> Outcome:
    """Fail at the first bad item that is to be read; *claim*: what the page says then."""

    def outcome(job: Job) -> Failure | None:
        for item in bad:
            file = item.partition(" > ")[0]
            if file in files_of(job) and item not in job.skip and file not in job.skip:
                return died(claim(item))
        return None

    return outcome


def test_nothing_wrong_is_one_job() -> None:
    assert play(unit(5), poison()) == ({}, 1)


@pytest.mark.parametrize("bad", [("002",), ("002 > mbox:7",), ("000", "004"), ("003 > a", "003 > b", "001")])
def test_an_honest_page_names_the_item(bad: tuple[str, ...]) -> None:
    skip, jobs = play(unit(5), poison(*bad))
    assert skip == dict.fromkeys(bad, "engine.watchdog")
    assert jobs == 2 * len(bad) + 1


@pytest.mark.parametrize("claim", ["", "000", "elsewhere.eml", "\x00", "004 > inside"])
def test_a_page_that_lies_costs_no_other_file(claim: str) -> None:
    skip, jobs = play(unit(16), poison("009", claim=lambda _: claim))
    assert skip == {"009": "engine.watchdog"}
    assert jobs < 20


def test_a_page_that_names_an_item_left_out_already_costs_its_file() -> None:
    skip, _ = play(unit(3), poison("001", claim=lambda _: "001 > mbox:1"))
    assert skip == {"001 > mbox:1": "engine.watchdog", "001": "engine.watchdog"}


def test_the_only_file_of_a_unit_is_blamed_whatever_is_named() -> None:
    assert play(unit(1), poison("000", claim=lambda _: ""))[0] == {"000": "engine.watchdog"}


def test_a_failure_that_passes_costs_nothing() -> None:
    failures = [died("001", Why.MEMORY)]
    assert play(unit(3), lambda _: failures.pop() if failures else None) == ({}, 3)
    failures = [died("000 > a", Why.MEMORY)]
    assert play(unit(1), lambda _: failures.pop() if failures else None) == ({}, 2)


def test_many_bad_files_are_searched_for_at_once() -> None:
    bad = [f"{number:03}" for number in range(0, 200, 4)]
    skip, jobs = play(unit(200), poison(*bad))
    assert sorted(skip) == bad
    assert jobs < 6 * len(bad)


def test_a_unit_that_fails_only_as_a_whole_is_given_up() -> None:
    skip, _ = play(unit(4), lambda job: died("") if job.whole and not job.skip else None)
    assert sorted(skip) == ["000", "001", "002", "003"]


@pytest.mark.parametrize("count", [1, 3])
def test_failures_at_files_that_are_left_out_are_not_the_evidence(count: int) -> None:
    with pytest.raises(WorkerFailed, match="no table"):
        play(unit(count), lambda job: died(files_of(job)[0]))


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_failures_that_name_no_file_and_never_end_are_not_the_evidence(count: int) -> None:
    with pytest.raises(WorkerFailed, match="no table"):
        play(unit(count), lambda job: died(""))
