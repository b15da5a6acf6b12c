"""Files packed by Zstandard: one content of all their frames.

Source: RFC 8878.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.replay.compressed_files import decoder
from forensics.replay.frames import SKIPPED, Zstd, first_frame

FORMAT = Format(
    id="compressed.zstd",
    title="Zstandard file",
    media_types=("application/zstd", "application/x-zstd"),
    extensions=(".zst", ".zstd", ".tzst"),
    begins=(b"\x28\xb5\x2f\xfd", *SKIPPED),
    wraps=True,
    decoders=(decoder("zstd-file/1", Zstd),),
    damaged=("zstd.damaged",),
    over_budget=("zstd.expansion_limit",),
)
SUFFIXES = {b".tzst": b".tar", b".zstd": b"", b".zst": b""}


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether the first frame that is not to be skipped is one of this format."""
    return first_frame(source) == b"\x28\xb5\x2f\xfd"


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what the streams say, the content, and what follows it."""
    from forensics.parsers.archive import _single, _stream_headers

    single = _single.Single("zstd", FORMAT.id, Zstd, "zstd-file/1", b"\x28\xb5\x2f\xfd", SUFFIXES, _stream_headers.zstd)
    return _single.read(source, where, context, single)
