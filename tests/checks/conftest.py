"""What tests of rules over a whole archive use."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from forensics import scan
from forensics.casestore import CaseFolder, Queries
from forensics.checks import load
from forensics.engine.grading.case_rules import parameters
from forensics.examples.cases import context
from forensics.model.rules import Observation


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
