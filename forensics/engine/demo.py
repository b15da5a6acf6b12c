"""The main job on the synthetic sample leak."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from forensics.engine.listing import rank
from forensics.engine.reporting import write_report
from forensics.engine.scan import scan
from forensics.errors import UsageError
from forensics.model.findings import Ranked
from forensics.model.scanning import Progress, ScanOptions, ScanResult

LABELS = "labels.json"


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is."""

    leak: Path
    labels: Path
    scan: ScanResult
    ranking: tuple[Ranked, ...]
    report: Path


def demo(folder: Path, *, progress: Callable[[Progress], None] = lambda _: None) -> Demo:
    """Build the sample leak, scan it, write the report.

    Args:
        folder: made if missing; an earlier demo in it is replaced, anything else is left alone.
        progress: called a few times a second.

    Raises:
        UsageError: the folder holds something else.
    """
    from samples.build import CAPTURED, RELEASED, SOURCE, build

    known = {SOURCE, LABELS, "case"}
    if folder.exists() and not {entry.name for entry in folder.iterdir()} <= known:
        raise UsageError(f"{folder} holds other files; give an empty or new folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build(folder)
    options = ScanOptions(
        case_number="DEMO-2017-1",
        examiner="A. Example",
        exhibit="Sample leak (synthetic)",
        captured=CAPTURED,
        released=RELEASED,
    )
    case = folder / "case"
    result = scan([folder / SOURCE], case, options, progress=progress)
    return Demo(
        leak=folder / SOURCE,
        labels=folder / LABELS,
        scan=result,
        ranking=tuple(rank(case, strength="weak")),
        report=write_report(case),
    )
