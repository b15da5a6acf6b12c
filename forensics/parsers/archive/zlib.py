"""Files that are a zlib stream, as programs store objects and databases.

Source: RFC 1950.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.replay.compressed_files import CUT_OFF, Zlib

FORMAT = Format(
    id="compressed.zlib",
    title="zlib stream",
    media_types=("application/zlib",),
    extensions=(".zlib", ".deflatez"),
    begins=(b"x\x01", b"x^", b"x\x9c", b"x\xda"),
    wraps=True,
    damaged=("zlib.damaged",),
    over_budget=("zlib.expansion_limit",),
)
SUFFIXES = {b".zlib": b"", b".deflatez": b""}


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* decodes as a stream without damage, to its end where that is in it; a disk image begins so too."""
    if head[:2] not in FORMAT.begins or source.read(max(0, source.size - 512), source.size).startswith(b"koly"):
        return False
    made = Zlib()
    found = sum([len(block) for block in made.decode([head])])
    if made.damage == CUT_OFF:
        return len(head) < source.size and found > 0
    return not made.damage and made.consumed == source.size


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what the streams say, the content, and what follows it."""
    from forensics.parsers.archive import _single, _stream_headers

    single = _single.Single("zlib", FORMAT.id, Zlib, "zlib/1", b"", SUFFIXES, _stream_headers.zlib)
    return _single.read(source, where, context, single)
