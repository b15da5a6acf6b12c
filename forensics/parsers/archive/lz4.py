"""Files packed by LZ4: one content of all their frames.

Source: LZ4 frame format 1.6.2.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.replay.compressed_files import decoder
from forensics.replay.frames import SKIPPED, Lz4, first_frame

FORMAT = Format(
    id="compressed.lz4",
    title="LZ4 file",
    media_types=("application/x-lz4",),
    extensions=(".lz4", ".tlz4"),
    begins=(b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18", *SKIPPED),
    wraps=True,
    decoders=(decoder("lz4-file/1", Lz4),),
    damaged=("lz4.damaged",),
    over_budget=("lz4.expansion_limit",),
)
SUFFIXES = {b".tlz4": b".tar", b".lz4": b""}


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether the first frame that is not to be skipped is one of this format."""
    return first_frame(source) in (b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18")


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what the streams say, the content, and what follows it."""
    from forensics.parsers.archive import _single, _stream_headers

    single = _single.Single("lz4", FORMAT.id, Lz4, "lz4-file/1", b"\x04\x22\x4d\x18", SUFFIXES, _stream_headers.lz4)
    return _single.read(source, where, context, single)
