"""Work units: what one worker reads alone, how a source is cut into them, and how they are named."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from forensics.intake.files import FileBytes, SourceFile, walk
from forensics.model.codec import encode
from forensics.model.items import Limits
from forensics.parsers.mail.mbox import cut_points, sniff

UNIT_FILES = 1_000
UNIT_BYTES = 16_000_000
"""A group of small files ends at either; small enough that two processes end at about the same time."""
SLICE_BYTES = 64_000_000
"""A mailbox larger than this is cut."""


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """A range of one large mailbox."""

    start: int
    end: int
    ordinal: int
    """Ordinal of its first message in the whole mailbox."""
    last: bool
    sha256: str
    """Digest of the whole mailbox."""


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One work unit."""

    id: str
    source: str
    """Label."""
    files: tuple[SourceFile, ...]
    slice: Slice | None = None

    @property
    def size(self) -> int:
        """Bytes to read."""
        return self.slice.end - self.slice.start if self.slice else sum(file.size for file in self.files)


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
        if file.size > SLICE_BYTES and file.kind == "file" and _is_mailbox(file):
            if group:
                yield _unit(base, label, group)
            group, size = [], 0
            yield from _slices(base, label, file)
            continue
        group.append(file)
        size += file.size
        if len(group) >= UNIT_FILES or size >= UNIT_BYTES:
            yield _unit(base, label, group)
            group, size = [], 0
    if group:
        yield _unit(base, label, group)


def _unit(base: bytes, label: str, files: Sequence[SourceFile], part: Slice | None = None) -> Unit:
    fingerprint = encode([[[file.name, file.kind, file.size, file.mtime_ns] for file in files], part])
    return Unit(id=hashlib.sha256(base + fingerprint).hexdigest()[:24], source=label, files=tuple(files), slice=part)


def _is_mailbox(file: SourceFile) -> bool:
    with FileBytes(file.path) as source:
        return sniff(source.read(0, 4096), source)


def _slices(base: bytes, label: str, file: SourceFile) -> Iterator[Unit]:
    with FileBytes(file.path) as source:
        whole = hashlib.sha256()
        for start in range(0, source.size, 1 << 20):
            whole.update(source.read(start, start + (1 << 20)))
        cuts = cut_points(source, SLICE_BYTES)
        ends = [start for start, _ in cuts[1:]] + [source.size]
    for (start, ordinal), end in zip(cuts, ends, strict=True):
        part = Slice(start=start, end=end, ordinal=ordinal, last=end == file.size, sha256=whole.hexdigest())
        yield _unit(base, label, [file], part)
