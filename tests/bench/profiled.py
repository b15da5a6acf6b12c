"""The dearest functions of reading, in one process without workers, and the dearest rules.

python -m tests.bench.profiled FOLDER
"""

import cProfile
import json
import pstats
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from forensics import MeasureOptions, measure
from forensics.engine.reading.files import UnitReader
from forensics.engine.reading.protocol import Job, Setup
from forensics.engine.reading.sinks import Spool
from forensics.engine.reading.units import Unit, plan
from forensics.model.items import Limits
from tests.bench.processes import ROOT
from tests.conftest import Silent

MOST = 10
_LATER = 2**62
"""As-of in 100 ns: no date is later."""


class Dear(NamedTuple):
    """A function or a rule, us a mail; a profiled function costs more than one that nobody watches."""

    name: str
    us: float
    calls: float


def dearest_functions(folder: Path) -> list[Dear]:
    """Return what took most time itself; the second reading of all units is watched."""
    units = list(plan("bench", folder, Limits(), (), "", "0"))
    mails = sum(1 for _ in folder.rglob("*.eml"))
    _read(units)
    profile = cProfile.Profile()
    profile.enable()
    _read(units)
    profile.disable()
    found = [
        Dear(_name(*place), own * 1e6 / mails, calls / mails)
        for place, (_, calls, own, _, _) in pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]
    ]
    return sorted(found, key=lambda one: -one.us)[:MOST]


def _read(units: Sequence[Unit]) -> None:
    with TemporaryDirectory() as work:
        for place, unit in enumerate(units):
            folder = Path(work) / str(place)
            folder.mkdir()
            setup = Setup(tmp=str(folder), limits=Limits(), as_of=_LATER)
            UnitReader(setup, Job(unit=unit, last=len(unit.files)), Silent(), Spool(folder, Silent().beat)).read()


def _name(file: str, line: int, function: str) -> str:
    """Return a function with its file; one that is built in has none."""
    path = Path(file)
    if file == "~":
        return function
    return f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name}:{line} {function}"


def dearest_rules(folder: Path) -> list[Dear]:
    """Return rules and explainers; case rules are counted over all mails."""
    times = measure(folder, MeasureOptions(profile=True)).times
    found = [Dear(one.name, one.us_per_mail, one.calls) for one in times if one.name != "reading and rows"]
    return sorted(found, key=lambda one: -one.us)[:MOST]


if __name__ == "__main__":
    asked = Path(sys.argv[1])
    sys.stdout.write(json.dumps({"functions": dearest_functions(asked), "rules": dearest_rules(asked)}))
