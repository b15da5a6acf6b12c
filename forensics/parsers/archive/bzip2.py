"""Files packed by bzip2: one content of all their streams.

Source: the bzip2 file format, as the program of that name writes it.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.replay.compressed_files import Bzip2, decoder

FORMAT = Format(
    id="compressed.bzip2",
    title="bzip2 file",
    media_types=("application/x-bzip2", "application/x-bzip"),
    extensions=(".bz2", ".bz", ".tbz2", ".tbz"),
    begins=(b"BZh",),
    wraps=True,
    decoders=(decoder("bzip2-file/1", Bzip2),),
    damaged=("bzip2.damaged",),
    over_budget=("bzip2.expansion_limit",),
)
SUFFIXES = {b".tbz2": b".tar", b".tbz": b".tar", b".bz2": b"", b".bz": b""}
_LEVELS = frozenset([b"%d" % level for level in range(1, 10)])


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* begins a stream with a block, or the end of an empty one."""
    return head[3:4] in _LEVELS and head[4:10] in (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what the streams say, the content, and what follows it."""
    from forensics.parsers.archive import _single, _stream_headers

    single = _single.Single("bzip2", FORMAT.id, Bzip2, "bzip2-file/1", b"BZh", SUFFIXES, _stream_headers.bzip2)
    return _single.read(source, where, context, single)
