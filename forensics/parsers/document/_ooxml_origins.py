"""Identifiers that slides, shapes and sheets got when they were made: copies of them, and of their file, keep these.

Source: [MS-PPTX] 2.2.1 (p14:creationId), [MS-ODRAWXML] 2.30 (a16:creationId), [MS-XLSX] 2.2.2 (xr:uid).
"""

import re

from forensics.model.locations import Locator
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._ooxml_workbook import ReadSheet
from forensics.parsers.document._package import Package

MOST_SLIDES = 2_000
MOST_IDS = 5_000
"""Of one kind and document."""
IDS_TOGETHER = 1_000
"""Identifiers that one fact holds."""
_SLIDES = re.compile(rb"ppt/slides/slide\d{0,9}\.xml", re.IGNORECASE)
_SLIDE = re.compile(rb'creationId\s[^<>]{0,200}?\bval="(\d{1,10})"')
_SHAPE = re.compile(rb'creationId\s[^<>]{0,200}?\bid="\{([0-9A-Fa-f-]{36})\}"')
_GIVEN = re.compile(r"\{[0-9A-Fa-f-]{36}\}")
_NO_MAKING = "{00000000-"
"""How identifiers begin that a program gives in turn to parts that have none."""


def slide_origins(package: Package, gathering: Gathering) -> None:
    """Add the identifiers of slides and shapes.

    Facts:
        ``ooxml.slide_origins``, ``ooxml.shape_origins``: each once, in the order of the parts; of many several facts.
    """
    slides: dict[str, None] = {}
    shapes: dict[str, None] = {}
    for name in package.named(_SLIDES, MOST_SLIDES):
        layer = package.layer(name)
        if layer is None or b"creationId" not in layer.data:
            continue
        slides |= dict.fromkeys([one.decode("ascii") for one in _SLIDE.findall(layer.data) if one.strip(b"0")])
        shapes |= dict.fromkeys([f"{{{one.decode('ascii').upper()}}}" for one in _SHAPE.findall(layer.data)])
    _add("slide_origins", list(slides), gathering)
    _add("shape_origins", [one for one in shapes if not one.startswith(_NO_MAKING)], gathering)


def sheet_origins(read: list[ReadSheet], gathering: Gathering) -> None:
    """Add ``ooxml.sheet_origins``: the identifiers of the sheets of a workbook."""
    found = dict.fromkeys([one.cells.origin.upper() for one in read if _GIVEN.fullmatch(one.cells.origin)])
    _add("sheet_origins", [one for one in found if not one.startswith(_NO_MAKING)], gathering)


def _add(name: str, found: list[str], gathering: Gathering) -> None:
    if len(found) > MOST_IDS:
        gathering.note("limit", f"{len(found)} identifiers of {name.replace('_', ' ')}; {MOST_IDS} are told")
    for first in range(0, min(len(found), MOST_IDS), IDS_TOGETHER):
        value = " ".join(found[first : min(first + IDS_TOGETHER, MOST_IDS)])
        gathering.add_fact(f"ooxml.{name}", value, Locator(path=f"xml:parts#{name}"), b"")
