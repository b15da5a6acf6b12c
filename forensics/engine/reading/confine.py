"""The minimal confinement of a worker: limits, no new privileges, no network where the kernel allows it.

What was obtained is reported and stands in the custody log; a kernel that refuses a measure does not stop the scan.
"""

import ctypes
import os
import resource
import signal
import sys

ADDRESS_SPACE = 4 << 30
"""Bytes; the budget of 500 MB is measured on resident memory, mapped libraries need room above it."""
CPU_SECONDS = 24 * 3600
OPEN_FILES = 128
FILE_BYTES = 64 << 30
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


def confine() -> dict[str, str]:
    """Confine the calling process for good.

    Returns:
        Measure to ``obtained`` or the reason why not, in a fixed order.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a worker stops
    report = {}
    for name, kind, value in (
        ("address_space", resource.RLIMIT_AS, ADDRESS_SPACE),
        ("cpu_seconds", resource.RLIMIT_CPU, CPU_SECONDS),
        ("open_files", resource.RLIMIT_NOFILE, OPEN_FILES),
        ("file_bytes", resource.RLIMIT_FSIZE, FILE_BYTES),
        ("core_dumps", resource.RLIMIT_CORE, 0),
    ):
        report[name] = _limit(kind, value)
    report |= leave_network()
    return report


def _limit(kind: int, value: int) -> str:
    try:
        _, hard = resource.getrlimit(kind)
        capped = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (capped, capped))
    except (OSError, ValueError) as error:
        return f"refused: {error}"
    return f"obtained: {capped}"


def leave_network() -> dict[str, str]:
    """Give up new privileges and the network for good, and end with whoever started this process.

    Returns:
        As `confine` does.
    """
    if not sys.platform.startswith("linux"):
        return {"no_new_privileges": "not on this system", "no_network": "not on this system"}
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    privileges = libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    report = {"no_new_privileges": "obtained" if privileges == 0 else "refused"}
    for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET):
        if libc.unshare(flags) == 0:
            report["no_network"] = "obtained"
            return report
    report["no_network"] = f"refused: {os.strerror(ctypes.get_errno())}"
    return report
