"""Members of a container, decoded within the limits of the source file that holds them."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Budget, ParseContext


class Unread(Exception):
    """Why the bytes of a member cannot be had.

    Attributes:
        code: of the notice that says so; its text is the exception's.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def over_budget(area: str, budget: Budget, size: int | None, decoded: int = 0) -> Unread:
    """Return why a member is left whose source file decodes to too much.

    Args:
        area: of the container's notice codes.
        budget: of the source file.
        size: of the member, as stated; ``None`` where nothing states it.
        decoded: bytes of it that were decoded before.
    """
    rest = "the rest of it is not decoded"
    if size is not None:
        rest = f"{max(0, size - decoded)} of its stated {size} bytes are not decoded"
    text = f"all in this source file decodes to more than {budget.total} bytes; {rest}"
    return Unread(f"{area}.expansion_limit", text)


class Decoding:
    """One member while it is decoded: hashed on the way, stopped at the limits.

    Args:
        area: of the container's notice codes: ``zip`` for ``zip.ratio_limit``.
        stored: the member as it is stored, in blocks.
        decode: gives bounded blocks of decoded bytes for stored ones.
        stated: bytes that the container says it decodes to; ``None`` where it does not.
        context: limits, and where large members go.
        budget: of the source file.
        taken: bytes that *decode* takes from elsewhere, beside those of *stored*.

    Attributes:
        size: bytes decoded so far.
        crc32: of these.
        digest: SHA-256 of these.
    """

    def __init__(
        self,
        area: str,
        stored: Iterable[bytes],
        decode: Callable[[Iterable[bytes]], Iterator[bytes]],
        stated: int | None,
        context: ParseContext,
        budget: Budget,
        *,
        taken: int = 0,
    ) -> None:
        self._area = area
        self._stored = stored
        self._decode = decode
        self._stated = stated
        self._context = context
        self._budget = budget
        self._taken = taken
        self.size = 0
        self.crc32 = 0
        self.digest = hashlib.sha256()

    def content(self) -> bytes | ByteSource:
        """Decode the member; it is spooled where it is larger than ``memory_bytes``.

        Raises:
            Unread: a limit was hit, or it is too large for memory and there is nowhere to spool it.
        """
        limit = self._context.limits.memory_bytes
        held: list[bytes] = []
        decoded = self._blocks()
        for block in decoded:
            held.append(block)
            if self.size > limit:
                return self._spooled(held, decoded)
        return b"".join(held)

    def mismatch(self, size: int, crc32: int) -> tuple[str, str] | None:
        """Return code and text of the notice where a whole member is not of the size and CRC-32 that are stated."""
        if self.size != size:
            return f"{self._area}.size", f"decodes to {self.size} bytes, its header states {size}"
        if self.crc32 != crc32:
            text = f"CRC-32 of the decoded bytes is {self.crc32:08x}, stated {crc32:08x}"
            return f"{self._area}.crc", text
        return None

    def _counted(self) -> Iterator[bytes]:
        for block in self._stored:
            self._taken += len(block)
            yield block

    def _blocks(self) -> Iterator[bytes]:
        limits = self._context.limits
        if not self._budget.left and self._stated != 0:
            raise over_budget(self._area, self._budget, self._stated)
        for block in self._decode(self._counted()):
            self.size += len(block)
            if not self._budget.spend(len(block)):
                raise over_budget(self._area, self._budget, self._stated, self.size)
            if self.size > limits.memory_bytes and self.size > limits.ratio * self._taken:
                text = f"expands more than ratio={limits.ratio} times: left after {self.size} bytes"
                raise Unread(f"{self._area}.ratio_limit", text)
            self.digest.update(block)
            self.crc32 = zlib.crc32(block, self.crc32)
            yield block

    def _spooled(self, held: list[bytes], rest: Iterator[bytes]) -> ByteSource:
        if self._context.spool is None:
            text = f"larger than memory_bytes={self._context.limits.memory_bytes}"
            raise Unread(f"{self._area}.memory_limit", text)

        def whole() -> Iterator[bytes]:
            while held:
                yield held.pop(0)
            yield from rest

        return self._context.spool(whole())
