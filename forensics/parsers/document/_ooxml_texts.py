"""The texts of Office Open XML documents, a part each.

Of a text its body, notes, comments and margins, of a workbook its cells, of slides what stands on them and their notes.
Words that a revision deleted stand among them.

Source: ECMA-376 part 1, sections 17 (WordprocessingML), 18.3, 18.4 (cells, shared strings), 21.1.2 (DrawingML text).
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from xml.parsers import expat

from forensics.errors import NoText
from forensics.model.byte_sources import ByteSource
from forensics.model.items import ParseContext
from forensics.model.locations import quote
from forensics.model.sheet_cells import SheetCells
from forensics.model.texts import TextPart
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._ooxml_workbook import WORKBOOK, sheets
from forensics.parsers.document._package import Package
from forensics.parsers.document._package_texts import PackageParts
from forensics.parsers.document._part_names import plain
from forensics.parsers.document._xml_texts import MAX_CHARACTERS, Shown, Words, words_of

TEXTS = re.compile(
    rb"word/(?:document|footnotes|endnotes|comments|header\d{0,9}|footer\d{0,9}|glossary/document)\d{0,9}\.xml"
    rb"|ppt/(?:slides/slide|notesSlides/notesSlide|comments/[^/]{0,80}?)\d{0,9}\.xml"
    rb"|visio/pages/page\d{0,9}\.xml|(?:word|ppt|xl)/(?:charts|diagrams|drawings)/[^/]{1,80}\.xml"
    rb"|xl/comments/?[^/]{0,80}\.xml",
    re.IGNORECASE,
)
_SHEETS = re.compile(rb"xl/worksheets/[^/]{1,80}\.xml", re.IGNORECASE)
_BINARY = re.compile(rb"xl/(?:workbook|worksheets/[^/]{1,80})\.bin", re.IGNORECASE)
STRINGS = re.compile(rb"xl/sharedStrings\.xml", re.IGNORECASE)
SHOWN = Shown(
    texts=("t", "delText", "Text", "text"),
    ends={"p": "\n", "tc": "\t", "Text": "\n", "text": "\n", "pt": "\n", "comment": "\n", "cm": "\n"},
    marks={"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"},
)

SHARED = Shown(texts=("t",), ends={"si": "\n"})
"""The strings that cells share, a line each."""


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a document, a part each.

    Raises:
        NoText: it is a workbook whose cells stand in binary parts, which are not read.
        Locked: parts of it are encrypted as members of a zip.
    """
    parts = PackageParts(source, context)
    if next(parts.named(_BINARY), None) is not None:
        raise NoText("a workbook of binary parts: its cells are not read")
    return tuple(_read(parts))


def _read(parts: PackageParts) -> Iterator[TextPart]:
    for member in parts.named(TEXTS):
        if (text := parts.text(member, lambda data: words_of(data, SHOWN))) is not None:
            yield text
    sheets = list(parts.named(_SHEETS))
    if not sheets:
        return
    strings, whole = _shared(parts)
    for member in sheets:
        if (text := parts.text(member, lambda data: _cells(data, strings, whole))) is not None:
            yield text


def _shared(parts: PackageParts) -> tuple[list[str], bool]:
    """Return the strings that cells name by their numbers, and whether all could be read."""
    for member in parts.named(STRINGS):
        data = parts.read(member)
        if data is None:
            return [], False
        reader = _Cells([], "si")
        return reader.values, reader.read(data)
    return [], True


def _cells(data: bytes, strings: list[str], whole: bool) -> Words:
    """Return what the cells of a sheet show, a row a line."""
    reader = _Cells(strings, "c")
    whole &= reader.read(data)
    return Words("".join(reader.values).strip(), whole)


def sheet_cells(source: ByteSource, context: ParseContext) -> dict[str, SheetCells]:
    """Return where the cells of each sheet stand in its text, by the path of that."""
    parts = PackageParts(source, context)
    strings, _ = _shared(parts)
    names = _sheet_names(source, parts, context)
    found: dict[str, SheetCells] = {}
    for member in parts.named(_SHEETS):
        data, name = parts.read(member), names.get(plain(member.name))
        if data is not None and name is not None:
            reader = _Cells(strings, "c")
            reader.read(data)
            found[f"xml:{quote(member.name)}"] = reader.places(name)
    return found


def _sheet_names(source: ByteSource, parts: PackageParts, context: ParseContext) -> dict[bytes, str]:
    package = Package(source, parts.directory, context, Gathering("ooxml"))
    workbook = package.part(WORKBOOK)
    return {plain(one.part): one.name for one in sheets(workbook, package)[0]} if workbook is not None else {}


class _Full(Exception):
    pass


class _Cells:
    """Reads the values of cells, or of shared strings, which hold them in the same way."""

    def __init__(self, strings: list[str], element: str) -> None:
        self._strings, self._element = strings, element
        self.values: list[str] = []
        self._cells: list[tuple[int, str]] = []
        self._address = ""
        self._kind, self._said, self._inside, self._size = "", list[str](), 0, 0

    def read(self, data: bytes) -> bool:
        """Read a part; return whether all of it was."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = self._characters, self._refuse
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, LookupError, ValueError, _Full):
            return False
        return True

    def places(self, sheet: str) -> SheetCells:
        """Return where each cell begins in the text of all."""
        begins = list(accumulate([len(value) for value in self.values], initial=0))
        text = "".join(self.values)
        blank = len(text) - len(text.lstrip())
        return SheetCells(sheet, [begins[at] - blank for at, _ in self._cells], [name for _, name in self._cells])

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition("}")[2]
        if local == self._element:
            self._kind, self._said = attributes.get("t", ""), []
            self._address = attributes.get("r", "")
        # rPh is how a string is read aloud, f how a value is computed; neither is shown.
        self._inside += {"v": 1, "t": 1, "rPh": -1}.get(local, 0)

    def _end(self, tag: str) -> None:
        local = tag.rpartition("}")[2]
        self._inside -= {"v": 1, "t": 1, "rPh": -1}.get(local, 0)
        if local == "row":
            self.values.append("\n")
        elif local == self._element:
            self._take("".join(self._said))

    def _take(self, said: str) -> None:
        if self._element == "si":
            self._grow(said)
            return
        if self._kind == "s":
            said = (
                self._strings[int(said)] if said.isascii() and said.isdigit() and int(said) < len(self._strings) else ""
            )
        if said and self._kind != "b":
            self._cells.append((len(self.values), self._address))
            self._grow(said)
            self.values.append("\t")

    def _grow(self, said: str) -> None:
        self._size += len(said) + 1
        if self._size > MAX_CHARACTERS:
            raise _Full
        self.values.append(said)

    def _characters(self, text: str) -> None:
        if self._inside > 0:
            self._said.append(text)

    def _refuse(self, *_: object) -> None:
        raise _Full
