"""Leaves too large for memory: hashed and decoded in pieces, and kept as windows of the message or in the spool."""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from forensics.intake.windows import BLOCK, RangeBytes, Window, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.parsers.mail.leaves import Fault, LargeLeaf, base64_faults, quoted_printable_faults
from forensics.parsers.mail.outline import Outline
from forensics.replay import base64, quoted_printable

_FILES = (b"\nbegin", b"\rbegin", b"=ybegin ")


class LargeLeaves:
    """Reads the leaves of a message of which an outline lacks something.

    Args:
        source: the message.
        outline: of it; leaves are asked for by their places there.
        spool: takes what is decoded; ``None``: it is hashed alone.

    Attributes:
        newline: the byte that ends the message's lines.
        notices: what was odd, with its places in the message.
    """

    def __init__(
        self, source: ByteSource, outline: Outline, spool: Callable[[Iterable[bytes]], ByteSource] | None
    ) -> None:
        self._source = source
        self._outline = outline
        self._spool = spool
        self.newline = outline.newline
        self.notices: list[Notice] = []

    def lacks(self, start: int, end: int) -> bool:
        """Whether not all of a range is at hand."""
        return self._outline.lacks(start, end)

    def leaf(self, start: int, end: int, decoder: str, *, is_text: bool) -> LargeLeaf | None:
        """Decode a leaf; ``None`` where all of it is at hand.

        Args:
            start: first byte of its body in the outline.
            end: first byte after it.
            decoder: of `forensics.replay.decoders`.
            is_text: whether it has a digest as text.
        """
        if not self.lacks(start, end):
            return None
        first, last = self._outline.whole(start, end)
        digests = _Digests(is_text=is_text)
        content: ByteSource | None = None
        if decoder == "copy/1":
            content = RangeBytes(self._source, first, last)
            for _ in digests.of(blocks(content, 0, content.size)):
                pass
        elif decoder == "base64/2":
            letters = base64.InBlocks(self._source, first, last)
            content = self._kept(digests.of(letters), first, last)
            self._faults(base64_faults(letters, last - first), first)
        elif decoder == "quoted-printable/2":
            escaped = quoted_printable.InBlocks(self._source, first, last)
            content = self._kept(digests.of(escaped), first, last)
            self._faults(quoted_printable_faults(escaped, last - first), first)
        else:
            self._unread(f"{decoder.partition('/')[0]} too large for memory; not decoded", first, last)
            return LargeLeaf(None, 0, "", "")
        if content is not None and (decoder != "base64/2" or is_text) and _may_hold_files(content):
            self._unread("a text too large for memory; files that stand inside it are not looked for", first, last)
        return LargeLeaf(content, digests.size, *digests.hex())

    def _kept(self, decoded: Iterable[bytes], start: int, end: int) -> ByteSource | None:
        if self._spool is not None:
            return self._spool(decoded)
        for _ in decoded:
            pass
        self._unread("part too large for memory, and nowhere to spool it", start, end)
        return None

    def _unread(self, text: str, start: int, end: int) -> None:
        locator = Locator(ranges=((start, end),))
        self.notices.append(Notice(code="mail.part_bytes", text=text, locator=locator, unread=end - start))

    def _faults(self, faults: Iterable[Fault], start: int) -> None:
        for code, text, first, after, unread in faults:
            locator = Locator(ranges=((start + first, start + after),))
            self.notices.append(Notice(code=code, text=text, locator=locator, unread=unread))


def _may_hold_files(content: ByteSource) -> bool:
    """Whether a line may begin a file in uuencode or yEnc."""
    return any(Window(content, BLOCK).find(mark, 0, content.size) >= 0 for mark in _FILES)


class _Digests:
    """Size and digests of a content that goes by; what `forensics.parsers.mail.leaves.text_digests` makes of it."""

    def __init__(self, *, is_text: bool) -> None:
        self.size = 0
        self._whole = hashlib.sha256()
        self._lines = hashlib.sha256() if is_text else None
        self._ends = 0
        self._cr = b""

    def of(self, content: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the content on."""
        for block in content:
            self.size += len(block)
            self._whole.update(block)
            if self._lines is not None:
                self._take(block)
            yield block

    def hex(self) -> tuple[str, str]:
        """Return the digest, and that as text; empty where it is none."""
        if self._lines is None:
            return self._whole.hexdigest(), ""
        if self._cr:
            self._take_line_ends()
            self._lines.update(self._cr)
        return self._whole.hexdigest(), self._lines.hexdigest()

    def _take(self, block: bytes) -> None:
        """Hash a block with LF line ends; those at its end wait for what follows."""
        assert self._lines is not None
        block = self._cr + block
        self._cr = block[-1:] if block.endswith(b"\r") else b""
        lines = block[: len(block) - len(self._cr)].replace(b"\r\n", b"\n")
        text = lines.rstrip(b"\n")
        if text:
            self._take_line_ends()
            self._lines.update(text)
        self._ends += len(lines) - len(text)

    def _take_line_ends(self) -> None:
        assert self._lines is not None
        while self._ends:
            some = min(self._ends, BLOCK)
            self._lines.update(b"\n" * some)
            self._ends -= some
