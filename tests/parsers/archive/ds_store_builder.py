"""Builds folder indexes of the Finder: blocks of 4,096 bytes, the list of blocks last."""

import struct
from collections.abc import Sequence

Entry = tuple[str, str, str, bytes]
"""Name, name of the record, type, value without its length."""
BLOCK = 12


def record(file: str, code: str, kind: str, value: bytes) -> bytes:
    name = file.encode("utf-16-be")
    units = {"blob": 1, "ustr": 2}.get(kind)
    counted = b"" if units is None else (len(value) // units).to_bytes(4, "big")
    return (len(name) // 2).to_bytes(4, "big") + name + code.encode() + kind.encode() + counted + value


def leaf(*entries: Entry) -> bytes:
    return struct.pack(">II", 0, len(entries)) + b"".join([record(*one) for one in entries])


def inner(last: int, *entries: tuple[int, Entry]) -> bytes:
    parts = [child.to_bytes(4, "big") + record(*one) for child, one in entries]
    return struct.pack(">II", last, len(entries)) + b"".join(parts)


def index(nodes: Sequence[bytes], records: int) -> bytes:
    """Return an index whose first node, block 2, is the root; further ones are blocks 3, 4 and so on."""
    head = struct.pack(">5I", 2, 0, records, len(nodes), 1 << BLOCK)
    blocks = [head, *nodes]
    places = [(number + 1 << BLOCK) | BLOCK for number in range(len(blocks))]
    start = len(blocks) + 1 << BLOCK
    table = struct.pack(">258I", len(places) + 1, 0, start | BLOCK, *places, *[0] * (255 - len(places)))
    table += struct.pack(">IB4sI", 1, 4, b"DSDB", 1) + bytes(4 * 32)
    first = b"\0\0\0\1Bud1" + struct.pack(">3I", start, 1 << BLOCK, start) + bytes(16)
    data = first.ljust(4 + (1 << BLOCK), b"\0")
    for block in blocks:
        data += block.ljust(1 << BLOCK, b"\0")
    return data + table.ljust(1 << BLOCK, b"\0")


def one_leaf(*entries: Entry) -> bytes:
    return index([leaf(*entries)], len(entries))
