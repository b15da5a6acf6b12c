"""Files packed by LZMA in its older format, which has neither magic nor checksum.

Source: the .lzma format of LZMA Utils, xz's documentation lzma-file-format.txt.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.replay.compressed_files import DAMAGED, LzmaAlone, decoder

FORMAT = Format(
    id="compressed.lzma",
    title="LZMA file",
    media_types=("application/x-lzma",),
    extensions=(".lzma", ".tlz"),
    begins=(b"]\0\0",),
    wraps=True,
    decoders=(decoder("lzma-file/1", LzmaAlone),),
    damaged=("lzma.damaged",),
    over_budget=("lzma.expansion_limit",),
)
SUFFIXES = {b".tlz": b".tar", b".lzma": b""}


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* has the properties that every program writes, a size that can be, and decodes to something."""
    size = int.from_bytes(head[5:13], "little")
    if len(head) < 14 or head[0] != 0x5D or head[13] or head[1:3] != b"\0\0":
        return False
    if size >> 38 and size != (1 << 64) - 1:
        return False
    made = LzmaAlone()
    found = sum([len(block) for block in made.decode([head])])
    # The head of a longer file is cut off, not damaged.
    return made.damage != DAMAGED and (found > 0 or size == 0)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what the streams say, the content, and what follows it."""
    from forensics.parsers.archive import _single, _stream_headers

    single = _single.Single("lzma", FORMAT.id, LzmaAlone, "lzma-file/1", b"", SUFFIXES, _stream_headers.lzma_alone)
    return _single.read(source, where, context, single)
