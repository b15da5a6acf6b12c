"""XML parts of documents: values by lxml, byte ranges by expat, and nothing kept on which the two disagree.

lxml names no byte offsets; expat names them exactly, in the part's own encoding. Both read the same bytes, the
elements are paired in document order, and a value whose two readings differ keeps its text but has no range. A
document type is refused before any entity is read: no format here may have one.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest
from xml.parsers import expat

from lxml import etree

from forensics.model.items import Notice

MAX_ELEMENTS = 100_000
"""Elements and attributes of one part; properties and XMP packets have some hundreds."""
MAX_BYTES = 16_000_000
"""Bytes of one part, whatever the caller's limit: the tree of a larger one may not fit a worker's memory."""
MAX_DEPTH = 200
"""Nested elements; lxml itself refuses 256."""

Span = tuple[int, int]

_START = re.compile(rb"<[^\s/>]+")
_ATTRIBUTE = re.compile(rb"\s{1,256}+([^\s=/><]{1,256}+)\s{0,16}+=\s{0,16}+(?:\"([^\"<]*+)\"|'([^'<]*+)')")


class Value:
    """One text with the range of the bytes that were read as it; ``None`` where it cannot be named."""

    __slots__ = ("span", "text")

    def __init__(self, text: str, span: Span | None) -> None:
        self.text = text
        self.span = span


class Element:
    """One element: expanded name, own text, attributes by expanded name, children in order."""

    __slots__ = ("attributes", "children", "tag", "value")

    def __init__(self, tag: str, value: Value, attributes: dict[str, Value]) -> None:
        self.tag = tag
        self.value = value
        self.attributes = attributes
        self.children: list[Element] = []

    @property
    def local(self) -> str:
        """Name without its namespace."""
        return self.tag.rpartition("}")[2]

    @property
    def namespace(self) -> str:
        """Namespace name; empty if it has none."""
        return self.tag.rpartition("}")[0][1:]

    def walk(self) -> "Iterator[Element]":
        """Yield this element and all below it in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


class _Refused(Exception):
    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class _Place:
    """Where expat saw an element: its tag, the ranges of its text and attributes."""

    __slots__ = ("attributes", "content_start", "end", "mixed", "start", "tag", "text")

    def __init__(self, tag: str, start: int, attributes: list[str]) -> None:
        self.tag = tag
        self.start = start
        self.attributes = attributes
        self.content_start = -1
        self.end = -1
        self.mixed = False
        self.text: list[str] = []


def read(data: bytes, name: str, limit_bytes: int) -> Element | Notice:
    """Read one part.

    Args:
        data: the part's bytes.
        name: what the part is called in a notice.
        limit_bytes: larger parts are not read.

    Returns:
        The root, or the notice that says why the part is not read: ``xml.limit``, ``xml.doctype``, ``xml.malformed``.
    """
    limit = min(limit_bytes, MAX_BYTES)
    if len(data) > limit:
        return Notice(code="xml.limit", text=f"{name} has {len(data)} bytes, more than {limit}; not read")
    try:
        places = _Places(data).found
        return _joined(data, places, _tree(data))
    except _Refused as refused:
        return Notice(code=refused.code, text=f"{name}: {refused}")


def _tree(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        huge_tree=False,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _Refused("xml.malformed", _first_line(error)) from error


def _first_line(error: Exception) -> str:
    return "".join(char if " " <= char <= "~" else "?" for char in str(error).partition("\n")[0][:160])


def let_go(parser: expat.XMLParserType) -> None:
    """Take the handlers of a parser that has ended: with their owner, who has it, they would stay in memory."""
    parser.StartDoctypeDeclHandler = parser.CharacterDataHandler = parser.DefaultHandler = None
    parser.StartElementHandler = parser.EndElementHandler = None


class _Places:
    """One pass of expat over a part."""

    def __init__(self, data: bytes) -> None:
        self.found: list[_Place] = []
        self._open: list[_Place] = []
        self._count = 0
        parser = expat.ParserCreate(namespace_separator="}")
        parser.ordered_attributes = True
        parser.buffer_text = False
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.DefaultHandler = self._other
        self._parser = parser
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise _Refused("xml.malformed", _first_line(error)) from error
        except (LookupError, ValueError) as error:  # an encoding that Python does not have, or that expat cannot use
            raise _Refused("xml.malformed", f"encoding not readable: {_first_line(error)}") from error
        finally:
            let_go(parser)

    def _doctype(self, *_: object) -> None:
        raise _Refused("xml.doctype", "declares a document type, which this format forbids; not read")

    def _start(self, tag: str, attributes: list[str]) -> None:
        place = _Place(tag, self._mark(), attributes)
        if self._open:
            self._open[-1].mixed = True
        self.found.append(place)
        self._open.append(place)
        self._count += 1 + len(attributes) // 2
        if self._count > MAX_ELEMENTS:
            raise _Refused("xml.limit", f"more than {MAX_ELEMENTS} elements and attributes; not read")
        if len(self._open) > MAX_DEPTH:
            raise _Refused("xml.limit", f"elements nested deeper than {MAX_DEPTH}; not read")

    def _end(self, _tag: str) -> None:
        end = self._mark()
        self._open.pop().end = end

    def _text(self, text: str) -> None:
        self._mark()
        if self._open and not self._open[-1].mixed:
            self._open[-1].text.append(text)

    def _other(self, _data: str) -> None:
        self._mark()

    def _mark(self) -> int:
        """Return where the present event starts; the first one after a start tag starts the element's content."""
        index = self._parser.CurrentByteIndex
        if self._open and self._open[-1].content_start < 0:
            self._open[-1].content_start = index
        return index


def _joined(data: bytes, places: list[_Place], root: etree._Element) -> Element:
    ascii_based = data[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\0" not in data[:4]
    made: dict[etree._Element, Element] = {}
    top: Element | None = None
    for node, place in zip_longest(root.iter("*"), places):
        if node is None or place is None or not _same_name(str(node.tag), place.tag):
            raise _Refused("xml.malformed", "two readings of the markup differ; not read")
        element = Element(str(node.tag), _value(node, place), _attributes(data if ascii_based else None, node, place))
        made[node] = element
        parent = node.getparent()
        if parent is None:
            top = element
        else:
            made[parent].children.append(element)
    if top is None:
        raise _Refused("xml.malformed", "no element")
    return top


def _same_name(expanded: str, name: str) -> bool:
    return expanded == (f"{{{name}" if "}" in name else name)


def _value(node: etree._Element, place: _Place) -> Value:
    text: str = node.text or ""
    exact = not place.mixed and text == "".join(place.text) and 0 <= place.content_start <= place.end
    return Value(text, (place.content_start, place.end) if exact else None)


def _attributes(data: bytes | None, node: etree._Element, place: _Place) -> dict[str, Value]:
    if not place.attributes:
        return {}
    spans: list[tuple[str, Span]] = [] if data is None else list(_attribute_spans(data, place.start))
    names, texts = place.attributes[::2], place.attributes[1::2]
    if len(spans) != len(names):
        spans = []
    found: dict[str, Value] = {}
    for position, (name, text) in enumerate(zip(names, texts, strict=True)):
        expanded = f"{{{name}" if "}" in name else name
        exact = bool(spans) and spans[position][0] == name.rpartition("}")[2] and node.get(expanded) == text
        found[expanded] = Value(text, spans[position][1] if exact else None)
    return found


def _attribute_spans(data: bytes, start: int) -> Iterator[tuple[str, Span]]:
    """Yield local name and value range of each attribute of the start tag at *start*, declarations left out."""
    tag = _START.match(data, start)
    position = tag.end() if tag else start
    while match := _ATTRIBUTE.match(data, position):
        position = match.end()
        name = match[1]
        if name != b"xmlns" and not name.startswith(b"xmlns:"):
            group = 2 if match[2] is not None else 3
            yield name.rpartition(b":")[2].decode("utf-8", "replace"), match.span(group)
