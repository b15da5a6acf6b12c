import hashlib
import os
import socket
import subprocess
from pathlib import Path

import msgspec
import pytest

from forensics.errors import IntakeError
from forensics.intake import files
from forensics.intake.files import FileBytes, FileKind, SourceFile, file_times, hash_file, walk
from forensics.model.facts import Absence, ClockKind, Description, Precision


def names(path: Path) -> list[bytes]:
    return [file.name for file in walk(path)]


def test_paths_are_sorted_by_their_raw_bytes(tmp_path: Path) -> None:
    for name in (b"a/b", b"a.txt", b"a/c/d", b"\xff\xfe", b"B", b"a b", b"e/.hidden"):
        path = os.fsencode(tmp_path) + b"/" + name
        Path(os.fsdecode(path)).parent.mkdir(parents=True, exist_ok=True)
        Path(os.fsdecode(path)).write_bytes(name)
    (tmp_path / "empty").mkdir()
    found = names(tmp_path)
    assert found == sorted(found)
    assert found == [b"B", b"a b", b"a.txt", b"a/b", b"a/c/d", b"e/.hidden", b"\xff\xfe"]
    assert all(hash_file(file.path) == hashlib.sha256(file.name).hexdigest() for file in walk(tmp_path))


def test_links_and_special_files_are_recorded_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("folder/file")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to("missing")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # a socket's own path may have 107 bytes only
        server.bind("socket")
        kinds = {file.name: file.kind for file in walk(tmp_path)}
    assert kinds == {
        b"folder/file": FileKind.FILE,
        b"link": FileKind.SYMLINK,
        b"loop": FileKind.SYMLINK,
        b"nowhere": FileKind.SYMLINK,
        b"pipe": FileKind.SPECIAL,
        b"socket": FileKind.SPECIAL,
    }
    for name in ("link", "pipe", "folder", "missing"):
        with pytest.raises(IntakeError):
            FileBytes(tmp_path / name)


def test_what_may_not_be_read_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "file").write_bytes(b"xyz")
    (tmp_path / "gone").write_bytes(b"xyz")
    scan, look = os.scandir, os.lstat

    def scandir(path: bytes) -> object:
        if path.endswith(b"closed"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    def lstat(path: bytes) -> os.stat_result:
        if path.endswith(b"gone"):
            raise OSError(5, "Input/output error")
        return look(path)

    monkeypatch.setattr(files.os, "scandir", scandir)
    monkeypatch.setattr(files.os, "lstat", lstat)
    monkeypatch.setattr(files.os, "access", lambda path, mode: not path.endswith(b"file"))
    found = list(walk(tmp_path))
    assert [(file.name, file.kind, file.size) for file in found] == [
        (b"closed", FileKind.FOLDER_UNREADABLE, 0),
        (b"file", FileKind.UNREADABLE, 3),
        (b"gone", FileKind.UNREADABLE, 0),
    ]
    assert found[2].mtime_ns is None and file_times(found[2]) == ()


def test_a_single_file_is_one_entry(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(b"data")
    (file,) = walk(path)
    assert (file.name, file.kind, file.size) == (b"a.eml", FileKind.FILE, 4)
    assert file.path == os.fsencode(path.resolve())
    (tmp_path / "link.eml").symlink_to(path)
    (file,) = walk(tmp_path / "link.eml")
    assert (file.name, file.kind) == (b"link.eml", FileKind.FILE)
    with pytest.raises(IntakeError):
        next(walk(tmp_path / "missing"))


def test_deep_trees_do_not_exhaust_the_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(1100):
        Path("d").mkdir()
        os.chdir("d")
    Path("f").write_bytes(b"x")
    os.chdir(tmp_path)
    try:
        assert [file.name for file in walk(tmp_path)] == [b"d/" * 1100 + b"f"]
    finally:  # the test runner's own clean-up would exhaust the stack on it
        subprocess.run(["rm", "-rf", "d"], check=True)


def test_entries_survive_the_way_to_a_worker(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")).write_bytes(b"")
    (file,) = walk(tmp_path)
    assert msgspec.json.decode(msgspec.json.encode(file), type=SourceFile) == file


def test_the_modification_time_is_a_timestamp(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"")
    os.utime(path, ns=(1, 1_467_718_402_123_456_789))
    (stamp,) = file_times(next(walk(path)))
    assert stamp.instant == stamp.wall == 14_677_184_021_234_567
    assert stamp.raw == b"1467718402123456789"
    assert stamp.offset_s is Absence.NOT_APPLICABLE
    assert (stamp.precision, stamp.description, stamp.clock) == (
        Precision.TICK,
        Description.MODIFICATION,
        ClockKind.FILE_SYSTEM,
    )


def test_bytes_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(range(200)))
    before = path.stat()
    with FileBytes(path) as source:
        assert source.size == 200
        assert source.read(10, 20) == bytes(range(10, 20))
        assert source.read(190, 500) == bytes(range(190, 200))
        assert source.read(300, 400) == source.read(20, 10) == b""
        assert not source.changed()
        with path.open("ab") as file:
            file.write(b"more")
        assert source.changed()
    source.close()
    assert path.stat().st_atime_ns == before.st_atime_ns


def test_shrunken_file_gives_fewer_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(100))
    with FileBytes(path) as source:
        os.truncate(path, 40)
        assert len(source.read(0, 100)) == 40
        assert source.changed()


def test_device_errors_are_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"data")

    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    with FileBytes(path) as source:
        monkeypatch.setattr(files.os, "pread", fail)
        with pytest.raises(IntakeError):
            source.read(0, 4)


def test_access_time_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"data")
    opened = os.open

    def other_owner(path: object, flags: int) -> int:
        if flags & os.O_NOATIME:
            raise PermissionError(1, "Operation not permitted")
        return opened(path, flags)  # type: ignore[arg-type]

    monkeypatch.setattr(files.os, "open", other_owner)
    assert hash_file(path) == hashlib.sha256(b"data").hexdigest()
