"""Content of no known form under a known name: told only where the content was looked at."""

import io
import random
import zipfile
from pathlib import Path

import pytest

from forensics.reader.check import check

pytestmark = pytest.mark.usefixtures("in_process")

NOISE = random.Random(1).randbytes(1024)


def bins(file: Path) -> list[str]:
    return [one.bin for one in check(file).findings if one.rule == "archive.misnamed"]


@pytest.mark.parametrize("name", ["a.pdf", "a.jpg", "a.zip"])
def test_noise_under_a_known_name(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(NOISE)
    assert bins(file) == ["unknown"]


@pytest.mark.parametrize(("name", "content"), [("a.txt", NOISE), ("a.bin", NOISE), ("a.pdf", b"")])
def test_what_no_name_contradicts(name: str, content: bytes, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert bins(file) == []


def test_a_member_that_cannot_be_decoded_was_not_looked_at(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("a.pdf", NOISE)
    file = tmp_path / "a.zip"
    data = bytearray(made.getvalue())
    data[8] = data[data.index(b"PK\1\2") + 10] = 98
    file.write_bytes(data)
    assert bins(file) == []
