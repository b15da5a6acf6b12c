"""What a scan may be told, how far it is, and what it did."""

from pathlib import Path

import msgspec

from forensics.model.items import Limits
from forensics.model.keys import KeyFile
from forensics.model.locations import Location
from forensics.model.paths import AnyPath

LOST = ("partial", "unread")
"""States of items of which something was not read although it should have been."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a scan is."""

    items: int
    size: int
    """Bytes of source files read in this run."""
    total: int
    """Bytes of source files to read in this run, as far as they have been found."""
    observations: int
    elapsed_s: float
    current: str = ""
    planned: bool = True
    """Whether all files have been found."""


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


class Unread(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Items that were not (wholly) examined, by reason."""

    status: str
    reason: str
    """Notice code."""
    remedy: str = ""
    """End of the key of a sentence that says what to do (``report.remedy.*``); empty where the reason says it."""
    count: int
    size: int
    """Bytes of these items as they are, unpacked, at every place; `AccountLine` has those that stand in the sources."""
    sample: tuple[Location, ...]
    """At most 5."""

    @property
    def lost(self) -> bool:
        """Whether this is a loss, and not what was left alone on purpose or holds nothing to read."""
        return self.status in LOST


class Extent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far reading and judging got, in numbers."""

    reached: Reached
    items: int
    """Occurrences in the tables."""
    by_status: dict[str, int]
    """Occurrences by state; a state that none has is left out."""
    judged: int
    """Occurrences that at least one rule had what it needs to judge."""
    unread: tuple[Unread, ...]
    """What is not ``parsed``, by state and reason."""

    @property
    def read(self) -> int:
        """Items of which anything was read."""
        return self.by_status.get("parsed", 0) + self.by_status.get("partial", 0)

    @property
    def lost(self) -> int:
        """Items of which something was not read although it should have been."""
        return sum([row.count for row in self.unread if row.lost])

    @property
    def apart(self) -> int:
        """Items that were left alone on purpose, or hold nothing to read."""
        return sum([row.count for row in self.unread if not row.lost])


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
    dkim_keys: tuple[AnyPath, ...] = ()
    """Key files, or folders of them, whose keys are stored in the case; keys that it has already are kept."""
    signer_keys: tuple[AnyPath, ...] = ()
    """Likewise files of authors' keys: certificates and OpenPGP key rings. Either takes the files of both."""
    reference: tuple[AnyPath, ...] = ()
    """Reference sources: originals, or an earlier release, that the items are compared with and that are never judged.
    A case keeps those that it has where none is given."""
    restrict: AnyPath | None = None
    """A list of addresses, domains and folders whose items are never quoted. A case keeps the one that it has where
    none is given."""
    limits: Limits = Limits()


class ScanResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan did; the case holds the rest."""

    case: Path
    extent: Extent
    """How much was read and could be judged."""
    ranked: int
    """Lines of the ranking."""
    lured: int = 0
    """Mails and files that would lead their reader elsewhere: they stand apart from the ranking."""
    head: str
    """Custody head to write down."""
    changed: int
    """Files that changed while they were read, also when they were read a second time."""
    again: int = 0
    """Items that were left for a reason that may have passed (a source that was away, time, memory): the same scan
    reads them again."""
    units: int
    """Units read in this run; the others were in the case already."""
    cpu_s: float
    """Processor time of the workers that read."""
    peak_bytes: int
    """Largest resident memory of one of them."""
    judging_cpu_s: float = 0.0
    """Processor time of the processes in which a large case was judged; 0: it was judged by the caller's."""
    judging_peak_bytes: int = 0
    """Largest resident memory of one of them."""
    key_files: tuple[KeyFile, ...] = ()
    """What each file of `ScanOptions.dkim_keys` and then of `ScanOptions.signer_keys` gave."""
