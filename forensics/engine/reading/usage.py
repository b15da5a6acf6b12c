"""What the system says of a process that reads for us."""

import os
from pathlib import Path
from typing import NamedTuple


class Use(NamedTuple):
    """What a process uses."""

    state: str
    """One letter: ``D`` waits for a disk, ``T`` and ``t`` stand still."""
    cpu_s: float
    resident: int
    """Bytes of memory."""

    @property
    def runs(self) -> bool:
        """Whether time that passes is its own: it neither waits for a disk nor was stopped."""
        return self.state not in "DTt"


def use_of(pid: int) -> Use | None:
    """Return what the system says of a process; ``None`` where it does not, or the process has ended."""
    try:
        raw = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    fields = raw.rpartition(b")")[2].split()
    if len(fields) < 22:
        return None
    cpu_s = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return Use(fields[0].decode("ascii"), cpu_s, int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))
