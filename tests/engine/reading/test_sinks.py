"""Rows of a unit in files of their own, and members too large for memory."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from forensics.engine.reading.sinks import FLUSH_BYTES, FileSink, Spool
from forensics.errors import IntakeError


class Row(msgspec.Struct):
    text: str


def test_rows_are_written_as_they_become_many_and_at_the_end(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "unit")
    sink.add("messages", Row("a" * FLUSH_BYTES))
    assert (tmp_path / "unit" / "messages.ndjson").exists()
    sink.add("messages", Row("b"))
    sink.add("notices", Row("c"))
    assert not (tmp_path / "unit" / "notices.ndjson").exists()
    sink.close()
    lines = (tmp_path / "unit" / "messages.ndjson").read_bytes().splitlines()
    assert [msgspec.json.decode(line, type=Row).text[0] for line in lines] == ["a", "b"]
    assert (tmp_path / "unit" / "notices.ndjson").read_bytes() == b'{"text":"c"}\n'


def test_a_spooled_member_has_no_name_and_goes_when_the_file_is_read(tmp_path: Path) -> None:
    beats: list[int] = []
    spool = Spool(tmp_path, lambda: beats.append(1))
    source = spool([b"first ", b"second"])
    assert (source.read(0, 99), len(beats)) == (b"first second", 2)
    assert not list(tmp_path.iterdir())
    assert [spool([b"third"]).read(1, 99), source.read(6, 8)] == [b"hird", b"se"], "each stands for itself"
    spool.clear()
    with pytest.raises(IntakeError):
        source.read(0, 1)


def test_a_member_that_ends_in_an_error_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"some"
        raise ValueError("damaged")

    with pytest.raises(ValueError, match="damaged"):
        Spool(tmp_path, lambda: None)(broken())
    assert not list(tmp_path.iterdir())
