"""Packed files of RAR archives, unpacked by UnRAR.

UnRAR opens paths, so it is given a small archive of its own: the mark and a main header, which we write, and behind
them the blocks of the range as they are. That file has no name and goes with this process. So a file that needs no
other is unpacked from its own bytes alone, and a group of solid ones from theirs.

The parameter of the decoder says what the range is: ``4`` or ``5``, the block of one file in that version's form;
``4s`` or ``5s``, blocks that are solid; ``4w`` or ``5w``, a whole archive, whose headers are encrypted. What comes of
several files follows each other.

Source: technote.txt of WinRAR 3 and of RAR 5; the interface of UnRAR's library (dll.hpp).
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile, TemporaryFile
from typing import IO, Any, NamedTuple

from forensics.errors import NotInstalled
from forensics.intake.windows import BLOCK, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded
from forensics.parsers.archive._rar_crypt import words

UNKNOWN_BYTES = 1 << 30
"""What comes of a file whose header does not say its size, at most."""
HELD_BYTES = 16 << 20
"""A larger file is kept on disk while it is unpacked."""
MODES = ("4", "5", "4s", "5s", "4w", "5w")
MISSING = "packed, and UnRAR is not installed: pip install 'tainted-leak-forensics[rar]'"
_LEADS = {"4": b"Rar!\x1a\x07\0", "5": b"Rar!\x1a\x07\1\0"}
_ENDS = {"4": bytes.fromhex("c43d7b00400700"), "5": bytes.fromhex("1d77565103050400")}
_FILE, _FILE_BYTES, _HEADER_BYTES = 0x74, 32, 1 << 16
_COMMENT, _LARGE = 8, 0x100
_DIRECTORY, _ENCRYPTED = 0x20, 0x04
_CALLBACK_STOP, _CALLBACK_ON = -1, 1
_LARGE_DICTIONARY = 5


class Piece(NamedTuple):
    """What came of one file."""

    content: IO[bytes]
    size: int
    good: bool
    """Whether UnRAR found nothing to say against it, checksums among it."""
    encrypted: bool


def installed() -> bool:
    """Whether UnRAR is at hand."""
    try:
        import unrar.cffi.unrarlib  # noqa: F401
    except ImportError:
        return False
    return True


def decode(encoded: Encoded) -> Iterator[bytes]:
    """Yield what comes of the files of a range; nothing where no password opens them.

    Raises:
        NotInstalled: UnRAR is missing.
    """
    if encoded.parameter not in MODES:
        return
    if not installed():
        raise NotInstalled(MISSING)
    password = opening(encoded.source, encoded.start, encoded.end, encoded.parameter, encoded.passwords)
    for piece in unpacked(encoded.source, encoded.start, encoded.end, encoded.parameter, password):
        yield from content_of(piece)


def closed(encoded: Encoded) -> bool:
    """Whether a file of a range is encrypted, or the whole archive, and no password opens it."""
    if encoded.parameter not in MODES or not installed():
        return False
    found = opening(encoded.source, encoded.start, encoded.end, encoded.parameter, encoded.passwords)
    pieces = unpacked(encoded.source, encoded.start, encoded.end, encoded.parameter, found)
    good = [piece.good for piece in pieces if piece.encrypted]
    return not all(good) if good else encoded.parameter[1:] == "w" and found is None


def content_of(piece: Piece) -> Iterator[bytes]:
    """Yield the bytes of a piece."""
    piece.content.seek(0)
    while block := piece.content.read(BLOCK):
        yield block


def opening(source: ByteSource, start: int, end: int, mode: str, passwords: Sequence[bytes]) -> bytes | None:
    """Return the first password by which the first file with content comes out well; ``None``: none does."""
    if not passwords:
        return None
    with _archive(source, start, end, mode) as path:
        for password in passwords:
            if _opens(path, password):
                return password
    return None


def _opens(path: str, password: bytes) -> bool:
    any_file = False
    for piece in _run(path, password, lambda size: True):
        any_file = True
        if piece.size or not piece.good:
            return piece.good
    return any_file


def unpacked(
    source: ByteSource,
    start: int,
    end: int,
    mode: str,
    password: bytes | None,
    allowed: Callable[[int], bool] = lambda size: True,
) -> Iterator[Piece]:
    """Yield what comes of each file but folders, in their order.

    Args:
        source: the archive.
        start: first byte of the range.
        end: first byte after it.
        mode: what the range is.
        password: that opens it; ``None``: there is none.
        allowed: whether so many bytes may come of a file; false: no further file is unpacked.
    """
    with _archive(source, start, end, mode) as path:
        yield from _run(path, password, allowed)


@contextmanager
def _archive(source: ByteSource, start: int, end: int, mode: str) -> Iterator[str]:
    """Give the path of an archive that holds the blocks of a range."""
    version, whole = mode[0], mode[1:] == "w"
    with _file() as (file, path):
        if whole:
            pieces = blocks(source, start, end)
        else:
            file.write(_LEADS[version] + _main_header(version, solid=mode[1:] == "s"))
            pieces = _without_comments(source, start, end) if version == "4" else blocks(source, start, end)
        for piece in pieces:
            file.write(piece)
        if not whole:
            file.write(_ENDS[version])
        file.flush()
        yield path


def _without_comments(source: ByteSource, start: int, end: int) -> Iterator[bytes]:
    """Yield blocks of RAR 1.5 to 4, comments on files taken out of their headers: UnRAR reads no file that has one."""
    while start < end:
        head = source.read(start, min(start + _HEADER_BYTES, end))
        flags, size = int.from_bytes(head[3:5], "little"), int.from_bytes(head[5:7], "little")
        if size < _FILE_BYTES or len(head) < size or head[2] != _FILE:
            break
        name_end = _FILE_BYTES + (8 if flags & _LARGE else 0) + int.from_bytes(head[26:28], "little")
        packed = int.from_bytes(head[7:11], "little")
        if flags & _LARGE:
            packed |= int.from_bytes(head[32:36], "little") << 32
        if flags & _COMMENT and name_end <= size:
            fixed = (flags & ~_COMMENT).to_bytes(2, "little") + name_end.to_bytes(2, "little")
            body = head[2:3] + fixed + head[7:name_end]
            yield (zlib.crc32(body) & 0xFFFF).to_bytes(2, "little") + body
        else:
            yield head[:size]
        yield from blocks(source, start + size, min(start + size + packed, end))
        start += size + packed
    yield from blocks(source, start, end)


@contextmanager
def _file() -> Iterator[tuple[IO[bytes], str]]:
    """Give a file for us alone, and its path; where the system allows it has no name, and nothing can stay behind."""
    if Path("/proc/self/fd").is_dir():
        with TemporaryFile() as nameless:
            yield nameless, f"/proc/self/fd/{nameless.fileno()}"
    else:
        with NamedTemporaryFile(prefix="forensics-") as named:
            yield named, named.name


def _main_header(version: str, *, solid: bool) -> bytes:
    if version == "4":
        body = b"\x73" + (8 * solid).to_bytes(2, "little") + b"\x0d\0" + bytes(6)
        return (zlib.crc32(body) & 0xFFFF).to_bytes(2, "little") + body
    body = bytes((3, 1, 0, 4 * solid))
    return zlib.crc32(body).to_bytes(4, "little") + body


def _run(path: str, password: bytes | None, allowed: Callable[[int], bool]) -> Iterator[Piece]:
    from unrar.cffi import unrarlib as library

    try:
        archive = library.RarArchive(path, library.C_RAR_OM_EXTRACT)
    except library.BadRarFile:
        return
    try:
        if password is not None:
            library.RARSetPassword(archive.handle, words(password).encode("utf-8", "surrogatepass"))
        for header in archive.iterate_headers():
            if header.Flags & _DIRECTORY == _DIRECTORY:
                header.skip()
                continue
            size = header.UnpSize + (header.UnpSizeHigh << 32)
            size = size if size < 1 << 62 else UNKNOWN_BYTES
            if not allowed(size):
                return
            with SpooledTemporaryFile(HELD_BYTES) as content:
                good, written = _test(library, archive, content, size)
                yield Piece(content, written, good, bool(header.Flags & _ENCRYPTED))
    finally:
        library.RARCloseArchive(archive.handle)


def _test(library: Any, archive: Any, content: IO[bytes], most: int) -> tuple[bool, int]:
    """Unpack the file that the archive stands at; return whether all was well, and how many bytes came."""
    written = 0

    def take(message: int, first: int, second: int) -> int:
        nonlocal written
        if message == library.UCM_PROCESSDATA:
            data = bytes(library.ffi.buffer(library.ffi.cast("char *", first), second))[: most - written]
            content.write(data)
            written += len(data)
            return _CALLBACK_ON if len(data) == second else _CALLBACK_STOP
        # Never another volume, nor a question to anybody.
        return _CALLBACK_ON if message == _LARGE_DICTIONARY else _CALLBACK_STOP

    handle = library.ffi.new_handle(take)
    library.RARSetCallbackPtr(archive.handle, library.PyUNRARCALLBACKStub, handle)
    result = library.RARProcessFileW(archive.handle, library.C_RAR_TEST, library.ffi.NULL, library.ffi.NULL)
    library.RARSetCallbackPtr(archive.handle, library.ffi.NULL, library.ffi.NULL)
    return result == library.C_ERAR_SUCCESS, written


def comment_of(source: ByteSource, start: int, end: int) -> str:
    """Return the packed comment in a block of RAR 1.5 to 4: the main header itself, or one of its own."""
    from unrar.cffi import unrarlib as library

    is_main = source.read(start + 2, start + 3) == b"\x73"
    with _file() as (file, path):
        file.write(_LEADS["4"] + (b"" if is_main else _main_header("4", solid=False)))
        for block in blocks(source, start, end):
            file.write(block)
        file.write(_ENDS["4"])
        file.flush()
        try:
            archive = library.RarArchive(path, library.C_RAR_OM_EXTRACT)
        except library.BadRarFile:
            return ""
        library.RARCloseArchive(archive.handle)
        return str(archive.comment)
