"""Decoders of compound files: one storage as a frame, one stream as it is."""

from collections.abc import Iterator

from forensics.errors import ParseError
from forensics.intake.windows import RangeBytes
from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded
from forensics.parsers._compound import FRAME_BLOCK, STORAGE, STREAM, Storage, frame, inner, open_storage

NAMES = "__nameid_version1.0"
"""The storage that says what named properties are called; only the outermost message of a file has it."""


def decode_storage(encoded: Encoded) -> Iterator[bytes]:
    """Yield the frame of a storage; nothing where the range has none of that path."""
    source, storage = _opened(encoded)
    if storage is not None:
        yield from framed(source, storage, encoded.parameter)


def decode_stream(encoded: Encoded) -> Iterator[bytes]:
    """Yield the bytes of a stream; nothing where the range has none of that path."""
    source, storage = _opened(encoded)
    node = storage.nodes.get(encoded.parameter) if storage is not None else None
    if node is None or node.kind != STREAM:
        return
    for start, end in node.ranges:
        for at in range(start, end, FRAME_BLOCK):
            yield source.read(at, min(at + FRAME_BLOCK, end))


def framed(source: ByteSource, storage: Storage, path: str) -> Iterator[bytes]:
    """Yield the frame of a storage, with the names of named properties where it has none of its own."""
    node = storage.nodes.get(path)
    if node is None or node.kind != STORAGE:
        return
    nodes = inner(storage, path)
    if NAMES in storage.nodes and not any(one.path == NAMES for one in nodes):
        named = [one._replace(path=f"{NAMES}/{one.path}" if one.path else NAMES) for one in inner(storage, NAMES)]
        nodes = [nodes[0], *sorted([*nodes[1:], *named], key=lambda one: one.path)]
    yield from frame(source, nodes)


def _opened(encoded: Encoded) -> tuple[ByteSource, Storage | None]:
    source: ByteSource = encoded.source
    if (encoded.start, encoded.end) != (0, source.size):
        source = RangeBytes(source, encoded.start, encoded.end)
    try:
        return source, open_storage(source)
    except ParseError:
        return source, None
