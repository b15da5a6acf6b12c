"""Compound files (OLE2): every stream with the ranges of the file that hold it, and a frame for one storage alone.

A storage that is to be an item of its own (a message attached to a message) is no range of the file. Its frame is:

- 16 bytes `FRAME`, then a count in 4 bytes;
- for each node below the storage, in the order of their paths: its kind in 1 byte (1 storage, 2 stream), the length of
  its path in 2 bytes and the path, creation and modification (FILETIME, 8 bytes each), stated and held size (8 bytes
  each), all little-endian. A path is the names below the storage, percent-encoded, ``/`` between them; that of the
  storage itself is empty and comes first;
- what the streams hold, in the same order.

Source: [MS-CFB].
"""

import struct
from collections.abc import Iterator, Sequence

from forensics.errors import Malformed
from forensics.model.byte_sources import ByteSource
from forensics.parsers._compound_file import CompoundFile, entry_name
from forensics.parsers._compound_tree import MOST_ENTRIES, STORAGE, Node, Storage

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FRAME = b"\0OLE storage/1\0\0"
FRAME_BLOCK = 1 << 20
"""Bytes of a stream that are given at once."""
_NODE = struct.Struct("<BH")
_REST = struct.Struct("<8s8sQQ")


def open_storage(source: ByteSource) -> Storage:
    """Read a compound file or a frame.

    Raises:
        Malformed: neither, or its header or directory cannot be read.
    """
    head = source.read(0, 16)
    if head == FRAME:
        return _read_frame(source)
    if not head.startswith(MAGIC):
        raise Malformed("no compound file", 0)
    return CompoundFile(source).storage()


def root_names(source: ByteSource) -> frozenset[str]:
    """Return the names at the root of a compound file or a frame, without following any stream.

    Raises:
        Malformed: as `open_storage`.
    """
    if source.read(0, 16) == FRAME:
        return frozenset(_read_frame(source).below(""))
    compound = CompoundFile(source)
    entries = compound.entries()
    found = compound.siblings(entries, entries[0][1][6], {0})
    return frozenset([entry_name(entries[one][1][0], entries[one][1][1]) for one in found])


def inner(storage: Storage, path: str) -> list[Node]:
    """Return the nodes of a storage that is to be a frame, itself first, then in the order of their paths."""
    prefix = path + "/"
    names = sorted([one for one in storage.nodes if one.startswith(prefix)])
    own = storage.nodes[path]
    return [own._replace(path=""), *[storage.nodes[one]._replace(path=one[len(prefix) :]) for one in names]]


def frame(source: ByteSource, nodes: Sequence[Node]) -> Iterator[bytes]:
    """Yield the frame of nodes, in bounded blocks."""
    table = [FRAME, len(nodes).to_bytes(4, "little")]
    for node in nodes:
        path = node.path.encode("ascii")[:0xFFFF]
        table += (_NODE.pack(node.kind, len(path)), path)
        table.append(_REST.pack(node.created, node.modified, node.size, node.held))
    yield b"".join(table)
    for node in nodes:
        for start, end in node.ranges:
            for at in range(start, end, FRAME_BLOCK):
                yield source.read(at, min(at + FRAME_BLOCK, end))


def _read_frame(source: ByteSource) -> Storage:
    """Read what `frame` gave; one that was made otherwise may be broken as any file."""
    count = int.from_bytes(source.read(16, 20), "little")
    at, listed = 20, list[tuple[str, int, bytes, bytes, int, int, int]]()
    table = source.read(0, min(source.size, 20 + min(count, MOST_ENTRIES) * 300))
    for _ in range(min(count, MOST_ENTRIES)):
        if at + _NODE.size + _REST.size > len(table):
            table = source.read(0, at + FRAME_BLOCK)
            if at + _NODE.size + _REST.size > len(table):
                raise Malformed("a frame that ends inside its table", at)
        kind, length = _NODE.unpack_from(table, at)
        path = table[at + _NODE.size : at + _NODE.size + length].decode("ascii", "replace")
        at += _NODE.size + length
        if at + _REST.size > len(table):
            raise Malformed("a frame that ends inside its table", at)
        created, modified, size, held = _REST.unpack_from(table, at)
        listed.append((path, kind, created, modified, size, held, at))
        at += _REST.size
    nodes: dict[str, Node] = {}
    structure = start = at
    for path, kind, created, modified, size, held, place in listed:
        end = min(start + held, source.size)
        ranges = ((start, end),) if end > start else ()
        nodes.setdefault(path, Node(path, kind, size, ranges, created, modified, place, max(0, end - start)))
        start = end
    nodes.setdefault("", Node("", STORAGE, 0, (), bytes(8), bytes(8), 0))
    return Storage(nodes, framed=True, structure=structure)
