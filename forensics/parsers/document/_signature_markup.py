"""Reads the markup of one digital signature: what it states of what, the key and certificates that it carries.

Source: XML Signature 1.1 (W3C), ETSI TS 101 903 (XAdES).
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator

import msgspec

from forensics.model.document_signatures import DigestOutcome, SignedReference
from forensics.model.facts import Located
from forensics.model.locations import Locator, quote
from forensics.parsers._canonical_xml import DEFAULT, FORMS, Canonical, NotCanonical
from forensics.parsers._xml import Element, Value
from forensics.parsers.document._package import Part
from forensics.parsers.document._signature_digests import DIGESTS, Transform

SPACE = "http://www.w3.org/2000/09/xmldsig#"
MOST_REFERENCES = 5_000
"""Of one signature."""
MOST_CERTIFICATES = 20
MOST_WRITTEN = 64_000_000
"""Bytes of canonical forms for the signatures of one part."""
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/digital-signature"
_OPENING = 60
_BARE_KEYS = frozenset({"RSAKeyValue", "DSAKeyValue", "ECKeyValue", "ECDSAKeyValue", "DEREncodedKeyValue"})
_IDS = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """One reference as it is written."""

    uri: str
    method: str
    """Name of the hash; the algorithm as written where it is not known."""
    known: bool
    transforms: tuple[Transform, ...]
    value: bytes
    stated: Located

    @property
    def beside(self) -> bool:
        """Whether it is about the part in which the signature stands."""
        return not self.uri or self.uri.startswith("#")


class Sheet:
    """One part in which signatures stand: its elements by id and place, and its canonical forms."""

    def __init__(self, part: Part) -> None:
        """Look through it once, for all its signatures."""
        self.part = part
        self.order = list(part.root.walk())
        self._positions = {id(one): at for at, one in enumerate(self.order)}
        self._ids: dict[str, list[Element]] = {}
        for one in self.order:
            for name in {one.attributes[key].text for key in _IDS if key in one.attributes}:
                self._ids.setdefault(name, []).append(one)
        self._canonical: Canonical | None = None
        self._written = 0

    def by_id(self, name: str, within: Element) -> Element | None:
        """Return the one element of an id, of several the one in an element; ``None``: none has it, or several.

        LibreOffice called the properties of all signatures in one part the same.
        """
        found = self._ids.get(name, [])
        if len(found) > 1:
            start = self._positions[id(within)]
            end = start + sum([1 for _ in within.walk()])
            found = [one for one in found if start < self._positions[id(one)] < end]
        return found[0] if len(found) == 1 else None

    def canonical(
        self, element: Element, algorithm: str = "", prefixes: tuple[str, ...] = (), *, comments: bool = True
    ) -> bytes:
        """Return the canonical form of an element; without *comments* none is in it, whatever the method says.

        Raises:
            NotCanonical: there is none, its method is not known, or much was asked for already.
        """
        form = FORMS.get(algorithm) if algorithm else DEFAULT
        if form is None:
            raise NotCanonical(f"its canonical form {algorithm[:120]} is not known")
        form = form if comments else form._replace(comments=False)
        if self._written > MOST_WRITTEN:
            raise NotCanonical("more is signed in this part than is compared")
        if self._canonical is None:
            self._canonical = Canonical(self.part.layer.data)
        written = self._canonical.element(self._positions[id(element)], form, prefixes)
        self._written += len(written)
        return written


class Markup:
    """One ``Signature`` element, and the part in which it stands."""

    def __init__(self, sheet: Sheet, element: Element) -> None:
        """Keep them."""
        self.part = sheet.part
        self.sheet = sheet
        self.element = element

    def child(self, *names: str, of: Element | None = None) -> Element | None:
        """Return the element that a path of local names leads to, the first of each name."""
        found = of or self.element
        for name in names:
            below = next((one for one in found.children if one.local == name), None)
            if below is None:
                return None
            found = below
        return found

    def named(self, element: Element, local: str) -> Iterator[Element]:
        """Yield the elements of a name in and below one."""
        return (one for one in element.walk() if one.local == local)

    def located(self, value: Value, path: str) -> Located:
        """Return a text with its place."""
        raw = self.part.layer.cut(value.span, value.text)
        return Located(value.text, raw.data, raw.locator(f"{self.part.path}#{path}"))

    def opening(self) -> Located:
        """Return how the signature's value begins."""
        element = self.child("SignatureValue")
        span = element.value.span if element is not None else None
        path = f"{self.part.path}#SignatureValue"
        if span is None:
            return Located("", b"", Locator(path=path))
        written = self.part.layer.data[slice(*span)]
        start = span[0] + len(written) - len(written.lstrip())
        raw = self.part.layer.cut((start, min(span[1], start + _OPENING)), "")
        return Located(raw.data.decode("ascii", "replace"), raw.data, raw.locator(path))

    def stated(self, element: Element) -> Iterator[Stated]:
        """Yield the references right below an element."""
        for one in element.children:
            if one.local == "Reference":
                yield self._reference(one)

    def _reference(self, element: Element) -> Stated:
        uri = attribute(element, "URI")
        algorithm = attribute(self.child("DigestMethod", of=element), "Algorithm")
        value = self.child("DigestValue", of=element)
        transforms = self.child("Transforms", of=element)
        name = quote(uri.partition("?")[0].encode("utf-8", "surrogatepass"))[:200]
        return Stated(
            uri=uri,
            method=DIGESTS.get(algorithm, algorithm[:120] or "none"),
            known=algorithm in DIGESTS,
            transforms=tuple([_transform(one) for one in transforms.children]) if transforms else (),
            value=decoded(value.value.text) if value else b"",
            stated=self.located(value.value if value else Value("", None), f"Reference[{name}]"),
        )

    def inside(self, stated: Stated) -> tuple[SignedReference, Element | None]:
        """Compare what a reference states of an element of the same part; return it and that element."""
        target = self.sheet.by_id(stated.uri[1:], self.element)
        outcome, reason = self._compared(stated, target)
        said = SignedReference(
            name=stated.uri[:200] or "#", method=stated.method, outcome=outcome, reason=reason, stated=stated.stated
        )
        return said, target

    def _compared(self, stated: Stated, target: Element | None) -> tuple[DigestOutcome, str]:
        if not stated.uri or stated.uri.startswith("#xpointer("):
            return DigestOutcome.UNTESTED, "it is about all of the part in which it stands, or a place found by XPath"
        if target is None:
            return DigestOutcome.MISSING, "no element, or more than one, has this id"
        steps = stated.transforms
        if not stated.known:
            return DigestOutcome.UNTESTED, f"the hash {stated.method} is not known"
        if len(steps) > 1 or (steps and steps[0].algorithm not in FORMS):
            unknown = next((one.algorithm for one in steps if one.algorithm not in FORMS), "several canonical forms")
            return DigestOutcome.UNTESTED, f"it asks for {unknown[:120]}, which is not applied"
        try:
            # What a fragment alone points to has no comments (XML Signature 4.4.3.3).
            named = (steps[0].algorithm, steps[0].prefixes) if steps else ()
            form = self.sheet.canonical(target, *named, comments=False)
        except NotCanonical as error:
            return DigestOutcome.UNTESTED, str(error)
        same = hashlib.new(stated.method, form, usedforsecurity=False).digest() == stated.value
        return (DigestOutcome.SAME if same else DigestOutcome.OTHER), ""

    def certificates(self) -> tuple[bytes, ...]:
        """Return the certificates that it carries, DER."""
        keys = self.child("KeyInfo")
        found = [decoded(one.value.text) for one in self.named(keys, "X509Certificate")] if keys else []
        return tuple([one for one in dict.fromkeys(found) if one][:MOST_CERTIFICATES])

    def unread_keys(self) -> bool:
        """Whether it carries more keys than `certificates` and `rsa_key` return."""
        keys = self.child("KeyInfo")
        if keys is None:
            return False
        written = {"".join(one.value.text.split()) for one in self.named(keys, "X509Certificate")}
        bare = sum([one.local in _BARE_KEYS for one in keys.walk()])
        return len(written) > len(self.certificates()) or bare > (self.rsa_key() is not None)

    def rsa_key(self) -> tuple[bytes, bytes] | None:
        """Return modulus and exponent of a bare key."""
        key = self.child("KeyInfo", "KeyValue", "RSAKeyValue")
        modulus, exponent = (self.child(name, of=key) if key else None for name in ("Modulus", "Exponent"))
        if modulus is None or exponent is None:
            return None
        return decoded(modulus.value.text), decoded(exponent.value.text)


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute's text; empty if it is not there."""
    value = element.attributes.get(name) if element is not None else None
    return value.text if value is not None else ""


def _transform(element: Element) -> Transform:
    below = [one for one in element.children if one.namespace == _PACKAGE]
    prefixes = [one for one in element.children if one.local == "InclusiveNamespaces"]
    ids = [attribute(one, "SourceId") for one in below if one.local == "RelationshipReference"]
    types = [attribute(one, "SourceType") for one in below if one.local == "RelationshipsGroupReference"]
    return Transform(
        attribute(element, "Algorithm"),
        tuple(sorted(ids)),
        tuple(sorted(types)),
        tuple(attribute(prefixes[0], "PrefixList").split()) if prefixes else (),
    )


def decoded(text: str) -> bytes:
    """Return what base64 says, spaces left out; empty where it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
