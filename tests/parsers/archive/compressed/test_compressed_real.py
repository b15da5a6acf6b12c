"""Real compressed files, against the standard library's readers."""

import bz2
import gzip
import lzma
from pathlib import Path
from typing import Any

import pytest

Packed = Any
"""Of the fixture of that name: it reads."""
READERS = {"gzip": gzip.decompress, "bzip2": bz2.decompress, "xz": lzma.decompress, "lzma": lzma.decompress}
ENDS = {".gz": "gzip", ".tgz": "gzip", ".bz2": "bzip2", ".tbz2": "bzip2", ".xz": "xz", ".lzma": "lzma"}


def test_real_files_replay_and_agree_with_the_standard_library(packed: Packed, corpora: Path) -> None:
    count = 0
    for path in sorted((corpora / "archive").rglob("*")):
        kind = ENDS.get(path.suffix)
        if kind is not None and path.is_file():
            data = path.read_bytes()
            assert packed.read(kind, data, "a").content == READERS[kind](data), path
            count += 1
    if not count:
        pytest.skip("no compressed files at hand")
