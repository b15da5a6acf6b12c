"""Mails that invented authors signed with S/MIME or OpenPGP; all keys are made here."""

import hashlib
from base64 import encodebytes
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

AT = datetime(2017, 3, 6, 10, 0, 0, tzinfo=UTC)
ANNA = "anna@example.org"
PART = b"Content-Type: text/plain; charset=utf-8\r\n\r\nWe meet at ten.\r\n"


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """Return the key of that name."""
    return rsa.generate_private_key(65537, 2048)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@cache
def certificate(address: str = ANNA, issuer: str = "Example Root", *, days: int = 30) -> x509.Certificate:
    """Return a certificate; an issuer's own where *address* is its name, one that signs itself where they are equal.

    Args:
        address: whom it is for.
        issuer: who signs it.
        days: it is valid from that many days before `AT` to as many after.
    """
    authority = "@" not in address
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(address))
        .issuer_name(_name(issuer))
        .public_key(private_key(address).public_key())
        .serial_number(1 + len(address))
        .not_valid_before(AT - timedelta(days=days))
        .not_valid_after(AT + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        names = x509.SubjectAlternativeName([x509.RFC822Name(address)])
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        for extension in (names, usage, *_asked()):
            made = made.add_extension(extension, critical=False)
    return made.sign(private_key(issuer), hashes.SHA256())


@cache
def of_one_name(name: str, count: int) -> tuple[x509.Certificate, ...]:
    """Return certificates of issuers of one name, each of which could have signed any other."""
    made = []
    for number in range(count):
        authority = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name(name))
            .public_key(private_key(f"{name} {number}").public_key())
            .serial_number(100 + number)
            .not_valid_before(AT - timedelta(days=1))
            .not_valid_after(AT + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        )
        made.append(authority.sign(private_key(f"{name} {number}"), hashes.SHA256()))
    return tuple(made)


def _asked() -> tuple[x509.AuthorityInformationAccess, x509.CRLDistributionPoints]:
    """Return where a certificate says to ask about itself and for its issuer's, which nobody does."""
    url = x509.UniformResourceIdentifier("http://ca.example.org/")
    kinds = (AuthorityInformationAccessOID.OCSP, AuthorityInformationAccessOID.CA_ISSUERS)
    return (
        x509.AuthorityInformationAccess([x509.AccessDescription(kind, url) for kind in kinds]),
        x509.CRLDistributionPoints([x509.DistributionPoint([url], None, None, None)]),
    )


def cms(part: bytes, signer: str = ANNA, *, signers: int = 1, inside: bool = False, **of_certificate: Any) -> bytes:
    """Return a CMS signature of bytes, DER.

    Args:
        part: what is signed.
        signer: address of the certificate, which the signature carries.
        signers: how many signerInfos it has.
        inside: whether it holds what it signs.
        of_certificate: as `certificate` takes it.
    """
    from asn1crypto import cms as asn1
    from asn1crypto import x509 as asn1_x509

    encoded = certificate(signer, **of_certificate).public_bytes(serialization.Encoding.DER)
    own = asn1_x509.Certificate.load(encoded)
    attributes = asn1.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "message_digest", "values": [hashlib.sha256(part).digest()]},
            {"type": "signing_time", "values": [asn1.Time({"utc_time": AT})]},
        ]
    )
    value = private_key(signer).sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
    info = asn1.SignerInfo(
        {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
            "signature": value,
        }
    )
    content = {"content_type": "data", **({"content": part} if inside else {})}
    signed = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": content,
        "certificates": [own],
        "signer_infos": [info] * signers,
    }
    return bytes(asn1.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _number(value: int) -> bytes:
    return value.bit_length().to_bytes(2, "big") + value.to_bytes((value.bit_length() + 7) // 8, "big")


def _packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4, "big") + body


def pgp_key(signer: str = ANNA) -> bytes:
    """Return the public key block of a signer, not armoured."""
    numbers = private_key(signer).public_key().public_numbers()
    body = b"\x04" + int(AT.timestamp() - 1000).to_bytes(4, "big") + b"\x01" + _number(numbers.n) + _number(numbers.e)
    return _packet(6, body) + _packet(13, f"Signer <{signer}>".encode())


def fingerprint(signer: str = ANNA) -> bytes:
    """Return the fingerprint of a signer's key."""
    body = pgp_key(signer)[6:]
    size = int.from_bytes(pgp_key(signer)[2:6], "big")
    return hashlib.sha1(b"\x99" + size.to_bytes(2, "big") + body[:size], usedforsecurity=False).digest()


def pgp(part: bytes, signer: str = ANNA, *, kind: int = 0) -> bytes:
    """Return an armoured signature of version 4; *kind* 1: of text."""
    said = b"\x05\x02" + int(AT.timestamp()).to_bytes(4, "big") + b"\x16\x21\x04" + fingerprint(signer)
    hashed = bytes([4, kind, 1, 8]) + len(said).to_bytes(2, "big") + said
    block = part + hashed + b"\x04\xff" + len(hashed).to_bytes(4, "big")
    number = int.from_bytes(private_key(signer).sign(block, padding.PKCS1v15(), hashes.SHA256()), "big")
    body = hashed + b"\x00\x00" + hashlib.sha256(block).digest()[:2] + _number(number)
    return armoured(_packet(2, body))


def armoured(packets: bytes, name: str = "SIGNATURE") -> bytes:
    """Return packets in armour, without a checksum."""
    lines = encodebytes(packets).replace(b"\n", b"\r\n")
    return b"-----BEGIN PGP %b-----\r\n\r\n%b-----END PGP %b-----\r\n" % (name.encode(), lines, name.encode())


def cleartext(text: bytes, signer: str = ANNA) -> bytes:
    """Return a text with its cleartext signature; *text* ends without a line end and begins no line with a dash."""
    return b"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n" + text + b"\r\n" + pgp(text, signer, kind=1)


_HEADER = (
    "From: Anna <{sender}>\r\nTo: ben@example.net\r\nDate: {date}\r\nSubject: Ten\r\nMessage-ID: <1@example.org>\r\n"
    "MIME-Version: 1.0\r\n"
)


def header(sender: str = ANNA, at: datetime = AT) -> bytes:
    """Return header fields of a mail, to which those of its content are added."""
    return _HEADER.format(sender=sender, date=f"{at:%a, %d %b %Y %H:%M:%S} +0000").encode()


def multipart_signed(part: bytes, signature: bytes, protocol: str, boundary: str = "s") -> bytes:
    """Return the content of a multipart/signed, its own fields included; a CMS signature is encoded in base64."""
    lead = f'Content-Type: multipart/signed; boundary="{boundary}"; protocol="{protocol}"; micalg=sha-256\r\n\r\n'
    fields = f"Content-Type: {protocol}\r\n"
    if "pkcs7" in protocol:
        fields += "Content-Transfer-Encoding: base64\r\n"
        signature = encodebytes(signature).replace(b"\n", b"\r\n")
    return b"%b--%b\r\n%b\r\n--%b\r\n%b\r\n%b\r\n--%b--\r\n" % (
        lead.encode(),
        boundary.encode(),
        part,
        boundary.encode(),
        fields.encode(),
        signature,
        boundary.encode(),
    )


def smime_mail(
    part: bytes = PART, signer: str = ANNA, *, sender: str = ANNA, at: datetime = AT, **cms_of: Any
) -> bytes:
    """Return a mail whose whole content is signed with S/MIME."""
    return header(sender, at) + multipart_signed(part, cms(part, signer, **cms_of), "application/pkcs7-signature")


def pgp_mail(part: bytes = PART, signer: str = ANNA, *, sender: str = ANNA, at: datetime = AT) -> bytes:
    """Return a mail whose whole content is signed with OpenPGP; it does not carry the key."""
    return header(sender, at) + multipart_signed(part, pgp(part, signer), "application/pgp-signature")


def without_certificate(signature: bytes) -> bytes:
    """Return a CMS signature that does not carry its signer's certificate, DER."""
    from asn1crypto import cms as asn1

    content = asn1.ContentInfo.load(signature)
    content["content"]["certificates"] = []
    return bytes(content.dump(force=True))


def bare_smime_mail(part: bytes = PART, signer: str = ANNA, *, sender: str = ANNA) -> bytes:
    """Return a mail that is signed with S/MIME and does not carry the certificate."""
    bare = without_certificate(cms(part, signer))
    return header(sender) + multipart_signed(part, bare, "application/pkcs7-signature")
