"""Packages with digital signatures, made with keys of their own; every signed text is written in canonical form."""

import base64
import datetime
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

D = "http://www.w3.org/2000/09/xmldsig#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
MDSSI = "http://schemas.openxmlformats.org/package/2006/digital-signature"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
DIGESTS = {
    "sha1": f"{D}sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
    "md5": f"{MORE}md5",
}
DAY = datetime.datetime(2017, 3, 6, tzinfo=datetime.UTC)

DOCUMENT = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    b"<w:t>The price is 100.</w:t></w:r></w:p></w:body></w:document>"
)
PARTS: Mapping[str, bytes] = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{RELS_TYPE}"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'
    ).encode(),
    "_rels/.rels": (
        f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        f'Target="word/document.xml"/><Relationship Id="rId2" Type="{RELS}/metadata/core-properties" '
        'Target="docProps/core.xml"/>'
        f'<Relationship Id="rId3" Type="{RELS}/digital-signature/origin" Target="_xmlsignatures/origin.sigs"/>'
        "</Relationships>"
    ).encode(),
    "word/document.xml": DOCUMENT,
    "word/styles.xml": b"<styles/>",
    "docProps/core.xml": b"<coreProperties/>",
    "_xmlsignatures/origin.sigs": b"",
    "_xmlsignatures/_rels/origin.sigs.rels": (
        f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{RELS}/digital-signature/signature" '
        'Target="sig1.xml"/></Relationships>'
    ).encode(),
}
SIGNATURE = "_xmlsignatures/sig1.xml"
Value = Callable[[bytes], bytes]


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def dsa_key() -> dsa.DSAPrivateKey:
    return dsa.generate_private_key(2048)


def certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey,
    name: str = "Anna Example",
    issuer: str = "",
    issued_with: rsa.RSAPrivateKey | None = None,
    ca: bool = False,
) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer or name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(DAY - datetime.timedelta(days=30))
        .not_valid_after(DAY + datetime.timedelta(days=300))
        .add_extension(x509.BasicConstraints(ca, None), True)
        .sign(issued_with or key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.DER)


def by_rsa(data: bytes) -> bytes:
    return rsa_key().sign(data, padding.PKCS1v15(), hashes.SHA256())


def by_curve(data: bytes) -> bytes:
    one, other = decode_dss_signature(curve_key().sign(data, ec.ECDSA(hashes.SHA256())))
    return one.to_bytes(32, "big") + other.to_bytes(32, "big")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def digest(data: bytes, name: str) -> str:
    return b64(hashlib.new(name, data).digest())


def reference(uri: str, data: bytes, name: str = "sha256", transforms: str = "", more: str = "") -> str:
    """A reference in canonical form, without the namespace that is around it."""
    listed = f"<Transforms>{transforms}</Transforms>" if transforms else ""
    return (
        f'<Reference{more} URI="{uri}">{listed}<DigestMethod Algorithm="{DIGESTS[name]}"></DigestMethod>'
        f"<DigestValue>{digest(data, name)}</DigestValue></Reference>"
    )


def relationships_reference(uri: str, part: bytes, ids: Iterable[str], name: str = "sha256") -> str:
    """A reference to some relationships of a part whose entries lack a mode and stand in the order of their ids."""
    found = [one for one in part.decode().split("<Relationship ")[1:] if one[4 : one.index('"', 4)] in ids]
    rows = []
    for one in found:
        values = dict(piece.split('="', 1) for piece in one.partition("/>")[0].rstrip('"').split('" '))
        rows.append(
            f'<Relationship Id="{values["Id"]}" Target="{values["Target"]}" TargetMode="Internal" '
            f'Type="{values["Type"]}"></Relationship>'
        )
    made = f'<Relationships xmlns="{RELS}">{"".join(rows)}</Relationships>'
    sources = "".join([f'<mdssi:RelationshipReference SourceId="{one}"></mdssi:RelationshipReference>' for one in ids])
    transforms = (
        '<Transform Algorithm="http://schemas.openxmlformats.org/package/2006/RelationshipTransform">'
        f'{sources}</Transform><Transform Algorithm="{C14N}"></Transform>'
    )
    return reference(f"{uri}?ContentType={RELS_TYPE}", made.encode(), name, transforms)


def signature(
    parts: Mapping[str, bytes],
    references: str = "",
    *,
    name: str = "sha256",
    method: str = f"{MORE}rsa-sha256",
    sign: Value = by_rsa,
    key_info: str | None = None,
    comments: str = "agreed",
    properties: str = "",
    more: str = "",
) -> bytes:
    """The XML of a signature over the parts of a package, as Office writes it."""
    if not references:
        references = relationships_reference("/_rels/.rels", parts["_rels/.rels"], ["rId1"], name)
        references += reference(f"/word/document.xml?ContentType={WORD}", parts["word/document.xml"], name)
    package = (
        f"<Manifest>{references}</Manifest><SignatureProperties>"
        '<SignatureProperty Id="idSignatureTime" Target="#idPackageSignature"><mdssi:SignatureTime>'
        "<mdssi:Format>YYYY-MM-DDThh:mm:ssTZD</mdssi:Format><mdssi:Value>2017-03-06T10:00:00Z</mdssi:Value>"
        "</mdssi:SignatureTime></SignatureProperty></SignatureProperties></Object>"
    )
    office = (
        '<SignatureProperties><SignatureProperty Id="idOfficeV1Details" Target="#idPackageSignature">'
        '<SignatureInfoV1 xmlns="http://schemas.microsoft.com/office/2006/digsig"><SetupID></SetupID>'
        f"<SignatureComments>{comments}</SignatureComments><WindowsVersion>10.0</WindowsVersion>"
        "<OfficeVersion>16.0.9330/14</OfficeVersion><Monitors>2</Monitors></SignatureInfoV1></SignatureProperty>"
        "</SignatureProperties></Object>"
    )
    space = f'xmlns="{D}" xmlns:mdssi="{MDSSI}"'
    kind = f' Type="{D}Object"'
    listed = reference("#idPackageObject", f'<Object {space} Id="idPackageObject">{package}'.encode(), name, more=kind)
    listed += reference("#idOfficeObject", f'<Object {space} Id="idOfficeObject">{office}'.encode(), name, more=kind)
    if properties:
        canonical = properties.replace("<SignedProperties ", f"<SignedProperties {space} ", 1)
        listed += reference("#idSignedProperties", canonical.encode(), name)
    listed += more
    info = (
        f'<CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{method}"></SignatureMethod>{listed}</SignedInfo>'
    )
    value = b64(sign(f"<SignedInfo {space}>{info}".encode()))
    if key_info is None:
        key_info = x509_data(certificate(rsa_key()))
    held = f"<Object>{properties}</Object>" if properties else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Signature Id="idPackageSignature" {space}><SignedInfo>{info}'
        f"<SignatureValue>{value}</SignatureValue><KeyInfo>{key_info}</KeyInfo>"
        f'<Object Id="idPackageObject">{package}<Object Id="idOfficeObject">{office}{held}</Signature>'
    ).encode()


def x509_data(*certificates: bytes) -> str:
    held = "".join([f"<X509Certificate>{b64(one)}</X509Certificate>" for one in certificates])
    return f"<X509Data>{held}</X509Data>"


def zipped(parts: Mapping[str, bytes | None], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, data in parts.items():
            if data is not None:
                file.writestr(zipfile.ZipInfo(name), data, method)
    return made.getvalue()


def signed(changed: Mapping[str, bytes | None] | None = None, **options: object) -> bytes:
    """A signed package; *changed*: what was written, or taken out, after it was signed."""
    made = signature(PARTS, **options)  # type: ignore[arg-type]
    return zipped({**PARTS, SIGNATURE: made, **(changed or {})})


def stamp_info(imprint: bytes, time: datetime.datetime) -> bytes:
    """What a time-stamp token holds, DER."""
    from asn1crypto import tsp

    digest = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": imprint}
    info = {"version": "v1", "policy": "1.2.3", "message_imprint": digest, "serial_number": 5, "gen_time": time}
    return bytes(tsp.TSTInfo(info).dump())


def token(
    info: bytes, key_certificate: bytes, before: bytes = b"", content: str = "1.2.840.113549.1.9.16.1.4"
) -> bytes:
    """A time-stamp token; *before*: what stands among its names of hashes, which nobody signs."""
    from asn1crypto import cms as asn1
    from asn1crypto import x509 as asn1_x509
    from asn1crypto.core import Any, ParsableOctetString

    attributes = asn1.CMSAttributes(
        [
            {"type": "content_type", "values": [content]},
            {"type": "message_digest", "values": [hashlib.sha256(info).digest()]},
        ]
    )
    held = asn1_x509.Certificate.load(key_certificate)
    identified = {"issuer": held.issuer, "serial_number": held.serial_number}
    signer = {
        "version": "v1",
        "sid": asn1.SignerIdentifier({"issuer_and_serial_number": identified}),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
        "signature": by_rsa(attributes.dump()),
    }
    named = [{"algorithm": "sha256"}]
    if before:
        named = [{"algorithm": "1.2.3.4", "parameters": Any.load(before)}, *named]
    signed = {
        "version": "v3",
        "digest_algorithms": named,
        "encap_content_info": {"content_type": content, "content": ParsableOctetString(info)},
        "certificates": [held],
        "signer_infos": [signer],
    }
    return bytes(asn1.ContentInfo({"content_type": "signed_data", "content": asn1.SignedData(signed)}).dump())
