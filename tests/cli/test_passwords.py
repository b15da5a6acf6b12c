"""Passwords open what is encrypted in every command that reads it again, and are kept nowhere."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

import forensics

SECRET = b"never-to-be-kept-7f3a"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


@pytest.fixture(scope="module")
def leak(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locked")
    (folder / "leak").mkdir()
    plain, out = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("note.txt", WORDS)
    OOXMLFile(plain).encrypt(SECRET.decode(), out)
    (folder / "leak" / "report.docx").write_bytes(out.getvalue())
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(folder / "leak" / "locked.pdf", encryption=pikepdf.Encryption(owner="x", user=SECRET.decode()))
    (folder / "passwords").write_bytes(b"another\n" + SECRET + b"\n")
    return folder


@pytest.fixture(scope="module")
def case(leak: Path) -> Path:
    passwords = tuple((leak / "passwords").read_bytes().split())
    forensics.scan(leak / "leak", leak / "case", forensics.ScanOptions(as_of="2020-01-01", jobs=1, passwords=passwords))
    return leak / "case"


WORDS = "the words of the package, " * 300  # the library writes shorter packages to the wrong place
INNER = "report.docx > stream:decrypted"


def test_what_is_read_again_needs_the_password(case: Path, leak: Path, run: Callable[..., Any]) -> None:
    out = leak / "extracted"
    refused = run("extract", case, INNER, out)
    assert refused.returncode == 5 and "no password was given" in refused.stderr and not out.exists()
    wrong = leak / "wrong"
    wrong.write_bytes(b"wrong\n")
    refused = run("extract", case, INNER, out, "--passwords", wrong)
    assert refused.returncode == 5 and "no password given opens it" in refused.stderr
    given = run("extract", case, INNER, out, "--passwords", leak / "passwords")
    assert given.returncode == 0, given.stderr
    with zipfile.ZipFile(out) as archive:
        assert archive.read("note.txt") == WORDS.encode()


def test_a_scan_without_passwords_says_what_is_locked(leak: Path, tmp_path: Path) -> None:
    forensics.scan(leak / "leak", tmp_path / "case", forensics.ScanOptions(as_of="2020-01-01", jobs=1))
    with forensics.open_case(tmp_path / "case") as opened:
        codes = {notice.code for item in opened.items() for notice in item.notices}
    assert {"office.encrypted", "pdf.password"} <= codes


def test_no_password_is_kept(case: Path, leak: Path, run: Callable[..., Any]) -> None:
    ran = run("report", case, "--output", leak / "report.html", "--passwords", leak / "passwords")
    assert ran.returncode == 0, ran.stderr
    ran = run("search", case, "--build", "--passwords", leak / "passwords")
    assert ran.returncode == 0, ran.stderr
    written = [leak / "report.html", *[path for path in case.rglob("*") if path.is_file()]]
    assert len(written) > 5
    for path in written:
        data = path.read_bytes()
        assert SECRET not in data and SECRET.decode().encode("utf-16-le") not in data, path
