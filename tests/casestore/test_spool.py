import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.casestore.spool import IN_MEMORY_BYTES, Spool
from forensics.errors import StorageFull


def test_texts_are_read_again_in_any_order(tmp_path: Path) -> None:
    texts = [b"one", b"", b"x" * IN_MEMORY_BYTES, b"four"]
    with Spool(tmp_path, texts) as spool:
        assert [spool[number] for number in (4, 3, 2, 1, 4)] == [b"four", texts[2], b"", b"one", b"four"]
        assert list(tmp_path.iterdir()) == []  # the file has no name, so nothing is left of it


def test_a_folder_that_cannot_be_written_to_is_left_alone(tmp_path: Path) -> None:
    with Spool(tmp_path / "gone", [b"x" * 2 * IN_MEMORY_BYTES, b"two"]) as spool:
        assert spool[2] == b"two"
    assert not (tmp_path / "gone").exists()


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    def texts() -> Iterator[bytes]:
        yield b"one"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageFull):
        Spool(tmp_path, texts())
