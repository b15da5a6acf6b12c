"""The report as PDF: the same page, printed by an installed Chromium in a new profile and without a network."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from forensics.errors import NotInstalled, UsageError

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge")
"""Commands that print a page, the first that is found."""
_SECONDS = 120
_QUIET = (
    *(
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--disable-extensions",
        "--disable-default-apps",
    ),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9"),
)
"""No name is looked up and every connection goes to a port where nobody answers; the page asks for none."""


def print_page(page: bytes) -> bytes:
    """Return a page as PDF.

    Args:
        page: self-contained HTML.

    Raises:
        NotInstalled: no browser that prints is there.
        UsageError: it printed nothing.
    """
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise NotInstalled(
            f"a PDF is printed by Chromium, which is not installed here (looked for: {', '.join(BROWSERS)}); "
            "write .html and print it in any browser"
        )
    with TemporaryDirectory(prefix="forensics-") as folder:
        source, target = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_bytes(page)
        command = [browser, *_QUIET, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # it refuses to run as root with one; the page holds no script
        try:
            made = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, cwd=folder)
            return target.read_bytes()
        except subprocess.TimeoutExpired as error:
            raise UsageError(f"{browser} did not print the report within {_SECONDS} s") from error
        except OSError as error:
            said = made.stderr[-500:].decode("utf-8", "replace").strip()
            raise UsageError(f"{browser} did not print the report: {said or error.strerror}") from error
