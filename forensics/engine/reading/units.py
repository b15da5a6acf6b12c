"""Work units: what one worker reads alone, how a source is cut into them, and how they are named."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from forensics.intake.files import FileBytes, SourceFile, walk
from forensics.model.codec import encode
from forensics.model.items import Limits, Range
from forensics.parsers.identify import cutter

UNIT_FILES = 1_000
UNIT_BYTES = 16_000_000
"""A group of small files ends at either; small enough that two processes end at about the same time."""
CUT_BYTES = 4_000_000
"""A file larger than this is cut, where its format can be and finds it worth it."""
HEAD_BYTES = 4096
_files = msgspec.msgpack.Decoder(tuple[SourceFile, ...])


class Slice(Range, frozen=True, kw_only=True):
    """A range of one large file, or, at its end and without bytes, what records the file itself."""

    parser: str
    """Of `PARSERS`: cuts the file, and reads the range."""
    last: bool = False
    """Whether this records the file: it is read after all ranges."""
    sha256: str
    """Digest of the whole file."""


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One work unit; all units of a scan may wait at once, so the list of files is kept packed."""

    id: str
    source: str
    """Label."""
    count: int
    """Files of which it is made."""
    size: int
    """Bytes to read."""
    listing: bytes
    slice: Slice | None = None

    @classmethod
    def of(cls, id: str, source: str, files: Sequence[SourceFile], part: Slice | None = None) -> "Unit":
        """Return the unit of some files, or of a part of one."""
        size = part.end - part.start if part else sum([file.size for file in files])
        listing = zlib.compress(msgspec.msgpack.encode(files), 1)
        return cls(id=id, source=source, count=len(files), size=size, listing=listing, slice=part)

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The files, unpacked at every call."""
        return _files.decode(zlib.decompress(self.listing))


def plan(label: str, root: Path, limits: Limits, passwords: Sequence[bytes], asked: str, code: str) -> Iterator[Unit]:
    """Cut a source into units, in the order of its files.

    Args:
        label: the source's label in the case.
        root: the file or folder.
        limits: part of the units' names.
        passwords: likewise, as a digest.
        asked: the user's selection (patterns), part of the units' names.
        code: digest of the code that reads them, likewise.
    """
    secret = hashlib.sha256(b"\0".join(passwords)).hexdigest() if passwords else ""
    base = encode([label, code, limits, secret, asked])
    group: list[SourceFile] = []
    size = 0
    for file in walk(root):
        slices = _slices(file, limits) if file.size > CUT_BYTES and file.kind == "file" else ()
        if slices:
            if group:
                yield _unit(base, label, group)
            group, size = [], 0
            yield from [_unit(base, label, [file], part) for part in slices]
            continue
        group.append(file)
        size += file.size
        if len(group) >= UNIT_FILES or size >= UNIT_BYTES:
            yield _unit(base, label, group)
            group, size = [], 0
    if group:
        yield _unit(base, label, group)


def _unit(base: bytes, label: str, files: Sequence[SourceFile], part: Slice | None = None) -> Unit:
    fingerprint = encode([[[file.name, file.kind, file.size, file.mtime_ns, file.volume] for file in files], part])
    return Unit.of(hashlib.sha256(base + fingerprint).hexdigest()[:24], label, files, part)


def _slices(file: SourceFile, limits: Limits) -> list[Slice]:
    """Return the ranges of a large file, and last what records it; none where it has to be read as a whole."""
    try:
        with FileBytes(file.path) as source:
            parser = cutter(source.read(0, HEAD_BYTES), source)
            ranges = parser.cut(source, limits) if parser and parser.cut else ()
            if parser is None or len(ranges) < 2:
                return []
            whole = hashlib.sha256()
            for start in range(0, source.size, 1 << 20):
                whole.update(source.read(start, start + (1 << 20)))
    except Exception:  # noqa: BLE001  a worker, whom such a file costs this file alone, says what is wrong with it
        return []
    digest, size = whole.hexdigest(), ranges[-1].end
    slices = [Slice(**msgspec.structs.asdict(part), parser=parser.name, sha256=digest) for part in ranges]
    return [*slices, Slice(start=size, end=size, ordinal=0, last=True, parser=parser.name, sha256=digest)]
