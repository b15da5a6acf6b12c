"""What one chart keeps: the ranges of cells that it shows, and the figures and texts that it had of them.

Source: ECMA-376 part 1, 21.2.2 (numRef, strRef, plotVisOnly, pivotSource).
"""

from typing import NamedTuple

from forensics.parsers.document._xml_scan import Full, Scan, local

MOST_POINTS = 200_000
"""Figures and texts of one chart."""


class Point(NamedTuple):
    """One figure or text that a chart keeps, and where it stands in its part."""

    text: str
    start: int
    end: int


class Reference:
    """A range of cells that a chart shows, and what it keeps of them."""

    def __init__(self, kind: str, start: int) -> None:
        self.kind = kind
        """``numRef`` or ``strRef``."""
        self.start = start
        self.formula = ""
        self.count = -1
        """How many there are, as the chart says; -1: it does not."""
        self.points: dict[int, Point] = {}


class Chart(Scan):
    """What one chart keeps.

    Attributes:
        references: in their order.
        pivot: whether it shows a pivot table, whose figures are not those of its cells.
        visible_only: whether cells that are not shown in their sheet are left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.references: list[Reference] = []
        self.pivot = False
        self.visible_only = True
        self._open: Reference | None = None
        self._taken = ""
        self._text: list[str] = []
        self._index, self._start, self._count = -1, 0, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if name in ("numRef", "strRef"):
            self._open = Reference(name, self.at)
        elif name == "pivotSource":
            self.pivot = True
        elif name == "plotVisOnly":
            self.visible_only = attributes.get("val", "1") not in ("0", "false")
        elif self._open is None:
            return
        elif name == "ptCount":
            self._open.count = _whole(attributes.get("val", ""))
        elif name == "pt":
            self._index, self._start = _whole(attributes.get("idx", "")), self.at
        elif name in ("f", "v"):
            self._taken, self._text = name, []

    def end(self, tag: str) -> None:
        name = local(tag)
        if self._open is None:
            return
        if name == "f" == self._taken:
            self._open.formula = "".join(self._text)
        elif name == "pt":
            self._count += 1
            if self._count > MOST_POINTS:
                raise Full
            self._open.points.setdefault(self._index, Point("".join(self._text), self._start, self.at))
            self._text = []
        elif name == self._open.kind:
            self.references.append(self._open)
            self._open = None
        if name == self._taken:
            self._taken = ""

    def characters(self, text: str) -> None:
        if self._taken:
            self._text.append(text)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else -1
