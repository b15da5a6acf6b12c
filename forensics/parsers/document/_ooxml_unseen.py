"""Words of a Word document that its reader does not see: hidden, in white, or tiny, by the properties of their own run.

White letters count where nothing in sight colors the ground: no shading of the run, its paragraph, its cell or their
styles, no text box, no color of the page. What styles say of letters is not asked.

Source: ECMA-376 part 1, 17.3.2.41 (vanish), 17.3.2.6 (color), 17.3.2.38 (sz), 17.3.2.32 (shd), 17.13.5 (what a change
replaced).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.locations import quote
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers.document._package import Package
from forensics.parsers.document._xml_scan import Scan, local, named

MOST_TEXT = 300
"""Characters of a passage that are kept."""
MOST_PASSAGES = 50
"""Passages of a document that are told, and of a part that are kept."""
MOST_STYLES = 4_000
TINY = 4
"""Half points: letters of no more are lines to the eye."""
HIDDEN, WHITE, SMALL = "not shown", "white", "tiny"

_SCOPES = frozenset({"p", "r", "tc", "tbl", "txbxContent"})
_CHANGES = frozenset({"rPrChange", "pPrChange", "tcPrChange", "tblPrChange", "trPrChange"})
_GIVEN = frozenset({"vanish", "color", "sz", "shd", "highlight", "pStyle", "rStyle", "tblStyle"})
NAMES = _SCOPES | _CHANGES | _GIVEN | {"t", "background"}
"""Of elements that `Unseen` takes."""
_OFF = ("0", "false", "off")
_PLAIN = ("", "auto", "FFFFFF")
_MAY = re.compile(rb'vanish|color\s[^<>]{0,80}val="[Ff]{6}"|:sz\s[^<>]{0,40}val="[1-4]"')


class Passage(NamedTuple):
    """Words in a row that are unseen in one way.

    Attributes:
        how: `HIDDEN`, `WHITE` or `SMALL`.
        words: the first of them.
        start, end: where they stand in the part.
        styles: of the run, its paragraph and its tables: one that colors the ground shows white letters.
    """

    how: str
    words: str
    start: int
    end: int
    styles: frozenset[str]


class _Scope:
    """A paragraph, run, cell, table or text box whose end was not met yet."""

    __slots__ = ("colored", "hidden", "kind", "style", "tiny", "white")

    def __init__(self, kind: str) -> None:
        self.kind, self.style = kind, ""
        self.colored = kind == "txbxContent"
        self.hidden = self.white = self.tiny = False


class Unseen:
    """Takes the elements of one part in their order.

    Attributes:
        count: runs with words that are hidden.
        passages: the first of those that are unseen, and ``more`` how many there are besides.
    """

    def __init__(self) -> None:
        self.count = self.more = 0
        self.passages: list[Passage] = []
        self._scopes: list[_Scope] = []
        self._before = 0
        self._page_colored = False
        self._how = self._last = ""
        self._start = 0
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        """An element begins."""
        if name in _SCOPES:
            self._scopes.append(_Scope(name))
            if name == "p":
                self._last = ""
        elif name in _CHANGES:
            self._before += 1
        elif name == "t":
            self._how, self._start, self._text = self._unseen(), at, []
            self._last = self._last if self._how else ""
        elif name == "background":
            self._page_colored = named(attributes, "color") not in _PLAIN
        elif self._scopes and not self._before and name in _GIVEN:
            _take(self._scopes[-1], name, attributes)

    def _unseen(self) -> str:
        run = self._scopes[-1] if self._scopes else None
        if run is None or run.kind != "r":
            return ""
        if run.hidden:
            return HIDDEN
        if run.tiny:
            return SMALL
        return WHITE if run.white and not self._page_colored and not any(one.colored for one in self._scopes) else ""

    def end(self, name: str, at: int) -> None:
        """An element ends."""
        if name in _SCOPES:
            if self._scopes and self._scopes[-1].kind == name:
                self._scopes.pop()
        elif name in _CHANGES:
            self._before -= 1
        elif name == "t" and self._how:
            self._add("".join(self._text), at)
            self._how = ""

    def _add(self, said: str, end: int) -> None:
        if not said.strip():
            return
        self.count += self._how == HIDDEN
        if self._last == self._how and self.passages and not self.more:
            before = self.passages[-1]
            self.passages[-1] = before._replace(words=f"{before.words}{said}"[:MOST_TEXT], end=end)
        elif self._last != self._how and len(self.passages) < MOST_PASSAGES:
            styles = frozenset([one.style for one in self._scopes if one.style])
            self.passages.append(Passage(self._how, said[:MOST_TEXT], self._start, end, styles))
        elif self._last != self._how:
            self.more += 1
        self._last = self._how

    def characters(self, text: str) -> None:
        """Text stands in the innermost element."""
        if self._how and len(self._text) < MOST_TEXT:
            self._text.append(text)


def _take(scope: _Scope, name: str, attributes: dict[str, str]) -> None:
    value = named(attributes, "val")
    if name == "vanish":
        scope.hidden = value not in _OFF
    elif name == "color":
        scope.white = value.upper() == "FFFFFF"
    elif name == "sz":
        scope.tiny = value.isascii() and value.isdecimal() and int(value[:6]) <= TINY
    elif name == "shd":
        scope.colored |= colors(attributes)
    elif name == "highlight":
        scope.colored |= value not in ("none", "white")
    else:
        scope.style = value


def colors(attributes: dict[str, str]) -> bool:
    """Whether a shading is another than white."""
    fill = named(attributes, "fill").upper()
    return fill.upper() not in ("", "AUTO", "FFFFFF") or named(attributes, "val") not in ("", "clear", "nil")


def may_hide(data: bytes) -> bool:
    """Whether a part names one of the properties."""
    return _MAY.search(data) is not None


def unseen_facts(
    parts: list[tuple[bytes, Layer, Unseen]], package: Package, styles: bytes, gathering: Gathering
) -> None:
    """Add the words that are not seen.

    Facts:
        ``ooxml.hidden_text``: of a part how many runs are hidden, and the first words; at these.
        ``ooxml.unseen_words``: ``not shown``, ``white`` or ``tiny`` (2 points and less), and the words of a passage,
        at them.

    Args:
        parts: those of a document's text, by name.
        package: that they stand in.
        styles: the name of the part with the styles.
        gathering: takes the facts.
    """
    white = any(one.how == WHITE for _, _, unseen in parts for one in unseen.passages)
    coloring, known = _coloring(package, styles) if white else (frozenset[str](), True)
    told = 0
    for name, layer, unseen in parts:
        path = f"xml:{quote(name)}"
        if (first := next((one for one in unseen.passages if one.how == HIDDEN), None)) is not None:
            raw = layer.cut((first.start, first.end), first.words)
            value = f"{unseen.count}: {first.words.strip()}"
            gathering.add_fact("ooxml.hidden_text", value, raw.locator(f"{path}#hidden_text"), raw.data)
        for one in _seen_by_nobody(unseen, coloring, known=known):
            told += 1
            if told <= MOST_PASSAGES:
                raw = layer.cut((one.start, one.end), one.words)
                value = f"{one.how}: {one.words.strip()}"
                gathering.add_fact("ooxml.unseen_words", value, raw.locator(f"{path}#unseen_words"), raw.data)
        told += unseen.more
    if told > MOST_PASSAGES:
        gathering.note("unseen", f"more passages that are not seen than the limit {MOST_PASSAGES}; the first are told")


def _seen_by_nobody(unseen: Unseen, coloring: frozenset[str], *, known: bool) -> Iterator[Passage]:
    for one in unseen.passages:
        if one.how != WHITE or (known and coloring.isdisjoint(one.styles)):
            yield one


def _coloring(package: Package, name: bytes) -> tuple[frozenset[str], bool]:
    """Return the styles that color the ground, as those do that are based on one, and whether all are known."""
    layer, styles = package.layer(name), _Styles()
    if layer is None:
        return frozenset(), package.find(name) is None
    whole = styles.read(layer.data)
    found = set(styles.coloring)
    for _ in range(20):
        more = {one for one, base in styles.based_on.items() if base in found} - found
        if not more:
            break
        found |= more
    return frozenset(found), whole


class _Styles(Scan):
    def __init__(self) -> None:
        super().__init__()
        self.coloring: set[str] = set()
        self.based_on: dict[str, str] = {}
        self._style = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name == "style" and len(self.based_on) < MOST_STYLES:
            self._style = named(attributes, "styleId")
        elif name == "basedOn":
            self.based_on[self._style] = named(attributes, "val")
        elif name == "shd" and colors(attributes):
            self.coloring.add(self._style)
