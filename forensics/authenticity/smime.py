"""Verifies S/MIME signatures by pyHanko, at the mail's own time, with nothing but what the mail carries.

Nothing is fetched, and no event loop is started, which would open a socket: a certificate path that would need the
network is no path. Roots are those that certifi lists; a path to one says who vouches for the signer's address, at the
mail's own time, whether or not it was revoked. Old hashes are read, and a path that rests on one is none.

Source: RFC 5652, RFC 8551, RFC 5280.
"""

import hashlib
from collections.abc import Coroutine
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from msgspec.structs import replace

from forensics.authenticity.certificates import named
from forensics.authenticity.cms_library import library
from forensics.authenticity.signed_forms import AS_IS, forms
from forensics.model.signed_parts import Issued, PartOutcome, PartVerdict, Ready

T = TypeVar("T")
_ADDRESS_NAMES = ("rfc822_name",)
_MOST_CERTIFICATES = 20


def verify(part: bytes | None, encoded: bytes, sent: int | None) -> PartVerdict:
    """Test a CMS signature.

    Args:
        part: the signed bytes, with line ends of any kind; ``None``: they stand inside it.
        encoded: the signature, DER.
        sent: the mail's own time, unix seconds; ``None``: that of the signature, else that when the certificate begins.

    Raises:
        NotInstalled: pyHanko is missing.
    """
    library()
    try:
        return _verified(part, encoded, sent)
    except Exception as error:  # noqa: BLE001  a hostile structure may raise anything in three libraries
        text = (str(error) or type(error).__name__).splitlines()[0][:300]
        return PartVerdict(outcome=PartOutcome.UNREADABLE, reason=text)


def _verified(part: bytes | None, encoded: bytes, sent: int | None) -> PartVerdict:
    from asn1crypto import cms

    content = cms.ContentInfo.load(encoded)
    if content["content_type"].native != "signed_data":
        return PartVerdict(outcome=PartOutcome.ENCRYPTED, reason=str(content["content_type"].native))
    signed = content["content"]
    count = len(signed["signer_infos"])
    if count != 1:
        return PartVerdict(outcome=PartOutcome.UNREADABLE, reason=f"{count} signers in one signature, not one")
    if len(signed["certificates"]) > _MOST_CERTIFICATES:
        return PartVerdict(outcome=PartOutcome.UNREADABLE, reason="more certificates than are read")
    if part is None:
        inside = signed["encap_content_info"]["content"]
        if inside.native is None:
            return PartVerdict(outcome=PartOutcome.UNREADABLE, reason="it holds nothing that it signs")
        shapes = [(AS_IS, bytes(inside))]
    else:
        shapes = list(forms(part))
    said = _said(signed)
    stated = _attribute(signed, "message_digest")
    name, shape = next(
        (one for one in shapes if stated is not None and _digest(said.digest_name, one[1]) == stated), shapes[0]
    )
    return _tested(signed, shape, sent, replace(said, form=name))


def _said(signed: Any) -> PartVerdict:
    """Return what a signature says of itself and its signer."""
    info = signed["signer_infos"][0]
    time = _attribute(signed, "signing_time")
    said = PartVerdict(
        outcome=PartOutcome.NO_KEY,
        digest_name=info["digest_algorithm"]["algorithm"].native,
        time=_seconds(time) if isinstance(time, datetime) else None,
    )
    certificate = signers_certificate(signed)
    if certificate is None:
        key, issuer = _called(info["sid"])
        return replace(said, key=key, issuer=issuer)
    validity = certificate["tbs_certificate"]["validity"]
    return replace(
        said,
        key=hashlib.sha256(certificate.dump()).hexdigest(),
        signers=_addresses(certificate),
        issuer=certificate.issuer.human_friendly[:300],
        issued=Issued.NOBODY if certificate.self_issued else Issued.ISSUER,
        valid_from=_seconds(validity["not_before"].native),
        valid_until=_seconds(validity["not_after"].native),
    )


def _called(wanted: Any) -> tuple[str, str]:
    """Return what a signature calls its signer's certificate, as `certificates` has it, and the issuer's name."""
    if wanted.name != "issuer_and_serial_number":
        return wanted.native.hex(), ""
    issuer = wanted.chosen["issuer"]
    return named(issuer.dump(), wanted.chosen["serial_number"].native), issuer.human_friendly[:300]


def signers_certificate(signed: Any) -> Any:
    """Return the signer's certificate; ``None`` where it is not in the signature."""
    wanted = signed["signer_infos"][0]["sid"]
    for choice in signed["certificates"]:
        if choice.name != "certificate":
            continue
        certificate, named = choice.chosen, wanted.chosen
        if wanted.name == "issuer_and_serial_number":
            if (certificate.issuer, certificate.serial_number) == (named["issuer"], named["serial_number"].native):
                return certificate
        elif certificate.key_identifier == named.native:
            return certificate
    return None


def _one_of_each_name(signed: Any) -> list[Any]:
    """Return the certificates, the signer's first and the first of each subject.

    Paths through several of one name are as many as these have orders, which a hostile signature makes endless.
    """
    found: dict[bytes, Any] = {}
    for certificate in (
        signers_certificate(signed),
        *[one.chosen for one in signed["certificates"] if one.name == "certificate"],
    ):
        found.setdefault(certificate.subject.dump(), certificate)
    return list(found.values())


def _tested(signed: Any, shape: bytes, sent: int | None, said: PartVerdict) -> PartVerdict:
    if said.issued is None:
        stated = _attribute(signed, "message_digest")
        if stated is not None and _digest(said.digest_name, shape) != stated:
            return replace(said, outcome=PartOutcome.ALTERED)
        return replace(said, outcome=PartOutcome.NO_KEY, ready=_ready(signed, said.digest_name, shape))
    signed["certificates"] = _one_of_each_name(signed)
    first = next(one for one in (sent, said.time, said.valid_from) if one is not None)
    status = finished(_validation(signed, shape, datetime.fromtimestamp(first, UTC)))
    if not status.intact:
        return replace(said, outcome=PartOutcome.ALTERED, form="")
    if not status.valid:
        return replace(said, outcome=PartOutcome.OTHER_KEY)
    issued = Issued.KNOWN_ROOT if status.trusted else said.issued
    return replace(said, outcome=PartOutcome.HOLDS, issued=issued)


def _ready(signed: Any, digest_name: str, shape: bytes) -> Ready:
    """Return what the signature signs: the attributes as a set, which hold the digest of the part, or the part."""
    info = signed["signer_infos"][0]
    attributes = info["signed_attrs"]
    content = attributes.untag().dump() if len(attributes) else shape
    method = str(info["signature_algorithm"]["algorithm"].native)
    return Ready(digests=(_digest(digest_name, content),), value=info["signature"].native, method=method)


def _validation(signed: Any, shape: bytes, moment: datetime) -> Coroutine[Any, Any, Any]:
    from pyhanko_certvalidator import ValidationContext

    tests = library()
    context = ValidationContext(
        trust_manager=roots(),
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
        best_signature_time=moment,
    )
    usage = tests.KeyUsageConstraints(key_usage=set(), explicit_extd_key_usage_required=False)
    if signed["encap_content_info"]["content"].native is not None:
        running = tests.async_validate_cms_signature(signed, validation_context=context, key_usage_settings=usage)
    else:
        running = tests.async_validate_detached_cms(shape, signed, context, key_usage_settings=usage)
    return cast(Coroutine[Any, Any, Any], running)


@cache
def roots() -> Any:
    """Return the certificates that a path may end at."""
    import certifi
    from asn1crypto import pem, x509
    from pyhanko_certvalidator.registry import SimpleTrustManager

    listed = pem.unarmor(Path(certifi.where()).read_bytes(), multiple=True)
    return SimpleTrustManager.build([x509.Certificate.load(one) for _, _, one in listed])


def finished(running: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine that waits for nothing: what would wait would ask the network."""
    try:
        running.send(None)
    except StopIteration as ended:
        value: T = ended.value
        return value
    finally:
        running.close()
    raise RuntimeError("it would wait for the network")


def _attribute(signed: Any, name: str) -> Any:
    """Return the value of a signed attribute; ``None`` where it does not stand there once."""
    found = [one["values"] for one in signed["signer_infos"][0]["signed_attrs"] if one["type"].native == name]
    return found[0][0].native if len(found) == 1 and len(found[0]) == 1 else None


def _addresses(certificate: Any) -> tuple[str, ...]:
    """Return the addresses of a certificate: of its alternative names, else of its subject."""
    names = certificate.subject_alt_name_value or ()
    found = [one.native.lower() for one in names if one.name in _ADDRESS_NAMES]
    subject = certificate.subject.native.get("email_address") if not found else None
    return tuple(dict.fromkeys(found or ([subject.lower()] if isinstance(subject, str) else [])))


def _digest(name: str, content: bytes) -> bytes:
    return hashlib.new(name, content, usedforsecurity=False).digest()


def _seconds(time: datetime) -> int:
    return int((time if time.tzinfo is not None else time.replace(tzinfo=UTC)).timestamp())
