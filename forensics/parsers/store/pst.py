"""Outlook stores (PST, OST, PAB): each message that stands in one, in a folder or without one.

Source: [MS-PST]; pages of 4096 bytes, which it does not describe, as Outlook 2013 writes them.
"""

from collections.abc import Iterator, Sequence

from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded, RangeDecoder
from forensics.model.items import Format, Limits, ParseContext, Range
from forensics.model.locations import Location
from forensics.parsers import Yielded

_MAGIC = b"!BDN"


def _node(encoded: Encoded) -> Iterator[bytes]:
    from forensics.parsers.store._pst_stream import decode_node

    return decode_node(encoded)


def _permuted(encoded: Encoded) -> Iterator[bytes]:
    from forensics.parsers.store._pst_ciphers import PERMUTE, decode_range

    return decode_range(encoded, PERMUTE)


def _cyclic(encoded: Encoded) -> Iterator[bytes]:
    from forensics.parsers.store._pst_ciphers import CYCLIC, decode_range

    return decode_range(encoded, CYCLIC)


FORMAT = Format(
    id="mail.pst",
    title="Outlook store",
    media_types=("application/vnd.ms-outlook-pst",),
    extensions=(".pst", ".ost", ".pab"),
    begins=(_MAGIC,),
    decoders=(
        RangeDecoder(name="pst-node/1", decode=_node, picks=True),
        RangeDecoder(name="pst-permute/1", decode=_permuted),
        RangeDecoder(name="pst-cyclic/1", decode=_cyclic),
    ),
    damaged=("pst.block", "pst.block_crc", "pst.no_data"),
    over_budget=("pst.expansion_limit",),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether *head* opens a store of any form."""
    return head.startswith(_MAGIC)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what the store says of itself and of its folders, then its messages in the order of their numbers."""
    from forensics.parsers.store._pst_children import read

    return read(source, context)


def cut(source: ByteSource, limits: Limits) -> Sequence[Range]:
    """Return runs of messages of a large store."""
    from forensics.parsers.store._pst_runs import runs

    return runs(source, limits)


def parse_range(source: ByteSource, part: Range, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the messages of a run, as `parse` of the whole yields them."""
    from forensics.parsers.store._pst_children import read_run

    return read_run(source, part, context)


def parse_rest(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield what the store says of itself and of its folders; its messages are read in runs."""
    from forensics.parsers.store._pst_children import read_rest

    return read_rest(source, context)
