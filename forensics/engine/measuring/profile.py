"""Processor time by rule, measured in one process on a part of a corpus."""

import os
import time
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

import msgspec

from forensics import checks
from forensics.engine.reading.examine import Examiner
from forensics.engine.reading.record import Check, Gates
from forensics.engine.reading.state import Entry
from forensics.intake.files import FileBytes, walk
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Limits, ParseContext
from forensics.model.locations import Location, Step, StepKind, quote
from forensics.model.measuring import RuleTime
from forensics.model.rules import Context, Observation, Rule, Subject
from forensics.stages.explain import run_explainers
from forensics.stages.observe import run_case_rules
from forensics.stages.observed import Rows
from forensics.stages.stage import Tables

MOST_FILES = 3_000


class _Timed(Gates):
    """Gates that time every rule they let through."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: dict[str, int] = {}
        self.seconds: dict[str, float] = {}
        self._timed: dict[tuple[Subject, int], tuple[tuple[Rule, Check], ...]] = {}

    def rules(self, subject: Subject, mask: int) -> tuple[tuple[Rule, Check], ...]:
        key = (subject, mask)
        if key not in self._timed:
            self._timed[key] = tuple([(rule, self._clocked(rule.id, run)) for rule, run in super().rules(*key)])
        return self._timed[key]

    def _clocked(self, name: str, run: Check) -> Check:
        def timed(item: object, context: Context) -> Iterator[Observation]:
            start = time.process_time()
            found = list(run(item, context))
            self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - start
            self.calls[name] = self.calls.get(name, 0) + 1
            return iter(found)

        return timed


class _Counting:
    """A sink that makes the rows' JSON as a scan does and keeps nothing."""

    def __init__(self) -> None:
        self.mails = 0

    def add(self, table: str, row: msgspec.Struct) -> None:
        """Take one row."""
        msgspec.json.encode(row)
        self.mails += table == "messages"


def item_times(folder: Path, context: Context, most: int = MOST_FILES) -> tuple[RuleTime, ...]:
    """Read the first files of a folder and return the time of reading and of each item rule, dearest first."""
    gates, sink = _Timed(), _Counting()
    examiner = Examiner(sink, ParseContext(limits=Limits()), context, lambda *_: None, gates=gates)
    start = time.process_time()
    for file in islice((file for file in walk(folder) if file.kind == "file"), most):
        with FileBytes(file.path) as source:
            data = source.read(0, source.size)
        name, digest = quote(os.fsencode(file.name)), sha256(data).hexdigest()
        step = Step(kind=StepKind.FILE, name=name, start=0, end=len(data), sha256=digest, source="measured")
        place = Location((step,))
        examiner.examine(Entry(source=MemoryBytes(data), location=place, sha256=digest, size=len(data)))
    examiner.finish()
    rest = time.process_time() - start - sum(gates.seconds.values())
    found = [_time("reading and rows", sink.mails, rest, sink.mails)]
    found += [_time(name, gates.calls[name], seconds, sink.mails) for name, seconds in gates.seconds.items()]
    return tuple(sorted(found, key=lambda one: (-one.us_per_mail, one.name)))


class _Count(msgspec.Struct, frozen=True):
    n: int


def case_times(rows: Rows, context: Context, mails: int) -> tuple[RuleTime, ...]:
    """Return the time of the flat tables, and of each case rule and explainer over a whole case, dearest first."""
    observed, _ = Tables(rows).outlined()
    start = time.process_time()
    list(rows("SELECT count(*) AS n FROM flat.items", {}, _Count))
    found = [_time("flat tables", 1, time.process_time() - start, mails)]
    for name in [name for name in checks.RULES if name.startswith("case.")]:
        start = time.process_time()
        run_case_rules(rows, context, [checks.load(name)])
        found.append(_time(name, 1, time.process_time() - start, mails))
    for name in checks.EXPLAINERS:
        start = time.process_time()
        run_explainers(rows, observed, context, [checks.load_explainer(name)])
        found.append(_time(f"explain.{name}", 1, time.process_time() - start, mails))
    return tuple(sorted(found, key=lambda one: (-one.us_per_mail, one.name)))


def _time(name: str, calls: int, seconds: float, mails: int) -> RuleTime:
    return RuleTime(name=name, calls=calls, us_per_mail=round(1e6 * seconds / max(mails, 1), 2))
