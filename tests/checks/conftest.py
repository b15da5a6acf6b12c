"""What tests of rules over a whole archive use."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from forensics import scan
from forensics.casestore import CaseFolder, Queries
from forensics.checks import EXPLAINERS, load, load_explainer
from forensics.examples.cases import context
from forensics.model.rules import Observation, State
from forensics.stages.explain import run_explainers
from forensics.stages.observed import Observed, settle
from forensics.stages.running import parameters


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
            found, _ = run_explainers(queries.rows, seen, context(), [load_explainer(name) for name in EXPLAINERS])
        settled = settle(seen, found)
        causes = [[one.cause for one in each.observation.benign if one.state is State.EXPLAINS] for each in settled]
        return [(each.observation.bin, frozenset(found)) for each, found in zip(settled, causes, strict=True)]

    def by(self, rule: str) -> dict[str, str]:
        """Return their bins by the names of the suspects' files."""
        return {one.location.text.rpartition("/")[2]: seen.bin for seen in self.of(rule) for one in seen.subjects}


@pytest.fixture
def archive(tmp_path: Path) -> Callable[[Iterable[tuple[str, bytes]]], Judged]:
    """Scan files of these names."""

    def make(files: Iterable[tuple[str, bytes]]) -> Judged:
        source = tmp_path / "leak"
        source.mkdir()
        for name, data in files:
            (source / name).write_bytes(data)
        scan([source], tmp_path / "case")
        return Judged(tmp_path / "case")

    return make
