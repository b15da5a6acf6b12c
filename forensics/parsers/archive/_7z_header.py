"""The structures of a 7z header: packed streams, folders of coders, streams in folders.

Source: 7zFormat.txt of the 7-Zip sources.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.errors import Malformed, ParseError
from forensics.parsers.archive._7z_cursor import Cursor
from forensics.parsers.archive._7z_files import Files, read_files

END, HEADER, PROPERTIES, MORE_STREAMS, MAIN_STREAMS, FILES = 0, 1, 2, 3, 4, 5
PACK_INFO, UNPACK_INFO, SUBSTREAMS, SIZE, CRC, FOLDER, UNPACK_SIZE, COUNTS = 6, 7, 8, 9, 10, 11, 12, 13
ENCODED = 23

_CODERS = 32
"""7-Zip reads no folder with more coders, or streams of one, either."""
_PROPERTY_BYTES = 1 << 16


class Coder(NamedTuple):
    """One method of a folder and its parameters."""

    method: bytes
    properties: bytes
    inputs: int


class Folder(NamedTuple):
    """Coders whose packed streams become one stream, in which the contents of files follow each other."""

    coders: tuple[Coder, ...]
    binds: tuple[tuple[int, int], ...]
    """Input and the output that feeds it."""
    packed: tuple[int, ...]
    """Inputs that packed streams feed, in the order of these."""
    start: int
    end: int
    """Range of its description in the header."""


class Streams(NamedTuple):
    """What the header says of packed streams and of what they unpack to."""

    position: int = 0
    """Of the first packed stream, behind the signature header."""
    packed: tuple[int, ...] = ()
    """Sizes of the packed streams, one behind the other."""
    folders: tuple[Folder, ...] = ()
    sizes: tuple[tuple[int, ...], ...] = ()
    """Of each folder, what each of its coders gives."""
    crcs: tuple[int | None, ...] = ()
    """Of each folder, the CRC-32 of what it unpacks to."""
    counts: tuple[int, ...] = ()
    """Of each folder, how many streams of files it holds."""
    stream_sizes: tuple[int, ...] = ()
    stream_crcs: tuple[int | None, ...] = ()


class Header(NamedTuple):
    """A whole header."""

    streams: Streams
    files: Files
    properties: tuple[tuple[int, int, int], ...] = ()
    """Kind and range of the archive's own properties."""
    fault: str = ""
    """Why the rest of it could not be read; empty if it could."""
    fault_at: int = 0
    """Where that rest begins."""


def read_header(data: bytes) -> Header:
    """Read a header that is not encoded, as far as it can be read."""
    cursor = Cursor(data)
    cursor.byte()
    streams, files = Streams(), Files()
    properties: tuple[tuple[int, int, int], ...] = ()
    fault, fault_at = "", len(data)
    try:
        while (kind := cursor.byte()) != END:
            if kind == PROPERTIES:
                properties = tuple(_properties(cursor))
            elif kind == MORE_STREAMS:
                read_streams(cursor)
                fault = "it describes further streams, which 7-Zip never writes: they are not read"
            elif kind == MAIN_STREAMS:
                streams = read_streams(cursor)
            elif kind == FILES:
                files = read_files(cursor)
            else:
                raise Malformed(f"unknown part {kind}", cursor.at - 1)
    except ParseError as error:
        fault, fault_at = f"{error} (at byte {error.offset} of it)", error.offset or 0
    return Header(streams, files, properties, fault, fault_at)


def _properties(cursor: Cursor) -> Iterator[tuple[int, int, int]]:
    while (kind := cursor.byte()) != END:
        inside = cursor.inside(cursor.number())
        yield kind, inside.at, inside.end


def read_streams(cursor: Cursor) -> Streams:
    """Read the description of streams, its kind before it already read."""
    position, packed = 0, tuple[int, ...]()
    folders: tuple[Folder, ...] = ()
    sizes: tuple[tuple[int, ...], ...] = ()
    crcs: tuple[int | None, ...] = ()
    inside: tuple[tuple[int, ...], tuple[int, ...], tuple[int | None, ...]] | None = None
    while (kind := cursor.byte()) != END:
        if kind == PACK_INFO:
            position, packed = _pack_info(cursor)
        elif kind == UNPACK_INFO:
            folders, sizes, crcs = _unpack_info(cursor)
        elif kind == SUBSTREAMS:
            inside = _substreams(
                cursor, [final(folder, each) for folder, each in zip(folders, sizes, strict=True)], crcs
            )
        else:
            raise Malformed(f"unknown part {kind} of its description of streams", cursor.at - 1)
    finals = tuple([final(folder, each) for folder, each in zip(folders, sizes, strict=True)])
    counts, stream_sizes, stream_crcs = inside or ((1,) * len(folders), finals, crcs)
    return Streams(position, packed, folders, sizes, crcs, counts, stream_sizes, stream_crcs)


def final(folder: Folder, sizes: Sequence[int]) -> int:
    """Return the size of what a folder gives: of the one output that feeds no input."""
    bound = {output for _, output in folder.binds}
    return next((sizes[place] for place in range(len(folder.coders)) if place not in bound), 0)


def _pack_info(cursor: Cursor) -> tuple[int, tuple[int, ...]]:
    position, count = cursor.number(), cursor.number()
    sizes: tuple[int, ...] = ()
    while (kind := cursor.byte()) != END:
        if kind == SIZE:
            sizes = tuple([cursor.number() for _ in range(_fits(cursor, count))])
        elif kind == CRC:
            _crcs(cursor, count)
        else:
            raise Malformed(f"unknown part {kind} of its list of packed streams", cursor.at - 1)
    return position, sizes


def _fits(cursor: Cursor, count: int) -> int:
    """Return a count of things of at least one byte each, if so many can follow."""
    if count > cursor.left:
        raise Malformed(f"{count} entries are stated where {cursor.left} bytes are left", cursor.at)
    return count


def _crcs(cursor: Cursor, count: int) -> tuple[int | None, ...]:
    return tuple([cursor.u32() if there else None for there in cursor.defined(count)])


def _unpack_info(
    cursor: Cursor,
) -> tuple[tuple[Folder, ...], tuple[tuple[int, ...], ...], tuple[int | None, ...]]:
    if (kind := cursor.byte()) != FOLDER:
        raise Malformed(f"part {kind} where folders should be described", cursor.at - 1)
    count = _fits(cursor, cursor.number())
    if cursor.byte():
        raise Malformed("its folders are described elsewhere, which 7-Zip never writes", cursor.at - 1)
    folders = tuple([_folder(cursor) for _ in range(count)])
    sizes: tuple[tuple[int, ...], ...] = tuple([(0,) * len(folder.coders) for folder in folders])
    crcs: tuple[int | None, ...] = (None,) * count
    while (kind := cursor.byte()) != END:
        if kind == UNPACK_SIZE:
            sizes = tuple([tuple([cursor.number() for _ in folder.coders]) for folder in folders])
        elif kind == CRC:
            crcs = _crcs(cursor, count)
        else:
            raise Malformed(f"unknown part {kind} of its description of folders", cursor.at - 1)
    return folders, sizes, crcs


def _folder(cursor: Cursor) -> Folder:
    start = cursor.at
    count = cursor.number()
    if not 1 <= count <= _CODERS:
        raise Malformed(f"a folder of {count} coders", start)
    coders = tuple([_coder(cursor) for _ in range(count)])
    inputs = sum([coder.inputs for coder in coders])
    if inputs > _CODERS or inputs < count:
        raise Malformed(f"a folder of {count} coders with {inputs} inputs", start)
    binds = tuple([(cursor.number(), cursor.number()) for _ in range(count - 1)])
    free = [place for place in range(inputs) if place not in {bound for bound, _ in binds}]
    if len({bound for bound, _ in binds}) != count - 1 or len({output for _, output in binds}) != count - 1:
        raise Malformed("coders of a folder are bound twice", start)
    if any(bound >= inputs or output >= count for bound, output in binds):
        raise Malformed("coders of a folder are bound to none", start)
    packed = tuple(free) if len(free) == 1 else tuple([cursor.number() for _ in free])
    if sorted(packed) != free:
        raise Malformed("packed streams of a folder feed inputs that have one", start)
    return Folder(coders, binds, packed, start, cursor.at)


def _coder(cursor: Cursor) -> Coder:
    at, flags = cursor.at, cursor.byte()
    method = cursor.take(flags & 15)
    inputs, outputs = (cursor.number(), cursor.number()) if flags & 0x10 else (1, 1)
    if flags & 0xC0 or outputs != 1 or not 1 <= inputs <= _CODERS:
        raise Malformed(f"a coder with {inputs} inputs and {outputs} outputs (flags {flags:#x})", at)
    properties = b""
    if flags & 0x20:
        size = cursor.number()
        if size > _PROPERTY_BYTES:
            raise Malformed(f"a coder with {size} bytes of parameters", at)
        properties = cursor.take(size)
    return Coder(method, properties, inputs)


def _substreams(
    cursor: Cursor, finals: Sequence[int], crcs: Sequence[int | None]
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int | None, ...]]:
    counts = [1] * len(finals)
    kind = cursor.byte()
    if kind == COUNTS:
        counts = [cursor.number() for _ in finals]
        kind = cursor.byte()
    sizes: list[int] = []
    for count, size in zip(counts, finals, strict=True):
        left = size
        if kind == SIZE:
            for _ in range(_fits(cursor, count - 1) if count else 0):
                each = cursor.number()
                left -= each
                sizes.append(each)
        elif count > 1:
            raise Malformed(f"a folder of {count} files whose sizes are not given", cursor.at)
        if left < 0:
            raise Malformed("files of a folder are larger than the folder", cursor.at)
        if count:
            sizes.append(left)
    if kind == SIZE:
        kind = cursor.byte()
    unknown = [count for count, crc in zip(counts, crcs, strict=True) if count != 1 or crc is None]
    found: list[int | None] | None = None
    while kind != END:
        if kind != CRC:
            raise Malformed(f"unknown part {kind} of its description of streams", cursor.at - 1)
        found = list(_crcs(cursor, sum(unknown)))
        kind = cursor.byte()
    rest = iter(found if found is not None else [None] * sum(unknown))
    all_crcs: list[int | None] = []
    for count, crc in zip(counts, crcs, strict=True):
        all_crcs += [crc] if count == 1 and crc is not None else [next(rest) for _ in range(count)]
    return tuple(counts), tuple(sizes), tuple(all_crcs)
