"""HTML as trees, in pieces that bound what hostile HTML costs.

A tree builder's work grows with elements times elements that are open, with attributes times attributes of one tag, and
with each element that is opened anew for formatting that nobody closed (HTML 13.2.4.3). A text with more tags than
`TAGS`, or longer than `SPAN`, is therefore read in pieces, each as a page of its own: nothing is left out, and what
stands in one piece knows nothing of what was opened in another. Elements of formatting are read as plain ones.

Source: HTML Standard 13.2.5 (tokens), 13.2.6 (trees).
"""

import re
from collections.abc import Iterator

TAGS = 1_000
"""Tags of one piece: some 5 ms where each is left open."""
SPAN = 64_000
"""Characters of one piece: some 80 ms where they are all attributes of one tag."""
ATTRIBUTES = 1_000
"""Attributes of one tag of a page in pieces."""
FEW_TAGS = 500
"""Formatting of so many tags, opened again and again, is still a small tree: some 30,000 elements."""

_FORMATTING = re.compile(
    r"<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE | re.ASCII
)
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?:style(?=[\s/>]).*?(?:</style|\Z)|script(?=[\s/>]).*?(?:</script|\Z))[^<>]{0,100}+>?"
    r"|</?(?P<name>[a-z][^\s/>]*+)"
    r"(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)"
    rf"{{0,{ATTRIBUTES}}}+[\s/]*+>?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
"""A comment, a style or a script with what they hide, or a tag."""
_BLOCKS = frozenset(
    ("p", "div", "table", "tr", "td", "br", "hr", "ul", "ol", "li", "h1", "h2", "h3", "blockquote", "pre", "center")
)


def sheets(html: str) -> Iterator[str]:
    """Yield the pieces of a page, in order, as they may be given to a tree builder; an ordinary page is one."""
    for piece in pieces(html):
        yield piece if piece.count("<") <= FEW_TAGS else _FORMATTING.sub(_plain, piece)


def _plain(tag: re.Match[str]) -> str:
    return "</span" if tag[1] else "<span"


def pieces(html: str) -> Iterator[str]:
    """Yield a page in pieces of at most `TAGS` tags and `SPAN` characters, cut before a block where there is one.

    Longer are a comment, a style, a script, and a tag, each a piece of its own; what a tag has beyond `ATTRIBUTES`
    attributes is read as text.
    """
    at = 0
    while (end := _reach(html, at)) < len(html):
        token = _TOKEN.match(html, at)
        if token is not None and (token.end() > end or _torn(token)):
            yield token[0] + (">" if _torn(token) else "")
            at = token.end()
        else:
            cut = _cut(html, at, end)
            yield html[at:cut]
            at = cut
    yield html[at:]


def _reach(html: str, at: int) -> int:
    """Return where a piece ends at the latest."""
    end = min(at + SPAN, len(html))
    if html.count("<", at, end) <= TAGS:
        return end
    for _ in range(TAGS + 1):
        at = html.index("<", at) + 1
    return at - 1


def _torn(token: re.Match[str]) -> bool:
    """Whether a tag goes on."""
    return token["name"] is not None and not token[0].endswith(">")


def _cut(html: str, at: int, end: int) -> int:
    """Return where a piece is cut: before its last block, before a token, between words."""
    block = last = 0
    for token in _TOKEN.finditer(html, at):
        if token.start() >= end:
            break
        if token.start() > at:
            last = token.start()
            if (token["name"] or "").lower() in _BLOCKS:
                block = last
        if token.end() > end or _torn(token):
            break
    if block or last:
        return block or last
    return max(html.rfind(" ", at + 1, end), html.rfind("\n", at + 1, end)) + 1 or end
