"""Files packed by LZMA in its older format, which has neither magic nor checksum.

Source: the .lzma format of LZMA Utils, xz's documentation lzma-file-format.txt.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.replay.compressed_files import DAMAGED, LzmaAlone, decoder

_PROPERTIES = tuple([lc + 9 * (lp + 5 * pb) for lc in range(5) for lp in range(5 - lc) for pb in range(5)])
"""Every value of the first byte; nearly every program writes that of lc=3, lp=0, pb=2."""

FORMAT = Format(
    id="compressed.lzma",
    title="LZMA file",
    media_types=("application/x-lzma",),
    extensions=(".lzma", ".tlz"),
    begins=tuple([bytes((properties, 0)) for properties in _PROPERTIES]),
    wraps=True,
    decoders=(decoder("lzma-file/1", LzmaAlone),),
    damaged=("lzma.damaged",),
    over_budget=("lzma.expansion_limit",),
)
SUFFIXES = {b".tlz": b".tar", b".lzma": b""}


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* has properties, a dictionary and a size that can be, and decodes to something."""
    size = int.from_bytes(head[5:13], "little")
    if len(head) < 14 or head[0] not in _PROPERTIES or head[13] or not _dictionary(head[1:5]):
        return False
    if size >> 38 and size != (1 << 64) - 1:
        return False
    made = LzmaAlone()
    found = sum([len(block) for block in made.decode([head])])
    # The head of a longer file is cut off, not damaged.
    return made.damage != DAMAGED and (found > 0 or size == 0)


def _dictionary(field: bytes) -> bool:
    """Whether a size of the dictionary is one that programs write: a power of two, or one and a half of it."""
    size = int.from_bytes(field, "little")
    return size == (1 << 32) - 1 or size.bit_count() == 1 or (size.bit_count() == 2 and bool(size & (size >> 1)))


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what the streams say, the content, and what follows it."""
    from forensics.parsers.archive import _single, _stream_headers

    single = _single.Single("lzma", FORMAT.id, LzmaAlone, "lzma-file/1", b"", SUFFIXES, _stream_headers.lzma_alone)
    return _single.read(source, where, context, single)
