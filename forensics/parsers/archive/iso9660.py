"""ISO 9660: discs as files, with Joliet's second tree and Rock Ridge's names, owners, links and times.

Every file of either tree is a child item; what one tree alone lists, or another one elsewhere, is told. The UDF of a
disc that has both is not read.

Source: ECMA-119 (ISO 9660), 4th edition; Joliet specification (Microsoft, 1995); IEEE P1281 (SUSP) and P1282 (RRIP);
El Torito specification 1.0; ECMA-167 part 2 for the marks of UDF.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.parsers.archive._iso_extents import EXTENTS

_VOLUMES = 16 * 2048

FORMAT = Format(
    id="iso9660",
    title="Disc image (ISO 9660)",
    media_types=("application/x-iso9660-image",),
    extensions=(".iso",),
    wraps=True,
    decoders=(EXTENTS,),
    damaged=("iso.truncated",),
    over_budget=("iso.expansion_limit",),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether a volume descriptor stands behind the system area."""
    return source.size > _VOLUMES and source.read(_VOLUMES + 1, _VOLUMES + 6) == b"CD001"


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the facts of the disc, its files, and what is told of all other bytes."""
    from forensics.parsers.archive._iso_children import read

    return read(source, context)
