"""LibreOffice without a screen: files converted or saved again, in a profile of its own and without a network."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from samples.planting.mime import Unfit

PROGRAM = "soffice"
TIMEOUT = 120
"""Seconds for one start: a document that it never ends with is not planted in."""
_NOWHERE = "127.0.0.1"
_CLOSED = 9
"""A port where nobody listens."""
_SETTINGS: tuple[tuple[str, str, str | int], ...] = (
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    # Always: who changes a number on the screen sees the sums change.
    ("org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", 0),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", 2),
    *[
        ("org.openoffice.Inet/Settings", f"ooInet{scheme}Proxy{what}", value)
        for scheme in ("HTTP", "HTTPS", "FTP")
        for what, value in (("Name", _NOWHERE), ("Port", _CLOSED))
    ],
)


def installed() -> bool:
    """Return whether LibreOffice is there."""
    return shutil.which(PROGRAM) is not None


def built() -> datetime:
    """Return when this LibreOffice was built, as its program file is dated: no document of it can be older.

    Raises:
        Unfit: it is not there.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise Unfit(f"{PROGRAM} is not installed")
    return datetime.fromtimestamp(int(Path(program).resolve().stat().st_mtime) // 2 * 2, UTC).replace(tzinfo=None)


def convert(files: Sequence[tuple[bytes, str]], to: str) -> list[bytes]:
    """Return files of one kind in another format, or saved again, by one start of LibreOffice.

    Times that it writes are of now, in UTC: members of a package, and the creation of a PDF.

    Args:
        files: what each holds, and how its name ends.
        to: how the names of the results end.

    Raises:
        Unfit: LibreOffice is not there, ends too late, or leaves one of the files out.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise Unfit(f"{PROGRAM} is not installed")
    with tempfile.TemporaryDirectory() as place:
        names = [Path(place, f"{number}{suffix}") for number, (_, suffix) in enumerate(files)]
        for name, (data, _) in zip(names, files, strict=True):
            name.write_bytes(data)
        made = Path(place, "made")
        profile = f"-env:UserInstallation={_profile().as_uri()}"
        line = [*_offline(), program, profile, "--headless", "--norestore", "--convert-to", to.lstrip(".")]
        _run([*line, "--outdir", str(made), *map(str, names)])
        results = [made / f"{name.stem}{to}" for name in names]
        if not all(result.is_file() for result in results):
            raise Unfit("LibreOffice does not take it")
        return [result.read_bytes() for result in results]


def _run(line: Sequence[str]) -> None:
    """Run a program; end it with all that it started if it takes too long."""
    kept = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(_profile())}
    with subprocess.Popen(
        line,
        env={**kept, "TZ": "UTC", "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as running:
        try:
            running.wait(TIMEOUT)
        except subprocess.TimeoutExpired as error:
            raise Unfit("LibreOffice takes too long") from error
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)


@cache
def _profile() -> Path:
    """Make a profile that is gone with this process: no user's settings, no links followed, no macros."""
    folder = Path(tempfile.mkdtemp(prefix="planter"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    items = "".join(
        [
            f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
            for path, name, value in _SETTINGS
        ]
    )
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
    return folder


@cache
def _offline() -> Sequence[str]:
    """Return what to put before a program so that it has no network at all; nothing where that is not allowed."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    line = (unshare, "--map-root-user", "--net")
    return line if not subprocess.run([*line, "true"], capture_output=True, check=False).returncode else ()
