"""What stands in English on a page of another language: marked as English, and counted.

Sentences pass through many hands before a template puts them out, so one that has no translation carries marks from
where it is written. They hold a random word that no evidence can know, and become elements, or nothing where none may
stand, when the page is whole.
"""

import re
import secrets
from gettext import NullTranslations

from forensics.knowledge.languages import ENGLISH
from forensics.knowledge.wording import Wording

_TOKEN = re.compile(r"(<[^<>]*>)")
_NO_ELEMENTS = re.compile(r"<(/?)(?:svg|title|style)\b")
_LETTER = re.compile(r"[^\W\d_]")
_PLACES = re.compile(r"\{\w*\}")


class MarkedWording(Wording):
    """The sentences of one language for a page, those marked that the catalogue lacks."""

    def __init__(self, language: str) -> None:
        word = secrets.token_hex(16)
        self._begins, self._ends = f"\ue000{word}b", f"\ue000{word}e"
        self.missing: set[str] = set()
        """Keys of sentences that were written in English for want of a translation."""
        super().__init__(language)
        if language != ENGLISH:
            self._translations.add_fallback(_Lacking(self))

    def lacking(self, key: str, text: str) -> str:
        """Mark a sentence without a translation, and count it; signs without letters are no sentence."""
        if not _LETTER.search(_PLACES.sub("", text)):
            return text
        self.missing.add(key)
        return self.english(text)

    def english(self, text: str) -> str:
        """Mark a text that is English in every language; nothing on an English page."""
        return text if self.language == ENGLISH or not text else f"{self._begins}{text}{self._ends}"

    def marked(self, page: str) -> str:
        """Make elements of the marks on a page, the outermost of those that are in each other."""
        if self._begins not in page:
            return page
        pieces, without = [], 0
        for piece in _TOKEN.split(page):
            if piece.startswith("<"):
                if (found := _NO_ELEMENTS.match(piece)) is not None:
                    without += -1 if found[1] else 1
                pieces.append(self._bare(piece))
            else:
                pieces.append(self._bare(piece) if without else self._elements(piece))
        return "".join(pieces)

    def _bare(self, text: str) -> str:
        return text.replace(self._begins, "").replace(self._ends, "")

    def _elements(self, text: str) -> str:
        """Write marks as elements; a text that was cut within one, or lost its end, is closed."""
        if self._begins[0] not in text:
            return text
        for mark in (self._begins, self._ends):
            cut = next((n for n in range(len(mark) - 1, 1, -1) if text.endswith(mark[:n])), 0)
            text = text[: len(text) - cut]
        pieces, depth = [], 0
        for piece in re.split(f"({self._begins}|{self._ends})", text):
            if piece == self._begins:
                depth += 1
                pieces.append('<span lang="en">' if depth == 1 else "")
            elif piece == self._ends:
                pieces.append("</span>" if depth == 1 else "")
                depth = max(0, depth - 1)
            else:
                pieces.append(piece)
        return "".join([*pieces, "</span>" if depth else ""])


class _Lacking(NullTranslations):
    """What a catalogue falls back on: English, marked."""

    def __init__(self, say: MarkedWording) -> None:
        super().__init__()
        self._say = say

    def pgettext(self, context: str, message: str) -> str:
        """Return the English of a key."""
        return self._say.lacking(context, message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        """Return the English of a key for a count."""
        return self._say.lacking(context, msgid1 if n == 1 else msgid2)
