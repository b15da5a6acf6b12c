"""Bytes of a cabinet that are no file's: a signature, and what no structure claims.

Source: [MS-CAB] 2.1; the header's reserve of 20 bytes as Authenticode writes it.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice, Padding
from forensics.model.locations import Locator
from forensics.parsers import Yielded
from forensics.parsers import _beside as beside
from forensics.parsers._beside import Piece
from forensics.parsers.archive._cab_header import Cabinet

_MOST_NOTICES = 8
"""Gaps beyond these share one notice."""


def rest(source: ByteSource, cabinet: Cabinet, claimed: list[tuple[int, int]]) -> Iterator[Yielded]:
    """Yield the signature, and what stands in bytes that no structure claims."""
    taken = [*cabinet.claimed, *claimed]
    if cabinet.signature is not None:
        start, end = cabinet.signature
        yield beside.child(source, Piece(start, end, "", True), "signature")
        taken.append(cabinet.signature)
    at = 0
    gaps: list[tuple[int, int]] = []
    for start, end in [*sorted(taken), (source.size, source.size)]:
        if min(start, source.size) > at:
            gaps.append((at, min(start, source.size)))
        at = max(at, end)
    for start, end in gaps[:_MOST_NOTICES]:
        found = beside.piece(source, start, end)
        if found is None:
            yield Padding(size=end - start, what="filler")
            continue
        text = f"{end - start} bytes that no structure of the cabinet accounts for: {found.words}"
        unread = 0 if found.item else end - start
        yield Notice(code="cab.gap", text=text, locator=Locator(ranges=((start, end),)), unread=unread)
        if found.item:
            yield beside.child(source, found, f"beside the files, at {found.start}")
    if rest := gaps[_MOST_NOTICES:]:
        size = sum([end - start for start, end in rest])
        text = f"{size} bytes in {len(rest)} further ranges that no structure of the cabinet accounts for"
        yield Notice(code="cab.gap", text=text, locator=Locator(ranges=tuple(rest[:64])), unread=size)
