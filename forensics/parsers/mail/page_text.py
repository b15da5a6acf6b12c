"""The words of a page as a reader is shown them. Nothing is run, followed or loaded."""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser

_BLOCK = re.compile(
    r"(</?(?:p|div|br|td|th|tr|li|ul|ol|h[1-6]|hr|table|pre|blockquote|center|section|article|title|dd|dt|img|option)\b)",
    re.IGNORECASE,
)
_SILENT = ["style", "script", "head", "template"]
_LINE_END = re.compile(r"[\r\n]+")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


def page_words(sheets: Iterable[str], between: str = " ") -> str:
    """Return what the pieces of a page say.

    Args:
        sheets: the pieces, as `forensics.parsers.mail.markup.sheets` cuts them.
        between: what stands between blocks, cells and pieces.
    """
    said: list[str] = []
    for sheet in sheets:
        pieces = _BLOCK.split(sheet)
        pieces[1::2] = [between + tag for tag in pieces[1::2]]
        tree = LexborHTMLParser("".join(pieces))
        tree.strip_tags(_SILENT)
        said.append(tree.body.text() if tree.body is not None else "")
    return between.join(said)


def page_text(sheets: Iterable[str]) -> str:
    """Return what the pieces of a page say in lines, a block or a cell each; white space of the source is none."""
    plain = [_LINE_END.sub(" ", sheet) for sheet in sheets]
    return _LINES.sub("\n", _SPACES.sub(" ", page_words(plain, "\n"))).strip()
