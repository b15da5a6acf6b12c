"""What the parts of a package come to under the methods that a signature names: bytes, canonical forms, relationships.

XPath and XSLT are never run: what a signature asks them for is untested.

Source: ECMA-376 part 2 (OPC) 10.5.8 (relationships transform), XML Signature 1.1 section 6.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from forensics.errors import ParseError
from forensics.parsers._canonical_xml import FORMS, Canonical, NotCanonical
from forensics.parsers._gathering import Layer
from forensics.parsers._xml import Element
from forensics.parsers.document._package import Part
from forensics.parsers.document._part_names import plain

DIGESTS = {
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
    "http://www.w3.org/2001/04/xmldsig-more#md5": "md5",
    "http://www.w3.org/2001/04/xmldsig-more#sha224": "sha224",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
"""Names of hashes by the name of the algorithm."""
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/RelationshipTransform"
_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
MOST_FORMS = 10
"""Changed parts of one document whose stated digest is looked for in other ways of writing."""
FORM_BYTES = 2_000_000
"""Of such a part."""
MOST_BYTES = 64_000_000
"""That are brought into canonical form for the signatures of one document."""
_LOOKS = 8
"""As many looks at namespaces count as one of these bytes."""
_LOOK = 50
"""Such bytes that looking at one relationship counts as."""
MOST_LISTED = 200_000
"""Relationships of one document, after which no more part that lists some is read."""
MOST_COMPUTED = 10_000
"""Digests of one document."""
_PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^>]{0,200}\?>)?[ \t\r\n]{0,8}")
_BETWEEN = re.compile(rb">[ \t\r\n]++<")
_PROLOGUES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n',
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    b'<?xml version="1.0" encoding="UTF-8"?>\r\n',
    b'<?xml version="1.0" encoding="UTF-8"?>\n',
    b'<?xml version="1.0" encoding="UTF-8"?>',
    b'<?xml version="1.0" encoding="utf-8"?>\r\n',
    b'<?xml version="1.0" encoding="utf-8"?>',
    b"",
)
"""How the writers of packages begin their parts."""
_ESCAPES = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}


class Untested(Exception):
    """A digest is not computed; the text says why."""


class Missing(Exception):
    """No such part."""


class Transform(NamedTuple):
    """One step from a part to what is digested."""

    algorithm: str
    ids: tuple[str, ...] = ()
    """Of relationships, and the types of them."""
    types: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    """Of an exclusive canonical form."""


class Relationship(NamedTuple):
    """One entry of a part of relationships."""

    id: str
    kind: str
    """Its type, as written."""
    target: str
    mode: str


class Sized(Protocol):
    """Something that stands under a name."""

    @property
    def size(self) -> int:
        """Bytes of it, as stated."""


class Signable(Protocol):
    """What signatures are about: a package with its parts, or a compound file with its streams."""

    @property
    def names(self) -> list[bytes]:
        """Names of all that stands there."""

    def find(self, name: bytes) -> Sized | None:
        """Return what stands under a name."""

    def several(self, name: bytes) -> bool:
        """Whether more than one thing has a name that means this."""

    def digest(self, name: bytes, method: str) -> bytes:
        """Return the digest of what is signed there.

        Raises:
            ParseError: it cannot be read, or a limit is in the way.
        """

    def layer(self, name: bytes) -> Layer | None:
        """Return the bytes there."""

    def part(self, name: bytes) -> Part | None:
        """Return the XML there."""


class Digests:
    """Digests of one package's parts; what several signatures ask for is computed once."""

    def __init__(self, package: Signable) -> None:
        self._package = package
        self._known: dict[tuple[bytes, str, tuple[Transform, ...]], bytes | Untested | Missing] = {}
        self._unreadable: set[bytes] = set()
        self._lists: dict[bytes, list[Relationship] | None] = {}
        self._searched = 0
        self._canonical = 0
        self._listed = 0

    def of(self, name: bytes, method: str, transforms: tuple[Transform, ...]) -> bytes:
        """Return the digest of a part.

        Raises:
            Untested: a method is not known, or a limit or damage is in the way.
            Missing: there is no such part.
        """
        name = plain(name)
        key = (name, method, transforms)
        if key not in self._known:
            try:
                self._known[key] = self._computed(name, method, transforms)
            except (Untested, Missing) as none:
                self._known[key] = none
        found = self._known[key]
        if isinstance(found, bytes):
            return found
        raise found

    def _computed(self, name: bytes, method: str, transforms: tuple[Transform, ...]) -> bytes:
        if self._package.find(name) is None:
            raise Missing
        if self._package.several(name):
            raise Untested("several members have this name")
        if len(self._known) >= MOST_COMPUTED or self._canonical > MOST_BYTES:
            raise Untested("more digests than are computed for one document")
        if transforms:
            return hashlib.new(method, self._transformed(name, transforms), usedforsecurity=False).digest()
        try:
            return self._package.digest(name, method)
        except ParseError as error:
            raise Untested(str(error)) from error

    def _transformed(self, name: bytes, transforms: tuple[Transform, ...]) -> bytes:
        names = [one.algorithm for one in transforms]
        if names[0] == RELATIONSHIPS and len(names) == 2 and names[1] in FORMS:
            if not name.endswith(b".rels"):
                raise Untested("it asks for the relationships of a part that lists none")
            listed = self.relationships(name)
            self._canonical += _LOOK * len(listed)
            chosen = _chosen(listed, transforms[0])
            self._canonical += len(chosen)
            return chosen
        if len(names) > 1 or names[0] not in FORMS:
            unknown = next((one for one in names if one not in FORMS), names[-1])
            raise Untested(f"it asks for {unknown[:120] or 'a transform without a name'}, which is not applied")
        data = self._bytes(name)
        self._canonical += len(data)
        try:
            read = Canonical(data)
            self._canonical += read.looks // _LOOKS
            return read.document(FORMS[names[0]], transforms[0].prefixes)
        except NotCanonical as error:
            raise Untested(str(error)) from error

    def _bytes(self, name: bytes) -> bytes:
        layer = self._package.layer(name) if name not in self._unreadable else None
        if layer is None:
            self._unreadable.add(name)
            raise Untested("the part cannot be read")
        return layer.data

    def relationships(self, name: bytes) -> list[Relationship]:
        """Return the relationships of a part that lists some.

        Raises:
            Untested: it cannot be read.
            Missing: there is no such part.
        """
        name = plain(name)
        member = self._package.find(name)
        if member is None:
            raise Missing
        if name not in self._lists:
            if self._canonical > MOST_BYTES or self._listed > MOST_LISTED:
                raise Untested("more relationships than are compared for one document")
            self._canonical += member.size
            part = self._package.part(name)
            entries = part.root.children if part else []
            found = [_relationship(one) for one in entries if one.tag == f"{{{_SPACE}}}Relationship"]
            self._listed += len(found)
            self._lists[name] = found if part else None
        listed = self._lists[name]
        if listed is None:
            raise Untested("the part cannot be read")
        return listed

    def form(self, name: bytes, method: str, stated: bytes) -> str:
        """Return what has to be undone in a part so that it has the stated digest; empty: nothing that is tried."""
        member = self._package.find(name)
        if self._searched >= MOST_FORMS or member is None or member.size > FORM_BYTES:
            return ""
        self._searched += 1
        layer = self._package.layer(name)
        if layer is None:
            return ""
        forms = _forms(layer.data)
        return next(
            (word for word, data in forms if hashlib.new(method, data, usedforsecurity=False).digest() == stated), ""
        )


def _relationship(element: Element) -> Relationship:
    values = {name: value.text for name, value in element.attributes.items()}
    return Relationship(
        values.get("Id", ""), values.get("Type", ""), values.get("Target", ""), values.get("TargetMode") or "Internal"
    )


def _chosen(found: list[Relationship], transform: Transform) -> bytes:
    """Return the canonical form of the chosen relationships, in the order of their ids."""
    ids, types = set(transform.ids), set(transform.types)
    chosen = sorted([one for one in found if one.id in ids or one.kind in types])
    rows = [
        f'<Relationship Id="{_escaped(one.id)}" Target="{_escaped(one.target)}" TargetMode="{_escaped(one.mode)}"'
        f' Type="{_escaped(one.kind)}"></Relationship>'
        for one in chosen
    ]
    return f'<Relationships xmlns="{_SPACE}">{"".join(rows)}</Relationships>'.encode("utf-8", "surrogatepass")


def _escaped(text: str) -> str:
    return "".join([_ESCAPES.get(char, char) for char in text])


def _forms(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield other ways of writing one XML part: how it begins, its line ends, spaces between its elements."""
    match = _PROLOGUE.match(data)
    body = data[match.end() :] if match else data
    if not body.startswith(b"<"):
        return
    lines = body.replace(b"\r\n", b"\n")
    bodies = (
        ("", body),
        ("line_ends", lines.replace(b"\n", b"\r\n")),
        ("line_ends", lines),
        ("spaces", _BETWEEN.sub(b"><", body).rstrip()),
        ("quotes", body.replace(b"&quot;", b'"')),
    )
    prologues = (("", data[: len(data) - len(body)]), *[("first_line", one) for one in _PROLOGUES])
    for change, written in bodies:
        for beginning, prologue in prologues:
            yield "+".join([one for one in (beginning, change) if one]) or "nothing", prologue + written
