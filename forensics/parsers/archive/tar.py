"""Tar archives of every dialect: v7, ustar, GNU, pax, Solaris, star; every member as a child item.

Source: POSIX.1-2017 pax; GNU tar manual; star(5); libarchive's tar(5).
"""

from collections.abc import Iterator, Sequence

from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded, RangeDecoder
from forensics.model.items import Format, Limits, ParseContext, Range
from forensics.model.locations import Location
from forensics.parsers import Yielded


def _decode(encoded: Encoded) -> Iterator[bytes]:
    from forensics.parsers.archive._tar_sparse import decode

    return decode(encoded)


MAGIC = b"ustar"

FORMAT = Format(
    id="tar",
    title="Tar archive",
    media_types=("application/x-tar", "application/x-gtar", "application/x-ustar"),
    extensions=(".tar", ".gtar", ".ustar", ".pax"),
    holds=MAGIC,
    wraps=True,
    decoders=(RangeDecoder(name="tar-sparse/1", decode=_decode),),
    damaged=("tar.truncated", "tar.size"),
    over_budget=("tar.expansion_limit",),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* is a header with the magic of one."""
    return head[257:262] == MAGIC and _opens(head)


def sniff_inside(head: bytes, source: ByteSource) -> bool:
    """Whether *head* is a header of the oldest form, which has no magic: its checksum holds, its numbers are some."""
    # Where a header has its checksum there are digits; nearly all else ends here.
    return (head[150:151].isdigit() or head[152:153].isdigit()) and _opens(head)


def sniff_named(head: bytes, source: ByteSource) -> bool:
    """Whether it is of the oldest form, or the end of an archive alone: blocks of zeros, as a tar of nothing has."""
    return sniff_inside(head, source) or (source.size % 512 == 0 and not head.strip(b"\0"))


def _opens(head: bytes) -> bool:
    from forensics.parsers.archive._tar_fields import opens

    return opens(head)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the archive's facts, then its members in their order.

    Raises:
        WrongFormat: there is no header in it.
    """
    from forensics.parsers.archive._tar_children import read

    return read(source, context)


def cut(source: ByteSource, limits: Limits) -> Sequence[Range]:
    """Return runs of members of a large archive; reads its headers alone."""
    from forensics.parsers.archive._tar_runs import runs

    return runs(source, limits)


def parse_range(source: ByteSource, part: Range, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the members of a run, as `parse` of the whole yields them."""
    from forensics.parsers.archive._tar_children import read_run

    return read_run(source, part, context)


def parse_rest(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of an archive of which the members are read in runs."""
    from forensics.parsers.archive._tar_children import read_rest

    return read_rest(source, context)
