"""The chain of blocks of RAR 1.5 to 4, encrypted or not.

Source: technote.txt of WinRAR 3.
"""

import zlib
from collections.abc import Iterator
from hashlib import sha256

from forensics.intake.windows import Window
from forensics.model.locations import Step, StepKind
from forensics.parsers.archive._rar_crypt import DECODER, DERIVATIONS, open_header4
from forensics.parsers.archive._rar_model import Archive, Block, HeaderReader, RawHeader

MAIN, FILE, COMMENT, SERVICE, END = 0x73, 0x74, 0x75, 0x7A, 0x7B
_KINDS = {MAIN: "main", FILE: "file", COMMENT: "comment", SERVICE: "service", END: "end"}
_OLDER = (0x76, 0x77, 0x78, 0x79)
_HAS_DATA = 0x8000
HAS_COMMENT, LARGE = 2, 0x100
_FILE_COMMENT = 8
FIXED = 32
"""Bytes of a file's header before its name, the sizes of large files left out."""
_SALTED = 8


class Reader(HeaderReader):
    """Reads the blocks of an archive one after the other."""

    def __init__(self, archive: Archive, window: Window, size: int, passwords: tuple[bytes, ...]) -> None:
        super().__init__(archive, window, size, passwords)
        self._salts: set[bytes] = set()

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks up to the end block, or to where no further one can be found."""
        archive = self._archive
        while self.at < self._size and not archive.ended:
            start = self.at
            raw = self._locked(start) if archive.locked else self._plain(start)
            if raw is None:
                return
            block = block_of(start, raw)
            archive.claim(start, min(block.data_end, self._size))
            self.at = block.data_end
            yield block
        if self.at > self._size:
            text = f"its last block ends {self.at - self._size} bytes behind the end of the file: it is cut off"
            archive.notice("rar.truncated", text, archive.start, self._size)
        elif not archive.ended:
            # Versions before 3 write no end block.
            archive.ended = True

    def _plain(self, start: int) -> RawHeader | None:
        head = self._window.read(start, start + 7)
        size = int.from_bytes(head[5:7], "little")
        if len(head) < 7 or (size >= 7 and start + size > self._size):
            self._stop("rar.truncated", "the file ends inside a header", start)
            return None
        data = self._window.read(start, start + size)
        if size < 7 or not 0x72 <= head[2] <= 0x7F:
            self._stop("rar.header", "no header stands where one should", start)
            return None
        if not self._checked(data):
            text = f"the checksum of a header ({_KINDS.get(data[2], 'other')}) is not the stated one"
            self._archive.notice("rar.header_crc", text, start, start + size)
        return RawHeader(data, start, start + size, ())

    def _checked(self, data: bytes) -> bool:
        stated = int.from_bytes(data[:2], "little")
        covered = data[2:]
        if data[2] == MAIN and int.from_bytes(data[3:5], "little") & HAS_COMMENT:
            covered = data[2:13]
        elif data[2] == FILE and int.from_bytes(data[3:5], "little") & _FILE_COMMENT:
            covered = data[2 : name_end_of(data)]
        elif data[2] == COMMENT:
            covered = data[2:13]
        elif data[2] in _OLDER:
            return True  # what their checksums cover differs
        return zlib.crc32(covered) & 0xFFFF == stated or zlib.crc32(data[2:]) & 0xFFFF == stated

    def _locked(self, start: int) -> RawHeader | None:
        """Return an encrypted header, by the first password that gives one whose checksum is right."""
        head = self._window.read(start, start + _SALTED + 16)
        if len(head) < _SALTED + 16:
            if head.strip(b"\0"):
                self._stop("rar.truncated", "the file ends inside an encrypted header", start)
            return None
        salt = head[:_SALTED]
        if not self._passwords:
            self._unopened("headers are encrypted, and no password was given", start)
            return None
        if salt not in self._salts and len(self._salts) >= DERIVATIONS:
            self._stop("rar.derivations_limit", f"headers have more than DERIVATIONS={DERIVATIONS} salts", start)
            return None
        self._salts.add(salt)
        # The header's size is known once its beginning is decrypted.
        most = self._window.read(start, min(self._size, start + _SALTED + 0x10010))
        for password in self._passwords:
            plain = open_header4(most, password)
            if plain is None:
                continue
            size = int.from_bytes(plain[5:7], "little")
            end = start + _SALTED + (size + 15) // 16 * 16
            exact = plain[: (size + 15) // 16 * 16]
            step = Step(
                kind=StepKind.STREAM,
                name=f"header[{self._archive.blocks}]",
                start=start,
                end=end,
                decoder=f"{DECODER}:4",
                sha256=sha256(exact).hexdigest(),
            )
            return RawHeader(plain[:size], 0, end, (step,))
        self._unopened("headers are encrypted, and no given password opens them", start)
        return None


def block_of(start: int, raw: RawHeader) -> Block:
    """Return the block of a header."""
    data = raw.data
    kind, flags = data[2], int.from_bytes(data[3:5], "little")
    more = int.from_bytes(data[7:11], "little") if flags & _HAS_DATA and len(data) >= 11 else 0
    if kind in (FILE, SERVICE) and flags & LARGE and len(data) >= 40:
        more |= int.from_bytes(data[32:36], "little") << 32
    return Block(start, raw.end, raw.end + more, kind, flags, data, raw.at, raw.steps)


def name_end_of(data: bytes) -> int:
    """Return where the name in the header of a file ends."""
    flags = int.from_bytes(data[3:5], "little")
    return FIXED + (8 if flags & LARGE else 0) + int.from_bytes(data[26:28], "little")
