"""Ranges of a zip file that none of its structures accounts for.

Source: PKWARE APPNOTE.TXT 6.3.10, 4.1.9 (self-extracting archives), 4.3.1 (order of structures).
"""

from collections.abc import Iterable, Iterator, Sequence

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice, Padding
from forensics.model.locations import Locator
from forensics.parsers import _beside as beside
from forensics.parsers._beside import Piece

_GAP_NOTICES = 8
"""Gaps beyond these share one notice."""


def gaps_between(claimed: Iterable[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return the ranges of ``0:size`` that no claimed range covers."""
    gaps, at = [], 0
    for start, end in sorted(claimed):
        if start > at:
            gaps.append((at, start))
        at = max(at, end)
    if at < size:
        gaps.append((at, size))
    return gaps


def told(
    source: ByteSource, gaps: Sequence[tuple[int, int]], notices: list[Notice], fillers: list[Padding]
) -> Iterator[Piece]:
    """Tell every gap, and what of it is filling; yield what of them is an item of its own.

    A gap with local headers is none: those that can be read were recovered as members.
    """
    for start, end in gaps[:_GAP_NOTICES]:
        place = "before the first structure" if start == 0 else "after the end" if end == source.size else "in between"
        found = beside.piece(source, start, end)
        words = f": {found.kind}" if found and found.kind else ""
        text = f"{end - start} bytes {place} that no structure of the archive accounts for{words}"
        fillers.append(beside.filler(start, end, found))
        item = found is not None and found.item and found.kind != beside.ZIP
        notices.append(
            Notice(
                code="zip.gap",
                text=text,
                locator=Locator(ranges=((start, end),)),
                unread=0 if item or not found else end - found.start,
            )
        )
        if item and found:
            yield found
    rest = gaps[_GAP_NOTICES:]
    if rest:
        size = sum(end - start for start, end in rest)
        text = f"{size} bytes in {len(rest)} further ranges that no structure of the archive accounts for"
        notices.append(Notice(code="zip.gap", text=text, locator=Locator(ranges=tuple(rest[:64])), unread=size))
