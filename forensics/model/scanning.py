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


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """How far reading and judging of a case got, by its custody log.

    Counts of units, files and bytes are ``None`` where the log does not say: no scan got so far as to list its
    sources, or an early version of this program wrote the case.
    """

    scans: int = 0
    """How often a scan was started."""
    finished: bool = False
    """The last scan came to its end."""
    judged: bool = False
    """The rules ran over everything that is in the tables: nothing was read or taken out since."""
    interrupted: bool = False
    """The last scan was stopped by its user; one that is neither finished nor interrupted died, or still runs."""
    held: bool = False
    """Another process writes to the case at this moment."""
    units_planned: int | None = None
    units_read: int | None = None
    files_planned: int | None = None
    """Files of the sources, whatever they are; members of archives and messages of mailboxes are not counted here."""
    files_read: int | None = None
    """Files of which nothing is left to read; a large mailbox counts with its last piece."""
    bytes_planned: int | None = None
    bytes_read: int | None = None
    items_read: int = 0
    """Items in the tables; how many there will be is known only when the scan has finished."""

    @property
    def running(self) -> bool:
        """Whether a scan is at work: somebody holds the case, and the last scan has neither finished nor stopped."""
        return self.held and self.scans > 0 and not (self.finished or self.interrupted)

    @property
    def settled(self) -> bool:
        """Whether results can be asked for: the last scan finished, and everything that it read was judged."""
        return self.finished and self.judged


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
