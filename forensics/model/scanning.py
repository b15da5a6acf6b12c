"""What a scan may be told, how far it is, and what it did."""

from pathlib import Path

import msgspec

from forensics.model.items import Limits


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a scan is."""

    items: int
    size: int
    """Bytes of source files read in this run."""
    total: int
    """Bytes of source files to read in this run."""
    observations: int
    elapsed_s: float
    current: str = ""


class ScanOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan may be told; all of it optional."""

    case_number: str = ""
    examiner: str = ""
    exhibit: str = ""
    captured: str = ""
    released: str = ""
    as_of: str = ""
    """Instant after which no date can be genuine; else the capture date, else the time of the first scan."""
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    passwords: tuple[bytes, ...] = ()
    jobs: int = 0
    """Processes; 0: as many as there are processors."""
    leave_out: tuple[str, ...] = ()
    """Reference corpora whose rates are not used: an archive must not be judged by counts of its own mail."""
    limits: Limits = Limits()


class ScanResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan did; the case holds the rest."""

    case: Path
    items: int
    by_status: dict[str, int]
    unread_reasons: dict[str, int]
    """Reason code to count, for items that are not wholly read."""
    ranked: int
    head: str
    """Custody head to write down."""
    changed: int
    """Files that changed while they were read, also when they were read a second time."""
    units: int
    """Units read in this run; the others were in the case already."""
    cpu_s: float
    """Processor time of the workers."""
    peak_bytes: int
    """Largest resident memory of one worker."""
