from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from forensics.authenticity import document_signatures, smime
from forensics.authenticity.document_signatures import tested as tried
from forensics.model.byte_sources import MemoryBytes
from forensics.model.document_signatures import DigestOutcome, DocumentSignature
from forensics.model.documents import DocumentFacts
from forensics.model.items import Limits, ParseContext
from forensics.model.locations import Location
from forensics.model.presence.document import DocumentHas, presence
from forensics.model.signed_parts import Issued, PartOutcome
from forensics.parsers.document import ooxml
from tests import signed_documents as made


def read(data: bytes) -> DocumentFacts:
    found = ooxml.parse(MemoryBytes(data), Location(()), ParseContext(limits=Limits()))
    return tried(next(one for one in found if isinstance(one, DocumentFacts)))


def only(data: bytes) -> DocumentSignature:
    (found,) = read(data).signatures
    return found


def test_a_signature_holds_and_says_whose_it_is() -> None:
    document = read(made.signed())
    (one,) = document.signatures
    assert one.verdict.outcome is PartOutcome.HOLDS and one.verdict.made_by_key is True
    assert one.verdict.signer == "Anna Example" and one.verdict.subject == "CN=Anna Example"
    assert one.verdict.issued is Issued.NOBODY
    facts = {fact.name: fact.value for fact in document.properties}
    assert facts["ooxml.signature_outcome"] == "holds" and facts["ooxml.signature_signer"] == "CN=Anna Example"
    assert presence(document) & (DocumentHas.SIGNED | DocumentHas.KEYED) == DocumentHas.SIGNED | DocumentHas.KEYED


def test_a_package_zipped_anew_holds_still() -> None:
    parts = {**made.PARTS, made.SIGNATURE: made.signature(made.PARTS)}
    again = made.zipped(dict(reversed(list(parts.items()))), method=0)
    assert only(again).verdict.outcome is PartOutcome.HOLDS


CHANGED = made.DOCUMENT.replace(b"100", b"900")


@pytest.mark.parametrize(
    ("changed", "name", "outcome"),
    [
        ({"word/document.xml": CHANGED}, "word/document.xml", DigestOutcome.OTHER),
        ({"word/document.xml": None}, "word/document.xml", DigestOutcome.MISSING),
        (
            {"[Content_Types].xml": made.PARTS["[Content_Types].xml"].replace(b"document.main", b"template.main")},
            "word/document.xml",
            DigestOutcome.OTHER_TYPE,
        ),
        (
            {"_rels/.rels": made.PARTS["_rels/.rels"].replace(b"word/document.xml", b"word/other.xml")},
            "_rels/.rels",
            DigestOutcome.OTHER,
        ),
    ],
)
def test_what_was_changed_is_named(changed: Mapping[str, bytes | None], name: str, outcome: DigestOutcome) -> None:
    one = only(made.signed(changed))
    assert one.verdict.outcome is PartOutcome.ALTERED and one.verdict.made_by_key is True
    assert [(part.name, part.outcome) for part in one.references if part.differs] == [(name, outcome)]


def test_relationships_written_anew_hold_and_one_that_was_added_is_told() -> None:
    rels = made.PARTS["_rels/.rels"]
    pretty = (
        rels.replace(b"><", b">\r\n  <")
        .replace(b'Id="rId1" ', b"")
        .replace(b'officeDocument" Target', b'officeDocument" Id="rId1" TargetMode="Internal" Target')
    )
    assert pretty != rels
    assert only(made.signed({"_rels/.rels": pretty})).verdict.outcome is PartOutcome.HOLDS
    more = f'<Relationship Id="rId9" Type="{made.OFFICE}/attachedTemplate" Target="t.dotm"/></Relationships>'
    one = only(made.signed({"_rels/.rels": rels.replace(b"</Relationships>", more.encode())}))
    assert one.verdict.outcome is PartOutcome.HOLDS
    assert one.uncovered_relationships == ("_rels/.rels rId9 attachedTemplate",)


@pytest.mark.parametrize(
    ("anew", "form"),
    [
        (made.DOCUMENT.replace(b"\r\n", b"\n"), "first_line"),
        (made.DOCUMENT.replace(b'"', b"'", 6).replace(b"\r\n", b"\n"), "first_line"),
        (b"\xef\xbb\xbf" + made.DOCUMENT, "first_line"),
        (made.DOCUMENT.replace(b"><w:body", b">\n  <w:body"), "spaces"),
        (CHANGED, ""),
    ],
)
def test_a_part_that_was_only_written_anew_says_how(anew: bytes, form: str) -> None:
    one = only(made.signed({"word/document.xml": anew}))
    assert one.verdict.outcome is PartOutcome.ALTERED
    assert [part.form for part in one.references if part.differs] == [form]


def test_a_list_that_was_made_to_fit_shows() -> None:
    xml = made.signature({**made.PARTS, "word/document.xml": CHANGED})
    other = made.signature(made.PARTS)
    info = other[other.index(b"<SignedInfo>") : other.index(b"<KeyInfo>")]
    forged = xml[: xml.index(b"<SignedInfo>")] + info + xml[xml.index(b"<KeyInfo>") :]
    one = only(made.signed({"word/document.xml": CHANGED, made.SIGNATURE: forged}))
    assert one.verdict.outcome is PartOutcome.ALTERED and one.verdict.made_by_key is True
    assert [part.name for part in one.references if part.differs] == ["#idPackageObject"]


def test_a_signed_info_that_was_made_to_fit_is_not_the_keys() -> None:
    xml = made.signature({**made.PARTS, "word/document.xml": CHANGED}, sign=lambda _: b"\1" * 256)
    one = only(made.signed({"word/document.xml": CHANGED, made.SIGNATURE: xml}))
    assert one.verdict.outcome is PartOutcome.OTHER_KEY and one.verdict.made_by_key is False


def test_a_manifest_outside_what_is_signed_says_nothing() -> None:
    xml = made.signature(made.PARTS)
    stray = f"<Object><Manifest>{made.reference('/word/styles.xml', b'other')}</Manifest></Object></Signature>"
    one = only(made.signed({made.SIGNATURE: xml.replace(b"</Signature>", stray.encode())}))
    assert one.verdict.outcome is PartOutcome.HOLDS
    assert "word/styles.xml" in one.uncovered


def test_two_elements_of_one_id_are_none() -> None:
    xml = made.signature(made.PARTS).replace(b"</Signature>", b'<Object Id="idPackageObject"></Object></Signature>')
    one = only(made.signed({made.SIGNATURE: xml}))
    assert one.verdict.outcome is PartOutcome.ALTERED
    assert [part.outcome for part in one.references if part.name == "#idPackageObject"] == [DigestOutcome.MISSING]
    assert not list(one.parts)


def _pss(data: bytes) -> bytes:
    return made.rsa_key().sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def _old(hashed: hashes.HashAlgorithm) -> Callable[[bytes], bytes]:
    return lambda data: made.rsa_key().sign(data, padding.PKCS1v15(), hashed)


def _dsa(data: bytes) -> bytes:
    one, other = decode_dss_signature(made.dsa_key().sign(data, hashes.SHA256()))
    return one.to_bytes(32, "big") + other.to_bytes(32, "big")


def _without_parameters(data: bytes) -> bytes:
    """What RSA signs, where the hash is named without its empty parameters."""
    digest = hashes.Hash(hashes.SHA1())
    digest.update(data)
    named = bytes.fromhex("301f300706052b0e03021a0414") + digest.finalize()
    numbers = made.rsa_key().private_numbers()
    size = (numbers.public_numbers.n.bit_length() + 7) // 8
    padded = b"\0\1" + b"\xff" * (size - len(named) - 3) + b"\0" + named
    return pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")


CURVE = {"key_info": made.x509_data(made.certificate(made.curve_key()))}
DSA = {"key_info": made.x509_data(made.certificate(made.dsa_key(), issuer="CA", issued_with=made.rsa_key()))}


@pytest.mark.parametrize(
    ("method", "sign", "more"),
    [
        (f"{made.MORE}rsa-sha256", made.by_rsa, {}),
        (f"{made.D}rsa-sha1", _old(hashes.SHA1()), {"name": "sha1"}),
        (f"{made.MORE}rsa-sha512", _old(hashes.SHA512()), {"name": "sha512"}),
        (f"{made.MORE}rsa-md5", _old(hashes.MD5()), {"name": "md5"}),
        (f"{made.D}rsa-sha1", _without_parameters, {}),
        ("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", _pss, {}),
        (f"{made.MORE}ecdsa-sha256", made.by_curve, CURVE),
        ("http://www.w3.org/2009/xmldsig11#dsa-sha256", _dsa, DSA),
    ],
)
def test_methods_of_signing(method: str, sign: Callable[[bytes], bytes], more: Mapping[str, str]) -> None:
    assert only(made.signed(method=method, sign=sign, **more)).verdict.outcome is PartOutcome.HOLDS
    wrong = only(made.signed(method=method, sign=lambda data: sign(data + b" "), **more))
    assert (wrong.verdict.outcome, wrong.verdict.made_by_key) == (PartOutcome.OTHER_KEY, False)


def test_a_method_that_is_not_known_is_said_and_digests_are_compared_all_the_same() -> None:
    hmac = f"{made.D}hmac-sha1"
    one = only(made.signed(method=hmac))
    assert one.verdict.outcome is PartOutcome.UNTESTED and hmac in one.verdict.reason
    changed = only(made.signed({"word/document.xml": CHANGED}, method=hmac))
    assert (changed.verdict.outcome, changed.verdict.made_by_key) == (PartOutcome.ALTERED, None)


def test_without_a_certificate_nobody_is_named() -> None:
    none = only(made.signed(key_info="<KeyName>Anna</KeyName>"))
    assert none.verdict.outcome is PartOutcome.NO_KEY and not none.verdict.signer
    numbers = made.rsa_key().public_key().public_numbers()
    modulus = made.b64(numbers.n.to_bytes(256, "big"))
    bare = f"<KeyValue><RSAKeyValue><Modulus>{modulus}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>"
    one = only(made.signed(key_info=bare))
    assert one.verdict.outcome is PartOutcome.HOLDS and one.verdict.issued is None and not one.verdict.signer


def test_a_certificate_that_is_none_is_said() -> None:
    one = only(made.signed(key_info=made.x509_data(b"\x30\x03\x02\x01\x01")))
    assert one.verdict.outcome is PartOutcome.UNTESTED and "certificate" in one.verdict.reason


def _properties(certificate: bytes) -> str:
    named = f'<DigestMethod Algorithm="{made.DIGESTS["sha256"]}"></DigestMethod>'
    return (
        '<SignedProperties Id="idSignedProperties"><SignedSignatureProperties>'
        "<SigningTime>2017-03-06T10:00:00Z</SigningTime><SigningCertificate><Cert><CertDigest>"
        f"{named}<DigestValue>{made.digest(certificate, 'sha256')}</DigestValue></CertDigest></Cert>"
        "</SigningCertificate></SignedSignatureProperties></SignedProperties>"
    )


def test_another_certificate_of_the_same_key_shows_where_signed_properties_name_one() -> None:
    own, other = made.certificate(made.rsa_key()), made.certificate(made.rsa_key(), "Ben Example")
    held = only(made.signed(properties=_properties(own), key_info=made.x509_data(own)))
    assert held.verdict.outcome is PartOutcome.HOLDS
    one = only(made.signed(properties=_properties(own), key_info=made.x509_data(other)))
    assert one.verdict.outcome is PartOutcome.OTHER_KEY and "another certificate" in one.verdict.reason


def _bare() -> str:
    modulus = made.b64(made.rsa_key().public_key().public_numbers().n.to_bytes(256, "big"))
    return f"<KeyValue><RSAKeyValue><Modulus>{modulus}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>"


STRANGER = made.certificate(made.rsa_key(1024), "Ben Example")


@pytest.mark.parametrize(
    "more",
    [
        made.x509_data(b"\x30\x03\x02\x01\x01"),
        "<X509Data><X509Certificate>no base64</X509Certificate></X509Data>",
        f"<KeyValue><ECKeyValue xmlns='{made.D}11'><PublicKey>BA==</PublicKey></ECKeyValue></KeyValue>",
        made.x509_data(*[made.certificate(made.rsa_key(1024), f"Ben {n}") for n in range(11)]),
        made.x509_data(*[made.certificate(made.rsa_key(1024), f"Ben {n}") for n in range(21)]),
    ],
    ids=["no certificate", "no base64", "curve", "more than are asked", "more than are read"],
)
def test_a_key_that_was_not_asked_may_have_made_it(more: str) -> None:
    one = only(made.signed(key_info=made.x509_data(STRANGER) + more))
    assert (one.verdict.outcome, one.verdict.made_by_key) == (PartOutcome.UNTESTED, None)


def test_a_bare_key_beside_the_certificate_of_another_makes_it() -> None:
    one = only(made.signed(key_info=made.x509_data(STRANGER) + _bare()))
    assert one.verdict.outcome is PartOutcome.HOLDS and not one.verdict.signer
    other = made.signed(key_info=made.x509_data(STRANGER))
    assert only(other).verdict.outcome is PartOutcome.OTHER_KEY


def test_the_named_one_of_two_certificates_of_one_key_is_the_signers() -> None:
    own, renewed = made.certificate(made.rsa_key()), made.certificate(made.rsa_key(), "Anna Renewed")
    one = only(made.signed(properties=_properties(renewed), key_info=made.x509_data(own, renewed)))
    assert one.verdict.outcome is PartOutcome.HOLDS and one.verdict.signer == "Anna Renewed"


def test_a_signature_that_another_program_made() -> None:
    """By the XML Signature classes of Java 17: exclusive forms with comments, prefixes and ``#default``."""
    xml = (Path(__file__).parent / "made_by_java.xml").read_bytes()
    one = only(made.signed({made.SIGNATURE: xml}))
    assert one.verdict.made_by_key is True
    assert [part.outcome for part in one.references] == [DigestOutcome.UNTESTED, DigestOutcome.SAME]
    assert "default namespace" in one.references[0].reason and "default namespace" in one.verdict.reason
    (left, changed) = only(made.signed({made.SIGNATURE: xml.replace(b" t &gt;", b" u &gt;")})).references
    assert (left.outcome, changed.outcome) == (DigestOutcome.UNTESTED, DigestOutcome.OTHER)
    again = only(made.signed({made.SIGNATURE: xml.replace(b"<!-- inner -->", b"<!-- other -->")}))
    assert [part.outcome for part in again.references] == [DigestOutcome.UNTESTED, DigestOutcome.SAME]


def test_what_a_library_breaks_on_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: bytes) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(document_signatures, "names", broken)
    one = only(made.signed())
    assert (one.verdict.outcome, one.verdict.reason) == (PartOutcome.UNREADABLE, "no such thing")


def test_a_chain_to_a_known_root_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from asn1crypto import x509
    from pyhanko_certvalidator.registry import SimpleTrustManager

    root_key = made.rsa_key(3072)
    root = made.certificate(root_key, "Example Root", ca=True)
    own = made.certificate(made.rsa_key(), issuer="Example Root", issued_with=root_key)
    data = made.signed(key_info=made.x509_data(own, root))
    assert only(data).verdict.issued is Issued.ISSUER
    monkeypatch.setattr(smime, "roots", lambda: SimpleTrustManager.build([x509.Certificate.load(root)]))
    one = only(data)
    assert one.verdict.issued is Issued.KNOWN_ROOT and one.verdict.issuer == "CN=Example Root"


def test_without_its_library_no_root_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyhanko.sign.validation.generic_cms", None)
    own = made.certificate(made.rsa_key(), issuer="Example Root", issued_with=made.rsa_key(3072))
    assert only(made.signed(key_info=made.x509_data(own))).verdict.issued is Issued.ISSUER


def test_bare_keys_of_absurd_size_are_not_tried() -> None:
    assert document_signatures._bare((b"\xff" * 5_000, b"\1\0\1")) is None
    assert document_signatures._bare((b"\5", b"\3")) is None
    assert isinstance(
        document_signatures._bare((made.rsa_key().public_key().public_numbers().n.to_bytes(256, "big"), b"\1\0\1")),
        rsa.RSAPublicKey,
    )
    assert isinstance(made.dsa_key(), dsa.DSAPrivateKey)


@pytest.mark.shared
def test_every_signed_file_of_the_corpora_holds(corpora: Path) -> None:
    folder = corpora / "office/poi/test-data/xmldsign"
    found = {path.name: read(path.read_bytes()).signatures for path in sorted(folder.iterdir())}
    outcomes = {name: [one.verdict.outcome for one in signatures] for name, signatures in found.items() if signatures}
    assert len(outcomes) == 10 and sum(map(len, outcomes.values())) == 11
    assert {one for all_of in outcomes.values() for one in all_of} == {PartOutcome.HOLDS}
    (stamped,) = found["signed.docx"]
    assert stamped.verdict.stamped == 1_355_410_451 and "Belgium Root CA2" in stamped.verdict.stamper
