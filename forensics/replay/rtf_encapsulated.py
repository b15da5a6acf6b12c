r"""HTML and plain text that were encapsulated in Rich Text: what of it is copied, and in which code page.

Text stands for itself unless a destination or ``\htmlrtf`` hides it; groups marked ``\*\htmltag`` hold what had no
place in Rich Text. Whatever else Rich Text can say is passed over.

Source: [MS-OXRTFEX] 2.1.3 and 3.1; Rich Text Format Specification 1.9.1 on groups, fonts and characters.
"""

import re
from typing import NamedTuple

from forensics.replay.rtf_pages import DOCUMENT_PAGE, PAGE_OF_CHARSET, codec

MAX_DEPTH = 1000
"""Groups in groups; deeper ones are read as if they were none."""

_ENCAPSULATES = re.compile(rb"\s{0,64}\{\\rtf\d{0,9}[^{}]{0,512}?(?<!\\)\\from(html1|text)(?![a-zA-Z0-9])")
"""The word stands among the first ten, and so before the first group."""
TOKEN = re.compile(
    rb"([^\\{}\r\n]++)"  # text
    rb"|\\([a-zA-Z]++)(-?[0-9]{1,10}+)? ?"  # control word
    rb"|([{}])"
    rb"|\\'([0-9a-fA-F]{2})"
    rb"|\\(.)",  # control symbol
    re.DOTALL,
)
"""Pieces of Rich Text: of what stands between them (line ends) nothing is shown."""
_SHOWN, _TAG, _HIDDEN, _FONTS = range(4)
"""Destinations: content, a fragment of HTML, what is passed over, the table of fonts."""
_PASSED_OVER = frozenset(
    b"colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf footnote "
    b"annotation pntext listtable listoverridetable revtbl filetbl".split()
)
_BREAKS = {b"par": "\r\n", b"line": "\r\n", b"tab": "\t"}
_AS_TEXT = {
    b"lquote": "\u2018",
    b"rquote": "\u2019",
    b"ldblquote": "\u201c",
    b"rdblquote": "\u201d",
    b"bullet": "\u2022",
    b"endash": "\u2013",
    b"emdash": "\u2014",
    b"~": "\xa0",
    b"_": "\xad",
}
_AS_HTML = {
    b"lquote": "&lsquo;",
    b"rquote": "&rsquo;",
    b"ldblquote": "&ldquo;",
    b"rdblquote": "&rdquo;",
    b"bullet": "&bull;",
    b"endash": "&ndash;",
    b"emdash": "&mdash;",
    b"~": "&nbsp;",
    b"_": "&shy;",
}


class _State(NamedTuple):
    """What ends with a group."""

    destination: int
    rtf_only: bool
    """After ``\\htmlrtf``: what only readers of Rich Text are shown."""
    font: int
    replaced: int
    """Characters after one by number that readers without it show instead."""


class Encapsulated(NamedTuple):
    """What Rich Text was made from."""

    kind: str
    """``html`` or ``text``."""
    text: str
    """Decoded by the code pages of the fonts; U+FFFD for what is not of them."""
    too_deep: bool
    """Whether there were groups beyond `MAX_DEPTH`."""
    cut_off: bool
    """Whether it ends within a group."""


def de_encapsulate(rtf: bytes) -> Encapsulated | None:
    """Return the HTML or plain text that Rich Text was made from; ``None``: it does not say so."""
    found = _ENCAPSULATES.match(rtf)
    if found is None:
        return None
    kind = "html" if found[1] == b"html1" else "text"
    reader = _Reader(html=kind == "html")
    reader.read(rtf)
    return Encapsulated(kind, reader.text(), reader.too_deep, not reader.ended)


def decode(rtf: bytes) -> bytes:
    """Return what was encapsulated in UTF-8; nothing where nothing was."""
    found = de_encapsulate(rtf)
    return b"" if found is None else found.text.encode()


class _Reader:
    """Reads one document.

    Args:
        html: whether HTML was encapsulated, not plain text.

    Attributes:
        ended: whether the outermost group was closed.
        too_deep: whether there were groups beyond `MAX_DEPTH`.
    """

    def __init__(self, *, html: bool) -> None:
        self._html = html
        self._signs = _AS_HTML if html else _AS_TEXT
        self._out: list[str] = []
        self._run = bytearray()
        self._run_page = self._page = 1252
        self._fonts: dict[int, int] = {}
        self._first_font = 0
        self._state = _State(_SHOWN, False, 0, 1)
        self._outer: list[_State] = []
        self._deeper = 0
        self.too_deep = False
        self._starred = False
        self._skip = 0
        self.ended = False
        self._pairs = False

    def read(self, rtf: bytes) -> None:
        """Read all groups of the document; what follows its end is no part of it."""
        at: int | None = 0
        while at is not None:
            at = self._read_up_to_binary(rtf, at)
        self._flush()

    def text(self) -> str:
        """Return what was encapsulated."""
        text = "".join(self._out)
        if not self._pairs:
            return text
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _read_up_to_binary(self, rtf: bytes, start: int) -> int | None:
        """Read tokens; return where those after binary data begin, ``None`` at the end."""
        for token in TOKEN.finditer(rtf, start):
            text, word, number, brace, code, symbol = token.groups()
            if text is not None:
                self._starred = False
                self._write(text)
            elif word is not None:
                if word == b"bin" and 0 < int(number or 0) <= len(rtf) - token.end():
                    return token.end() + int(number)
                self._word(word, None if number is None else int(number))
            elif brace is not None:
                self._skip = 0
                self._brace(brace)
                if self.ended:
                    return None
            elif code is not None:
                self._write(bytes((int(code, 16),)))
            else:
                self._symbol(symbol)
        return None

    def _brace(self, brace: bytes) -> None:
        self._starred = False
        if brace == b"{":
            if len(self._outer) < MAX_DEPTH:
                self._outer.append(self._state)
            else:
                self._deeper += 1
                self.too_deep = True
        elif self._deeper:
            self._deeper -= 1
        elif self._outer:
            self._state = self._outer.pop()
            self.ended = not self._outer

    def _word(self, word: bytes, number: int | None) -> None:
        starred, self._starred = self._starred, False
        state = self._state
        if word == b"u" and number is not None:
            self._number(number)
        elif self._skip:
            self._skip -= 1
        elif starred:
            kept = _TAG if word == b"htmltag" and self._html and state.destination == _SHOWN else _HIDDEN
            self._state = state._replace(destination=kept)
        elif word == b"htmlrtf":
            self._state = state._replace(rtf_only=number != 0)
        elif word == b"uc":
            self._state = state._replace(replaced=min(max(0, 1 if number is None else number), 255))
        elif word == b"f":
            self._state = state._replace(font=number or 0)
        elif word == b"plain":
            self._state = state._replace(font=self._first_font)
        elif word in _BREAKS:
            self._sign(_BREAKS[word])
        elif word in self._signs:
            self._sign(self._signs[word])
        elif word == b"fonttbl":
            self._state = state._replace(destination=_FONTS)
        elif word in _PASSED_OVER:
            self._state = state._replace(destination=_HIDDEN)
        else:
            self._page_word(word, number)

    def _page_word(self, word: bytes, number: int | None) -> None:
        """Take what says in which code page text stands."""
        if word == b"ansicpg" and number:
            self._page = number
        elif word in DOCUMENT_PAGE:
            self._page = DOCUMENT_PAGE[word]
        elif word == b"deff":
            self._first_font = number or 0
            self._state = self._state._replace(font=self._first_font)
        elif self._state.destination == _FONTS and number is not None:
            if word == b"fcharset" and number in PAGE_OF_CHARSET:
                self._fonts.setdefault(self._state.font, PAGE_OF_CHARSET[number])
            elif word == b"cpg":
                self._fonts[self._state.font] = number

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._starred = True
        elif symbol in b"\\{}":
            self._write(symbol)
        elif symbol in b"\r\n":
            self._sign("\r\n")  # the same as the word for a paragraph
        elif symbol in self._signs:
            self._sign(self._signs[symbol])

    def _copies(self) -> bool:
        return self._state.destination <= _TAG and not self._state.rtf_only

    def _write(self, text: bytes) -> None:
        if self._skip:
            left = text[self._skip :]
            self._skip -= len(text) - len(left)
            text = left
        if not text or not self._copies() or not self._outer:
            return
        state = self._state
        page = self._page if state.destination == _TAG else self._fonts.get(state.font, self._page)
        if page != self._run_page:
            self._flush()
            self._run_page = page
        self._run += text

    def _sign(self, text: str) -> None:
        if self._skip:
            self._skip -= 1
        elif self._copies():
            self._flush()
            self._out.append(text)

    def _number(self, number: int) -> None:
        """Take one character by its number, a UTF-16 unit that may be written as if it had a sign."""
        if self._copies():
            self._flush()
            self._out.append(chr(number & 0xFFFF))
            self._pairs = self._pairs or 0xD800 <= number & 0xFFFF < 0xE000
        self._skip = self._state.replaced

    def _flush(self) -> None:
        if self._run:
            self._out.append(self._run.decode(codec(self._run_page), "replace"))
            self._run.clear()
