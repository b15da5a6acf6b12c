"""Rules are asked of what they have power on; what they see is recorded with the bytes around it, and how they fail."""

import errno
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from forensics.checks import RULES, load
from forensics.engine.reading import record
from forensics.engine.reading.record import CONTEXT_BYTES, Gates, Judge, all_gates
from forensics.examples.cases import context, observation
from forensics.examples.files import location
from forensics.model.byte_sources import MemoryBytes
from forensics.model.codec import decode
from forensics.model.locations import Locator
from forensics.model.rules import Evidence, Observation, Role, Subject

RULE = load("mail.date_weekday").RULE


class Rows:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.found: list[tuple[str, Any]] = []

    def add(self, table: str, row: Any) -> None:
        self.found.append((table, row))


def judge(check: Any, data: bytes = b"") -> list[tuple[str, Any]]:
    gates: Any = SimpleNamespace(rules=lambda subject, mask: ((RULE, check),))
    rows: Any = Rows()
    Judge(rows, context(), gates)(Subject.MESSAGE, 0, None, "0" * 64, location(), MemoryBytes(data) if data else None)
    return list(rows.found)


def seen(*ranges: tuple[int, int]) -> Observation:
    cited = Evidence(role=Role.SUSPECT, label="Date", value="x", raw=b"x", locator=Locator(ranges=ranges, path="p"))
    made = observation()
    return Observation(sentence=made.sentence, bin=made.bin, evidence=(cited,), suspect="p")


def test_a_rule_has_power_where_the_mask_has_all_that_it_needs() -> None:
    gates = Gates()
    needs = int(RULE.needs)
    assert RULE in [rule for rule, _ in gates.rules(Subject.MESSAGE, needs)]
    assert RULE not in [rule for rule, _ in gates.rules(Subject.MESSAGE, needs & (needs - 1))]
    assert RULE not in [rule for rule, _ in gates.rules(Subject.DOCUMENT, -1)]
    everything = {rule.id for subject in Subject for rule, _ in gates.rules(subject, -1)}
    assert everything == {name for name in RULES if not name.startswith("case.")}
    assert all_gates() is all_gates()


@pytest.mark.parametrize(("start", "end"), [(0, 4), (200, 204), (296, 300)])
def test_a_fact_is_recorded_with_the_bytes_around_it(start: int, end: int) -> None:
    data = bytes(range(100)) * 3
    ((table, row),) = judge(lambda *_: iter([seen((start, end))]), data)
    (fact,) = decode(row.observation, Observation).evidence
    first = max(0, start - CONTEXT_BYTES)
    assert table == "observations"
    assert (fact.context_start, fact.context) == (first, data[first : min(300, end + CONTEXT_BYTES)])
    (subject,) = decode(row.observation, Observation).subjects
    assert (subject.role, subject.sha256) == (Role.SUSPECT, "0" * 64)


def test_of_a_giant_field_only_the_beginning_is_recorded() -> None:
    ((_, row),) = judge(lambda *_: iter([seen((100, 60_000))]), bytes(70_000))
    (fact,) = decode(row.observation, Observation).evidence
    assert len(fact.context) == 4_096


@pytest.mark.parametrize(("error", "code"), [(ValueError("x"), "engine.rule_fault"), (MemoryError(), "engine.memory")])
def test_a_rule_that_fails_is_noticed_and_keeps_what_it_saw(error: Exception, code: str) -> None:
    def check(*_: object) -> Iterator[Observation]:
        yield seen()
        raise error

    (kept, _), (table, notice) = judge(check)
    assert (kept, table, notice.code) == ("observations", "notices", code)
    assert RULE.id in notice.text


def test_a_full_disk_is_no_fault_of_a_rule() -> None:
    def check(*_: object) -> Iterator[Observation]:
        raise OSError(errno.ENOSPC, "no space left")
        yield

    with pytest.raises(OSError, match="no space left"):
        judge(check)


def test_gates_of_all_rules_are_the_default() -> None:
    rows: Any = Rows()
    assert record.Recorder(rows, context()).judge._gates is all_gates()
