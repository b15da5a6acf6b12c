"""Files packed by xz: one content of all their streams.

Source: the .xz file format 1.2.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.replay.compressed_files import Xz, decoder

FORMAT = Format(
    id="compressed.xz",
    title="xz file",
    media_types=("application/x-xz",),
    extensions=(".xz", ".txz"),
    begins=(b"\xfd7zXZ\x00",),
    wraps=True,
    decoders=(decoder("xz-file/1", Xz),),
    damaged=("xz.damaged",),
    over_budget=("xz.expansion_limit",),
)
SUFFIXES = {b".txz": b".tar", b".xz": b""}


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* is the header of a stream."""
    return head.startswith(b"\xfd7zXZ\0")


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what the streams say, the content, and what follows it."""
    from forensics.parsers.archive import _single, _stream_headers

    single = _single.Single("xz", FORMAT.id, Xz, "xz-file/1", b"\xfd7zXZ\0", SUFFIXES, _stream_headers.xz)
    return _single.read(source, where, context, single)
