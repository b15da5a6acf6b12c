"""Files packed by gzip: every member's header, and the content that all of them decode to.

Source: RFC 1952.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.replay.compressed_files import Gzip, decoder

FORMAT = Format(
    id="compressed.gzip",
    title="gzip file",
    media_types=("application/gzip", "application/x-gzip"),
    extensions=(".gz", ".tgz", ".svgz", ".emz", ".wmz"),
    begins=(b"\x1f\x8b\x08",),
    wraps=True,
    decoders=(decoder("gzip/1", Gzip),),
    damaged=("gzip.damaged", "gzip.crc"),
    over_budget=("gzip.expansion_limit",),
)
SUFFIXES = {
    b".tgz": b".tar",
    b".taz": b".tar",
    b".svgz": b".svg",
    b".emz": b".emf",
    b".wmz": b".wmf",
    b".cpgz": b".cpio",
    b".gz": b"",
    b"-gz": b"",
    b".z": b"",
}


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* is the header of a member: the only method that is defined, no flag that is not."""
    return head.startswith(b"\x1f\x8b\x08") and len(head) >= 10 and not head[3] & 0xE0


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what the members say, the content, and what follows it."""
    from forensics.parsers.archive import _gzip_header, _single

    single = _single.Single("gzip", FORMAT.id, Gzip, "gzip/1", b"\x1f\x8b\x08", SUFFIXES, _gzip_header.describe)
    return _single.read(source, where, context, single)
