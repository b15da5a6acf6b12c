"""The report as PDF: an installed browser prints it, with no network and nothing of its own left behind."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from forensics.errors import NotInstalled, UsageError
from forensics.report import pdf
from forensics.report.pdf import BROWSERS, print_page

RECORDS = """#!/bin/sh
printf '%s\\n' "$@" > {folder}/asked
for word in "$@"; do case "$word" in --print-to-pdf=*) printf '%%PDF-1.7 made' > "${{word#*=}}";; esac; done
"""


def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    path = tmp_path / "chromium"
    path.write_text(script.format(folder=tmp_path))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")


def test_a_page_is_printed_without_a_network_in_a_new_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser(tmp_path, monkeypatch, RECORDS)
    assert print_page(b"<p>x</p>") == b"%PDF-1.7 made"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in asked and "--proxy-server=127.0.0.1:9" in asked
    profile = next(word.partition("=")[2] for word in asked if word.startswith("--user-data-dir="))
    assert not Path(profile).parent.exists()
    assert ("--no-sandbox" in asked) == (os.geteuid() == 0)


def test_without_a_browser_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(NotInstalled, match="chromium-browser"):
        print_page(b"")


def test_a_browser_that_prints_nothing_is_an_error_with_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser(tmp_path, monkeypatch, "#!/bin/sh\necho no display >&2\nexit 1\n")
    with pytest.raises(UsageError, match="no display"):
        print_page(b"")


def test_a_browser_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser(tmp_path, monkeypatch, "#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(pdf, "_SECONDS", 0.2)
    with pytest.raises(UsageError, match="within"):
        print_page(b"")


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no browser that prints is installed")
def test_a_real_browser_prints(tmp_path: Path) -> None:
    made = print_page(b"<!doctype html><title>T</title><p>Printed.</p>")
    assert made.startswith(b"%PDF-")
