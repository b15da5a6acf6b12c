"""A text part's words, and where they stand in the message, whatever encoding carries them."""

import re
from collections.abc import Iterator

from forensics.model.mail import MimePart
from forensics.parsers import decoders
from forensics.parsers.mail import words

MAX_BYTES = 1_000_000
"""Of a larger part the first so many bytes are read."""

BEGINNING = 80
"""Bytes of a part that stand for a text which is not found as it is written."""


class Body:
    """One text leaf, decoded; `place` leads back to the message's bytes."""

    def __init__(self, part: MimePart, data: bytes) -> None:
        self.part, self.start, self._decoder = part, part.body_start, part.decoder
        self._raw = data[part.body_start : min(part.end, part.body_start + MAX_BYTES)]
        self._content = self._decoded(len(self._raw))
        self._charset = part.charset_found or part.charset or "utf-8"
        text = words.decode(self._content, self._charset)
        self.text = text if text is not None else words.decode_raw(self._content)

    def _decoded(self, size: int) -> bytes:
        raw = self._raw[:size]
        return raw if self._decoder == "copy/1" else decoders.DECODERS[self._decoder](raw)

    def place(self, text: str) -> tuple[bytes, int] | None:
        """Return the message's bytes of a piece of text, and where they begin; None unless it stands there once.

        A word is looked for as a word: ``art`` does not stand in ``part``.
        """
        try:
            wanted = text.encode(self._charset)
        except (LookupError, UnicodeError):
            return None
        found = list(re.finditer(rb"(?<!\w)" + re.escape(wanted) + rb"(?!\w)", self._content)) if wanted else []
        return self._written(found[0].start(), found[0].end()) if len(found) == 1 else None

    def first(self, text: str) -> tuple[bytes, int] | None:
        """Return the bytes of the first place where a text stands; None where it does not stand there as it is."""
        try:
            wanted = text.encode(self._charset)
        except (LookupError, UnicodeError):
            wanted = b""
        at = self._content.find(wanted) if wanted else -1
        return self._written(at, at + len(wanted)) if at >= 0 else None

    @property
    def beginning(self) -> tuple[bytes, int]:
        """The part's first bytes, for what has no place of its own."""
        return self._raw[:BEGINNING], self.start

    def _written(self, start: int, end: int) -> tuple[bytes, int]:
        begin = self._offset(start + 1) - 1
        return self._raw[begin : self._offset(end)], self.start + begin

    def _offset(self, decoded: int) -> int:
        """Return how many bytes of the part it takes to decode to so many."""
        if self._decoder == "copy/1":
            return decoded
        low, high = 0, len(self._raw)
        while low < high:
            middle = (low + high) // 2
            if len(self._decoded(middle)) >= decoded:
                high = middle
            else:
                low = middle + 1
        return low


def texts(part: MimePart) -> Iterator[MimePart]:
    """Yield the leaves that a reader is shown as text, in order."""
    if part.media_type in ("text/plain", "text/html") and part.disposition != "attachment":
        yield part
    for child in part.parts:
        yield from texts(child)
