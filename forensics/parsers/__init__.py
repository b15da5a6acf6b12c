"""One file per format, containers too; `PARSERS` is the ordered list that `identify` asks."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from forensics.model.documents import ArchiveFacts, DocumentFacts
from forensics.model.items import ByteSource, ChildItem, Format, Notice, ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message

Yielded = Message | DocumentFacts | ArchiveFacts | ChildItem | Notice
"""What a parser yields, in the order in which it meets it."""

PARSERS: tuple[str, ...] = (
    "document.ooxml",
    "document.odf",
    "archive.zip",
    "document.pdf",
    "image.jpeg",
    "image.tiff",
    "mail.emlx",
    "mail.mbox",
    "mail.rfc5322",
)
"""Modules below this package; the first whose ``sniff`` agrees reads the item."""


class Parser(Protocol):
    """The shape of a parser module."""

    FORMAT: Format

    def sniff(self, head: bytes, source: ByteSource) -> bool:
        """Whether *head* (first 4096 bytes, fewer if shorter) of *source* can open this format."""

    def parse(self, source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
        """Yield facts, child items and notices; raise `ParseError` when it cannot go on."""


@cache
def load(name: str) -> Parser:
    """Import one parser module on first use."""
    return cast(Parser, import_module(f"{__name__}.{name}"))
