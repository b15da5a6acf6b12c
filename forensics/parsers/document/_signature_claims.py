"""What a signature says of its making: when, on which computer, by which Office, in which role, why.

Nobody but the signer vouches for any of it. A time-stamp token is a server's; whether its own signature holds is not
asked here.

Source: [MS-OFFCRYPTO] 2.5.2.4 to 2.5.2.6 (SignatureInfoV1, SignatureInfoV2), ECMA-376 part 2 10.5.14 (SignatureTime),
ETSI TS 101 903 7.2 and 7.3.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Description, Timestamp
from forensics.model.time_kinds import TimeKind
from forensics.parsers._canonical_xml import NotCanonical
from forensics.parsers._gathering import Gathering
from forensics.parsers._written_dates import w3cdtf
from forensics.parsers._xml import Element
from forensics.parsers.document._signature_digests import DIGESTS
from forensics.parsers.document._signature_markup import Markup, attribute, decoded
from forensics.parsers.document._time_stamps import read

_DSIG, _MORE = "http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2001/04/xmldsig-more#"
_LATER = "http://www.w3.org/2007/05/xmldsig-more#"
METHODS = {
    f"{_DSIG}rsa-sha1": "rsa-sha1",
    f"{_DSIG}dsa-sha1": "dsa-sha1",
    "http://www.w3.org/2009/xmldsig11#dsa-sha256": "dsa-sha256",
    f"{_MORE}rsa-md5": "rsa-md5",
    **{f"{_MORE}rsa-{name}": f"rsa-{name}" for name in ("sha224", "sha256", "sha384", "sha512")},
    **{f"{_MORE}ecdsa-{name}": f"ecdsa-{name}" for name in ("sha1", "sha224", "sha256", "sha384", "sha512")},
    **{f"{_LATER}{name}-rsa-MGF1": f"rsa_pss-{name}" for name in ("sha1", "sha224", "sha256", "sha384", "sha512")},
}
"""Names of methods of signing by the name of the algorithm."""
MOST_TOKENS = 10
"""That are looked at in one signature."""
_TIMES = {"SignatureTime": TimeKind.DOCUMENT_SIGNED, "SigningTime": TimeKind.XADES_SIGNED}
_DC_DATE = "{http://purl.org/dc/elements/1.1/}date"
_INFO = {
    "SignatureText": "text",
    "SignatureComments": "comments",
    "SetupID": "line",
    "WindowsVersion": "windows_version",
    "OfficeVersion": "office_version",
    "ApplicationVersion": "application_version",
    "Monitors": "monitors",
    "HorizontalResolution": "horizontal_resolution",
    "VerticalResolution": "vertical_resolution",
    "ColorDepth": "color_depth",
    "SignatureProviderId": "provider",
    "SignatureProviderUrl": "provider_url",
    "SignatureType": "type",
    "DelegateSuggestedSigner": "suggested_signer",
    "DelegateSuggestedSigner2": "suggested_signer_title",
    "DelegateSuggestedSignerEmail": "suggested_signer_address",
    "Address1": "address",
    "Address2": "address",
}
_PROPERTIES = {
    "ClaimedRole": "role",
    "City": "place",
    "StateOrProvince": "place",
    "PostalCode": "place",
    "CountryName": "place",
    "Description": "commitment",
    "X509IssuerName": "issuer",
    "X509SerialNumber": "serial_number",
    "X509SubjectName": "subject",
}
"""What signed properties and the key's description say, and what a fact calls it."""


class Claims(NamedTuple):
    """What a signature says beside what it covers."""

    time: Timestamp | None
    """The first that is among what was signed."""
    certificate: tuple[str, bytes] | None
    tokens: tuple[tuple[bytes, int, bytes], ...]


def claims(markup: Markup, signed: Sequence[Element], gathering: Gathering) -> Claims:
    """Add what a signature says as facts and times, and return what its test needs."""
    covered = {id(one) for top in signed for one in top.walk()}
    time: Timestamp | None = None
    certificate: tuple[str, bytes] | None = None
    tokens: list[tuple[bytes, int, bytes]] = []
    looked = 0
    for element in markup.element.walk():
        if element.local in _TIMES or element.tag == _DC_DATE:
            stamp = _time(markup, element, gathering)
            if time is None and stamp is not None and id(element) in covered and isinstance(stamp.wall, int):
                time = stamp
        elif element.local in _INFO or element.local in _PROPERTIES:
            _fact(markup, element, gathering)
        elif element.local in ("SigningCertificate", "SigningCertificateV2") and id(element) in covered:
            certificate = certificate or _named(markup, element)
        elif element.local == "EncapsulatedTimeStamp" and looked < MOST_TOKENS:
            looked += 1
            tokens += _token(markup, element, gathering)
    return Claims(time, certificate, tuple(tokens))


def _fact(markup: Markup, element: Element, gathering: Gathering) -> None:
    name = _INFO.get(element.local) or _PROPERTIES[element.local]
    if element.children or not element.value.text.strip():
        return
    found = markup.located(element.value, element.local)
    gathering.add_fact(f"{gathering.area}.signature_{name}", found.value, found.locator, found.raw)


def _time(markup: Markup, element: Element, gathering: Gathering) -> Timestamp | None:
    if element.local == "SignatureTime":
        value = markup.child("Value", of=element)
        if value is None:
            return None
        found = markup.located(value.value, "SignatureTime")
    else:
        found = markup.located(element.value, element.local)
    kind = _TIMES.get(element.local, TimeKind.DOCUMENT_SIGNED)
    # LibreOffice wrote a comma before fractions.
    return gathering.add_time(
        w3cdtf(found.value.replace(",", ".")),
        kind,
        Description.SIGNED,
        found.locator,
        found.raw,
        clock=ClockKind.APPLICATION,
    )


def _named(markup: Markup, element: Element) -> tuple[str, bytes] | None:
    """Return hash and digest of the first certificate that signed properties name: the signer's."""
    digest = markup.child("Cert", "CertDigest", of=element)
    value = markup.child("DigestValue", of=digest) if digest else None
    method = DIGESTS.get(attribute(markup.child("DigestMethod", of=digest), "Algorithm")) if digest else None
    named = decoded(value.value.text) if value is not None else b""
    return (method, named) if named and method else None


def _token(markup: Markup, element: Element, gathering: Gathering) -> list[tuple[bytes, int, bytes]]:
    """Add the time of a token; return it where it is for the signature's value as it stands."""
    encoded = decoded(element.value.text)
    token = read(encoded)
    if token is None:
        return []
    found = markup.located(element.value, "EncapsulatedTimeStamp")
    gathering.add_time(
        token.time,
        TimeKind.SIGNATURE_STAMPED,
        Description.SIGNED,
        found.locator,
        found.raw,
        clock=ClockKind.SERVER,
    )
    value = markup.child("SignatureValue")
    holder = next((one for one in markup.named(markup.element, "SignatureTimeStamp") if element in one.children), None)
    hashed = {16: "md5", 20: "sha1", 28: "sha224", 32: "sha256", 48: "sha384", 64: "sha512"}.get(len(token.imprint))
    if value is None or holder is None or hashed is None or not isinstance(token.time.instant, int):
        return []
    try:
        stamped = markup.sheet.canonical(
            value, attribute(markup.child("CanonicalizationMethod", of=holder), "Algorithm")
        )
    except NotCanonical:
        return []
    fits = hashlib.new(hashed, stamped, usedforsecurity=False).digest() == token.imprint
    return [(encoded, token.time.instant // TICKS_PER_SECOND, token.imprint)] if fits else []
