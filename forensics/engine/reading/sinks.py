"""Where a worker writes: rows as JSON lines, and members too large for memory."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

import msgspec

from forensics.errors import IntakeError
from forensics.intake.windows import RangeBytes
from forensics.model.byte_sources import ByteSource
from forensics.model.codec import encode_line

FLUSH_BYTES = 1 << 20


def rows_file(folder: Path, table: str) -> Path:
    """Return where the rows of a table lie; the parent finds them by the same rule."""
    return folder / f"{table}.ndjson"


class FileSink:
    """Rows as JSON lines, one file per table."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700)
        self._files: dict[str, BinaryIO] = {}
        self._pending: dict[str, bytearray] = {}
        self._size = 0

    def add(self, table: str, row: msgspec.Struct) -> None:
        """Take one row."""
        lines = self._pending.get(table)
        if lines is None:
            lines = self._pending[table] = bytearray()
        before = len(lines)
        encode_line(row, lines)
        self._size += len(lines) - before
        if self._size > FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is pending."""
        for table, lines in self._pending.items():
            file = self._files.get(table)
            if file is None:
                file = self._files[table] = rows_file(self._folder, table).open("xb")
            file.write(lines)
        self._pending.clear()
        self._size = 0

    def close(self) -> None:
        """Write the rest."""
        self.flush()
        for file in self._files.values():
            file.close()


class Spool:
    """Members too large for memory, one behind the other in a file without a name that vanishes with its worker.

    Args:
        folder: the worker's own.
        beat: called for every block, which may be the only sign of life for minutes.

    Attributes:
        size: bytes of all that is stored.
    """

    def __init__(self, folder: Path, beat: Callable[[], None]) -> None:
        self._folder = folder
        self._beat = beat
        self._file: IO[bytes] | None = None
        self.size = 0

    def __call__(self, chunks: Iterable[bytes]) -> ByteSource:
        """Store a member and return it as a source, which can be read until `clear`."""
        if self._file is None:
            self._file = TemporaryFile(buffering=0, dir=self._folder)  # noqa: SIM115  closed by `clear`
        start = self.size
        for chunk in chunks:
            self._write(chunk)
            self._beat()
        return RangeBytes(self, start, self.size)

    def __del__(self) -> None:
        self.clear()

    def _write(self, chunk: bytes) -> None:
        assert self._file is not None
        rest = memoryview(chunk)
        while rest:
            rest = rest[self._file.write(rest) :]
        self.size += len(chunk)

    def read(self, start: int, end: int) -> bytes:
        """Return ``start:end`` of all that is stored.

        Raises:
            IntakeError: it was given back, or the device fails.
        """
        if self._file is None:
            raise IntakeError("what was spooled has been given back")
        try:
            return os.pread(self._file.fileno(), max(0, min(end, self.size) - start), start)
        except OSError as error:
            raise IntakeError(f"cannot read what was spooled: {error.strerror}") from error

    def clear(self) -> None:
        """Give the space back."""
        if self._file is not None:
            self._file.close()
        self._file, self.size = None, 0
