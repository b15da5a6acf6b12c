"""Bytes of a disc that are no file's: the system area before the volume, ends of blocks, and what nothing names.

Source: ECMA-119 6.2.1 (system area); the boot records of hybrid discs as isolinux and GRUB write them.
"""

from collections.abc import Iterator, Sequence

from forensics.intake.windows import Window, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.items import ChildItem, Notice, Padding
from forensics.model.locations import Locator
from forensics.parsers import _beside as beside
from forensics.parsers.archive._iso_volumes import FIRST, SECTOR, Volumes

_MOST_NOTICES = 8
_MARKS = (
    (510, b"\x55\xaa", "a boot record as disks have (MBR)"),
    (512, b"EFI PART", "a table of partitions (GPT)"),
    (0, b"ER", "a map of partitions (Apple)"),
    (512, b"PM\0\0", "a map of partitions (Apple)"),
)


def rest(
    source: ByteSource, volumes: Volumes, claimed: Sequence[tuple[int, int]]
) -> Iterator[ChildItem | Notice | Padding]:
    """Yield what is told of all bytes that neither a structure nor a file claims.

    Args:
        source: the disc.
        volumes: its descriptors.
        claimed: ranges of structures and files.
    """
    yield from _system_area(source)
    gaps = _gaps(claimed, source.size)
    ends = sorted({end for _, end in claimed})
    padding, slack = 0, list[tuple[int, int]]()
    odd: list[tuple[int, int]] = []
    window = Window(source, 1 << 16)
    following = 0
    for start, end in gaps:
        while following < len(ends) and ends[following] < start:
            following += 1
        block_end = min(-(-start // SECTOR) * SECTOR, end)
        if following < len(ends) and ends[following] == start and block_end > start:
            if window.read(start, block_end).strip(b"\0"):
                slack.append((start, block_end))
            else:
                padding += block_end - start
            start = block_end
        if start < end:
            odd.append((start, end))
    if padding:
        yield Padding(size=padding, what="padding")
    if slack:
        size = sum([end - start for start, end in slack])
        text = f"{size} bytes between the end of files and the end of their blocks are not zero"
        yield Notice(code="iso.slack", text=text, locator=Locator(ranges=tuple(slack[:_MOST_NOTICES])), unread=size)
    yield from _told(source, odd, udf=volumes.udf)


def _gaps(claimed: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return the ranges behind the system area that nothing claims."""
    gaps, at = [], FIRST
    for start, end in sorted(claimed):
        if start > at:
            gaps.append((at, min(start, size)))
        at = max(at, end)
        if at >= size:
            return gaps
    if at < size:
        gaps.append((at, size))
    return gaps


def _system_area(source: ByteSource) -> Iterator[Notice | Padding]:
    area = source.read(0, FIRST)
    used = len(area.rstrip(b"\0"))
    if not used:
        yield Padding(size=len(area), what="filler")
        return
    found = list(dict.fromkeys([name for at, mark, name in _MARKS if area.startswith(mark, at)]))
    words = f": {', '.join(found)}" if found else ""
    text = f"{used} bytes before the volume, in the area that is the system's{words}"
    yield Notice(code="iso.system_area", text=text, locator=Locator(ranges=((0, used),)), unread=used)
    if len(area) > used:
        yield Padding(size=len(area) - used, what="filler")


def _told(source: ByteSource, gaps: Sequence[tuple[int, int]], *, udf: bool) -> Iterator[ChildItem | Notice | Padding]:
    filler = unread = 0
    strangers: list[tuple[int, int]] = []
    for start, end in gaps:
        found = beside.piece(source, start, end)
        if found is None:
            filler += end - start
            continue
        filler += found.start - start
        if found.item and len(strangers) < _MOST_NOTICES and not udf:
            yield beside.notice(found, "iso.gap", "that no folder of the disc names")
            yield beside.child(source, found, f"beside the files, at {found.start}")
            continue
        used = _used(source, found.start, end)
        filler += end - found.start - used
        unread += used
        strangers.append((found.start, end))
    if filler:
        yield Padding(size=filler, what="filler")
    if strangers:
        places = Locator(ranges=tuple(strangers[:_MOST_NOTICES]))
        text = f"{unread} bytes in {len(strangers)} places that no folder of the disc names"
        if udf:
            text = f"the disc has a UDF file system too, which is not read: {text}"
        yield Notice(code="iso.udf" if udf else "iso.gap", text=text, locator=places, unread=unread)
    elif udf:
        yield Notice(code="iso.udf", text="the disc has a UDF file system too, which is not read; nothing else is left")


def _used(source: ByteSource, start: int, end: int) -> int:
    """Return how many bytes there are in sectors that hold anything."""
    used = 0
    for block in blocks(source, start, end):
        if block.count(0) == len(block):
            continue
        sectors = [block[at : at + SECTOR] for at in range(0, len(block), SECTOR)]
        used += sum([len(sector) for sector in sectors if sector.count(0) < len(sector)])
    return used
