"""The figures that a chart keeps, against the cells of the workbook that it shows.

Whoever saves a workbook with a chart, or closes the workbook behind a chart of a document, writes each shown figure
twice: in its cell, and in the chart, which programs show without opening the workbook.

Source: ECMA-376 part 1, 21.2.2 (numRef, strRef, plotVisOnly, pivotSource).
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Locator, quote
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers.archive.zip_structure import read_directory
from forensics.parsers.document._ooxml_cells import Block, Cells, Strings, block
from forensics.parsers.document._ooxml_chart_points import MOST_POINTS, Chart, Point, Reference
from forensics.parsers.document._ooxml_workbook import ReadSheet, letters, read_cells
from forensics.parsers.document._package import Package
from forensics.parsers.document._part_names import plain

MOST_CHARTS = 300
MOST_TOLD = 50
MOST_COMPARED = 1_000_000
"""Figures and texts of all charts of a document that are compared."""
MOST_BOOKS = 20
MOST_BOOK = 1_000_000
"""Bytes of a workbook inside a document that is read for its charts."""
MOST_BOOK_CELLS = 60_000
_CHART = re.compile(rb"(xl|word|ppt)/charts/chart\d{0,6}\.xml", re.IGNORECASE)
_CELLS = re.compile(
    r"(?:'((?:[^'\[\]]|''){1,60})'|([^'!\[\](),]{1,60}))!(\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?)"
)
_TOLERANCE = 1e-9


class Book(NamedTuple):
    """The cells of a workbook by the names of its sheets, and its shared strings."""

    sheets: dict[str, Cells]
    texts: list[str]


def charts_of(package: Package) -> list[bytes]:
    """Return the names of the parts that are charts."""
    return package.named(_CHART, MOST_CHARTS)


def book_of(package: Package, read: list[ReadSheet]) -> Book:
    """Return what was read of a workbook; without its strings, if these cannot be read whole."""
    layer, strings = package.layer(b"xl/sharedStrings.xml"), Strings()
    whole = layer is not None and strings.read(layer.data)
    return Book({one.sheet.name: one.cells for one in read}, strings.texts if whole else [])


def chart_facts(package: Package, charts: list[bytes], book: Book, gathering: Gathering) -> None:
    """Compare the charts of a workbook with its own cells.

    Facts:
        ``ooxml.chart_points``: how many figures and texts of charts were compared with their cells;
        ``ooxml.wrong_chart_numbers``, ``ooxml.wrong_chart_texts``: how many of them are others;
        ``ooxml.chart_number_differs``, ``ooxml.chart_text_differs``: the first of these, at the chart's point.
    """
    _compared([(name, book) for name in charts], package, gathering)


def embedded_chart_facts(package: Package, context: ParseContext, gathering: Gathering) -> None:
    """Compare the charts of a document or presentation with the workbooks that stand in it, as `chart_facts` does."""
    books: dict[bytes, Book | None] = {}
    pairs: list[tuple[bytes, Book]] = []
    for name in charts_of(package):
        target = _workbook_of(package, name)
        if not target:
            continue
        if target not in books:
            books[target] = _opened(package, target, context, gathering) if len(books) < MOST_BOOKS else None
        book = books[target]
        if book is not None:
            pairs.append((name, book))
    if len(books) > MOST_BOOKS:
        text = f"charts of {len(books)} workbooks, limit {MOST_BOOKS}; those of the rest are not compared"
        gathering.note("charts", text)
    _compared(pairs, package, gathering)


def _workbook_of(package: Package, chart: bytes) -> bytes:
    """Return the part of the workbook behind a chart; empty if none stands in the package."""
    folder, _, file = chart.rpartition(b"/")
    part = package.part(folder + b"/_rels/" + file + b".rels")
    for one in part.root.children if part else []:
        values = {name: value.text for name, value in one.attributes.items()}
        if values.get("Type", "").endswith("/package") and values.get("TargetMode", "") != "External":
            target = values.get("Target", "").encode("utf-8", "surrogatepass")
            return plain(target if target.startswith(b"/") else folder + b"/" + target)
    return b""


def _opened(package: Package, name: bytes, context: ParseContext, gathering: Gathering) -> Book | None:
    """Return the workbook in a part; ``None`` where it cannot be read whole. As an item of its own it has notices."""
    layer = package.small(name, MOST_BOOK)
    if layer is None:
        return None
    source, unheard = MemoryBytes(layer.data), Gathering("ooxml")
    with suppress(ParseError):
        inside = Package(source, read_directory(source, context.limits, context.budget), context, unheard)
        workbook = inside.part(b"xl/workbook.xml")
        read, whole = read_cells(workbook, inside, named=True, room=MOST_BOOK_CELLS) if workbook else ([], False)
        if whole:
            return book_of(inside, read)
    gathering.note("cells_partial", f"cells of {quote(name)} are read in part: no chart is compared with them")
    return None


def _compared(pairs: list[tuple[bytes, Book]], package: Package, gathering: Gathering) -> None:
    compared = 0
    left = MOST_COMPARED
    wrong = {"number": 0, "text": 0}
    for name, book in pairs:
        layer, chart = package.layer(name), Chart()
        if layer is None:
            continue
        if not chart.read(layer.data):
            gathering.note("charts", f"xml:{quote(name)} is read in part: it is not compared with cells")
            continue
        if left < 0 or chart.pivot:
            continue
        for reference in chart.references:
            left -= _size(reference)
            if left < 0:
                text = f"more than {MOST_COMPARED:,} figures and texts of charts; the rest is not compared"
                gathering.note("charts", text)
                break
            for kind, said, point in _differences(reference, book, chart.visible_only):
                compared += 1
                if not said:
                    continue
                wrong[kind] += 1
                if wrong[kind] <= MOST_TOLD:
                    _tell(name, layer, kind, said, point, gathering)
    if compared:
        for fact, count in (
            ("chart_points", compared),
            ("wrong_chart_numbers", wrong["number"]),
            ("wrong_chart_texts", wrong["text"]),
        ):
            gathering.add_fact(f"ooxml.{fact}", str(count), Locator(path=f"xml:charts#{fact}"), b"")


def _tell(name: bytes, layer: Layer, kind: str, said: str, point: Point, gathering: Gathering) -> None:
    stop = layer.data.find(b">", point.end) + 1 or len(layer.data)
    raw = layer.cut((point.start, min(stop, point.start + 4_096)), said)
    locator = raw.locator(f"xml:{quote(name)}#{kind}[{point.start}]")
    gathering.add_fact(f"ooxml.chart_{kind}_differs", said, locator, raw.data)


def _differences(reference: Reference, book: Book, visible_only: bool) -> Iterator[tuple[str, str, Point]]:
    """Yield ``number`` or ``text``, what differs (empty: nothing), and the point, of each that can be compared."""
    found = _CELLS.fullmatch(reference.formula)
    name = (found[1] or found[2]).replace("''", "'") if found else ""
    cells, shown = book.sheets.get(name), block(found[3]) if found else None
    if cells is None or shown is None:
        return
    places = _places(shown, cells, reference.count, visible_only)
    for index, place in enumerate(places):
        point = reference.points.get(index)
        cell = f"{name}!{letters(place[1])}{place[0]}"
        if reference.kind == "numRef":
            said = _number_said(cells, place, point, cell)
        else:
            said = _text_said(cells, book.texts, place, point, cell)
        if said is not None:
            where = point or Point("", reference.start, reference.start)
            yield ("number" if reference.kind == "numRef" else "text"), said, where


def _size(reference: Reference) -> int:
    """Return how many cells it names; 1 where it names none that are looked at."""
    found = _CELLS.fullmatch(reference.formula)
    shown = block(found[3]) if found else None
    return max(shown.bottom - shown.top, shown.right - shown.left) + 1 if shown else 1


def _places(shown: Block, cells: Cells, count: int, visible_only: bool) -> list[tuple[int, int]]:
    """Return the cells of a row or column that a chart shows; none where it keeps another number of them."""
    high, wide = shown.bottom - shown.top + 1, shown.right - shown.left + 1
    if min(high, wide) != 1 or max(high, wide) > MOST_POINTS:
        return []
    every = [(shown.top + down, shown.left + across) for down in range(high) for across in range(wide)]
    if not visible_only:
        return every if count == len(every) else []
    rows, columns = cells.hidden_rows, cells.hidden_columns
    seen = [place for place in every if place[0] not in rows and place[1] not in columns]
    return seen if count == len(seen) else every if count == len(every) else []


def _number_said(cells: Cells, place: tuple[int, int], point: Point | None, cell: str) -> str | None:
    """Return what differs of a figure; ``None``: the two cannot be compared."""
    held = cells.numbers.get(place)
    if place in cells.others:
        return None
    if point is None:
        return "" if held is None else f"{cell} is {held:.15g}, the chart has no value"
    try:
        kept = float(point.text)
    except ValueError:
        return None
    if held is None:
        return f"{cell} is empty, the chart has {point.text[:40]}" if kept else None
    apart = abs(kept - held) > _TOLERANCE * max(abs(kept), abs(held))
    return f"{cell} is {held:.15g}, the chart has {point.text[:40]}" if apart else ""


def _text_said(cells: Cells, texts: list[str], place: tuple[int, int], point: Point | None, cell: str) -> str | None:
    """Return what differs of a text; formats of a cell may put more around it, and only texts are compared."""
    number = cells.named.get(place, -1)
    if point is None or not 0 <= number < len(texts):
        return None
    held = texts[number]
    if " ".join(held.split()) in " ".join(point.text.split()):
        return ""
    return f"{cell} is “{held[:80]}”, the chart has “{point.text[:80]}”"
