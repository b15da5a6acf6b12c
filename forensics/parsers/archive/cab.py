"""Cabinets (``.cab``): files in folders that are compressed as one stream each.

Stored folders and those of MSZIP are decoded, once each; Quantum and LZX are listed. Files that reach into another
cabinet of a set are listed, and read as far as they stand here.

Source: [MS-CAB]; [MS-MCI].
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded
from forensics.parsers.archive._cab_blocks import DECODERS

_BEGINS = b"MSCF\0\0\0\0"

FORMAT = Format(
    id="cab",
    title="Cabinet",
    media_types=("application/vnd.ms-cab-compressed",),
    extensions=(".cab",),
    begins=(_BEGINS,),
    wraps=True,
    decoders=DECODERS,
    damaged=("cab.truncated", "cab.damaged", "cab.checksum"),
    over_budget=("cab.expansion_limit",),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* opens a cabinet of a version that is known."""
    return head.startswith(_BEGINS) and len(head) >= 36 and head[25] == 1


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the cabinet's facts, its files in the order of its list, and what is told of other bytes."""
    from forensics.parsers.archive._cab_children import read

    return read(source, context)
