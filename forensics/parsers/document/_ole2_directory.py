"""The directory of an OLE2 file, as far as recognizing what stands in it asks: names, and how streams begin.

Nothing here is trusted: chains are followed for a bounded number of sectors.

Source: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.4 (mini FAT), 2.6 (directory).
"""

from typing import NamedTuple

from forensics.model.byte_sources import ByteSource

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_SECTORS = 64
"""Sectors of a chain that are followed; the directory of an encrypted document has two or three."""
_MINI_SHIFT = 6
_MINI_CUTOFF = 4096
_FAT_SLOTS = 109
"""Of the FAT's own sectors that the header names."""
_ROOT = 5


class Entry(NamedTuple):
    """One entry of the directory."""

    name: str
    kind: int
    """1: a storage, 2: a stream, 5: the root."""
    start: int
    """First sector."""
    size: int


class Directory:
    """The entries of an OLE2 file.

    Args:
        source: a file that begins with `MAGIC`.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._header = source.read(0, _HEADER_BYTES).ljust(_HEADER_BYTES, b"\0")
        shift = self._number(30, 2)
        self._shift = shift if shift in (9, 12) else 9
        first = self._number(48, 4)
        entries = [
            _entry(block[at : at + _ENTRY_BYTES])
            for block in map(self._sector, self._chain(first))
            for at in range(0, len(block) - _ENTRY_BYTES + 1, _ENTRY_BYTES)
        ]
        self.entries = tuple([entry for entry in entries if entry.kind in (1, 2, _ROOT)])

    def find(self, name: str) -> Entry | None:
        """Return the first stream of a name, in any case."""
        wanted = name.lower()
        return next((entry for entry in self.entries if entry.kind == 2 and entry.name.lower() == wanted), None)

    def beginning(self, entry: Entry, size: int) -> bytes:
        """Return the first bytes of a stream, fewer where it is short or its chain is broken."""
        size = min(size, entry.size)
        if entry.size >= _MINI_CUTOFF:
            return b"".join(map(self._sector, self._chain(entry.start)))[:size]
        root = next((one for one in self.entries if one.kind == _ROOT), None)
        if root is None:
            return b""
        at, per = entry.start << _MINI_SHIFT, 1 << self._shift
        chain = self._chain(root.start)
        if at // per >= len(chain):
            return b""
        within = at % per
        # What is asked of short streams stands in their first mini sector.
        return self._sector(chain[at // per])[within : within + min(size, 1 << _MINI_SHIFT)]

    def _number(self, at: int, size: int) -> int:
        return int.from_bytes(self._header[at : at + size], "little")

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        return self._source.read(start, start + (1 << self._shift))

    def _chain(self, first: int) -> list[int]:
        found: list[int] = []
        while first < 0xFFFFFFFA and len(found) < _SECTORS and first not in found:
            found.append(first)
            first = self._following(first)
        return found

    def _following(self, number: int) -> int:
        slot, place = divmod(number, 1 << (self._shift - 2))
        table = self._number(76 + 4 * slot, 4) if slot < _FAT_SLOTS else 0xFFFFFFFF
        if table >= 0xFFFFFFFA:
            return 0xFFFFFFFF
        start = ((table + 1) << self._shift) + 4 * place
        raw = self._source.read(start, start + 4)
        return int.from_bytes(raw, "little") if len(raw) == 4 else 0xFFFFFFFF


def _entry(raw: bytes) -> Entry:
    length = min(int.from_bytes(raw[64:66], "little"), 64)
    name = raw[: max(0, length - 2)].decode("utf-16-le", "replace")
    return Entry(name, raw[66], int.from_bytes(raw[116:120], "little"), int.from_bytes(raw[120:124], "little"))
