"""What a package shows of its age: namespaces of its parts, fonts, characters, functions and features.

Of what has a birth (``knowledge/document_births.csv``) only the youngest of each kind is kept: if that one may stand in
a document, all may. Namespaces are all told, for Word and Excel declare at the root of a part those that they know.

Source: ECMA-376 part 1, 17.8 (fonts), 20.1.4.2.24 (typefaces); part 3 (mc:Ignorable); [MS-XLSX] 2.4.850 (calcFeatures);
kb:OOX-6b, kb:CLK-5, kb:CLK-6.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from forensics.knowledge.births import character_births
from forensics.knowledge.document_births import births
from forensics.model.locations import quote
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers.document._package import Package

ROOTS = (
    b"word/document.xml",
    b"word/settings.xml",
    b"word/styles.xml",
    b"word/fontTable.xml",
    b"xl/workbook.xml",
    b"xl/styles.xml",
)
"""Parts that a program writes anew at each save, whatever it does not understand in others."""
MOST_PARTS = 300
PART_BYTES = 1 << 23
"""A larger part is not looked through for marks."""
_ROOT_BYTES = 1 << 14
_WORKBOOK = b"xl/workbook.xml"
_TEXTS = re.compile(
    rb"word/(?:document|footnotes|endnotes|comments|header\d{0,9}|footer\d{0,9})\.xml"
    rb"|ppt/(?:slides/slide|notesSlides/notesSlide)\d{0,9}\.xml|xl/sharedStrings\.xml",
    re.IGNORECASE,
)
_FONTS = re.compile(
    rb"(?:word/(?:styles|fontTable)|xl/styles|(?:word|ppt|xl)/theme/theme\d{0,9}|ppt/slideMasters/slideMaster\d{0,9})\.xml",
    re.IGNORECASE,
)
_SHEETS = re.compile(rb"xl/worksheets/[^/]{1,80}\.xml", re.IGNORECASE)
_ROOT = re.compile(rb"<(?![?!])[^<>]{1,16000}>")
_NAMESPACE = re.compile(rb"""\sxmlns:[\w.-]{1,40}=["']http://schemas\.microsoft\.com/office/([^"'\s]{1,120})["']""")
_THEME = re.compile(rb'\sdefaultThemeVersion="(\d{1,9})"')
_FEATURE = re.compile(rb'feature\s+name="([\w.:]{1,60})"')
_FUNCTION = re.compile(rb"_xlfn\.(?:_xlws\.)?([A-Z][A-Z0-9.]{1,30})(?=\()")
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{4,6})|(\d{4,7}));")
FONT = re.compile(rb'"([A-Z][A-Za-z0-9 -]{2,40})(?=")')
"""A name in quotation marks as fonts of a known birth have it."""
_EMOJI = re.compile(rb"\xf0\x9f[\x80-\xbf]{2}")


class _Mark(NamedTuple):
    """Something of a known birth, and where it stands."""

    born: int
    value: str
    layer: Layer
    path: str
    span: tuple[int, int]


def mark_facts(package: Package, gathering: Gathering) -> None:
    """Add what shows the age of a package.

    Facts:
        ``ooxml.namespaces``: Microsoft's namespaces of Office that the root of a part declares, without
        ``http://schemas.microsoft.com/office/``, behind the part's name; of each of `ROOTS` one, at the root's tag.
        ``ooxml.theme_version``, ``ooxml.feature``, ``ooxml.function``: of a workbook, the version of its first theme,
        and the youngest feature and function.
        ``ooxml.font_declared``, ``ooxml.font_used``, ``ooxml.character``: the youngest font that styles, themes and
        lists name, the youngest that texts name, and the youngest character in these.
    """
    for name in ROOTS:
        if (layer := package.small(name, PART_BYTES)) is not None:
            _namespaces(layer, f"xml:{quote(name)}", gathering)
    if (workbook := package.small(_WORKBOOK, PART_BYTES)) is not None:
        _first(workbook, f"xml:{quote(_WORKBOOK)}", "theme_version", _THEME, gathering)
    youngest = _youngest(package)
    for kind, mark in youngest.items():
        raw = mark.layer.cut(mark.span, mark.value)
        gathering.add_fact(f"ooxml.{kind}", mark.value, raw.locator(f"{mark.path}#{kind}"), raw.data)


def _namespaces(layer: Layer, path: str, gathering: Gathering) -> None:
    root = _ROOT.search(layer.data[:_ROOT_BYTES])
    found = sorted({one[1].decode("latin-1") for one in _NAMESPACE.finditer(root[0])}) if root else []
    if root is not None:
        raw = layer.cut(root.span(), "")
        value = " ".join([path.removeprefix("xml:"), *found])
        gathering.add_fact("ooxml.namespaces", value, raw.locator(f"{path}#namespaces"), raw.data)


def _first(layer: Layer, path: str, name: str, pattern: re.Pattern[bytes], gathering: Gathering) -> None:
    found = pattern.search(layer.data)
    if found is not None:
        raw = layer.cut(found.span(1), "")
        gathering.add_fact(f"ooxml.{name}", found[1].decode("ascii"), raw.locator(f"{path}#{name}"), raw.data)


def _youngest(package: Package) -> dict[str, _Mark]:
    """Return the youngest mark of each kind."""
    found: dict[str, _Mark] = {}

    def take(kind: str, marks: Iterator[_Mark]) -> None:
        for mark in marks:
            if kind not in found or mark.born > found[kind].born:
                found[kind] = mark

    for pattern in (_FONTS, _TEXTS, _SHEETS):
        for name in package.named(pattern, MOST_PARTS):
            layer = package.small(name, PART_BYTES)
            if layer is None:
                continue
            path = f"xml:{quote(name)}"
            if pattern is _SHEETS:
                take("function", _named(layer, path, "function", _FUNCTION))
                continue
            kind = "font_declared" if pattern is _FONTS else "font_used"
            take(kind, _font(layer, path, found[kind].born if kind in found else 0))
            if pattern is _TEXTS:
                take("character", _characters(layer, path))
    if (workbook := package.small(_WORKBOOK, PART_BYTES)) is not None:
        take("feature", _named(workbook, f"xml:{quote(_WORKBOOK)}", "feature", _FEATURE))
    return found


def _named(layer: Layer, path: str, kind: str, pattern: re.Pattern[bytes]) -> Iterator[_Mark]:
    """Yield the names of a kind that have a birth, each where it stands first."""
    known, met = births(kind), set[str]()
    for found in pattern.finditer(layer.data):
        value = found[1].decode("ascii", "replace")
        if value in known and value not in met:
            met.add(value)
            yield _Mark(known[value].born, value, layer, path, found.span(1))


def _font(layer: Layer, path: str, after: int) -> Iterator[_Mark]:
    """Yield the youngest font that attributes name, if it is younger than a day."""
    met = {one.decode("ascii") for one in set(FONT.findall(layer.data))}
    younger = [(birth.born, name) for name, birth in births("font").items() if birth.born > after and name in met]
    born, name = max(younger, key=lambda one: one[0], default=(0, ""))
    if name:
        at = layer.data.find(f'"{name}"'.encode()) + 1
        yield _Mark(born, name, layer, path, (at, at + len(name)))


@cache
def _signs() -> tuple[tuple[bytes, int], ...]:
    """Return the characters below the emoji that have a birth, in UTF-8."""
    return tuple([(chr(point).encode(), point) for point in character_births() if point < 0x1F000])


def _characters(layer: Layer, path: str) -> Iterator[_Mark]:
    """Yield the characters of a known birth, each where it stands first."""
    born, met, data = character_births(), set[int](), layer.data
    places = [(point, (at, at + len(sign))) for sign, point in _signs() if (at := data.find(sign)) >= 0]
    if b"\xf0\x9f" in data:
        places += [(ord(one[0].decode("utf-8", "replace")[0]), one.span()) for one in _EMOJI.finditer(data)]
    if b"&#" in data:
        for one in _REFERENCE.finditer(data):
            places.append((int(one[1], 16) if one[1] else int(one[2]), one.span()))
    for point, span in places:
        if point in born and point not in met:
            met.add(point)
            yield _Mark(born[point], f"U+{point:04X}", layer, path, span)
