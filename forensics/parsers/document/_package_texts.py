"""The texts of an office document's parts, each with the bytes of the package that carry it."""

import re
from collections.abc import Callable, Iterator

from forensics.errors import LimitExceeded, Locked, Malformed
from forensics.model.byte_sources import ByteSource
from forensics.model.items import ParseContext
from forensics.model.locations import Locator, quote
from forensics.model.texts import TextPart
from forensics.parsers.archive._zip_member import Member
from forensics.parsers.archive.zip_structure import Directory, read_directory, read_member
from forensics.parsers.document._xml_texts import Words

MAX_PARTS = 2_000
"""Parts of one document that are read."""
_NUMBER = re.compile(rb"(\d{1,9})")


class PackageParts:
    """The parts of one package that are read for their texts."""

    def __init__(self, source: ByteSource, context: ParseContext) -> None:
        self._source, self._limits = source, context.limits
        self._left = context.limits.expansion
        self.directory: Directory = read_directory(source, context.limits, context.budget)

    def named(self, pattern: re.Pattern[bytes]) -> Iterator[Member]:
        """Yield the parts whose names match: ``slide2`` before ``slide10``."""
        found = [member for member in self.directory.members if pattern.fullmatch(member.name)]
        yield from sorted(found, key=lambda member: _order(member.name))[:MAX_PARTS]

    def read(self, member: Member) -> bytes | None:
        """Return the bytes of a part; ``None`` where they cannot be had, or the document has too many in all.

        Raises:
            Locked: it is encrypted.
        """
        if member.encrypted:
            raise Locked("parts of it are encrypted", member.header_start)
        try:
            data = read_member(self._source, member, min(self._limits.xml_bytes, self._left))
        except (LimitExceeded, Malformed):
            return None
        self._left -= len(data)
        return data

    def text(self, member: Member, words: Callable[[bytes], Words]) -> TextPart | None:
        """Return the text of a part; ``None`` where it has none and all of it was read."""
        data = self.read(member)
        said = Words("", False) if data is None else words(data)
        if said == Words("", True):
            return None
        return TextPart(
            text=said.text,
            media_type="text/plain",
            charset="utf-8",
            locator=Locator(ranges=((member.data_start, member.data_end),), path=f"xml:{quote(member.name)}"),
            whole=said.whole,
        )


def _order(name: bytes) -> tuple[tuple[int, bytes], ...]:
    pieces = _NUMBER.split(name)
    return tuple([(int(piece), b"") if place % 2 else (0, piece) for place, piece in enumerate(pieces)])
