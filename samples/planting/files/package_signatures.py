"""Digital signatures of packages as Office makes them, with a key and a certificate from the seed.

Every part of the document is covered, its properties are not, as in Office; relationships are not covered here. All
signed XML is written in canonical form.

Source: ECMA-376 part 2, 13 (digital signatures); W3C XML Signature 1.1.
"""

import base64
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from samples.planting.files.package import Marks, Package
from samples.planting.keys import SigningKey, key_of
from samples.planting.mime import Unfit

_XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_MDSSI = "http://schemas.openxmlformats.org/package/2006/digital-signature"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_ORIGIN = "application/vnd.openxmlformats-package.digital-signature-origin"
_SIGNATURE = "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"
_TYPES, _ROOT = "[Content_Types].xml", "_rels/.rels"
_SIGNED = re.compile(r"(?:word|xl|ppt)/(?!_rels/|.*/_rels/).*")
_SPACE = f'xmlns="{_XMLDSIG}" xmlns:mdssi="{_MDSSI}"'
_NAMES = ("Ines Marchal", "Paul Rieu", "Odile Sanner", "Bruno Tessier")
SEEDS = 4
"""Keys: to make one takes a while."""


def signed(package: Package, at: datetime, rng: Random) -> Package:
    """Return a package with a signature over all parts of the document.

    Args:
        package: unsigned.
        at: when it is signed.
        rng: chooses who signs.

    Raises:
        Unfit: it has a signature, or is not written as Office writes it.
    """
    name = rng.choice(_NAMES)
    key = key_of("signer.example", f"document {_NAMES.index(name) % SEEDS}")
    parts = [member for member in package.members if _SIGNED.fullmatch(member.name)]
    types, root = package.content(_TYPES).decode("utf-8", "replace"), package.content(_ROOT).decode("utf-8", "replace")
    if any(member.name.startswith("_xmlsignatures/") for member in package.members) or not parts:
        raise Unfit("signed, or without parts")
    if "</Types>" not in types or "</Relationships>" not in root:
        raise Unfit("written otherwise")
    listed = "".join([_reference(f"/{one.name}?ContentType={type_of(types, one.name)}", one.content) for one in parts])
    relation = f'<Relationship Id="rIdSign1" Type="{_RELATIONS}/digital-signature/'
    overrides = (
        f'<Default Extension="sigs" ContentType="{_ORIGIN}"/>'
        f'<Override PartName="/_xmlsignatures/sig1.xml" ContentType="{_SIGNATURE}"/></Types>'
    )
    origin = f'{relation}origin" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    to_signature = f'<Relationships xmlns="{_RELATIONS}">{relation}signature" Target="sig1.xml"/></Relationships>'
    package = package.holding(_TYPES, types.replace("</Types>", overrides).encode())
    package = package.holding(_ROOT, root.replace("</Relationships>", origin).encode())
    package = package.added("_xmlsignatures/origin.sigs", b"", Marks.OWN)
    package = package.added("_xmlsignatures/_rels/origin.sigs.rels", to_signature.encode(), Marks.OWN)
    xml = _signature(listed, key, _certificate(key, name, at, rng), at)
    return package.added("_xmlsignatures/sig1.xml", xml, Marks.OWN)


def type_of(types: str, part: str) -> str:
    """Return what the package says a part is: of itself, or of its extension.

    Raises:
        Unfit: it says nothing of it.
    """
    ending = part.rpartition(".")[2].lower()
    own: dict[str, str] = {}
    for kind, attributes in re.findall(r"<(Default|Override)\s([^>]*)>", types):
        values = dict(re.findall(r'(\w+)="([^"]*)"', attributes))
        own[values.get("PartName", "") if kind == "Override" else values.get("Extension", "").lower()] = values.get(
            "ContentType", ""
        )
    found = own.get(f"/{part}") or own.get(ending)
    if not found:
        raise Unfit(f"no type of {part}")
    return found


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _reference(uri: str, data: bytes, more: str = "") -> str:
    return (
        f'<Reference{more} URI="{uri}"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256">'
        f"</DigestMethod><DigestValue>{_b64(sha256(data).digest())}</DigestValue></Reference>"
    )


def _signature(references: str, key: SigningKey, certificate: bytes, at: datetime) -> bytes:
    package = (
        f"<Manifest>{references}</Manifest><SignatureProperties>"
        '<SignatureProperty Id="idSignatureTime" Target="#idPackageSignature"><mdssi:SignatureTime>'
        f"<mdssi:Format>YYYY-MM-DDThh:mm:ssTZD</mdssi:Format><mdssi:Value>{at:%Y-%m-%dT%H:%M:%SZ}</mdssi:Value>"
        "</mdssi:SignatureTime></SignatureProperty></SignatureProperties></Object>"
    )
    held = f'<Object {_SPACE} Id="idPackageObject">{package}'.encode()
    listed = _reference("#idPackageObject", held, f' Type="{_XMLDSIG}Object"')
    info = (
        f'<CanonicalizationMethod Algorithm="{_C14N}"></CanonicalizationMethod>'
        '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></SignatureMethod>'
        f"{listed}</SignedInfo>"
    )
    value = key.sign(f"<SignedInfo {_SPACE}>{info}".encode())
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\r\n<Signature Id="idPackageSignature" {_SPACE}>'
        f"<SignedInfo>{info}<SignatureValue>{value}</SignatureValue><KeyInfo><X509Data><X509Certificate>"
        f"{_b64(certificate)}</X509Certificate></X509Data></KeyInfo>"
        f'<Object Id="idPackageObject">{package}</Signature>'
    ).encode()


def _certificate(key: SigningKey, name: str, at: datetime, rng: Random) -> bytes:
    """Return a certificate that the signer issued to themselves, as Office does where there is none."""
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begun = (at - timedelta(days=30)).replace(tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.private.public_key())
        .serial_number(rng.getrandbits(100) + 1)
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=365))
        .sign(key.private, SHA256())
    )
    return made.public_bytes(Encoding.DER)
