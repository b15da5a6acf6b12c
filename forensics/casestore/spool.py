"""Texts that are needed once more, in another order: in memory while they are few, then in a file without a name."""

import os
from array import array
from collections.abc import Iterable
from pathlib import Path
from tempfile import SpooledTemporaryFile
from weakref import finalize

from forensics.casestore._files import storing

IN_MEMORY_BYTES = 1 << 20


class Spool:
    """Texts by their numbers from 1 on; of a million it holds 8 MB in memory. It is closed once nobody holds it.

    DuckDB sorts narrow rows in little memory, but not wide texts: these are spooled as they come, and their numbers are
    sorted.

    Args:
        folder: where the file lies; the system's where this cannot be written to, as on a read-only medium.
        texts: what is spooled.

    Raises:
        StorageFull: the disk is full.
        CaseStoreError: the file cannot be written.
    """

    def __init__(self, folder: Path, texts: Iterable[bytes]) -> None:
        place = str(folder) if os.access(folder, os.W_OK) else None
        self._file = SpooledTemporaryFile(IN_MEMORY_BYTES, dir=place)  # noqa: SIM115  closed by `close`
        finalize(self, self._file.close)
        self._starts = array("Q", (0,))
        try:
            with storing("cannot write below tmp/"):
                for text in texts:
                    self._starts.append(self._starts[-1] + self._file.write(text))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give memory and file back."""
        self._file.close()

    def __getitem__(self, number: int) -> bytes:
        start, end = self._starts[number - 1 : number + 1]
        self._file.seek(start)
        return self._file.read(end - start)
