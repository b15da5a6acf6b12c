"""Where a worker writes: rows as JSON lines, and members too large for memory."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import msgspec

from forensics.intake.files import FileBytes
from forensics.model.codec import encode
from forensics.model.items import ByteSource

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
        self._pending: dict[str, list[bytes]] = {}
        self._size = 0

    def add(self, table: str, row: msgspec.Struct) -> None:
        """Take one row."""
        line = encode(row)
        self._pending.setdefault(table, []).append(line)
        self._size += len(line)
        if self._size > FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is pending."""
        for table, lines in self._pending.items():
            file = self._files.get(table)
            if file is None:
                file = self._files[table] = rows_file(self._folder, table).open("xb")
            file.write(b"\n".join(lines) + b"\n")
        self._pending.clear()
        self._size = 0

    def close(self) -> None:
        """Write the rest."""
        self.flush()
        for file in self._files.values():
            file.close()


class Spool:
    """Members too large for memory, in files of this worker that vanish with it.

    Args:
        folder: the worker's own.
        beat: called for every block, which may be the only sign of life for minutes.
    """

    def __init__(self, folder: Path, beat: Callable[[], None]) -> None:
        self._folder = folder
        self._beat = beat
        self._open: list[FileBytes] = []

    def __call__(self, chunks: Iterable[bytes]) -> ByteSource:
        """Store a member and return it as a source."""
        path = self._folder / f"spool-{len(self._open)}"
        try:
            with path.open("wb") as file:
                for chunk in chunks:
                    file.write(chunk)
                    self._beat()
            source = FileBytes(path)
        finally:
            path.unlink(missing_ok=True)  # the open descriptor keeps it; nothing is left behind whatever happens
        self._open.append(source)
        return source

    def clear(self) -> None:
        """Give the space back."""
        for source in self._open:
            source.close()
        self._open.clear()
