"""Opening a PDF with pikepdf: passwords, bounds on memory and on reading, and its messages as plain lines.

Source: ISO 32000-1 7.6 (encryption).
"""

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import pikepdf
from pikepdf import settings

from forensics.errors import Malformed
from forensics.model.byte_sources import ByteSource, MemoryBytes
from forensics.model.items import Limits, ParseContext
from forensics.parsers._gathering import Gathering
from forensics.parsers._stream import SourceFile
from forensics.parsers.document._pdf_places import FAULTS

_READ_FACTOR = 200
"""How often the library may read a file over before it counts as a loop; broken files in use take up to 80."""
_READ_BYTES = 40_000_000
"""What it may read of a small file all the same."""
_READ_MEAN = 400
"""Bytes of one read, in the mean, below which reading counts as a loop too; each read costs some 5 us."""
_STREAM_NAME = re.compile(r"^(?:stream <[^>]*>:? ?)+")


@contextmanager
def bounded(limits: Limits) -> Iterator[None]:
    """Bound what one stream may decode to; qpdf keeps these limits per process."""
    memory = min(limits.xml_bytes, 0xFFFF_FFFF)
    before = settings.set_qpdf_limits(flate_max_memory=memory, png_max_memory=memory, run_length_max_memory=memory)
    try:
        yield
    finally:
        settings.set_qpdf_limits(
            flate_max_memory=int(before["flate_max_memory"]),
            png_max_memory=int(before["png_max_memory"]),
            run_length_max_memory=int(before["run_length_max_memory"]),
        )


def opened(source: ByteSource, context: ParseContext, gathering: Gathering) -> pikepdf.Pdf | None:
    """Return the document, or ``None`` if it is encrypted and cannot be opened (then there is a notice).

    Raises:
        Malformed: no cross-reference data and no objects from which it could be rebuilt.
    """
    for password in (b"", *_spelled(context.passwords)):
        try:
            pdf = pikepdf.open(
                _file(source, context.limits),
                password=password,
                suppress_warnings=True,
                inherit_page_attributes=False,
            )
        except pikepdf.PasswordError:
            continue
        except FAULTS as error:
            if "ncryption" in str(error) or "/Encrypt" in str(error):
                gathering.note("encryption", f"nothing was read: {plain(error)}", unread=source.size)
                return None
            raise Malformed(f"not readable as PDF: {plain(error)}") from error
        if pdf.is_encrypted:
            gathering.note("encrypted", "strings and streams are stored encrypted; values have no byte ranges")
        return pdf
    if context.passwords:
        text = "needs a password, and none that was given opens it; nothing was read"
        gathering.note("wrong_password", text, unread=source.size)
    else:
        gathering.note("password", "needs a password, and none was given; nothing was read", unread=source.size)
    return None


def _spelled(passwords: Iterable[bytes]) -> Iterator[bytes]:
    """Yield passwords as they are given, and those in UTF-8 as older encryption has them: in Latin-1."""
    for password in passwords:
        yield password
        if not password.isascii():
            try:
                yield password.decode("utf-8").encode("latin-1")
            except UnicodeError:
                continue


def _file(source: ByteSource, limits: Limits) -> BinaryIO:
    budget = max(source.size * _READ_FACTOR, _READ_BYTES)
    if source.size <= limits.memory_bytes:
        held = MemoryBytes(source.read(0, source.size))
        return cast(BinaryIO, SourceFile(held, max_reads=budget // _READ_MEAN, max_bytes=budget))
    return io.BufferedReader(SourceFile(source, max_reads=budget // 4096, max_bytes=budget), 65_536)


def plain(error: object) -> str:
    """Return a library's message as one line of ASCII, without the name it gives our stream."""
    text = _STREAM_NAME.sub("", str(error).partition("\n")[0])[:200]
    return "".join(char if " " <= char <= "~" else "?" for char in text)
