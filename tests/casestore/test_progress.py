"""How far a case got, told from its log alone."""

from collections.abc import Sequence

from forensics.casestore import CaseFolder, progress_of, reached
from forensics.model.case import CustodyLine

PLAN = {"units": "3", "units_left": "2", "files": "30", "files_left": "20", "bytes": "900", "bytes_left": "600"}


def log(*actions: str | tuple[str, dict[str, str]]) -> Sequence[CustodyLine]:
    pairs = [(action, {}) if isinstance(action, str) else action for action in actions]
    return [CustodyLine(n=n, previous="", time="", action=action, details=d) for n, (action, d) in enumerate(pairs, 1)]


def unit(name: str, items: int = 7, files: int = 10, size: int = 300) -> tuple[str, dict[str, str]]:
    return "unit", {"unit": name, "items": str(items), "files": str(files), "size": str(size)}


FIRST = ("created", "scan_started", ("planned", PLAN | {"units_left": "3", "files_left": "30", "bytes_left": "900"}))
STAGES = tuple([("stage", {"stage": name, "id": name}) for name in ("observe", "explain", "grade")])
SKIPPED = tuple([("stage", {**details, "skipped": "unchanged"}) for _, details in STAGES])
WHOLE = (*FIRST, unit("a"), unit("b"), unit("c"), "case_info", *STAGES, "case_tables", "scan_finished")


def test_nothing_was_scanned() -> None:
    for lines in (log(), log("created")):
        found = progress_of(lines)
        assert (found.scans, found.settled, found.running, found.units_planned) == (0, False, False, None)


def test_stopped_before_the_plan() -> None:
    found = progress_of(log("created", "scan_started", "interrupted"))
    assert (found.scans, found.interrupted, found.files_planned, found.files_read) == (1, True, None, None)


def test_stopped_while_it_read() -> None:
    found = progress_of(log(*FIRST, "confinement", unit("a"), "interrupted"))
    assert (found.units_planned, found.units_read) == (3, 1)
    assert (found.files_planned, found.files_read) == (30, 10)
    assert (found.bytes_planned, found.bytes_read, found.items_read) == (900, 300, 7)
    assert not found.finished
    assert not found.judged


def test_what_was_read_before_all_was_planned_counts() -> None:
    _, started, plan = FIRST
    assert progress_of(log("created", started, unit("a"))).files_read is None
    found = progress_of(log("created", started, "confinement", unit("a"), plan, unit("b")))
    assert (found.units_planned, found.units_read, found.files_read, found.bytes_read) == (3, 2, 20, 600)


def test_finished() -> None:
    found = progress_of(log(*WHOLE, "report"))
    assert found.settled
    assert (found.units_read, found.files_read, found.bytes_read, found.items_read) == (3, 30, 900, 21)


def test_read_whole_but_not_judged() -> None:
    found = progress_of(log(*FIRST, unit("a"), unit("b"), unit("c"), "interrupted"))
    assert (found.files_read, found.files_planned, found.judged) == (30, 30, False)


def test_a_second_scan_that_was_stopped() -> None:
    started = log(*WHOLE, "scan_started", "interrupted")
    assert (progress_of(started).finished, progress_of(started).judged) == (False, True), "what was read is judged"
    removed = progress_of(log(*WHOLE, "scan_started", ("unit_removed", {"unit": "b"}), ("planned", PLAN), unit("d", 2)))
    assert (removed.judged, removed.items_read) == (False, 16)
    assert (removed.units_read, removed.files_read, removed.bytes_read) == (2, 20, 600)


def test_stopped_between_two_stages() -> None:
    found = progress_of(log(*FIRST, unit("a"), unit("b"), unit("c"), *STAGES[:2], "interrupted"))
    assert (found.files_read, found.judged) == (30, False)
    again = ("scan_started", ("planned", PLAN | {"files_left": "0"}))
    assert not progress_of(log(*WHOLE, *again, SKIPPED[0], STAGES[1])).judged, (
        "what is graded is no longer explained so"
    )
    assert progress_of(log(*WHOLE, *again, *SKIPPED[:2])).judged, "nothing changed so far"
    assert progress_of(log(*WHOLE, *again, SKIPPED[0], *STAGES[1:], "case_tables", "scan_finished")).settled


def test_a_unit_read_again_counts_once() -> None:
    assert progress_of(log(*WHOLE, "scan_started", ("planned", PLAN), unit("a", 8))).items_read == 22


def test_a_log_of_an_early_version_or_of_a_stranger() -> None:
    early = progress_of(log("created", "scan_started", ("unit", {"unit": "a", "items": "4"}), "interrupted"))
    assert (early.units_planned, early.units_read, early.items_read) == (None, None, 4)
    odd = log("scan_started", ("planned", {"units": "many", "files": "-1", "bytes": "9" * 40, "units_left": "٣"}))
    assert progress_of(odd).units_planned is progress_of(odd).files_planned is progress_of(odd).bytes_planned is None


def test_another_process_holds_the_case(case: CaseFolder) -> None:
    assert not reached(case).held, "one's own lock is nobody else's"
    assert reached(CaseFolder.open(case.path)).held


def test_a_running_scan(case: CaseFolder) -> None:
    other = CaseFolder.open(case.path)
    case.custody.append("scan_started")
    assert reached(other).running
    case.custody.append("scan_finished")
    assert not reached(other).running
