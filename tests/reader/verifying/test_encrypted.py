"""What is quoted from something encrypted is checked with its password, and is no problem without."""

from collections.abc import Sequence
from pathlib import Path

import py7zr
import pytest
from click.testing import CliRunner

from forensics import ScanOptions, VerifyResult, scan, verify
from forensics.cli.verify import run
from forensics.errors import Exit
from forensics.report.verified import verification
from tests.parsers.archive import conftest as zips
from tests.parsers.archive.test_sevenzip_methods import written
from tests.parsers.archive.test_zip_locked import aes
from tests.reader.verifying.conftest import KEPT

WEEKDAY = (KEPT / "weekday.eml").read_bytes()
PASSWORDS = {"aes.zip": b"one", "old.zip": b"two", "names.7z": b"three", "files.7z": b"four"}


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mail that breaks a rule, as it is and in four containers under a password each; the case was scanned with all.

    One more stands in a container inside a container, each with its own password.
    """
    folder = tmp_path_factory.mktemp("locked")
    leak = folder / "leak"
    leak.mkdir()

    def mail(number: int) -> bytes:
        return WEEKDAY.replace(b"Message-ID: <", b"Message-ID: <%d" % number)

    chain = [{"id": py7zr.FILTER_LZMA2, "preset": 1}, {"id": py7zr.FILTER_CRYPTO_AES256_SHA256}]
    made = {
        "plain.eml": mail(0),
        "aes.zip": zips.build([aes(zips.Zips, b"a.eml", mail(1), password=b"one")]),
        "old.zip": zips.build([zips.encrypted(b"b.eml", mail(2), b"two")]),
        "names.7z": written(None, [mail(3)], "three", header_encryption=True),
        "files.7z": written(chain, [mail(4)], "four"),
    }
    inner = written(chain, [mail(5)], "four")
    made["nested.zip"] = zips.build([aes(zips.Zips, b"in.7z", inner, password=b"one")])
    for name, data in made.items():
        (leak / name).write_bytes(data)
    scan([leak], folder / "case", ScanOptions(jobs=1, as_of="2017-06-01", passwords=tuple(PASSWORDS.values())))
    return folder


def verified(locked: Path, *passwords: bytes) -> VerifyResult:
    return verify(locked / "case", [str(locked / "leak")], passwords=passwords)


def test_all_is_checked_with_the_passwords(locked: Path) -> None:
    result = verified(locked, *PASSWORDS.values())
    assert (result.problems, result.ranges_closed, result.ranges_not_replayed) == ((), 0, 0)
    assert result.findings >= len(PASSWORDS) + 2


@pytest.mark.parametrize("given", [(), (b"wrong",), (b"wrong", b"one"), (b"four",), (b"three", b"two")])
def test_what_stays_closed_is_counted_apart(locked: Path, given: Sequence[bytes]) -> None:
    whole = verified(locked, *PASSWORDS.values())
    each = whole.ranges_replayed // (len(PASSWORDS) + 2)
    opened = 1 + sum(password in given for password in PASSWORDS.values())  # the nested one has two
    result = verified(locked, *given)
    assert result.problems == ()
    assert result.ranges_replayed == each * opened
    assert result.ranges_replayed + result.ranges_closed == whole.ranges_replayed
    lines = list(verification(result))
    words = "quoted ranges were not checked: they stand in something encrypted, which no given password opened."
    assert f"{result.ranges_closed} {words}" in lines
    assert lines[-1].startswith("What was checked holds. Not all that is encrypted was checked:")


def test_the_command_says_that_not_all_was_checked(locked: Path, tmp_path: Path) -> None:
    arguments = [str(locked / "case"), "--source", str(locked / "leak")]
    found = CliRunner().invoke(run, arguments, standalone_mode=False)
    assert found.return_value == Exit.UNREAD and "PROBLEM" not in found.output
    (tmp_path / "given").write_bytes(b"\n".join(PASSWORDS.values()))
    found = CliRunner().invoke(run, [*arguments, "--passwords", str(tmp_path / "given")], standalone_mode=False)
    assert found.return_value == Exit.DONE and "not checked" not in found.output


def test_a_container_that_was_changed_is_a_problem_with_or_without_its_password(locked: Path, tmp_path: Path) -> None:
    moved = tmp_path / "leak"
    moved.mkdir()
    for file in (locked / "leak").iterdir():
        data = bytearray(file.read_bytes())
        data[-1] ^= file.name == "aes.zip"
        (moved / file.name).write_bytes(data)
    for given in ((), PASSWORDS.values()):
        result = verify(locked / "case", [str(moved)], passwords=list(given))
        assert [(one.code, one.where) for one in result.problems] == [("source.changed", "leak: aes.zip")]
        assert result.ranges_not_replayed
