"""Groups and words of Rich Text: which groups stand where, what single words in them say, which words are shown.

Source: Rich Text Format Specification 1.9.1, syntax; Unicode in Rich Text.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from forensics.replay.rtf_encapsulated import MAX_DEPTH, TOKEN
from forensics.replay.rtf_pages import DOCUMENT_PAGE, codec

MOST_GROUPS = 2_000
MOST_NUMBERS = 20_000
"""Words with a number of one group that are kept."""
_LEFT_OUT = frozenset((b"pict", b"objdata", b"datastore", b"themedata", b"colorschememapping", b"blipuid"))
"""Groups of digits: pictures, objects, files that are packed into the text."""


class Group(NamedTuple):
    """A group that was asked for."""

    name: bytes
    start: int
    """Where what stands in it begins."""
    end: int
    numbers: list[tuple[bytes, int, tuple[int, int]]]
    """Its words with numbers, in it and not in groups of it that are kept themselves."""


class Groups:
    """Reads the groups of a document.

    Args:
        kept: names of groups that are kept.

    Attributes:
        found: the groups, in the order of their ends.
        page: the document's code page.
        ended: whether the outermost group was closed.
        too_deep: whether there were groups beyond `most_deep`.
        left_out, left_bytes: pictures and objects, and their bytes.
    """

    most_deep = MAX_DEPTH

    def __init__(self, kept: Collection[bytes]) -> None:
        self._kept = kept
        self.found: list[Group] = []
        self.page = 1252
        self.ended = self.too_deep = False
        self.left_out = self.left_bytes = 0
        self._open: list[Group | None] = []
        self._dark = 0
        self._deeper = 0
        self._first = False

    def read(self, data: bytes) -> Iterator[tuple[bytes, int, tuple[int, int]]]:
        """Yield the words with numbers that stand in no group which is kept, with their places."""
        at: int | None = 0
        while at is not None:
            start, at = at, None
            for token in TOKEN.finditer(data, start):
                word, number, brace = token[2], token[3], token[4]
                if brace is not None:
                    self._brace(brace, token.start())
                    if self.ended:
                        return
                elif word is not None:
                    if word == b"bin" and 0 < int(number or 0) <= len(data) - token.end():
                        at = token.end() + int(number)
                        break
                    said = self._word(word, number, token.start(), token.end())
                    if said is not None:
                        yield said
                elif token[6] is None or token[6] != b"*":
                    self._first = False

    def _brace(self, brace: bytes, at: int) -> None:
        self._first = brace == b"{"
        if brace == b"{":
            if len(self._open) < MAX_DEPTH:
                self._open.append(None)
            else:
                self._deeper += 1
                self.too_deep = True
        elif self._deeper:
            self._deeper -= 1
        elif self._open:
            group = self._open.pop()
            if group is not None and group.name in _LEFT_OUT:
                self.left_out += 1
                self.left_bytes += at - group.start
            elif group is not None and len(self.found) < MOST_GROUPS:
                self.found.append(group._replace(end=at))
            self.ended = not self._open

    def _word(
        self, word: bytes, number: bytes | None, start: int, end: int
    ) -> tuple[bytes, int, tuple[int, int]] | None:
        first, self._first = self._first, False
        if first and self._open and (word in self._kept or word in _LEFT_OUT):
            self._open[-1] = Group(word, end, end, [])
            return None
        if word in DOCUMENT_PAGE and number is None:
            self.page = DOCUMENT_PAGE[word]
        if number is None:
            return None
        said = (word, int(number), (start, end))
        if word == b"ansicpg":
            self.page = said[1]
        holder = next((group for group in reversed(self._open[-8:]) if group is not None), None)
        if holder is None:
            return said
        if len(holder.numbers) < MOST_NUMBERS:
            holder.numbers.append(said)
        return None


def words(raw: bytes, page: int) -> str:
    """Return the words of a group as they are shown: bytes by a code page, characters by their numbers."""
    out: list[str] = []
    run = bytearray()
    skip, replaced, pairs = 0, 1, False
    for token in TOKEN.finditer(raw):
        text, word, number, _, code, symbol = token.groups()
        piece = text if text is not None else bytes((int(code, 16),)) if code is not None else b""
        if symbol is not None and symbol in b"\\{}":
            piece = symbol
        if piece:
            left = piece[skip:]
            skip -= len(piece) - len(left)
            run += left
        elif word == b"u" and number is not None:
            out.append(run.decode(codec(page), "replace") + chr(int(number) & 0xFFFF))
            run.clear()
            skip, pairs = replaced, True
        elif word == b"uc":
            replaced = min(max(0, int(number or 1)), 255)
    out.append(run.decode(codec(page), "replace"))
    said = "".join(out)
    return (said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if pairs else said).strip()
