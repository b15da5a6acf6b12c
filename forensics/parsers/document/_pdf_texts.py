"""The texts of a PDF as its pages show them, by PDFium: a part a page. Nothing is drawn, run or followed.

A page that is a picture of text has none. Source: ISO 32000-1 9.10 (extraction of text content).
"""

from collections.abc import Iterator

from pypdfium2 import PdfDocument, PdfiumError, raw

from forensics.errors import LimitExceeded, Locked, Malformed
from forensics.model.byte_sources import ByteSource
from forensics.model.items import ParseContext
from forensics.model.locations import Locator
from forensics.model.texts import TextPart

MAX_PAGES = 5_000
MAX_CHARACTERS = 4_000_000
"""Of one document; of a longer one the beginning is read."""
_HYPHENS = ("\ufffe\r\n", "\ufffe\n", "\ufffe", "\x02\r\n", "\x02\n", "\x02")
"""How PDFium writes a hyphen that only divides a word between two lines."""


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a document's pages; pages without text are left out.

    Raises:
        Locked: it needs a password that was not given.
        LimitExceeded: it is larger than what is held in memory.
        Malformed: PDFium cannot open it.
    """
    if source.size > context.limits.memory_bytes:
        raise LimitExceeded(f"larger than {context.limits.memory_bytes} bytes", 0)
    document = _opened(source.read(0, source.size), context)
    try:
        return tuple(_pages(document, source.size))
    finally:
        document.close()


def _opened(data: bytes, context: ParseContext) -> PdfDocument:
    for password in (None, *map(_password, context.passwords)):
        try:
            return PdfDocument(data, password=password)
        except PdfiumError as error:
            if error.err_code == raw.FPDF_ERR_SECURITY:
                raise Locked("it is encrypted for keys, or by a method that is not known", 0) from error
            if error.err_code != raw.FPDF_ERR_PASSWORD:
                raise Malformed(f"not readable by PDFium: {error}", 0) from error
    given = "none that was given opens it" if context.passwords else "none was given"
    raise Locked(f"it needs a password, and {given}", 0)


def _password(given: bytes) -> str:
    """Return a password as PDFium takes it: as text, which it encodes as the file's method calls for."""
    try:
        return given.decode("utf-8")
    except UnicodeDecodeError:
        return given.decode("latin-1")


def _pages(document: PdfDocument, size: int) -> Iterator[TextPart]:
    left, pages = MAX_CHARACTERS, len(document)
    for number in range(min(pages, MAX_PAGES)):
        text = _text(document, number)
        whole = text is not None and len(text) <= left and not (number == MAX_PAGES - 1 and pages > MAX_PAGES)
        said = (text or "")[:left]
        left -= len(said)
        if said or not whole:
            yield TextPart(
                text=said,
                media_type="text/plain",
                charset="utf-8",
                locator=Locator(ranges=((0, size),), path=f"page:{number + 1}"),
                whole=whole,
            )
        if left <= 0:
            return


def _text(document: PdfDocument, number: int) -> str | None:
    """Return what a page says; ``None`` where it cannot be read."""
    try:
        page = document[number]
        try:
            layer = page.get_textpage()
            try:
                said: str = layer.get_text_bounded()
            finally:
                layer.close()
        finally:
            page.close()
    except PdfiumError:
        return None
    for hyphen in _HYPHENS:
        said = said.replace(hyphen, "")
    return said.strip()
