"""What tests of rules over a whole archive use."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.casestore import CaseFolder, Queries, write_unit
from forensics.checks import EXPLAINERS, load, load_explainer
from forensics.engine.dates import instant_of
from forensics.engine.opening import labels_of, open_case
from forensics.engine.reading.files import UnitReader
from forensics.engine.reading.protocol import Job, Setup
from forensics.engine.reading.sinks import Spool
from forensics.engine.reading.units import plan
from forensics.examples.cases import context
from forensics.model.rules import Observation, State
from forensics.model.scanning import ScanOptions
from forensics.stages.explain import run_explainers
from forensics.stages.observed import Observed
from forensics.stages.outlines import spooled
from forensics.stages.running import parameters
from tests.stages.settling import settle


class Judged:
    """Observations of one rule on a scanned folder."""

    def __init__(self, case: Path) -> None:
        self._case = case

    def of(self, rule: str) -> list[Observation]:
        """Return them in the rule's order."""
        module, judging = load(rule), context()
        with Queries(CaseFolder.open(self._case)) as queries:
            rows = queries.rows(module.QUERY, parameters(module.QUERY, judging), module.Row)
            return list(module.check(rows, judging))

    def explained(self, rule: str) -> list[tuple[str, frozenset[str]]]:
        """Return each bin with the causes that explain it, of the rule itself and of the archive."""
        seen = [Observed(rule=load(rule).RULE, observation=one) for one in self.of(rule)]
        with Queries(CaseFolder.open(self._case)) as queries:
            explainers = [load_explainer(name) for name in EXPLAINERS]
            found, _ = run_explainers(queries.rows, spooled(seen), context(), explainers)
        settled = settle(seen, found)
        causes = [[one.cause for one in each.observation.benign if one.state is State.EXPLAINS] for each in settled]
        return [(each.observation.bin, frozenset(found)) for each, found in zip(settled, causes, strict=True)]

    def by(self, rule: str) -> dict[str, str]:
        """Return their bins by the names of the suspects' files."""
        return {one.location.text.rpartition("/")[2]: seen.bin for seen in self.of(rule) for one in seen.subjects}


class Silent:
    """What a reader says of its progress is not asked."""

    def __call__(self, location_text: str, new: int = 1, /) -> None: ...

    def beat(self) -> None: ...

    def done(self, size: int) -> None: ...


def read(source: Path, case: Path) -> Path:
    """Read a folder into a case without a worker process, and without any stage: rules are asked one by one."""
    labelled, options, silent = labels_of([source]), ScanOptions(), Silent()
    folder = open_case(case, labelled, options, lambda: datetime.now(UTC))
    setup = Setup(tmp=str(folder.tmp), limits=options.limits, as_of=instant_of(folder.info.as_of, "as of"))
    for label, root in labelled.items():
        for unit in plan(label, root, options.limits, (), "", ""):
            job = Job(unit=unit, last=len(unit.files))
            UnitReader(setup, job, silent, Spool(folder.tmp, silent.beat)).read()
            rows = {path.stem: path for path in (folder.tmp / unit.id).iterdir()}
            folder.custody.append("unit", {"unit": unit.id}, write_unit(folder, unit.id, rows))
    return folder.path


@pytest.fixture
def archive(tmp_path: Path) -> Callable[[Iterable[tuple[str, bytes]]], Judged]:
    """Read files of these names."""

    def make(files: Iterable[tuple[str, bytes]]) -> Judged:
        source = tmp_path / "leak"
        source.mkdir()
        for name, data in files:
            (source / name).write_bytes(data)
        return Judged(read(source, tmp_path / "case"))

    return make
