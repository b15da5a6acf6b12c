"""Replay: from a source through the steps of a location to the bytes of an item, every layer's digest checked.

Nothing but the steps decides what is read: no parser is asked, so a fault of a parser cannot hide itself here.
"""

import hashlib
import os
import stat
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType

from forensics.errors import IntakeError, IntegrityError, PasswordNeeded
from forensics.intake.files import FileBytes
from forensics.intake.windows import RangeBytes
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.decoding import Decoders
from forensics.model.items import Budget, Limits
from forensics.model.locations import Location, Step, StepKind, unquote
from forensics.replay.decoders import closed, decode_range

WINDOW = 1 << 20
MEMORY_BYTES = 64_000_000
"""A decoded layer larger than this is kept in a file without a name."""
CACHE_BYTES = 128_000_000
CACHE_LAYERS = 256
SPOOLED_BYTES = 4_000_000_000
"""What the kept layers that are too large for memory take on the disk; the newest is always kept."""
DIGESTS_KNOWN = 50_000
"""Files of a source whose digests are kept; what is asked for again after so many others is read again."""
_COPY = "copy/1"
_Key = tuple[bytes, tuple[int, int, int], tuple[Step, ...]]
"""Path and identity of a file, and the steps in it."""


class _Spooled:
    """A decoded layer in a file without a name; the file goes when this does."""

    def __init__(self, folder: Path | None) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115  lives as long as the layer, which views may share
        self._size = 0

    def __del__(self) -> None:
        self._file.close()

    @property
    def size(self) -> int:
        return self._size

    def write(self, chunks: Sequence[bytes]) -> None:
        self._file.writelines(chunks)
        self._file.flush()
        self._size += sum([len(chunk) for chunk in chunks])

    def read(self, start: int, end: int) -> bytes:
        return os.pread(self._file.fileno(), max(0, min(end, self._size) - start), start)


class Replayer:
    """Replays locations of one source; outer layers are kept, decoded ones though items of other files come between.

    A mail and the one it answers often stand in different archives: neither is to be decoded anew for each pair.

    Args:
        root: the source: a file, or the folder that the paths of file steps are relative to.
        decoders: by name; a location that names another cannot be replayed.
        passwords: tried in order on encrypted ranges.
        limits: what one layer may decode to, see `Budget`.
        spool: folder for decoded layers that are too large for memory; the system's where ``None``.
    """

    def __init__(
        self,
        root: Path,
        decoders: Decoders,
        passwords: Sequence[bytes] = (),
        *,
        limits: Limits = Limits(),  # noqa: B008  frozen
        spool: Path | None = None,
    ) -> None:
        self._root = os.path.realpath(os.fsencode(root))
        self._single = not os.path.isdir(self._root)  # noqa: PTH112  raw bytes of a path
        self._decoders = decoders
        self._passwords = tuple(passwords)
        self._limits = limits
        self._spool = spool
        self._digests: OrderedDict[tuple[bytes, tuple[int, int, int]], str] = OrderedDict()
        self._path = b""
        self._file: FileBytes | None = None
        self._layers: OrderedDict[_Key, ByteSource] = OrderedDict()
        self._closed: tuple[_Key, str] | None = None
        """The last layer that no password opens, and what was said of it: much may be asked of it in a row."""

    def __enter__(self) -> "Replayer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file that is open; layers that were returned can no longer be read."""
        self._layers.clear()
        self._leave()

    def _leave(self) -> None:
        """Close the file that is open, and forget the views of it; what was decoded stands alone."""
        for key in [key for key, layer in self._layers.items() if not isinstance(layer, (MemoryBytes, _Spooled))]:
            del self._layers[key]
        if self._file is not None:
            self._file.close()
        self._file = None
        self._path = b""

    def layer(self, steps: Sequence[Step]) -> ByteSource:
        """Return the bytes that a chain of steps leads to; they can be read until a location of another file is asked.

        A step without a digest is replayed all the same: there is nothing to compare it with.

        Raises:
            PasswordNeeded: a layer is encrypted, and no password given opens it.
            IntegrityError: a range lies outside its layer, a decoder is unknown, or a digest does not match.
            IntakeError: the file is not below the source, or cannot be read.
        """
        if not steps or steps[0].kind is not StepKind.FILE or any(step.kind is StepKind.FILE for step in steps[1:]):
            raise IntegrityError("a location begins with its file, and names no other")
        file = self._open(steps[0])
        current: ByteSource = file
        for count in range(2, len(steps) + 1):
            key = self._path, file.identity, tuple(steps[1:count])
            known = self._layers.get(key)
            if known is None:
                known = self._enter(current, steps[count - 1], key)
                self._keep(key, known)
            else:
                self._layers.move_to_end(key)
            current = known
        return current

    def file_digest(self, name: str) -> str:
        """Return the SHA-256 of a file of the source; it is read once, and again if it changed.

        Raises:
            IntakeError: the file is not below the source, or cannot be read.
        """
        return self._digest_of(self._switch(self._below(name)))

    def _digest_of(self, file: FileBytes) -> str:
        """Return the digest of the file that is open."""
        known = (self._path, file.identity)
        if known not in self._digests:
            self._digests[known] = _digest(file)
            if len(self._digests) > DIGESTS_KNOWN:
                self._digests.popitem(last=False)
        return self._digests[known]

    def _open(self, step: Step) -> FileBytes:
        file = self._switch(self._below(step.name))
        if (step.start, step.end, step.decoder) != (0, file.size, _COPY):
            raise IntegrityError(f"{step.name}: {file.size} bytes, not the {step.end} bytes of the location")
        if step.sha256 and self._digest_of(file) != step.sha256:
            raise IntegrityError(f"{step.name}: the file is not the one of the location")
        return file

    def _switch(self, path: bytes) -> FileBytes:
        """Return the file of a path, opened anew where it changed since; what was decoded then is not taken."""
        if self._file is None or self._path != path or self._file.changed():
            self._leave()
            self._file = FileBytes(path)
            self._path = path
        return self._file

    def _below(self, name: str) -> bytes:
        """Return the path of a file step, which may neither leave the source nor pass a link."""
        if self._single:
            return self._root
        try:
            parts = unquote(name).split(b"/")
        except (ValueError, UnicodeEncodeError) as error:
            raise IntakeError(f"{name!r} is no path") from error
        if any(part in (b"", b".", b"..") or b"\0" in part for part in parts):
            raise IntakeError(f"{name!r} leads out of the source")
        path = self._root
        for part in parts[:-1]:
            path += b"/" + part
            try:
                if not stat.S_ISDIR(os.lstat(path).st_mode):
                    raise IntakeError(f"{name!r} passes something that is no folder")
            except OSError as error:
                raise IntakeError(f"{name!r}: {error.strerror}") from error
        return path + b"/" + parts[-1]

    def _enter(self, above: ByteSource, step: Step, key: _Key) -> ByteSource:
        if self._closed is not None and self._closed[0] == key:
            raise PasswordNeeded(self._closed[1])
        if not 0 <= step.start <= step.end <= above.size:
            raise IntegrityError(f"{step.text}: range {step.start}:{step.end} lies outside its layer of {above.size}")
        if step.decoder == _COPY:
            layer: ByteSource = RangeBytes(above, step.start, step.end)
            digest = _digest(layer) if step.sha256 else ""
        else:
            layer, digest = self._decode(above, step)
        other = digest != step.sha256 if step.sha256 else not layer.size
        if other and closed(self._decoders, step.decoder, above, step.start, step.end, self._passwords):
            given = "no password given opens it" if self._passwords else "no password was given"
            self._closed = key, f"{step.text}: it is encrypted, and {given}"
            raise PasswordNeeded(self._closed[1])
        if other and step.sha256:
            raise IntegrityError(f"{step.text}: {step.decoder} gives other bytes than the location says")
        return layer

    def _decode(self, above: ByteSource, step: Step) -> tuple[ByteSource, str]:
        running, size = hashlib.sha256(), 0
        budget = Budget(self._limits, self._file.size if self._file else 0)
        chunks: list[bytes] = []
        spooled: _Spooled | None = None
        try:
            for chunk in decode_range(self._decoders, step.decoder, above, step.start, step.end, self._passwords):
                running.update(chunk)
                size += len(chunk)
                if not budget.spend(len(chunk)):
                    raise IntegrityError(f"{step.text}: decodes to more than {budget.total} bytes")
                chunks.append(chunk)
                if spooled is None and size > MEMORY_BYTES:
                    spooled = _Spooled(self._spool)
                if spooled is not None:
                    spooled.write(chunks)
                    chunks.clear()
        except (KeyError, ValueError) as error:
            raise IntegrityError(f"{step.text}: no decoder {step.decoder!r}") from error
        except OSError as error:
            raise IntakeError(f"{step.text}: cannot keep what it decodes to: {error.strerror}") from error
        return spooled or MemoryBytes(b"".join(chunks)), running.hexdigest()

    def _keep(self, key: _Key, layer: ByteSource) -> None:
        self._layers[key] = layer
        while len(self._layers) > CACHE_LAYERS or (self._too_much() and len(self._layers) > 1):
            self._layers.popitem(last=False)

    def _too_much(self) -> bool:
        """Whether the kept layers take more than they may, in memory or on the disk."""
        memory = sum([layer.size for layer in self._layers.values() if isinstance(layer, MemoryBytes)])
        spooled = sum([layer.size for layer in self._layers.values() if isinstance(layer, _Spooled)])
        return memory > CACHE_BYTES or spooled > SPOOLED_BYTES


@contextmanager
def walk(location: Location, source: Path, decoders: Decoders, passwords: Sequence[bytes] = ()) -> Iterator[ByteSource]:
    """Give the bytes that a location leads to, while the ``with`` block lasts.

    Args:
        location: its steps, and those of a locator after them where its ranges are counted in a deeper layer.
        source: a file, or the folder that the file step's path is relative to.
        decoders: by name.
        passwords: tried in order on encrypted ranges.

    Raises:
        PasswordNeeded: a layer is encrypted, and no password given opens it.
        IntegrityError: a range lies outside its layer, a decoder is unknown, or a digest does not match.
        IntakeError: the file is not below the source, or cannot be read.
    """
    with Replayer(source, decoders, passwords) as replayer:
        yield replayer.layer(location.steps)


def _digest(source: ByteSource) -> str:
    running = hashlib.sha256()
    for start in range(0, source.size, WINDOW):
        running.update(source.read(start, min(start + WINDOW, source.size)))
    return running.hexdigest()
