"""The chain of blocks of RAR 5, encrypted or not.

Source: technote.txt of RAR 5 ("RAR 5.0 archive format").
"""

import zlib
from collections.abc import Iterator
from hashlib import sha256

from forensics.errors import Truncated
from forensics.intake.windows import Window
from forensics.model.locations import Step, StepKind
from forensics.parsers.archive import _rar_crypt as crypt
from forensics.parsers.archive._rar_model import Archive, Block, HeaderReader, RawHeader
from forensics.parsers.archive._rar_v5_fields import HAS_DATA, HAS_EXTRA, Fields, body

MAIN, FILE, SERVICE, ENCRYPTION, END = 1, 2, 3, 4, 5
HEADER_BYTES = 2 << 20
"""A larger header is none; RAR's own limit is the same."""
_IV = 16


class Reader(HeaderReader):
    """Reads the blocks of an archive one after the other."""

    def __init__(self, archive: Archive, window: Window, size: int, passwords: tuple[bytes, ...]) -> None:
        super().__init__(archive, window, size, passwords)
        self._salt, self._count = b"", 0

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks up to the end block, or to where no further one can be found."""
        archive = self._archive
        while self.at < self._size and not archive.ended:
            start = self.at
            frame = self._locked(start) if archive.locked else self._plain(start)
            if frame is None:
                return
            try:
                block = block_of(start, frame)
            except Truncated:
                self._stop("rar.header", "a header ends inside its first fields", start)
                return
            archive.claim(start, min(block.data_end, self._size))
            self.at = block.data_end
            if block.kind == ENCRYPTION:
                self._encryption(block)
            else:
                yield block
        if self.at > self._size:
            text = f"its last block ends {self.at - self._size} bytes behind the end of the file: it is cut off"
            archive.notice("rar.truncated", text, archive.start, self._size)
        elif not archive.ended:
            archive.notice("rar.truncated", "it has no end block: it is cut off", archive.start, self._size)

    def _plain(self, start: int) -> RawHeader | None:
        head = self._window.read(start, start + 7)
        size, at = crypt.vint(head, 4)
        if size is None and len(head) < 7:
            self._stop("rar.truncated", "the file ends inside a header", start)
            return None
        if size is None or not size or size > HEADER_BYTES:
            self._stop("rar.header", "no header stands where one should", start)
            return None
        end = start + at + size
        if end > self._size:
            self._stop("rar.truncated", "the file ends inside a header", start)
            return None
        data = self._window.read(start, end)
        if zlib.crc32(data[4:]) != int.from_bytes(data[:4], "little"):
            if not any(data):
                self._stop("rar.header", "zeros stand where a header should", start)
                return None
            text = "the CRC-32 of a header is not the stated one"
            self._archive.notice("rar.header_crc", text, start, end)
        return RawHeader(data, start, end, ())

    def _encryption(self, block: Block) -> None:
        """Take the block that says that all headers behind it are encrypted."""
        archive = self._archive
        archive.locked = True
        try:
            fields = body(block)
            version, flags = fields.number(), fields.number()
            self._count = fields.take(1)[0]
            self._salt = fields.take(16)
        except Truncated:
            self._unopened("its encryption header is too short", self.at)
            archive.ended = True
            return
        archive.properties.append(
            block.fact("archive.encryption", f"AES-256, 2**{self._count} rounds", *fields.range, "rar:encryption")
        )
        if version or self._count > crypt.MOST_CYCLES:
            self._unopened(
                f"headers are encrypted in a way that is not read (version {version}, 2**{self._count} rounds)", self.at
            )
            archive.ended = True
        elif flags & 1 and fields.end - fields.at >= 8:
            check = fields.take(8)
            fitting = [one for one in self._passwords if crypt.fits5(one, self._salt, self._count, check)]
            given, self._passwords = bool(self._passwords), tuple(fitting)
            if not fitting:
                self._locked_out(given=given)
        elif not self._passwords:
            self._locked_out(given=False)

    def _locked_out(self, *, given: bool) -> None:
        self._archive.ended = True
        why = "no given password opens them" if given else "no password was given"
        self._unopened(f"headers are encrypted, and {why}", self.at)

    def _locked(self, start: int) -> RawHeader | None:
        head = self._window.read(start, start + 2 * _IV)
        if len(head) < 2 * _IV:
            self._stop("rar.truncated", "the file ends inside an encrypted header", start)
            return None
        for password in self._passwords:
            plain = crypt.aes(head[_IV:], crypt.key5(password, self._salt, self._count), head[:_IV])
            size, at = crypt.vint(plain, 4)
            if size is None or not size or size > HEADER_BYTES:
                continue
            end = start + _IV + (at + size + 15) // 16 * 16
            found = crypt.open_header5(self._window.read(start, end), password, self._salt, self._count)
            if found is None:
                continue
            step = Step(
                kind=StepKind.STREAM,
                name=f"header[{self._archive.blocks}]",
                start=start,
                end=end,
                decoder=f"{crypt.DECODER}:5.{self._count}.{self._salt.hex()}",
                sha256=sha256(found).hexdigest(),
            )
            return RawHeader(found[: at + size], 0, end, (step,))
        self._unopened("headers are encrypted, and no given password opens the next one", start)
        return None


def block_of(start: int, frame: RawHeader) -> Block:
    """Return the block of a header.

    Raises:
        Truncated: it ends inside its first fields.
    """
    fields = Fields(frame.data, 4, len(frame.data))
    fields.number()
    kind, flags = fields.number(), fields.number()
    if flags & HAS_EXTRA:
        fields.number()
    size = fields.number() if flags & HAS_DATA else 0
    return Block(start, frame.end, frame.end + size, kind, flags, frame.data, frame.at, frame.steps)
