"""The parts of sheets and slides by their numbers: Excel and PowerPoint number them anew, in their order, at each save.

So a sheet or slide that was moved, put in or taken out by other means stands under a number out of turn, or is left in
the package without being shown. Seen in files; no standard asks for it.
"""

import re

from forensics.model.locations import Locator, quote
from forensics.parsers._gathering import Gathering
from forensics.parsers._xml import Value
from forensics.parsers.document._package import Package, Part
from forensics.parsers.document._part_names import plain

MOST_TOLD = 20
_BEGINNING = 64
"""Bytes of a part that is left, which stand for it."""
_NUMBERED = {
    "sheet": re.compile(rb"xl/worksheets/sheet([0-9]{1,6})\.xml", re.IGNORECASE),
    "slide": re.compile(rb"ppt/slides/slide([0-9]{1,6})\.xml", re.IGNORECASE),
}


def order_facts(
    kind: str, shown: list[tuple[bytes, Value]], main: Part, package: Package, gathering: Gathering
) -> None:
    """Compare the numbers of parts with their order, and what is shown with what stands in the package.

    Facts:
        ``ooxml.part_order``: the first sheet or slide whose part has another number than its place, where it is named.
        ``ooxml.part_left``: a part of a sheet or slide that the document does not show, at its beginning;
        ``ooxml.parts_left``: how many there are.

    Args:
        kind: ``sheet`` or ``slide``.
        shown: the part of each, in their order, and the value that names it.
        main: the part that lists them.
        package: that they stand in.
        gathering: takes the facts.
    """
    pattern = _NUMBERED[kind]
    numbers = [int(found[1]) if (found := pattern.fullmatch(name)) else 0 for name, _ in shown]
    if not numbers or 0 in numbers:
        return
    at = next((at for at, number in enumerate(numbers) if number != at + 1), None)
    if at is not None:
        value = shown[at][1]
        raw = main.layer.cut(value.span, value.text)
        said = f"{kind} {at + 1} of {len(numbers)} stands in {kind}{numbers[at]}.xml"
        gathering.add_fact("ooxml.part_order", said, raw.locator(f"{main.path}#part_order"), raw.data)
    known = {plain(name) for name, _ in shown}
    left = [name for name in package.named(pattern) if plain(name) not in known]
    if left:
        gathering.add_fact("ooxml.parts_left", str(len(left)), Locator(path=f"{main.path}#parts_left"), b"")
    for name in left[:MOST_TOLD]:
        layer = package.layer(name)
        if layer is not None:
            raw = layer.cut((0, min(_BEGINNING, len(layer.data))), "")
            gathering.add_fact("ooxml.part_left", quote(name), raw.locator(f"xml:{quote(name)}#part_left"), raw.data)
