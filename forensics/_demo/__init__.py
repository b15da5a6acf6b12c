"""The main job on the synthetic sample leak."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from forensics._demo.leak.build import CAPTURED, KEYS, RELEASED, SOURCE, build
from forensics.casestore import CaseFolder
from forensics.engine.scan import scan
from forensics.errors import UsageError
from forensics.model.findings import Ranked
from forensics.model.paths import AnyPath
from forensics.model.scanning import Progress, ScanOptions, ScanResult
from forensics.reader.listing import rank
from forensics.report.write import write_report

LABELS = "labels.json"
CASE_NUMBER = "DEMO-2017-1"


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is."""

    leak: Path
    keys: Path
    labels: Path
    scan: ScanResult
    ranking: tuple[Ranked, ...]
    report: Path


def demo(folder: AnyPath, *, progress: Callable[[Progress], None] = lambda _: None) -> Demo:
    """Build the sample leak, scan it, write the report.

    Args:
        folder: made if missing; an earlier demo in it is replaced, anything else is left alone.
        progress: called a few times a second.

    Raises:
        UsageError: the folder holds something else.
    """
    folder = Path(folder)
    if folder.exists() and not _replaceable(folder, {SOURCE, KEYS, LABELS, "case"}):
        raise UsageError(f"{folder} holds other files; give an empty or new folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build(folder)
    options = ScanOptions(
        case_number=CASE_NUMBER,
        examiner="A. Example",
        exhibit="Sample leak (synthetic)",
        captured=CAPTURED,
        released=RELEASED,
        dkim_keys=(folder / KEYS,),
    )
    case = folder / "case"
    result = scan([folder / SOURCE], case, options, progress=progress)
    return Demo(
        leak=folder / SOURCE,
        keys=folder / KEYS,
        labels=folder / LABELS,
        scan=result,
        ranking=tuple(rank(case, strength="weak")),
        report=write_report(case),
    )


def _replaceable(folder: Path, made: set[str]) -> bool:
    """Whether a folder is empty or holds an earlier demo and nothing else."""
    found = {entry.name for entry in folder.iterdir()}
    if not found:
        return True
    return found == made and CaseFolder.open(folder / "case").info.case_number == CASE_NUMBER
