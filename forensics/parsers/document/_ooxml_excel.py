"""A workbook against itself: formulas and calculation chain, cells and shared strings, sums and what is kept for them.

What Excel writes of a workbook at one save agrees; a program that changes a cell alone leaves the rest as it was.

Source: ECMA-376 part 1, 18.3, 18.4, 18.6; kb:OOX-7, kb:OOX-12, kb:OOX-13.
"""

import math
import re
from collections.abc import Iterator

from forensics.model.locations import Locator, quote
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._ooxml_cells import Block, Cells, Chain, Strings, block
from forensics.parsers.document._ooxml_charts import book_of, chart_facts, charts_of
from forensics.parsers.document._ooxml_hidden_cells import hidden_cell_facts, masked_styles
from forensics.parsers.document._ooxml_origins import sheet_origins
from forensics.parsers.document._ooxml_people import hidden_sheets
from forensics.parsers.document._ooxml_pivots import CACHES, MOST_PIVOTS, pivot_cache_facts
from forensics.parsers.document._ooxml_workbook import (
    WORKBOOK,
    ReadSheet,
    is_set,
    pivot_facts,
    read_cells,
    unfinished,
    workbook_facts,
)
from forensics.parsers.document._package import Package

MOST_TOLD = 50
"""Cells, or strings, of one kind that become facts."""
MOST_SUMMED = 2_000_000
"""Cells that sums of one workbook are made of."""
_MOST_PAIRS = 2_000_000
"""Of cells with a text in themselves, and ranges that one formula makes."""
_SUM = re.compile(r"SUM\(([A-Z0-9$:,]{2,400})\)")
_STRINGS, _CHAIN = b"xl/sharedStrings.xml", b"xl/calcChain.xml"


def excel_facts(package: Package, gathering: Gathering) -> None:
    """Add what a workbook says, and where its parts disagree.

    Facts:
        ``ooxml.formula_cells``, ``ooxml.chain_cells``: how many there are, only where all of both was read.
        ``ooxml.chain_idle_cells``, ``ooxml.unlisted_formula_cells``, ``ooxml.wrong_sums``: how many there are in all of
        what these tell the first of:
        ``ooxml.chain_without_formula``: a cell that the chain lists and that holds a value, at the chain's entry.
        ``ooxml.formula_without_chain``: a cell with a formula that a chain which stands does not list, at the cell.
        ``ooxml.strings``, ``ooxml.strings_used``: how many shared strings there are, and how many of them cells name,
        only where all cells and strings were read.
        ``ooxml.string_unused``: a shared string that no cell names, at the string.
        ``ooxml.inline_strings``: how many cells have a text of their own; ``ooxml.inline_string``: the first.
        ``ooxml.sums``: how many sums were compared; ``ooxml.sum_differs``: one that is kept with another value than
        the cells make, at the cell.
        ``ooxml.rows``: how many rows with cells there are; ``ooxml.row_order``, ``ooxml.row_marks``,
        ``ooxml.cell_beyond``: rows and cells that are not written as the rest, each where it begins.
    """
    workbook = package.part(WORKBOOK)
    if workbook is None:
        return
    workbook_facts(workbook, gathering)
    hidden_sheets(workbook, gathering)
    for name in package.named(CACHES, MOST_PIVOTS):
        if (part := package.part(name)) is not None:
            pivot_facts(part, gathering)
    charts = charts_of(package)
    read, whole = read_cells(workbook, package, named=bool(charts), masked=masked_styles(package))
    sheet_origins(read, gathering)
    if not whole:
        gathering.note("cells_partial", "cells are read in part: formulas, strings and sums are not compared")
        return
    _chain_facts(package, read, gathering)
    texts = _string_facts(package, read, gathering)
    hidden_cell_facts(read, texts, gathering)
    pivot_cache_facts(package, workbook, read, texts, gathering)
    _sum_facts(read, gathering)
    _row_facts(read, gathering)
    if charts and not unfinished(gathering):
        chart_facts(package, charts, book_of(package, read), gathering)


def _chain_facts(package: Package, read: list[ReadSheet], gathering: Gathering) -> None:
    count = sum(len(one.cells.formulas) for one in read)
    layer = package.layer(_CHAIN)
    chain = Chain()
    if layer is None or not chain.read(layer.data):
        if layer is None and package.find(_CHAIN) is None:
            _counted(gathering, "formula_cells", count)
            _counted(gathering, "chain_cells", 0)
        return
    _counted(gathering, "formula_cells", count)
    _counted(gathering, "chain_cells", chain.count)
    path = f"xml:{quote(_CHAIN)}"
    idle = missing = 0
    for one in read:
        listed = chain.cells.get(one.sheet.number, {})
        left = [(cell, at) for cell, at in listed.items() if cell not in one.cells.formulas and _alone(one.cells, cell)]
        idle += len(left)
        for cell, at in left[:MOST_TOLD]:
            raw = layer.cut((at, layer.data.find(b">", at) + 1 or len(layer.data)), cell)
            locator = raw.locator(f"{path}#{quote(f'{one.sheet.name}!{cell}'.encode())}")
            gathering.add_fact("ooxml.chain_without_formula", f"{one.sheet.name}!{cell}", locator, raw.data)
        unlisted = [
            (cell, formula)
            for cell, formula in one.cells.formulas.items()
            if cell not in listed and not formula.wordless
        ]
        missing += len(unlisted)
        for cell, formula in unlisted[:MOST_TOLD]:
            _cell_fact("formula_without_chain", one, cell, formula.start, f": ={formula.text}", gathering)
    _counted(gathering, "chain_idle_cells", idle)
    _counted(gathering, "unlisted_formula_cells", missing)


def _alone(cells: Cells, cell: str) -> bool:
    """Whether a cell's value is its own, and not made by the formula of an array or a table."""
    place = block(cell)
    return place is not None and not any(one.holds(place.top, place.left) for one in cells.spread)


def _own_texts(cells: Cells) -> list[tuple[str, int]]:
    """Return the cells that have a text in themselves which no formula makes; none where there are too many to tell.

    What the one formula of an array makes in other cells, Excel writes into these.
    """
    if not cells.spread:
        return cells.inline
    if len(cells.inline) * len(cells.spread) > _MOST_PAIRS:
        return []
    return [(cell, start) for cell, start in cells.inline if _alone(cells, cell)]


def _string_facts(package: Package, read: list[ReadSheet], gathering: Gathering) -> list[str]:
    """Compare the strings with the cells that name them; return them, none where they cannot be read."""
    inline = [(one, cell, start) for one in read for cell, start in _own_texts(one.cells)]
    if inline:
        one, cell, start = inline[0]
        _counted(gathering, "inline_strings", len(inline))
        _cell_fact("inline_string", one, cell, start, "", gathering)
    layer = package.layer(_STRINGS)
    strings = Strings()
    if layer is None or not strings.read(layer.data):
        return []
    _counted(gathering, "strings", len(strings.texts))
    used = set[int]().union(*[one.cells.strings for one in read])
    _counted(gathering, "strings_used", len(used))
    unused = [place for place in range(len(strings.texts)) if place not in used]
    if unused:
        _counted(gathering, "strings_unused", len(unused))
    for place in unused[:MOST_TOLD]:
        start, end = strings.spans[place]
        raw = layer.cut((start, layer.data.find(b">", end) + 1 or len(layer.data)), strings.texts[place])
        locator = raw.locator(f"xml:{quote(_STRINGS)}#si[{place}]")
        gathering.add_fact("ooxml.string_unused", strings.texts[place], locator, raw.data)
    return strings.texts


def _sum_facts(read: list[ReadSheet], gathering: Gathering) -> None:
    """Compare sums over cells of the same sheet; nothing where the program was told not to compute, or did not end."""
    if gathering.first("ooxml.workbook_calc_mode") == "manual" or is_set(gathering, "full_calc_on_load"):
        return
    if gathering.first("ooxml.workbook_full_precision") in ("0", "false") or is_set(gathering, "iterate"):
        return
    if unfinished(gathering) or any(_circular(one.cells) for one in read):
        return
    compared = wrong = spent = 0
    for one in read:
        for cell, formula in one.cells.formulas.items():
            settled = formula.type == "n" and formula.kept and not formula.always
            found = _SUM.fullmatch(formula.text.removeprefix("=")) if settled else None
            blocks = [block(piece) for piece in found[1].split(",")] if found else []
            known = [piece for piece in blocks if piece is not None]
            if not known or len(known) != len(blocks):
                continue
            size = sum((piece.bottom - piece.top + 1) * (piece.right - piece.left + 1) for piece in known)
            spent += size
            if size > 100_000 or spent > MOST_SUMMED:
                continue
            terms = list(_terms(one.cells, known))
            kept = _number(formula.kept)
            if kept is None or any(math.isnan(term) for term in terms):
                continue
            compared += 1
            made = math.fsum(terms)
            if abs(made - kept) > 1e-9 * max(1.0, math.fsum(map(abs, terms)), abs(kept)):
                wrong += 1
                if wrong > MOST_TOLD:
                    continue
                said = f": ={formula.text} is kept as {formula.kept}, its cells make {made:.15g}"
                _cell_fact("sum_differs", one, cell, formula.start, said, gathering)
    if compared:
        _counted(gathering, "sums", compared)
        _counted(gathering, "wrong_sums", wrong)


def _circular(cells: Cells) -> bool:
    """Whether a sum is over itself: Excel then leaves it, and all that depends on it, as they were."""
    for cell, formula in cells.formulas.items():
        found, place = _SUM.fullmatch(formula.text.removeprefix("=")), block(cell)
        around = [block(piece) for piece in found[1].split(",")] if found and place else []
        if place and any(one is not None and one.holds(place.top, place.left) for one in around):
            return True
    return False


def _row_facts(read: list[ReadSheet], gathering: Gathering) -> None:
    count = sum(one.cells.rows.count for one in read)
    if count:
        _counted(gathering, "rows", count)
    for name, found in (
        ("row_order", [(one, odd) for one in read for odd in one.cells.rows.order]),
        ("row_marks", [(one, odd) for one in read for odd in one.cells.rows.marks]),
        ("cell_beyond", [(one, odd) for one in read for odd in one.cells.rows.beyond]),
    ):
        for one, odd in found[:MOST_TOLD]:
            raw = one.layer.cut((odd.start, one.layer.data.find(b">", odd.start) + 1), odd.place)
            locator = raw.locator(f"{one.path}#{odd.place}.{name}")
            gathering.add_fact(f"ooxml.{name}", f"{one.sheet.name}: {odd.said}", locator, raw.data)


def _terms(cells: Cells, blocks: list[Block]) -> Iterator[float]:
    """Yield the numbers in ranges; of a cell with a fault or a truth value no number."""
    for one in blocks:
        for row in range(one.top, one.bottom + 1):
            for column in range(one.left, one.right + 1):
                number = cells.numbers.get((row, column))
                if number is not None:
                    yield number
                elif cells.others.get((row, column)) in ("e", "d"):
                    yield math.nan


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _cell_fact(name: str, one: ReadSheet, cell: str, start: int, said: str, gathering: Gathering) -> None:
    data = one.layer.data
    end = data.find(b"</", data.find(b"v>", start)) if b"v>" in data[start : start + 2_000] else -1
    stop = data.find(b">", end) + 1 if end >= 0 else data.find(b">", start) + 1
    raw = one.layer.cut((start, stop if start < stop <= start + 4_096 else min(len(data), start + 64)), cell)
    locator = raw.locator(f"{one.path}#{cell}.{name}")
    gathering.add_fact(f"ooxml.{name}", f"{one.sheet.name}!{cell}{said}", locator, raw.data)


def _counted(gathering: Gathering, name: str, count: int) -> None:
    gathering.add_fact(f"ooxml.{name}", str(count), Locator(path=f"xml:xl#{name}"), b"")
