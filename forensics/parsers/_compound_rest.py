"""What a compound file holds besides the streams of its tree: streams that nothing leads to, free sectors."""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice, Padding
from forensics.model.locations import Locator
from forensics.parsers._compound_tree import STREAM, Storage


def fault_notices(storage: Storage, size: int) -> tuple[Notice, ...]:
    """Return what was odd about the tree of a file of *size* bytes."""
    return tuple(
        [
            Notice(
                code="ole.damaged",
                text=text,
                locator=Locator(ranges=((start, min(end, size)),)) if start < size else None,
            )
            for text, start, end in storage.faults
        ]
    )


def rest(source: ByteSource, storage: Storage) -> Iterator[Notice | Padding]:
    """Account for the bytes of which no stream of the tree is."""
    taken = storage.structure + sum([node.held for node in storage.nodes.values() if node.kind == STREAM])
    if storage.unreached:
        text = f"streams of {storage.unreached:,} bytes that no storage leads to; not read"
        yield Notice(code="ole.unreached", text=text, unread=storage.unreached)
    held = [(start, end) for start, end in storage.free if source.read(start, end).strip(b"\0")]
    if held:
        size = sum([end - start for start, end in held])
        text = f"{size:,} bytes of free sectors are not blank: what stood in the file before, or memory of its writer"
        yield Notice(code="ole.free", text=text, locator=Locator(ranges=tuple(held[:100]), path="ole:free"))
    free = source.size - taken - storage.unreached
    if free > 0:
        yield Padding(size=free, what="free")
