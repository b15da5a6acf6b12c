"""The texts of OpenDocument files: paragraphs and headings of the content and of its margins, in their order.

What a change deleted stands among them, where the document keeps it. Source: OASIS OpenDocument 1.3 part 3, section 5.
"""

import re
from collections.abc import Iterator

from forensics.errors import Locked
from forensics.model.byte_sources import ByteSource
from forensics.model.items import ParseContext
from forensics.model.texts import TextPart
from forensics.parsers.document._package_texts import PackageParts
from forensics.parsers.document._xml_texts import Shown, words_of

TEXTS = re.compile(rb"content\.xml|styles\.xml|Object [^/]{1,40}/content\.xml")
_MANIFEST = re.compile(rb"META-INF/manifest\.xml")
SHOWN = Shown(
    texts=("p", "h"),
    ends={"p": "\n", "h": "\n", "table-cell": "\t", "list-item": "\n"},
    marks={"tab": "\t", "s": " ", "line-break": "\n"},
)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a document, a part each.

    Raises:
        Locked: its parts are encrypted.
    """
    parts = PackageParts(source, context)
    for member in parts.named(_MANIFEST):
        if b"encryption-data" in (parts.read(member) or b""):
            raise Locked("its parts are encrypted", member.header_start)
    return tuple(_read(parts))


def _read(parts: PackageParts) -> Iterator[TextPart]:
    for member in parts.named(TEXTS):
        if (text := parts.text(member, lambda data: words_of(data, SHOWN))) is not None:
            yield text
