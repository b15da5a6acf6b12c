"""Canonical forms of XML, of whole documents and of single elements, as signatures are made over them.

Inclusive forms of an element are cut from that of its document: what lies within it is written alike in both, and its
start tag is given the namespaces that are in scope. lxml writes the forms of whole documents. No document type is read,
and nothing is expanded or fetched.

Source: Canonical XML 1.0 and 1.1, Exclusive XML Canonicalization 1.0 (W3C).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.parsers import expat

from lxml import etree

from forensics.parsers._xml import let_go

MAX_BYTES = 16_000_000
"""Of one document: the tree of a larger one may not fit a worker's memory."""
MAX_ELEMENTS = 100_000
"""Of a document of which single elements are asked for."""
MOST_LOOKS = 500_000_000
"""Elements times the square of the namespaces in scope at once: lxml compares each with each at each element."""
MOST_PREFIXES = 64
"""That an exclusive form keeps by name."""
_MOST_KEPT = 500_000
"""Namespaces of all elements of which the scope is kept."""


class Form(NamedTuple):
    """A method of canonicalization."""

    exclusive: bool
    comments: bool
    later: bool = False
    """Version 1.1, which treats inherited ``xml:`` attributes in another way."""


_C14N, _C14N11 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
FORMS = {
    _C14N: Form(False, False),
    f"{_C14N}#WithComments": Form(False, True),
    _C14N11: Form(False, False, True),
    f"{_C14N11}#WithComments": Form(False, True, True),
    _EXCLUSIVE: Form(True, False),
    f"{_EXCLUSIVE}WithComments": Form(True, True),
}
"""By the name of the algorithm."""
DEFAULT = FORMS[_C14N]

_TAG = re.compile(rb'<[^\s"/>]++(?: [^\s"=>]++="[^"]*+")*+>')
_ATTRIBUTE = re.compile(rb' ([^\s"=>]++)="([^"]*+)"')
_ESCAPES = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}


class NotCanonical(Exception):
    """There is no canonical form, or it is not made here; the text says why."""


class _Place(NamedTuple):
    """Where an element stands in the canonical form of its document."""

    start: int
    end: int
    scope: dict[str, str]
    inherits: bool
    """Whether an element around it has an ``xml:`` attribute."""


class Canonical:
    """One document, of which canonical forms are asked for.

    Attributes:
        looks: what making a form costs at most, as `MOST_LOOKS` counts.
    """

    def __init__(self, data: bytes) -> None:
        """Read it.

        Raises:
            NotCanonical: too large, not well-formed, or with a document type.
        """
        if len(data) > MAX_BYTES:
            raise NotCanonical(f"{len(data)} bytes, more than {MAX_BYTES}")
        _refuse_doctype(data)
        try:
            self._root = etree.fromstring(data, _parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise NotCanonical("not well-formed") from error
        self.looks = _looks(self._root)
        if self.looks > MOST_LOOKS:
            raise NotCanonical("it has too many namespaces for so many elements")
        self._made: dict[bool, tuple[bytes, list[_Place]]] = {}

    def document(self, form: Form, prefixes: Sequence[str] = ()) -> bytes:
        """Return the form of the whole document.

        Raises:
            NotCanonical: it has none.
        """
        return _written(self._root, form, prefixes)

    def element(self, position: int, form: Form, prefixes: Sequence[str] = ()) -> bytes:
        """Return the form of the element at a position in document order, and of all within it.

        Raises:
            NotCanonical: it has none.
        """
        if form.comments not in self._made:
            whole = _written(self._root, Form(False, form.comments), ())
            self._made[form.comments] = (whole, _Scopes(whole).found)
        whole, places = self._made[form.comments]
        place = places[position]
        if place.inherits and not form.exclusive:
            raise NotCanonical("an element around it has xml: attributes")
        cut = _cut(whole, place)
        return _written(etree.fromstring(cut, _parser()), form, prefixes) if form.exclusive else cut


def _parser() -> etree.XMLParser:
    return etree.XMLParser(huge_tree=False, resolve_entities=False, no_network=True, load_dtd=False)


def _looks(root: etree._Element) -> int:
    most = around = 0
    for event, _ in etree.iterwalk(root, events=("start-ns", "end-ns")):
        around += 1 if event == "start-ns" else -1
        most = max(most, around)
    return int(root.xpath("count(//*)")) * most * most


def _written(root: etree._Element, form: Form, prefixes: Sequence[str]) -> bytes:
    if form.exclusive and "#default" in prefixes:  # lxml passes on only prefixes that it has met as names
        raise NotCanonical("its form keeps the default namespace by name, which is not made here")
    if len(prefixes) > MOST_PREFIXES:
        raise NotCanonical(f"its form keeps more than {MOST_PREFIXES} namespaces by name")
    try:
        written: bytes = etree.tostring(
            root.getroottree(),
            method="c14n",
            exclusive=form.exclusive,
            with_comments=form.comments,
            inclusive_ns_prefixes=list(prefixes) if form.exclusive and prefixes else None,
        )
    except (etree.LxmlError, ValueError) as error:  # a namespace that is no absolute URI
        raise NotCanonical("no canonical form is defined for it") from error
    return written


class _Begun(Exception):
    """The root was met: no document type can follow."""


def _refuse_doctype(data: bytes) -> None:
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise NotCanonical("it declares a document type")

    def begun(*_: object) -> None:
        raise _Begun

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = begun
    try:
        parser.Parse(data, True)
    except _Begun:
        return
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotCanonical("not well-formed") from error
    finally:
        let_go(parser)


class _Scopes:
    """One pass over a canonical document: where each element stands, and which namespaces are in scope there."""

    def __init__(self, data: bytes) -> None:
        self.found: list[_Place] = []
        self._data = data
        self._open: list[int] = []
        self._parser = expat.ParserCreate()
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._kept = 0
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise NotCanonical("not well-formed") from error
        finally:
            let_go(self._parser)

    def _start(self, _tag: str, attributes: list[str]) -> None:
        if len(self.found) >= MAX_ELEMENTS:
            raise NotCanonical(f"more than {MAX_ELEMENTS} elements")
        around = self.found[self._open[-1]] if self._open else None
        scope = around.scope if around else {}
        own = {
            name.partition(":")[2]: value
            for name, value in zip(attributes[::2], attributes[1::2], strict=True)
            if name == "xmlns" or name.startswith("xmlns:")
        }
        inherits = around is not None and (around.inherits or around.end < 0)
        # Until an element ends, the sign of its end says whether it has an attribute that others inherit.
        mark = -1 if any(name.startswith("xml:") for name in attributes[::2]) else 0
        self._open.append(len(self.found))
        if own:
            self._kept += len(scope) + len(own)
            if self._kept > _MOST_KEPT:
                raise NotCanonical("it declares too many namespaces")
            scope = {**scope, **own}
        self.found.append(_Place(self._parser.CurrentByteIndex, mark, scope, inherits))

    def _end(self, _tag: str) -> None:
        at = self._open.pop()
        end = self._data.index(b">", self._parser.CurrentByteIndex) + 1
        self.found[at] = self.found[at]._replace(end=end)


def _cut(whole: bytes, place: _Place) -> bytes:
    """Return the canonical form of an element, with all namespaces in its scope on it."""
    tag = _TAG.match(whole, place.start)
    if tag is None:
        raise NotCanonical("its start tag is not read")
    name = tag[0][1:].partition(b" ")[0].rstrip(b">")
    spaces = [
        (f' xmlns:{prefix}="{_escaped(uri)}"' if prefix else f' xmlns="{_escaped(uri)}"').encode()
        for prefix, uri in sorted(place.scope.items())
        if uri or prefix
    ]
    rest = [
        one[0]
        for one in _ATTRIBUTE.finditer(whole, place.start, tag.end())
        if one[1] != b"xmlns" and not one[1].startswith(b"xmlns:")
    ]
    return b"".join([b"<", name, *spaces, *rest, b">", whole[tag.end() : place.end]])


def _escaped(text: str) -> str:
    return "".join([_ESCAPES.get(char, char) for char in text])
