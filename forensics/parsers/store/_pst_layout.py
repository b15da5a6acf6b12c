"""The three forms of an Outlook store, which differ in the widths of their structures.

Source: [MS-PST] 2.2.2; pages of 4096 bytes, which it does not describe, as Outlook 2013 writes them.
"""

import struct
import zlib
from enum import IntEnum

import msgspec

MAGIC = b"!BDN"


class Form(IntEnum):
    """Which form; its number stands in frames of node streams and never changes."""

    UNICODE = 0
    ANSI = 1
    LARGE = 2
    """Pages of 4096 bytes."""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Widths and places of one form."""

    form: Form
    title: str
    page_bytes: int
    counts: struct.Struct
    """Number of entries, most entries, bytes of one, level; stand behind the entries of a page."""
    counts_at: int
    trailer: struct.Struct
    """Page type, the same again, signature, then CRC and own id in the order of `trailer_order`."""
    trailer_at: int
    trailer_order: tuple[int, int]
    """Where CRC and id stand in what `trailer` unpacks."""
    branch: str
    """Key, id and offset of a page below."""
    node: str
    """An entry of the tree of nodes: nid, id of its data, id of its subnodes, nid of its parent."""
    block: str
    """An entry of the tree of blocks: id, offset, stored bytes, references."""
    align: int
    block_trailer: struct.Struct
    """Stored bytes, signature, then as `trailer`; of large pages the decoded bytes too."""
    block_bytes: int
    """Most data of one block."""
    id: str
    """An id of a block in an array of them."""
    subnode: str
    subnode_branch: str
    sublist_at: int
    """Where the entries of a list of subnodes begin."""
    row_index: int
    """Bytes of a row's number in the index of a table."""
    hid_shift: int
    """Bits of a heap id below the number of its block."""
    first_map: int
    """Offset of the first allocation map, and the bytes that one map is for."""
    map_bytes: int


_UNICODE = Layout(
    form=Form.UNICODE,
    title="Unicode",
    page_bytes=512,
    counts=struct.Struct("<BBBB"),
    counts_at=488,
    trailer=struct.Struct("<BBHIQ"),
    trailer_at=496,
    trailer_order=(3, 4),
    branch="<QQQ",
    node="<QQQI4x",
    block="<QQHH4x",
    align=64,
    block_trailer=struct.Struct("<HHIQ"),
    block_bytes=8176,
    id="Q",
    subnode="<QQQ",
    subnode_branch="<QQ",
    sublist_at=8,
    row_index=4,
    hid_shift=16,
    first_map=0x4400,
    map_bytes=496 * 8 * 64,
)
LAYOUTS = {
    Form.UNICODE: _UNICODE,
    Form.ANSI: msgspec.structs.replace(
        _UNICODE,
        form=Form.ANSI,
        title="ANSI",
        counts_at=496,
        trailer=struct.Struct("<BBHII"),
        trailer_at=500,
        trailer_order=(4, 3),
        branch="<III",
        node="<IIII",
        block="<IIHH",
        block_trailer=struct.Struct("<HHII"),
        block_bytes=8180,
        id="I",
        subnode="<III",
        subnode_branch="<II",
        sublist_at=4,
        row_index=2,
    ),
    Form.LARGE: msgspec.structs.replace(
        _UNICODE,
        form=Form.LARGE,
        title="Unicode with pages of 4096 bytes",
        page_bytes=4096,
        counts=struct.Struct("<HHBB"),
        counts_at=4056,
        trailer=struct.Struct("<BBHIQ8x"),
        trailer_at=4072,
        align=512,
        block_trailer=struct.Struct("<HHIQ2xH4x"),
        block_bytes=65_512,
        hid_shift=19,
        first_map=0x22000,
        map_bytes=4072 * 8 * 512,
    ),
}


def checksum(data: bytes) -> int:
    """Return the CRC-32 of a store's structures: the usual polynomial, begun and ended with zeros."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def signature(offset: int, number: int) -> int:
    """Return what a block or page of this id and place has as its signature."""
    mixed = (offset ^ number) & 0xFFFFFFFF
    return (mixed >> 16) ^ (mixed & 0xFFFF)


def span(layout: Layout, size: int) -> int:
    """Return the bytes that a block with *size* bytes of data takes in the store."""
    return -(-(size + layout.block_trailer.size) // layout.align) * layout.align
