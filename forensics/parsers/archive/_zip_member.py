"""One member of a zip: its headers, and the numbers that reading it goes by.

Source: PKWARE APPNOTE.TXT 6.3.10.
"""

import msgspec

from forensics.parsers.archive import _zip_records as records

METHODS = {
    0: "copy/1",
    8: "deflate/1",
    9: "deflate64/1",
    12: "bzip2/1",
    14: "zip-lzma/1",
    20: "zstd/1",
    93: "zstd/1",
    95: "xz/1",
    98: "zip-ppmd/1",
}
"""Compression method to decoder; members of other methods stay unread."""
_NOTHING = (0, 2)
"""Stored bytes of a member without content: none, or a deflate stream of none."""
_SIZED = 98
"""Only the stated size surely tells where such a stream ends."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One member: its headers, and the numbers that reading it goes by (the directory's where it has any)."""

    index: int
    """Position in the central directory; members that it does not list follow."""
    name: bytes
    central: records.Header | None
    """``None`` for a member found by its local header alone."""
    local: records.Header | None
    """``None`` where no local header stands at the stated place."""
    descriptor: records.Descriptor | None
    header_start: int
    """Offset of the local header."""
    data_start: int
    data_end: int
    """End of the stored data, not beyond the archive's own."""
    stored_size: int
    size: int
    crc32: int
    method: int
    flags: int
    disk: int = -1
    """The part of a split archive in which it begins, where that is another than the one at hand; -1: it is this."""
    goes_on: bool = False
    """Whether this is a part of a split archive, and another may hold the rest of its data."""
    reading: int = 0
    """0: as the directory that is taken lists it; others count further directories."""

    @property
    def encrypted(self) -> bool:
        """Whether the data are encrypted."""
        return bool(self.flags & records.ENCRYPTED)

    @property
    def is_folder(self) -> bool:
        """Whether this only names a folder."""
        return self.name.endswith(b"/") and self.size == 0 and self.stored_size in _NOTHING

    @property
    def decoder(self) -> str:
        """Decoder of the plain data; empty if there is none for its method."""
        method = self.aes.method if self.aes else self.method
        name = METHODS.get(method, "")
        # Without an end marker only the stated size tells where an LZMA stream ends.
        sized = method == _SIZED or (method == 14 and not self.flags & records.LZMA_END)
        return f"{name}:{self.size}" if sized else name

    @property
    def aes(self) -> records.Aes | None:
        """What the headers say of WinZip's encryption; ``None``: it is not encrypted by it."""
        if self.method != records.AES_METHOD:
            return None
        found = [records.read_aes(header.extras) for header in (self.central, self.local) if header]
        return next((one for one in found if one), None)

    @property
    def end(self) -> int:
        """First byte after data and descriptor."""
        return self.descriptor.end if self.descriptor else self.data_end
