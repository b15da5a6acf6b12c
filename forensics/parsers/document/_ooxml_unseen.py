"""Words of a Word document that are not shown, by the properties of their own run.

Source: ECMA-376 part 1, 17.3.2.41 (vanish), 17.13.5.31 (rPrChange: the properties of before a change).
"""

from forensics.model.locations import quote
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers.document._xml_scan import named

MOST_TEXT = 300
NAMES = frozenset({"r", "rPrChange", "vanish", "t"})
"""Of elements that `Unseen` takes."""
_OFF = ("0", "false", "off")


class Unseen:
    """Takes the elements of one part in their order.

    Attributes:
        count: runs with words that are not shown.
        first: words of the first of them, and ``place`` where these stand.
    """

    def __init__(self) -> None:
        self.count = 0
        self.first = ""
        self.place: tuple[int, int] | None = None
        self._hidden = self._inside = False
        self._start = self._before = 0
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        """An element begins."""
        if name == "r":
            self._hidden, self._text = False, []
        elif name == "rPrChange":
            self._before += 1
        elif name == "vanish" and not self._before:
            self._hidden = named(attributes, "val") not in _OFF
        elif name == "t" and self._hidden:
            self._inside, self._start = True, at

    def end(self, name: str, at: int) -> None:
        """An element ends."""
        if name == "t" and self._inside:
            self._inside = False
            if not self.count and "".join(self._text).strip():
                self.place = self._start, at
        elif name == "rPrChange":
            self._before -= 1
        elif name == "r":
            said = "".join(self._text).strip()
            if said and not self.count:
                self.first = said[:MOST_TEXT]
            self.count += bool(said)
            self._hidden, self._text = False, []

    def characters(self, text: str) -> None:
        """Text stands in the innermost element."""
        if self._inside and len(self._text) < MOST_TEXT:
            self._text.append(text)


def may_hide(data: bytes) -> bool:
    """Whether a part names the property."""
    return b"vanish" in data


def unseen_facts(name: bytes, layer: Layer, unseen: Unseen, gathering: Gathering) -> None:
    """Add ``ooxml.hidden_text``: runs with characters that are not shown: how many, and the first words."""
    if unseen.count:
        raw = layer.cut(unseen.place, unseen.first)
        value = f"{unseen.count}: {unseen.first}"
        gathering.add_fact("ooxml.hidden_text", value, raw.locator(f"xml:{quote(name)}#hidden_text"), raw.data)
