import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from forensics.casestore import hash_file, write_file
from forensics.errors import CaseStoreError, StorageFull


def test_writes_whole_and_private(tmp_path: Path) -> None:
    assert write_file(tmp_path / "a.html", b"one") == hashlib.sha256(b"one").hexdigest()
    write_file(tmp_path / "a.html", b"two")
    assert (tmp_path / "a.html").read_bytes() == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.html"]
    assert stat.S_IMODE((tmp_path / "a.html").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.EIO, CaseStoreError)],
)
def test_a_fault_leaves_the_old_file(
    number: int, error: type[CaseStoreError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path / "a", b"old")

    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(error) as caught:
        write_file(tmp_path / "a", b"new")
    assert type(caught.value) is error
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_what_a_crash_left_is_replaced_and_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"kept")
    (tmp_path / ".a.partial").symlink_to(tmp_path / "elsewhere")
    write_file(tmp_path / "a", b"new")
    assert (tmp_path / "elsewhere").read_bytes() == b"kept"
    assert (tmp_path / "a").read_bytes() == b"new"


def test_folder_missing(tmp_path: Path) -> None:
    with pytest.raises(CaseStoreError, match="No such file"):
        write_file(tmp_path / "none" / "a", b"")


def test_hash_of_regular_files_only(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to("a")
    os.mkfifo(tmp_path / "pipe")
    assert hash_file(tmp_path / "a") == hashlib.sha256(b"x").hexdigest()
    assert hash_file(tmp_path / "link") is None
    assert hash_file(tmp_path / "none") is None
    assert hash_file(tmp_path) is None
    assert hash_file(tmp_path / "pipe") is None
