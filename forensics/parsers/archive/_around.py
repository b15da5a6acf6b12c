"""What stands around the structures of an archive that accounts for all of its own bytes."""

from collections.abc import Iterator, Sequence

from forensics.model.byte_sources import ByteSource
from forensics.model.items import ChildItem, Notice, Padding
from forensics.model.locations import Locator
from forensics.parsers import _beside as beside

_GAPS = 8
"""Gaps beyond these share one notice."""


def around(
    source: ByteSource, start: int, gaps: Sequence[tuple[int, int]], shifted: str, gap: str, structure: str
) -> Iterator[ChildItem | Notice | Padding]:
    """Yield what stands before, between and behind the structures.

    Args:
        source: the archive.
        start: where it begins.
        gaps: ranges from there on that no structure takes.
        shifted: code of the notice on what stands before it.
        gap: code of those on gaps.
        structure: what the format calls its structures.
    """
    if start:
        text = f"{start} bytes of a program before the archive, as in one that unpacks itself"
        yield Notice(code=shifted, text=text, locator=Locator(ranges=((0, start),)), unread=start)
    for begin, end in gaps[:_GAPS]:
        found = beside.piece(source, begin, end)
        yield beside.filler(begin, end, found)
        words = found.words if found else "filling"
        text = f"{end - begin} bytes that no {structure} of the archive accounts for: {words}"
        unread = found.unread if found else 0
        yield Notice(code=gap, text=text, locator=Locator(ranges=((begin, end),)), unread=unread)
        if found and found.item:
            yield beside.child(source, found, f"beside the archive, at {found.start}")
    if rest := gaps[_GAPS:]:
        size = sum([end - begin for begin, end in rest])
        text = f"{size} bytes in {len(rest)} further ranges that no {structure} of the archive accounts for"
        yield Notice(code=gap, text=text, locator=Locator(ranges=tuple(rest[:64])), unread=size)
